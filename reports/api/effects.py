"""What a campaign changed, its audience and the lot, in the REST API."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import organisation
from accounts.doors import require
from accounts.models import Region, Segment
from accounts.tokens import HasScope
from accounts.unheard import Heard, checked
from engine.idempotency import idempotent
from leads import audiences
from leads.forms.audiences import AudienceForm
from leads.models import Audience
from leads.models.audiences import MOST_HELD, Baseline
from pipeline.models import Campaign
from reports import effects, lift
from reports.api.reports import number, only
from ui import keyset

MOST_CONTACTS = 50_000


class EffectSerializer(serializers.Serializer):
    """A difference and where the true one lies in 19 of 20 cases; `sure` where that leaves 0 out, which proves nothing while the
    days of a lot are not `over`."""

    estimate = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    sure = serializers.BooleanField(source="is_sure")


class ArmSerializer(serializers.Serializer):
    """One side of the lot."""

    people = serializers.IntegerField()
    leads = serializers.IntegerField()
    sqls = serializers.IntegerField()
    won = serializers.IntegerField()
    revenue = serializers.DecimalField(22, 4)


class LiftSerializer(serializers.Serializer):
    """The effect of a campaign. `evidence`: lot, season or regions (weaker), or none; `why` says why nothing can be told.

    `spend` is that to date; of a lot that of the months of its days; against a baseline without what was spent in the months `left_out`.
    """

    campaign = serializers.IntegerField()
    held_percent = serializers.IntegerField()
    days = serializers.IntegerField()
    baseline = serializers.ChoiceField(Baseline.choices)
    drawn_on = serializers.DateField(allow_null=True)
    counts_from = serializers.DateTimeField(
        allow_null=True,
        help_text="of a lot: the draw, or the first day of the campaign where that is later",
    )
    counts_until = serializers.DateField(allow_null=True, help_text="the last of its days")
    counts = serializers.DictField(child=serializers.IntegerField())
    evidence = serializers.ChoiceField(["", "lot", "season", "regions"])
    why = serializers.CharField()
    left_out = serializers.IntegerField(
        help_text="months of the campaign for which the baseline tells nothing"
    )
    over = serializers.BooleanField(allow_null=True)
    reached = ArmSerializer(allow_null=True)
    held = ArmSerializer(allow_null=True)
    lift = serializers.DictField(child=EffectSerializer(allow_null=True), help_text="in shares of people")
    revenue = EffectSerializer(allow_null=True)
    margin = EffectSerializer(
        allow_null=True, help_text="incremental margin, of the deals whose cost is known"
    )
    uncosted = serializers.IntegerField(
        help_text="deals without a known cost, which are left out of the margin"
    )
    roi = EffectSerializer(allow_null=True)
    spend = serializers.DecimalField(22, 4)


class AudienceWishSerializer(Heard, serializers.Serializer):
    """How the effect is measured; the share stays once the lot is drawn."""

    held_percent = serializers.IntegerField(min_value=0, max_value=MOST_HELD, required=False)
    days = serializers.IntegerField(min_value=1, max_value=730)
    baseline = serializers.ChoiceField(Baseline.choices, required=False, default="")


class DrawSerializer(Heard, serializers.Serializer):
    """Whom to draw: everybody, narrowed by what is named."""

    customers = serializers.ChoiceField(["", "customers", "others"], default="")
    segment = serializers.PrimaryKeyRelatedField(
        queryset=Segment.objects.all(), default=None, allow_null=True
    )
    region = serializers.PrimaryKeyRelatedField(queryset=Region.objects.all(), default=None, allow_null=True)
    contacts = serializers.ListField(
        child=serializers.IntegerField(min_value=1), default=None, allow_null=True, max_length=MOST_CONTACTS
    )


class DrawnSerializer(serializers.Serializer):
    """How many came new, and how many there are."""

    added = serializers.IntegerField()
    reached = serializers.IntegerField()
    held = serializers.IntegerField()


class ReachedSerializer(serializers.Serializer):
    """Somebody whom the campaign may reach."""

    id = serializers.IntegerField()
    full_name = serializers.CharField()
    email = serializers.CharField(allow_null=True)


class AudienceListSerializer(serializers.Serializer):
    """A page of them; `next` is the cursor of the next one."""

    results = ReachedSerializer(many=True)
    next = serializers.CharField(allow_null=True)


def _campaign(request, pk):
    return get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)


class CampaignEffect(APIView):
    """The effect of a campaign."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(responses=LiftSerializer, operation_id="reports_effect")
    def get(self, request, pk):
        """Lift with its interval, incremental revenue and ROI; nothing yet of a campaign whose effect nobody measures."""
        require(request, "reports.view_money")
        only(request)
        campaign = _campaign(request, pk)
        audience = Audience.objects.select_related("campaign").filter(campaign=campaign).first()
        return Response(LiftSerializer(told(campaign, audience, timezone.now())).data)

    @extend_schema(
        request=AudienceWishSerializer, responses=LiftSerializer, operation_id="reports_effect_set"
    )
    def put(self, request, pk):
        """Say how the effect is measured."""
        require(request, "leads.draw_audience")
        only(request)
        campaign, wish = _campaign(request, pk), checked(AudienceWishSerializer(data=request.data))
        audience = Audience.objects.select_related("campaign").filter(campaign=campaign).first()
        data, share = wish, wish.get("held_percent")
        if audience and audience.drawn_on and share not in (None, audience.held_percent):
            raise serializers.ValidationError({"held_percent": [_("The lot is drawn; its share stays.")]})
        is_over = audience and audience.is_over(organisation.today(timezone.now()))
        if is_over and wish.get("days", audience.days) != audience.days:
            raise serializers.ValidationError({"days": [_("The days of the lot are over; they stay.")]})
        data.setdefault("held_percent", audience.held_percent if audience else 10)
        form = AudienceForm(data, instance=audience or Audience(campaign=campaign, created_by=request.user))
        if not form.is_valid():
            raise serializers.ValidationError(form.errors)
        form.save()
        return self.get(request, pk)

    @extend_schema(request=DrawSerializer, responses=DrawnSerializer, operation_id="reports_effect_draw")
    @idempotent
    def post(self, request, pk):
        """Draw people into the audience; whoever is there already keeps their lot."""
        require(request, "leads.draw_audience")
        audience = get_object_or_404(Audience, campaign=_campaign(request, pk))
        asked = checked(DrawSerializer(data=request.data))
        wish = audiences.wish(**asked)
        added = audiences.draw(audience, wish, timezone.now())
        return Response({"added": added, **audiences.counts(audience)})


