"""Targets on two axes: sales by region, marketing by segment, in one matrix whose sums always agree."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction

from engine.copying import take_lock
from reports import climbing, periods, reading, regions
from reports.attribution.shares import apportion
from reports.models import Measure, Target
from reports.models.base import ALL, ALL_CHANNELS
from reports.money import ZERO
from reports.regions import Tree
from reports.rounds import deciding

# {measure: (the cube, the sum, which of its rows)}
ATTAINED = {
    Measure.WON: ("reports_dealmonth", "won_amount", "true"),
    Measure.MARGIN: ("reports_dealmonth", "margin", "true"),
    Measure.KEPT: ("reports_dealmonth", "margin", "kind <> 'new'"),
    Measure.SQLS: ("reports_funnelmonth", "sqls", "true"),
    Measure.PIPELINE: ("reports_dealmonth", "opened_amount", "true"),
}
HORIZONS = ("month", "quarter", "year")


@dataclass(frozen=True)
class Promise:
    """A target, None where there is none, and what was attained of it."""

    target: Decimal | None = None
    attained: Decimal = ZERO

    def __add__(self, other):
        known = [one for one in (self.target, other.target) if one is not None]
        return Promise(sum(known, ZERO) if known else None, self.attained + other.attained)

    @property
    def share(self):
        """Attained ÷ target; None without a target."""
        return self.attained / self.target if self.target else None


@dataclass(frozen=True)
class Promises:
    """Promises by (region, segment), 0 for none, a region with all that is part of it; `own`: the targets that are agreed for it itself.

    What is agreed for a region is its target; else what is agreed for its parts (`reports.climbing`).
    """

    cells: dict[tuple[int, int], Promise]
    own: dict[tuple[int, int], Decimal]
    tree: Tree

    def cell(self, region, segment):
        """One cell."""
        return self.cells.get((region, segment), Promise())

    def region(self, region):
        """Sales' promise: a region over all segments."""
        return sum((one for (where, _what), one in self.cells.items() if where == region), Promise())

    def segment(self, segment):
        """Marketing's promise: a segment over all regions."""
        return sum((one for (_where, what), one in self._tops() if what == segment), Promise())

    @property
    def total(self):
        """Over both, each once."""
        return sum((one for _key, one in self._tops()), Promise())

    def given(self, region, segment):
        """The targets of the parts of a region, as far as they have any; None without."""
        return sum((self.cell(one, segment) for one in self.tree.parts(region)), Promise()).target

    def _tops(self):
        return [(key, self.cells[key]) for key in self.cells if self.tree.above.get(key[0]) is None]


@dataclass(frozen=True)
class Matrix(Promises):
    """The Promises of a period; and the same measure over the month, the quarter and the fiscal year."""

    horizons: dict[str, Promise]


def matrix(measure, period, today, fiscal_start, region=None, segment=None) -> Matrix:
    """The Matrix of a measure in a Period, in one statement; only of a region and a segment (Axis), where they are given."""
    spans = {"period": period, **{name: periods.named(name, today, fiscal_start) for name in HORIZONS}}
    found = promises(measure, spans, region, segment)
    own = found["period"]
    return Matrix(own.cells, own.own, own.tree, {name: found[name].total for name in HORIZONS})


def promises(measure, spans, region=None, segment=None):
    """{name: Promises} of a measure over each of the Periods {name: Period}, in one statement; narrowed as `matrix`."""
    rows = reading.read(parts(measure, spans, region, segment))
    return {name: made(rows, name, region) for name in spans}


def parts(measure, spans, region=None, segment=None):
    """What `made` needs of a measure over the Periods {name: Period}, for `reading.read`."""
    asked = dict(regions.PARTS)
    for name, span in spans.items():
        asked[f"target {name}"] = _targets(measure, span, region, segment)
        asked[f"attained {name}"] = _attained(measure, span, region, segment)
    return asked


def made(rows, name, region=None) -> Promises:
    """The Promises of the Period `name` from the rows that `parts` asked for."""
    tree = Tree.of(rows[regions.PART], region)
    came: dict[int, dict] = {}
    for row in rows[f"attained {name}"]:
        came.setdefault(row["segment"], {})[row["region"]] = Promise(None, Decimal(row["amount"]))
    cells = {(where, what): one for what, of in came.items() for where, one in tree.whole(of).items()}
    told = {(row["region"], row["segment"]): row for row in rows[f"target {name}"]}
    for key, row in told.items():
        cells[key] = Promise(Decimal(row["amount"])) + cells.get(key, Promise())
    own = {key: Decimal(row["own"]) for key, row in told.items() if row["own"] is not None}
    return Promises(cells, own, tree)


def promise(measure, period, wishes, by, at, why="", asked_by=""):
    """Set the targets of a measure in a Period: {(region id or 0, segment id or 0): amount or None for none}.

    An amount is cut into the months of the period to the cent, so that shorter and longer periods read the same cells. Who saves last
    wins. Targets of a year that is agreed, or being agreed, are proposed instead: the TargetRounds that ask for them are returned.
    Raises NotToSign.
    """
    months = [periods.shifted(period.first, number) for number in range(period.months)]
    rows = [
        Target(month=month, measure=measure, region_id=region or None, segment_id=segment or None,
               amount=share, set_by=by, set_at=at)
        for (region, segment), amount in wishes.items()
        for month, share in zip(months, _monthly(amount, len(months)), strict=True)
    ]  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        take_lock(cursor, deciding.LOCK)
        rounds, free = deciding.change(rows, why=why, asked_by=asked_by, by=by, at=at)
        deciding.put(free)
    return [one for one in rounds if one]


def _monthly(amount, months):
    """An amount cut into months to the cent; None stays none."""
    if amount is None:
        return [None] * months
    return [Decimal(cents) / 100 for cents in apportion(int(amount * 100), [1] * months)]


def _targets(measure, period, region, segment):
    target, params = climbing.climbed([measure], period)
    where, places = climbing.lines(region, segment)
    return (
        f"SELECT region, segment, sum(amount) AS amount, sum(amount) FILTER (WHERE own) AS own FROM {target} "
        f"WHERE true{where} GROUP BY region, segment",
        [*params, *places],
    )


def _attained(measure, period, region, segment):
    table, column, which = ATTAINED[measure]
    narrow, places = "", []
    for name, axis in (("region", region), ("segment", segment)):
        if axis is not None:
            narrow += f" AND {name} = ANY(%s)"
            places.append(list(axis.under))
    return (
        f"SELECT region, segment, sum({column}) AS amount FROM {table} WHERE channel = %s AND region <> %s "
        f"AND segment <> %s AND month >= %s AND month < %s AND {which}{narrow} GROUP BY region, segment HAVING sum({column}) <> 0",
        [ALL_CHANNELS, ALL, ALL, period.first, period.until, *places],
    )
