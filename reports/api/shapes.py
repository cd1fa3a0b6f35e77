"""The shapes of the reports' answers, for the schema."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.unheard import Heard
from engine.moments import day_in_reach
from reports.attribution.models import MODELS


class PeriodSerializer(serializers.Serializer):
    """The period that the figures are of; both days null for all time.

    `instead_of`: the period that was asked for and is not told here, so that this one is; null where it is the same.
    """

    period = serializers.CharField()
    instead_of = serializers.CharField(allow_null=True)
    first = serializers.DateField(allow_null=True)
    last = serializers.DateField(allow_null=True)
    model = serializers.CharField()
    currency = serializers.CharField()


@extend_schema_field(
    {"anyOf": [{"type": "integer"}, {"type": "string", "format": "decimal"}], "nullable": True}
)
class CountOrAmountField(serializers.Field):
    """A count as a number, an amount or a ratio as text, null where there is none."""


class TileSerializer(serializers.Serializer):
    """One figure. `value` is null where there is no denominator; `available` is false where facts are missing."""

    figure = serializers.CharField()
    nature = serializers.ChoiceField(["flow", "cohort", "stock", "to_date"])
    value = CountOrAmountField()
    available = serializers.BooleanField()
    before = CountOrAmountField()
    meaning = serializers.CharField()


class MoneySerializer(serializers.Serializer):
    """Cost and earnings to date. Ratios are null without spend and where `available` says that facts are missing."""

    planned = serializers.DecimalField(22, 4)
    committed = serializers.DecimalField(22, 4)
    paid = serializers.DecimalField(22, 4)
    spend = serializers.DecimalField(22, 4)
    impressions = serializers.IntegerField(
        help_text="as the platforms report, like all that follows to reported_roi"
    )
    clicks = serializers.IntegerField()
    reported_leads = serializers.DecimalField(22, 2)
    reported_orders = serializers.DecimalField(22, 2)
    reported_revenue = serializers.DecimalField(22, 4)
    reported_spend = serializers.DecimalField(
        22, 4, help_text="the spend beside which a platform names a revenue"
    )
    reported_roi = serializers.DecimalField(None, 6, allow_null=True)
    leads = serializers.IntegerField()
    mqls = serializers.IntegerField()
    sqls = serializers.IntegerField()
    deals = serializers.IntegerField()
    wins = serializers.IntegerField()
    pipeline = serializers.DecimalField(22, 4)
    credited = serializers.DecimalField(22, 6, help_text="won deals, as a sum of shares")
    revenue = serializers.DecimalField(22, 4)
    margin = serializers.DecimalField(22, 4)
    open_credited = serializers.DecimalField(22, 6, help_text="deals open today, as a sum of shares")
    open_pipeline = serializers.DecimalField(22, 4, help_text="amounts of the deals open today")
    mean_won = serializers.DecimalField(None, 6, allow_null=True, help_text="average sale, of credited deals")
    mean_open = serializers.DecimalField(
        None, 6, allow_null=True, help_text="average of the deals open today"
    )
    revenue_roi = serializers.DecimalField(None, 6, allow_null=True)
    margin_roi = serializers.DecimalField(None, 6, allow_null=True)
    roas = serializers.DecimalField(None, 6, allow_null=True)
    revenue_available = serializers.BooleanField()
    margin_available = serializers.BooleanField()


class CampaignReturnSerializer(MoneySerializer):
    """The return of one campaign; `campaign` is null for credits without one."""

    campaign = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    code = serializers.CharField()
    channel = serializers.CharField()
    parent = serializers.IntegerField(allow_null=True)
    planned_leads = serializers.IntegerField(
        allow_null=True, help_text="with all campaigns under it, like all that follows"
    )
    planned_revenue = serializers.DecimalField(22, 4, allow_null=True)
    planned_budget = serializers.DecimalField(22, 4, allow_null=True)
    payback = serializers.DateField(
        allow_null=True, help_text="the month since which earnings cover spend; null: not yet"
    )
    cost_per_lead = serializers.DecimalField(
        None, 6, allow_null=True, help_text="of the campaign alone, like the other three"
    )
    cost_per_mql = serializers.DecimalField(None, 6, allow_null=True)
    cost_per_sql = serializers.DecimalField(None, 6, allow_null=True)
    cost_per_deal = serializers.DecimalField(None, 6, allow_null=True)


class ChannelReturnSerializer(MoneySerializer):
    """The return of one channel: "" is unattributed, "none" what has no campaign."""

    channel = serializers.CharField()


class FunnelStepSerializer(serializers.Serializer):
    """Conversion and days of one step, for the passes that reached its first stage in the period."""

    step = serializers.CharField()
    entered = serializers.IntegerField()
    reached = serializers.IntegerField()
    rate = serializers.DecimalField(None, 6, allow_null=True)
    in_30 = serializers.DecimalField(None, 6, allow_null=True)
    in_90 = serializers.DecimalField(None, 6, allow_null=True)
    in_180 = serializers.DecimalField(None, 6, allow_null=True)
    median_days = serializers.DecimalField(None, 1, allow_null=True)
    p90_days = serializers.IntegerField(allow_null=True)
    young = serializers.BooleanField()


class AnswersSerializer(serializers.Serializer):
    """Answer times in working minutes; null where that many have not answered."""

    offers = serializers.IntegerField()
    accepted = serializers.IntegerField()
    returned = serializers.IntegerField()
    expired = serializers.IntegerField()
    waiting = serializers.IntegerField()
    in_time = serializers.DecimalField(None, 6, allow_null=True)
    median_minutes = serializers.DecimalField(None, 1, allow_null=True)
    p90_minutes = serializers.IntegerField(allow_null=True)


class FunnelSerializer(PeriodSerializer):
    """The funnel: flow counts by event, cohort counts by capture, and its steps."""

    flow = serializers.DictField(child=serializers.IntegerField())
    cohort = serializers.DictField(child=serializers.IntegerField())
    acceptance = serializers.DecimalField(None, 6, allow_null=True)
    steps = FunnelStepSerializer(many=True)


class DashboardSerializer(FunnelSerializer):
    """Every figure of the dashboard that the caller may see; `total` is null without the right to read money."""

    figures = TileSerializer(many=True)
    answers = AnswersSerializer()
    total = MoneySerializer(allow_null=True)


class CampaignReturnsSerializer(PeriodSerializer):
    """Returns by campaign: `total` sums the campaigns."""

    total = MoneySerializer()
    results = CampaignReturnSerializer(many=True)


class ChannelReturnsSerializer(PeriodSerializer):
    """Returns by channel: `total` sums them, what no campaign brought in the period included."""

    total = MoneySerializer()
    results = ChannelReturnSerializer(many=True)


class OpinionSerializer(serializers.Serializer):
    """What each model says, the least and the most of it."""

    models = serializers.DictField(child=serializers.DecimalField(22, 6, allow_null=True))
    least = serializers.DecimalField(22, 6)
    most = serializers.DecimalField(22, 6)


class ChannelOpinionSerializer(OpinionSerializer):
    """What each model gives a channel."""

    channel = serializers.CharField()


class CampaignOpinionSerializer(OpinionSerializer):
    """What each model gives a campaign."""

    campaign = serializers.IntegerField()
    name = serializers.CharField()


class ModelsSerializer(PeriodSerializer):
    """All models side by side; `locked` is the one of the fiscal year, if finance locked one."""

    measure = serializers.CharField()
    locked = serializers.CharField(allow_null=True)
    channels = ChannelOpinionSerializer(many=True)
    campaigns = CampaignOpinionSerializer(many=True)


class LockSerializer(Heard, serializers.Serializer):
    """A locked model and the fiscal year, by its first day."""

    starts_on = serializers.DateField(validators=[day_in_reach])
    model = serializers.ChoiceField(list(MODELS), allow_null=True)


class CohortSerializer(serializers.Serializer):
    """Passes captured together, and how many of them came so far by today."""

    leads = serializers.IntegerField()
    to_mql = serializers.IntegerField()
    to_ready = serializers.IntegerField()
    to_sql = serializers.IntegerField()
    to_deal = serializers.IntegerField()
    to_won = serializers.IntegerField()


class MonthCohortSerializer(CohortSerializer):
    """Those of a month."""

    month = serializers.DateField()


class SourceCohortSerializer(CohortSerializer):
    """Those of a channel, or of a segment or region by its id ("0": none)."""

    key = serializers.CharField()


class RegionCohortSerializer(SourceCohortSerializer):
    """Those of a region with all that is part of it."""

    parent = serializers.IntegerField(allow_null=True, help_text="the region that it is part of")


class WaitingSerializer(serializers.Serializer):
    """How many leads wait at a place now, on whom (`rep` null: on the desk), and since when the oldest does."""

    place = serializers.ChoiceField(["at_desk", "not_offered", "unanswered", "untouched"])
    rep = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    leads = serializers.IntegerField()
    since = serializers.DateTimeField(allow_null=True)


class CohortsSerializer(PeriodSerializer):
    """The funnel by cohort."""

    months = MonthCohortSerializer(many=True)
    by_channel = SourceCohortSerializer(many=True)
    by_segment = SourceCohortSerializer(many=True)
    by_region = RegionCohortSerializer(many=True)
    by_rep = SourceCohortSerializer(many=True)
    by_grade = SourceCohortSerializer(many=True)
    steps = FunnelStepSerializer(many=True)
    waiting = WaitingSerializer(many=True)