class CampaignAudience(APIView):
    """Whom a campaign may reach."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(
        parameters=[OpenApiParameter("cursor", description="of the page")],
        responses=AudienceListSerializer,
        operation_id="reports_audience",
    )
    def get(self, request, pk):
        """The people reached, without those held out, those who withdrew and those with whom sales is talking, a page of 100 at a time."""
        require(request, "leads.draw_audience")
        only(request, "cursor")
        audience = get_object_or_404(Audience, campaign=_campaign(request, pk))
        rows = audiences.reached(audience, timezone.now()).values("id", "full_name", "email")
        page = keyset.page(rows, ("id",), size=100, cursor=request.query_params.get("cursor", ""))
        return Response({"results": page.rows, "next": page.older or None})


def told(campaign, audience, at):
    """The effect as JSON has it."""
    found = effects.shown(campaign, audience, at)
    lot, other = found.get("lift"), found.get("compared")
    one, kept = lot or other, audience or Audience(campaign=campaign)
    return {
        "campaign": campaign.pk,
        **{name: getattr(kept, name) for name in ("held_percent", "days", "baseline", "drawn_on")},
        "counts_from": lot and lot.since,
        "counts_until": lot and lot.last_day,
        "counts": audiences.counts(audience) if audience else {},
        "evidence": "lot" if lot else other.kind if other else "",
        "why": other.why if other else "",
        "left_out": other.left_out if other else 0,
        "over": lot.over if lot else None,
        "reached": lot and lot.reached,
        "held": lot and lot.held,
        "lift": {name: lot.lift(name) for name in lift.MEASURES} if lot else {},
        "revenue": one and one.revenue,
        "margin": one and one.margin,
        "uncosted": one.uncosted if one else 0,
        "roi": one and one.roi,
        "spend": number(one.spend if one else lift.spent(campaign.pk)),
    }
