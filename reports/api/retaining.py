"""Programmes for existing customers in the REST API: goals, what was kept, and the return."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.doors import require
from accounts.tokens import HasScope
from accounts.unheard import Heard, bodiless, checked
from engine.idempotency import idempotent
from engine.moments import day_in_reach
from engine.refusals import Conflict
from leads import signing
from pipeline.api.shapes import MonthField
from pipeline.models import Campaign
from reports.api.reports import number, only
from reports.models import KeepGoal
from reports.retaining import goals
from reports.retaining.figures import BEFORE, OTHERS
from reports.views.retaining import figures_of


class KeptSideSerializer(serializers.Serializer):
    """Customers of a side: the reached ones, the others of the segment, or all of them a year before."""

    customers = serializers.IntegerField()
    kept = serializers.IntegerField(help_text="of them bought again")
    margin = serializers.DecimalField(22, 4)
    uncosted = serializers.IntegerField(help_text="deals without a known margin")


class KeptRangeSerializer(serializers.Serializer):
    """An estimate, and where the truth lies in 19 of 20 cases."""

    estimate = serializers.DecimalField(None, 6)
    low = serializers.DecimalField(None, 6)
    high = serializers.DecimalField(None, 6)


class KeepGoalSerializer(Heard, serializers.ModelSerializer):
    """A goal of a programme; `signed` names the tracks that signed it."""

    first = MonthField(validators=[day_in_reach])
    last = MonthField(validators=[day_in_reach])
    signed = serializers.SerializerMethodField()

    class Meta:
        model = KeepGoal
        fields = ["id", "first", "last", "margin", "note", "created_by", "created_at", "signed"]
        read_only_fields = ["created_by", "created_at"]

    def get_signed(self, goal) -> list[str]:
        """The tracks."""
        return sorted(one.track for one in goal.signatures.all())

    def validate(self, values):
        """The months come in their order."""
        if values["last"] < values["first"]:
            raise serializers.ValidationError({"last": _("The last month is not before the first one.")})
        return values


class KeptProgrammeSerializer(serializers.Serializer):
    """A programme for existing customers: what it kept, what would have been kept without it, and its return."""

    campaign = serializers.IntegerField()
    first = serializers.DateField()
    until = serializers.DateField(help_text="the day after the last")
    over = serializers.BooleanField()
    goal = KeepGoalSerializer(allow_null=True, help_text="the one that both heads signed")
    drafts = KeepGoalSerializer(many=True)
    reached = KeptSideSerializer()
    others = KeptSideSerializer()
    before = KeptSideSerializer()
    against = serializers.CharField(
        allow_null=True, help_text=f"{OTHERS}, {BEFORE} or null: too few customers"
    )
    without = serializers.DecimalField(22, 4, allow_null=True)
    more = KeptRangeSerializer(allow_null=True)
    marketing = serializers.DecimalField(22, 4)
    sales = serializers.DecimalField(22, 4)
    roi = KeptRangeSerializer(allow_null=True)


class KeptProgramme(APIView):
    """One programme for existing customers."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(responses=KeptProgrammeSerializer, operation_id="reports_programme")
    def get(self, request, pk):
        """What a programme kept against its goal, and what would have been kept without it."""
        require(request, "reports.view_money")
        only(request)
        return Response(programme_of(get_object_or_404(Campaign, pk=pk, for_existing=True)))

    @extend_schema(
        request=KeepGoalSerializer,
        responses={201: KeptProgrammeSerializer},
        operation_id="reports_programme_goal",
    )
    @idempotent
    def post(self, request, pk):
        """Draft a goal; it holds once both heads have signed."""
        require(request, "reports.draft_goal")
        campaign = get_object_or_404(Campaign, pk=pk, for_existing=True)
        data = checked(KeepGoalSerializer(data=request.data))
        KeepGoal.objects.create(campaign=campaign, created_by=request.user, **data)
        return Response(programme_of(campaign), status=201)


class SignedGoal(APIView):
    """Signing a goal."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(request=None, responses=KeptProgrammeSerializer, operation_id="reports_programme_sign")
    @idempotent
    @bodiless
    def post(self, request, pk, goal):
        """Sign a draft for one's own track; 409 where nothing is left to sign."""
        require(request, "reports.sign_goal")
        if not KeepGoal.objects.filter(pk=goal, campaign=pk).exists():
            raise Http404
        try:
            goals.sign(goal, by=request.user, at=timezone.now())
        except signing.NotToSign as refusal:
            raise Conflict(str(refusal)) from None
        return Response(programme_of(get_object_or_404(Campaign, pk=pk)))


def programme_of(campaign):
    """A Kept."""
    found, goal = figures_of(campaign)
    return {
        "campaign": campaign.pk,
        "first": found.first,
        "until": found.until,
        "over": found.over,
        "goal": goal and KeepGoalSerializer(goal).data,
        "drafts": KeepGoalSerializer(goals.drafts(campaign), many=True).data,
        **{name: side_of(getattr(found, name)) for name in ("reached", OTHERS, BEFORE)},
        "against": found.against,
        "without": number(found.without),
        "more": range_of(found.more),
        "marketing": number(found.marketing),
        "sales": number(found.sales),
        "roi": range_of(found.roi),
    }


def side_of(side):
    """A Side."""
    return {
        "customers": side.customers,
        "kept": side.kept,
        "margin": number(side.margin),
        "uncosted": side.uncosted,
    }


def range_of(three):
    """An estimate with its range."""
    return three and dict(zip(("estimate", "low", "high"), map(number, three), strict=True))
