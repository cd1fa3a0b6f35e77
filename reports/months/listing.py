"""The list behind an official figure: what was frozen at the close, what of it came late, what was restated since.

An open month holds what counts in it now and, where it is the first open one, what came late for closed months.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from engine.copying import chunk
from leads.models import Lead
from pipeline.models import Deal, Spend
from reports import reading
from reports.models import FrozenItem
from reports.money import ZERO
from reports.months import items, trees
from reports.months.official import DEALS, NOTHING, SPENT, narrow, whose
from ui import keyset

OFFICIAL, OWN, LATE, RESTATED = "official", "own", "late", "restated"
SIDES = (OFFICIAL, OWN, LATE, RESTATED)
ORDER = ("-worth", "-id")
CHUNK = 2_000  # rows in memory
KEYS = ("measure", "item", "own", "channel", "worth")
# The order of what counts in an open month, the largest first. An item that moved has a row for each of its places. Both
# texts are ordered by code point there, as Python does, which puts the rows of two statements together.
COUNTING = {
    "rank": models.DecimalField(max_digits=30, decimal_places=12),
    "measure": models.CharField(),
    "item": models.BigIntegerField(),
    "own": models.DateField(),
    "channel": models.CharField(),
    **{name: models.BigIntegerField() for name in ("segment", "region", "campaign")},
}
COUNTED = (*COUNTING, "worth")


def asked(found, month, side):
    """The Month of some Books with this side, None where it has none: only the first open one takes what comes late."""
    one = next((one for one in found.months if one.month == month), None)
    if one is None or (one.shut is None and (month != found.open or side in (OWN, RESTATED))):
        return None
    return one


def total(one, measures, what, side):
    """What the list of a side of a Month sums to; its own are all that are official but what came late."""

    def summed(name):
        return sum((getattr(getattr(one, name).get(of, NOTHING), what) for of in measures), ZERO)

    return summed(OFFICIAL) - summed(LATE) if side == OWN else summed(side)


def frozen(shut, measures, what, choice, side=OFFICIAL):
    """The frozen items behind a figure of a Shut as a queryset of values(), `worth` being what the figure sums.

    `side`: all that is official, only the month's own, or only what came late for an earlier one.
    """
    rows = FrozenItem.objects.filter(close=shut.id, measure__in=measures)
    if side != OFFICIAL:
        rows = rows.filter(own=shut.month) if side == OWN else rows.exclude(own=shut.month)
    if choice.segment is not None:
        rows = rows.filter(segment__in=choice.segment.under)
    if choice.region is not None:
        rows = rows.filter(region__in=trees.regions(choice.region, shut.id))
    if choice.channel is not None:
        rows = rows.filter(channel=choice.channel)
    if choice.campaigns is not None:
        rows = rows.filter(campaign__in=trees.campaigns(choice, shut.id))
    for column, ids in whose(choice).items():  # as the figure: a team of sales has no spend
        rows = rows.filter(~Q(measure__in=SPENT), **{f"{column}__in": ids})
    return rows.annotate(worth=F(what)).values("id", *KEYS)


def counting(month, measures, what, choice, shut, late=False, *, size=50, cursor=""):
    """A ui.keyset.Page of what counts in the first open month after the Shuts {month: Shut}, the largest first.

    `late`: only what came late for the closed ones.
    """

    def fetch(beyond, values, order, most):
        found = []
        for sql, params in _sources(db, month, measures, what, choice, shut, late):
            db.execute(f"SELECT * FROM ({sql}) AS counts WHERE {beyond} ORDER BY {order} LIMIT %s",
                       [*params, *values, most])  # fmt: skip
            found += [dict(zip(COUNTED, row, strict=True)) for row in db.fetchall()]
        return sorted(found, key=_place, reverse=order.endswith("DESC"))[:most]

    with chunk() as db:
        return keyset.scan(fetch, COUNTING, size=size, cursor=cursor)


def _place(row):
    return [row[name] for name in COUNTING]


def every_one(month, measures, what, choice, shut, late=False):
    """The same rows, all of them, a few thousand at a time in memory: late ones first. Yields lists of rows."""
    with chunk() as cursor:
        for sql, params in _sources(cursor, month, measures, what, choice, shut, late):
            cursor.execute(
                f"DECLARE booked NO SCROLL CURSOR FOR {sql} ORDER BY {', '.join(COUNTING)}", params
            )
            while rows := _fetched(cursor):
                yield rows
            cursor.execute("CLOSE booked")


def _fetched(cursor):
    cursor.execute("FETCH %s FROM booked", [CHUNK])
    return [dict(zip(COUNTED, row, strict=True)) for row in cursor.fetchall()]


def _sources(cursor, month, measures, what, choice, shut, late):
    """Yields (SELECT of COUNTED, params) of what came late and, unless only that is wanted, of what counts anyway."""
    narrowed, values = narrow(choice, "x")
    only = f"WHERE x.measure = ANY(%s){narrowed}"
    came = items.LATE.format(live=items.live(), only="{only}").replace("both_sides {only}", "x {only}")
    sources = [(came, {one: two.model for one, two in shut.items()})]
    if not late:
        here = (
            f"SELECT * FROM (SELECT *, NULL::bigint AS close_id FROM ({items.live()}) AS live) AS x {{only}}"
        )
        sources.append((here, {month: choice.model}))
    for source, months in sources:
        items.ask(cursor, months)
        yield (
            f'SELECT -abs({what}) AS rank, measure COLLATE "C" AS measure, item, own, channel COLLATE "C" AS channel, '
            f"segment, region, campaign, {what} AS worth FROM ({source.format(only=only)}) AS counted WHERE {what} <> 0",
            [list(measures), *values],
        )


def named(rows):
    """The rows, each with the name of its deal, campaign or person as `name`, "" where it is gone."""
    ids = {"deals": set(), "spends": set(), "passes": set()}
    for row in rows:
        ids[_table(row["measure"])].add(row["item"])
    read = reading.read(
        {
            "deals": Deal.with_cancellations.filter(pk__in=ids["deals"]).values("pk", "name"),
            "spends": Spend.objects.filter(pk__in=ids["spends"]).values(
                "pk", "vendor", name=F("campaign__name")
            ),
            "passes": Lead.objects.filter(pk__in=ids["passes"]).values("pk", name=F("contact__full_name")),
        }
    )
    names = {
        (table, row["pk"]): row["name"] or row.get("vendor") or _("Without a campaign")
        for table, of in read.items()
        for row in of
    }
    for row in rows:
        row["name"] = names.get((_table(row["measure"]), row["item"]), "")
    return rows


def _table(measure):
    return "deals" if measure in DEALS or measure == "credit" else "spends" if measure in SPENT else "passes"
