"""The dashboard, the funnel, returns and models in the REST API."""

from decimal import Decimal

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.doors import permitted, require
from accounts.tokens import HasScope
from pipeline.channels import Channel
from reports import answers, attribution, dashboard, funnel, opinions, periods, planned, returns
from reports.api.shapes import (
    CampaignReturnsSerializer,
    ChannelReturnsSerializer,
    DashboardSerializer,
    FunnelSerializer,
    ModelsSerializer,
)
from reports.choice import axes, one_of, parse
from reports.models.answers import Clock
from reports.money import NAMES, NOT_AVAILABLE
from ui.filters import refuse_strange

CHOICE = [
    OpenApiParameter("period", enum=[*periods.LABELS, "custom"], description="default 12m; whole months"),
    OpenApiParameter("from", description="first month of a custom period, YYYY-MM"),
    OpenApiParameter("to", description="last month of a custom period, YYYY-MM"),
    OpenApiParameter("model", enum=list(attribution.MODELS), description="attribution model, default linear"),
    OpenApiParameter("channel", enum=Channel.values),
    OpenApiParameter("segment", int),
    OpenApiParameter("region", int, description="with all regions that are part of it"),
    OpenApiParameter("campaign", int, description="with all campaigns under it"),
    OpenApiParameter(
        "team",
        description="of sales: the passes that its people took, their deals and offers (several ids with commas: as one); of marketing: what its campaigns brought",
    ),
    OpenApiParameter("rep", int, description="the same of one person"),
]

MEASURE = OpenApiParameter(
    "measure", enum=list(opinions.MEASURES), description="what is shared out, default revenue"
)


def only(request, *names):
    """Raise UnknownParameter, which is 400, where the address asks for anything but these."""
    refuse_strange(request.query_params, {*names, "format"})


class Report(APIView):
    """A report of the choice that stands in the query."""

    permission_classes = [IsAuthenticated, HasScope]
    permission = "reports.view_report"

    def get(self, request):
        """The figures."""
        require(request, self.permission)
        at = timezone.now()
        return Response(self.report(request, parse(request.query_params, axes(request.query_params), at), at))


class DashboardReport(Report):
    """The joint dashboard."""

    @extend_schema(parameters=CHOICE, responses=DashboardSerializer, operation_id="reports_dashboard")
    def get(self, request):
        """Every figure of the dashboard that the caller may see."""
        return super().get(request)

    def report(self, request, choice, at):
        board = dashboard.dashboard(request.user, choice, at)
        money = permitted(request, "reports.view_money")
        return {
            **funnel_of(choice, board.funnel),
            "figures": [tile_of(tile) for tile in board.tiles if money or not tile.figure.money],
            "answers": answers_of(board.answers),
            "total": money_of(board.returns.total) if money else None,
        }


class FunnelReport(Report):
    """The funnel."""

    @extend_schema(parameters=CHOICE, responses=FunnelSerializer, operation_id="reports_funnel")
    def get(self, request):
        """The funnel of a period: flow, cohort, conversion and days."""
        return super().get(request)

    def report(self, request, choice, at):
        return funnel_of(choice, funnel.funnel(choice))


class CampaignReturns(Report):
    """Returns by campaign."""

    permission = "reports.view_money"

    @extend_schema(parameters=CHOICE, responses=CampaignReturnsSerializer, operation_id="reports_campaigns")
    def get(self, request):
        """Cost and earnings of every campaign that spent or brought leads in the period, to date."""
        return super().get(request)

    def report(self, request, choice, at):
        found, plans = returns.returns(choice), planned.plans(choice)
        lines = [
            {
                "campaign": line.campaign,
                "name": line.name,
                "code": line.code,
                "channel": line.channel,
                "parent": line.parent,
                **money_of(line.money),
                **plan_of(plans.get(line.campaign, planned.NONE), line.money),
            }
            for line in found.lines
        ]
        return {**asked(choice), "total": money_of(found.total), "results": lines}


class ChannelReturns(Report):
    """Returns by channel."""

    permission = "reports.view_money"

    @extend_schema(parameters=CHOICE, responses=ChannelReturnsSerializer, operation_id="reports_channels")
    def get(self, request):
        """Cost and earnings of every channel: of campaigns to date, of what no campaign brought in the period."""
        return super().get(request)

    def report(self, request, choice, at):
        found = returns.returns(choice)
        lines = [{"channel": name, **money_of(money)} for name, money in found.channels().items()]
        return {**asked(choice), "total": money_of(found.whole), "results": lines}


