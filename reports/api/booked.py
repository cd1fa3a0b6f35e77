"""The lists behind the official figures of a month in the REST API."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.doors import require
from accounts.tokens import HasScope
from reports import booked, monthly
from reports.api.months import OF_MONTH
from reports.api.reports import number, only
from reports.choice import of_month, one_of
from reports.months import listing
from reports.months.changes import WAYS, changes
from reports.months.official import books
from reports.views.months import month_of
from ui import keyset

SIZE = 100
MINE = [
    OpenApiParameter(
        "side",
        enum=listing.SIDES,
        description="official (default), the month's own of it, what came late, or what was restated",
    ),
    OpenApiParameter("cursor", description="of the next page"),
]


class BookedSerializer(serializers.Serializer):
    """One deal, spend or lead that counts; `own` is the month of its own date.

    Of what was restated: `what` became of it since the close, and `by` whom `at` which moment, as far as history says.
    """

    measure = serializers.CharField()
    item = serializers.IntegerField(help_text="id of the deal, spend or lead")
    name = serializers.CharField()
    own = serializers.CharField(help_text="2026-10")
    counts = serializers.DecimalField(22, 6)
    what = serializers.ChoiceField(WAYS, allow_null=True)
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)


class BookedListSerializer(serializers.Serializer):
    """What a figure is made of, the largest first. `total` is the figure; `next` the cursor of the next page."""

    total = serializers.DecimalField(22, 6)
    results = BookedSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class Booked(APIView):
    """The list behind an official figure."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(
        parameters=[*OF_MONTH, *MINE],
        responses=BookedListSerializer,
        operation_id="reports_month_figure",
    )
    def get(self, request, key, name):
        """What an official figure is made of, what of it came late, or what was restated since the close."""
        require(request, "reports.view_money")
        query, day = request.query_params.copy(), month_of(key)
        only(request, *(one.name for one in (*OF_MONTH, *MINE)))
        cursor, side = ("".join(query.pop(one, [""])[-1:]) for one in ("cursor", "side"))
        side = one_of({"side": side}, "side", listing.SIDES, listing.OFFICIAL)
        choice = of_month(query, day, timezone.now())
        found = books(choice)
        one = listing.asked(found, day, side)
        if name not in booked.FIGURES or one is None:
            raise Http404
        _label, what, measures, _money = booked.FIGURES[name]
        rows, more = _rows(one, found, measures, what, choice, side, cursor)
        total = listing.total(one, measures, what, side)
        return Response({"total": number(total), "results": rows, "next": more or None})


def _rows(one, found, measures, what, choice, side, cursor):
    """(rows, cursor of the next page)."""
    paged = {"size": SIZE, "cursor": cursor}
    if side == listing.RESTATED:
        page = changes(one.shut, measures, choice, **paged)
        rows = [
            _row(vars(two), one.month, getattr(two.difference, what))
            | {"what": two.what, "by": two.who, "at": two.at}
            for two in page.rows
        ]
        return rows, page.older
    if one.shut is None:
        late = side == listing.LATE
        page = listing.counting(one.month, measures, what, choice, found.shut, late, **paged)
    else:
        page = keyset.page(listing.frozen(one.shut, measures, what, choice, side), listing.ORDER, **paged)
    return [_row(row, row["own"], row["worth"]) for row in listing.named(page.rows)], page.older


def _row(row, own, counts):
    return {
        **{name: row[name] for name in ("measure", "item", "name")},
        "own": monthly.key(own),
        "counts": number(counts),
        **dict.fromkeys(("what", "by", "at")),
    }
