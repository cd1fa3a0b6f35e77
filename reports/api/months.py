"""Official months in the REST API: read, closed, re-opened, and what has changed since."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.doors import require
from accounts.tokens import HasScope
from accounts.unheard import Heard, checked
from engine.idempotency import idempotent
from reports import monthly
from reports.api.kept import written
from reports.api.reports import CHOICE, number, only
from reports.choice import axes, of_month, parse
from reports.models import FrozenMonth
from reports.months import closing, orders
from reports.months.changes import WAYS, changes
from reports.months.official import books
from reports.views.months import month_of
from ui import keyset

SIZE = 100  # changes
OF_MONTH = [one for one in CHOICE if one.name not in ("period", "from", "to", "model")]
PAGED = OpenApiParameter("cursor", description="of the next page of its changes")
SIDES = ("official", "late", "live", "restated")


class SidesSerializer(serializers.Serializer):
    """One figure of a month: official, what of it came late, live, and restated since the close (null while open)."""

    official = serializers.DecimalField(22, 6)
    late = serializers.DecimalField(22, 6)
    live = serializers.DecimalField(22, 6)
    restated = serializers.DecimalField(22, 6, allow_null=True)


class MonthSerializer(serializers.Serializer):
    """A month: when and by whom it was closed (null while open), and its figures by name."""

    month = serializers.CharField(help_text="2026-10")
    closed_at = serializers.DateTimeField(allow_null=True)
    closed_by = serializers.CharField(allow_null=True)
    model = serializers.CharField(
        allow_null=True, help_text="of attribution, as it was when the month was closed"
    )
    figures = serializers.DictField(child=SidesSerializer())


class MonthsSerializer(serializers.Serializer):
    """Official months, the latest first. `open`: the first open month after the closed ones, which takes what comes late."""

    open = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    results = MonthSerializer(many=True)


class CloseSerializer(Heard, serializers.Serializer):
    """Which month to close."""

    month = serializers.CharField(max_length=7)


class ReopenMonthSerializer(Heard, serializers.Serializer):
    """Why a month is re-opened."""

    reason = serializers.CharField(max_length=500)


class ChangeSerializer(serializers.Serializer):
    """Something that no longer counts as it was frozen; `what`: came, gone, moved, handed, regrouped or changed.

    handed: it went with its campaign, or its owner, out of or into the programme, team or person that was asked for;
    regrouped: its region became part of the region that was asked for, or was part of it: `region` was part of `region_was` and
    is of `region_is` (empty: of none).
    """

    measure = serializers.CharField()
    item = serializers.IntegerField(help_text="id of the deal, spend or lead")
    what = serializers.ChoiceField(WAYS)
    name = serializers.CharField()
    was = serializers.DecimalField(22, 6)
    now = serializers.DecimalField(22, 6)
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    region = serializers.CharField()
    region_was = serializers.CharField()
    region_is = serializers.CharField()


class OneMonthSerializer(MonthSerializer):
    """A month with what was frozen of it and what has changed since, narrowed as its address says.

    `waiting`: very much counts in it, and it is being closed or re-opened in the background; `refused` says why that
    could not be done, the last time. `changes` are paged, the largest first: `next` is the cursor of the next page.
    """

    waiting = serializers.BooleanField()
    refused = serializers.CharField()
    frozen = serializers.DictField(
        help_text="every figure of the whole house as it was told at the close; empty while open"
    )
    changes = ChangeSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class Months(APIView):
    """Official months."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(parameters=CHOICE, responses=MonthsSerializer, operation_id="reports_months")
    def get(self, request):
        """Every month of the period: official, late, live and restated."""
        require(request, "reports.view_money")
        choice = parse(request.query_params, axes(request.query_params), timezone.now())
        found = books(choice)
        return Response(
            {
                "open": found.open and monthly.key(found.open),
                "currency": choice.currency,
                "results": [told(one) for one in found.months],
            }
        )

    @extend_schema(
        request=CloseSerializer,
        responses={201: OneMonthSerializer, 202: OneMonthSerializer},
        operation_id="reports_close_month",
    )
    @idempotent
    def post(self, request):
        """Close a month that is over: freezes its official figures. 202: in the background, as very much counts in it."""
        require(request, "reports.close_month")
        wish = checked(CloseSerializer(data=request.data))
        day = month_of(wish["month"])
        try:
            done = orders.close(day, request.user, timezone.now())
        except closing.Refused as refused:
            raise serializers.ValidationError({"month": str(refused)}) from None
        return Response(one_told(day), status=201 if done else 202)


class Month(APIView):
    """One month."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(
        parameters=[*OF_MONTH, PAGED],
        responses=OneMonthSerializer,
        operation_id="reports_month",
    )
    def get(self, request, key):
        """The month with what was frozen of it and what has changed since its close."""
        require(request, "reports.view_money")
        query = request.query_params.copy()
        only(request, *(one.name for one in (*OF_MONTH, PAGED)))
        cursor = "".join(query.pop("cursor", [""])[-1:])
        return Response(one_told(month_of(key), query, cursor))


class Reopen(APIView):
    """Taking a close back."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(
        request=ReopenMonthSerializer,
        responses={200: OneMonthSerializer, 202: OneMonthSerializer},
        operation_id="reports_reopen_month",
    )
    @idempotent
    def post(self, request, key):
        """Re-open the last closed month, with a reason. What was frozen is kept. 202: in the background."""
        require(request, "reports.reopen_month")
        wish = checked(ReopenMonthSerializer(data=request.data))
        try:
            done = orders.reopen(month_of(key), request.user, wish["reason"], timezone.now())
        except closing.Refused as refused:
            raise serializers.ValidationError({"month": str(refused)}) from None
        return Response(one_told(month_of(key)), status=200 if done else 202)


def one_told(day, narrowed=None, cursor=""):
    """A month with everything known of it, and a page of what has changed, `narrowed` as a query says."""
    choice = of_month(narrowed or {}, day, timezone.now())
    found = books(choice)
    one = next((one for one in found.months if one.month == day), None)
    shut = found.shut.get(day)
    frozen = shut and FrozenMonth.objects.get(close=shut.id)
    errand = orders.waiting(day)
    page = changes(shut, choice=choice, size=SIZE, cursor=cursor) if shut else keyset.Page([], "", "")
    return {
        **(told(one) if one else {"month": monthly.key(day), "closed_at": None, "closed_by": None, "model": None, "figures": {}}),
        "waiting": bool(errand and errand.waits),
        "refused": errand.error if errand and not errand.waits else "",
        "frozen": written(frozen.figures) if frozen else {},
        "changes": [change_of(change) for change in page.rows],
        "next": page.older or None,
    }  # fmt: skip


def told(one):
    """A Month."""
    return {
        "month": monthly.key(one.month),
        "closed_at": one.shut and one.shut.at,
        "closed_by": one.shut and one.shut.by,
        "model": one.shut and one.shut.model,
        "figures": {
            name: {
                side: None
                if side == "restated" and not one.shut
                else number(monthly.value(getattr(one, side), what, measures))
                for side in SIDES
            }
            for name, _label, what, measures, _money in monthly.LINES
        },
    }


def change_of(one):
    """A Change."""
    what = "amount" if one.was.amount or one.now.amount else "n"
    return {
        "measure": one.measure,
        "item": one.item,
        "what": one.what,
        "name": one.name,
        "was": number(getattr(one.was, what)),
        "now": number(getattr(one.now, what)),
        "by": one.who,
        **{name: getattr(one, name) for name in ("region", "region_was", "region_is")},
        "at": one.at,
    }
