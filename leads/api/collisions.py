"""Whom the other track contacted lately in the REST API, asked before somebody is written to or called."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.tokens import HasScope
from accounts.unheard import checked
from leads import collisions
from leads.api.shapes import CollisionSerializer
from pipeline.models import Company, Contact

MOST = 1000


def _ids():
    return serializers.ListField(child=serializers.IntegerField(min_value=1), default=list, max_length=MOST)


class AskedSerializer(serializers.Serializer):
    """Contacts and companies by their ids, each name as often as there are ids."""

    contact = _ids()
    company = _ids()


class OfContactSerializer(CollisionSerializer):
    """Of one contact."""

    contact = serializers.IntegerField()


class OfCompanySerializer(CollisionSerializer):
    """Of one company."""

    company = serializers.IntegerField()


class CollisionsSerializer(serializers.Serializer):
    """Only those whom the other track contacted within the agreed days, in the order of ids."""

    contacts = OfContactSerializer(many=True)
    companies = OfCompanySerializer(many=True)


class Collisions(APIView):
    """Collisions of contacts and companies that the caller sees."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(parameters=[AskedSerializer], responses=CollisionsSerializer)
    def get(self, request):
        """Whom of these contacts and companies the other track contacted within the agreed days."""
        asked = checked(AskedSerializer(data=request.query_params))
        told = {}
        for name, names, model, ask in (
            ("contact", "contacts", Contact, collisions.of),
            ("company", "companies", Company, collisions.of_companies),
        ):
            seen = model.objects.visible_to(request.user).filter(pk__in=asked[name])
            found = ask(list(seen.values_list("pk", flat=True)), by=request.user, at=timezone.now())
            told[names] = [{name: pk, **one.as_dict()} for pk, one in sorted(found.items())]
        return Response(told)
