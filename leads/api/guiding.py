"""One next step with its reason, and the ways to speak with a person, in the REST API."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.doors import get_permitted
from accounts.tokens import HasScope
from leads import guiding, ways
from leads.models import Lead
from pipeline.models import Company, Contact, Deal


class GuideSerializer(serializers.Serializer):
    """What to do next and why, in the caller's language; `rule` says which rule it was, and all is empty where nothing calls for anything."""

    rule = serializers.CharField(allow_blank=True)
    what = serializers.CharField(allow_blank=True)
    why = serializers.CharField(allow_blank=True)
    urgent = serializers.BooleanField()


class SpokenWaySerializer(serializers.Serializer):
    """One way within a year: how often we spoke by it, were answered, and how often they came by it; `possible`: it is open."""

    kind = serializers.CharField()
    ours = serializers.IntegerField()
    marketing = serializers.IntegerField()
    automatic = serializers.IntegerField()
    answered = serializers.IntegerField()
    theirs = serializers.IntegerField()
    last_ours = serializers.DateTimeField(allow_null=True)
    last_theirs = serializers.DateTimeField(allow_null=True)
    possible = serializers.BooleanField()


class SpokenWaysSerializer(serializers.Serializer):
    """The ways to a person, which is best next (null where none is open) and why."""

    best = serializers.CharField(source="best.kind", allow_null=True, default=None)
    because = serializers.CharField()
    ways = SpokenWaySerializer(many=True)


class _Next(APIView):
    permission_classes = [IsAuthenticated, HasScope]

    def told(self, request, queryset, permission, pk, guide):
        found = get_permitted(request, queryset, permission, pk)
        one = guide(found, by=request.user, at=timezone.now())
        empty = {"rule": "", "what": "", "why": "", "urgent": False}
        return Response(GuideSerializer(one.as_dict() if one else empty).data)


class LeadNext(_Next):
    """What to do next with a lead."""

    @extend_schema(responses=GuideSerializer)
    def get(self, request, pk):
        """The one next step of a lead, with its reason."""
        leads = Lead.objects.select_related("contact")
        return self.told(request, leads, "leads.view_lead", pk, guiding.of_lead)


class DealNext(_Next):
    """What to do next with a deal."""

    @extend_schema(responses=GuideSerializer)
    def get(self, request, pk):
        """The one next step of a deal, with its reason."""
        return self.told(request, Deal.objects, "pipeline.view_deal", pk, guiding.of_deal)


class CompanyNext(_Next):
    """What to do next with a company."""

    @extend_schema(responses=GuideSerializer)
    def get(self, request, pk):
        """The one next step of an account, with its reason."""
        return self.told(request, Company.objects, "pipeline.view_company", pk, guiding.of_company)


class ContactWays(APIView):
    """The ways to speak with a person."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(responses=SpokenWaysSerializer)
    def get(self, request, pk):
        """What each way has said to a person and heard within a year, over both tracks, and which is best next."""
        found = get_permitted(request, Contact.objects, "pipeline.view_contact", pk)
        return Response(SpokenWaysSerializer(ways.of(found, by=request.user, at=timezone.now())).data)