class ModelsReport(Report):
    """Models of attribution side by side."""

    permission = "reports.view_money"

    @extend_schema(parameters=[*CHOICE, MEASURE], responses=ModelsSerializer, operation_id="reports_models")
    def get(self, request):
        """What each model gives every channel and campaign of the same wins, to date."""
        require(request, self.permission)
        query = request.query_params.copy()
        asked_for = {"measure": "".join(query.pop("measure", [])[-1:])}
        measure = one_of(asked_for, "measure", opinions.MEASURES, "revenue")
        choice = parse(query, axes(request.query_params), timezone.now())
        found = returns.side_by_side(choice, attribution.MODELS)
        return Response(
            {
                **asked(choice),
                "measure": measure,
                "locked": choice.locked,
                "channels": [
                    {"channel": one.key, **said_of(one)} for one in opinions.by_channel(found, measure)
                ],
                "campaigns": [
                    {"campaign": one.key.campaign, "name": one.key.name, **said_of(one)}
                    for one in opinions.by_campaign(found, measure)
                ],
            }
        )


# -- dataclasses as JSON ---------------------------------------------------------------------------------
def asked(choice):
    """What the figures are of."""
    period = choice.period
    return {
        "period": period.key,
        "instead_of": period.instead_of,
        "first": None if period.is_all else period.first,
        "last": None if period.is_all else period.last,
        "model": choice.model,
        "currency": choice.currency,
    }


def funnel_of(choice, found):
    """A Funnel."""
    return {
        **asked(choice),
        "flow": {name: getattr(found.now, name) for name in funnel.COUNTS},
        "cohort": {"leads": found.now.leads, **{name: getattr(found.now, name) for name in funnel.REACHED}},
        "acceptance": number(found.acceptance),
        "steps": [step_of(step) for step in found.steps.values()],
    }


def step_of(step):
    """A Conversion."""
    return {
        "step": step.step,
        "entered": step.entered,
        "reached": step.reached,
        "rate": number(step.rate),
        **{f"in_{window}": number(share) for window, share in step.windows.items()},
        "median_days": number(step.median),
        "p90_days": step.p90,
        "young": step.young,
    }


def answers_of(found):
    """An Answers."""
    clock = found.clocks[Clock.ANSWER]
    return {
        **{name: getattr(found.now, name) for name in answers.COUNTS if name not in ("due", "in_time")},
        "in_time": number(found.in_time),
        "median_minutes": number(clock.median()),
        "p90_minutes": clock.percentile(90),
    }


def tile_of(tile):
    """A Tile."""
    return {
        "figure": tile.figure.name,
        "nature": tile.figure.nature,
        "value": number(tile.value),
        "available": tile.value != NOT_AVAILABLE,
        "before": number(tile.before),
        "meaning": str(tile.figure.meaning),
    }


def money_of(money):
    """A Money."""
    return {
        **{name: number(getattr(money, name)) for name in NAMES if name not in HIDDEN},
        "spend": number(money.spend),
        "mean_won": number(money.mean_won),
        "mean_open": number(money.mean_open),
        "revenue_roi": number(money.revenue_roi),
        "margin_roi": number(money.margin_roi),
        "roas": number(money.roas),
        "reported_roi": number(money.reported_roi),
        "revenue_available": money.revenue_roi != NOT_AVAILABLE,
        "margin_available": money.margin_roi != NOT_AVAILABLE,
    }


def plan_of(plan, money):
    """A Plan, and what each step cost."""
    costs = money.cost_per if money.spend else {}
    return {
        "planned_leads": plan.leads,
        "planned_revenue": number(plan.revenue),
        "planned_budget": number(plan.budget),
        "payback": plan.payback,
        **{f"cost_per_{step}": number(costs.get(step)) for step in ("lead", "mql", "sql", "deal")},
    }


def said_of(one):
    """An Opinions."""
    return {
        "models": {model: number(value) for model, value in one.said.items()},
        "least": number(one.least),
        "most": number(one.most),
    }


HIDDEN = ("period_spend", "unpriced", "uncosted", "open_unpriced")


def number(value):
    """A number as JSON has it: exact amounts as text, counts as they are, null where there is none."""
    if isinstance(value, Decimal):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return value if isinstance(value, int) else None
