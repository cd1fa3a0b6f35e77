"""Search in the REST API: the same function that the page calls."""

from dataclasses import asdict

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from leads import searching
from pipeline.searching import LONGEST


class HitSerializer(serializers.Serializer):
    """One thing found, and the page on which it opens."""

    name = serializers.CharField()
    href = serializers.CharField()
    note = serializers.CharField()
    state = serializers.CharField()


class FoundSerializer(serializers.Serializer):
    """What was found of each kind, the best first; `instead` are the words searched in place of mistyped ones."""

    people = HitSerializer(many=True)
    companies = HitSerializer(many=True)
    deals = HitSerializer(many=True)
    campaigns = HitSerializer(many=True)
    stories = HitSerializer(many=True)
    instead = serializers.ListField(child=serializers.CharField())


class Search(APIView):
    """Search everything the caller may see by name, address or number."""

    @extend_schema(responses=FoundSerializer, parameters=[OpenApiParameter("q", str, required=True)])
    def get(self, request):
        """At most eight of each kind; a typing error in a word of five letters or more is forgiven."""
        text = request.query_params.get("q", "")[:LONGEST].replace("\0", "").strip()
        return Response(asdict(searching.search(request.user, text)))
