"""The joint index of periods: what was reached of each component against what was expected, all in one statement."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from reports import attribution, locks, periods, reading
from reports.brand.shares import awareness, reputation
from reports.cells import cells
from reports.index import versions
from reports.index.versions import Component, Version
from reports.models import BrandWave, FunnelMonth, IndexKind, SearchShare
from reports.models.index import FLOWS, MOST_MONTHS
from reports.periods import Period, shifted
from reports.standing import gone

QUARTER, MONTH = "quarter", "month"
LENGTHS = {QUARTER: (3, 8), MONTH: (1, 12)}  # months of a period, and how many of them the trend shows
HEEDED = ("segment", "region")
ZERO, WHOLE = Decimal(), Decimal(100)
GROUPS = {IndexKind.AWARENESS: "total", IndexKind.UNAIDED: "unaided"}
WAVE = ("id", "name", "on", "asked", "top", "other", "prompted", "reputation", "score", "low", "high", "deviation")  # fmt: skip
BEGINS = """
SELECT (SELECT min(month) FROM reports_funnelmonth WHERE channel = '*' AND segment = -1 AND region = -1 AND leads > 0) AS leads,
  (SELECT min(month) FROM reports_dealmonth WHERE channel = '*' AND segment = -1 AND region = -1 AND won > 0) AS sales
"""


@dataclass(frozen=True)
class Reached:
    """What was measured: a count, revenue, or a level in %. `interval`: where the true level lies, of a survey that tells it;
    `wave` is its (id, name, day, people asked), `months` how many months of shares of search were added up.
    """

    value: Decimal
    interval: tuple[float, float] | None = None
    wave: tuple[int, str, date, int] | None = None
    months: int = 0


@dataclass(frozen=True)
class Line:
    """A component in a period: `expected` of it so far, and what was `reached`, None where it was not measured."""

    component: Component
    cap: int
    expected: Decimal
    reached: Reached | None

    @property
    def points(self):
        """100 where what was expected was reached, `cap` at most, 0 at least; None where it was not measured."""
        if self.reached is None:
            return None
        return max(ZERO, min(Decimal(self.cap), self.reached.value / self.expected * WHOLE))

    @property
    def is_sure(self):
        """Does what was expected lie outside of the interval? None where there is no interval."""
        if self.reached is None or self.reached.interval is None:
            return None
        low, high = self.reached.interval
        return not low <= float(self.expected) <= high


@dataclass(frozen=True)
class Told:
    """The index of a Period by its Version (None: nobody agreed on any). `gone`: the share of its days that are over."""

    period: Period
    version: Version | None
    model: str
    lines: list[Line]
    gone: Decimal

    @property
    def is_over(self):
        """Have all of its days passed?"""
        return self.gone == 1

    @property
    def measured(self):
        """The weights of the components that were measured, as a share of all."""
        known = sum((one.component.weight for one in self.lines if one.reached), ZERO)
        return known / self.version.weight if self.version else ZERO

    @property
    def index(self):
        """Σ weight × points ÷ Σ weights, of the components that were measured; None without any."""
        known = [one for one in self.lines if one.reached]
        if not known:
            return None
        weights = sum((one.component.weight for one in known), ZERO)
        return sum((one.component.weight * one.points for one in known), ZERO) / weights


def recent(by, today, fiscal_start):
    """The Periods of the trend, the oldest first; the last one is running."""
    months, count = LENGTHS[by]
    last = periods.named(by, today, fiscal_start).first
    return [spanned(shifted(last, -months * back), months) for back in range(count - 1, -1, -1)]


def spanned(first, months):
    """The Period of so many months from `first`."""
    return periods.between(first, shifted(first, months - 1))


def told(choice, spans, known_locks, live_on=None) -> list[Told]:
    """The Told of each Period, for the market of the choice, in one statement."""
    models = {span.first: model_of(span, choice.today, known_locks) for span in spans}
    rows = reading.read(_parts(choice, spans, set(models.values())))
    agreed, source = versions.signed(rows), Source(rows, choice.today, live_on)
    return [_told(span, versions.holding(agreed, span), models[span.first], source) for span in spans]


def lately(choice, known_locks, live_on=None) -> dict[str, Reached | None]:
    """What was reached of every kind lately: of a month, the mean of the last twelve whole ones; the latest level."""
    span = spanned(shifted(choice.today.replace(day=1), -12), 12)
    model = model_of(span, choice.today, known_locks)
    source = Source(reading.read(_parts(choice, [span], {model})), choice.today, live_on)
    found: dict[str, Reached | None] = {kind: source.reached(kind, span, 12, model) for kind in IndexKind}
    for kind in FLOWS:
        if one := found[kind]:
            found[kind] = replace(one, value=one.value / 12)
    return found


def model_of(span, today, known_locks):
    """The model by which credits of a period are told: the one that finance locked, or the usual one."""
    since = locks.holding(known_locks, min(span.last, today))
    return known_locks.get(since) or attribution.DEFAULT


def _told(span, version, model, source):
    due = gone(span, source.today)
    lines = [_line(one, version, span, due, model, source) for one in version.components] if version else []
    return Told(span, version, model, lines, due)


def _line(component, version, span, due, model, source):
    expected = component.expected
    if component.kind in FLOWS:
        expected = expected * span.months * due
    return Line(component, version.cap, expected, source.reached(component.kind, span, version.lasts, model))


class Source:
    """What the statement found, asked component by component."""

    def __init__(self, rows, today, live_on):
        self.rows, self.today = rows, today
        self.counted = live_on.replace(day=1) if live_on else None
        (begins,) = rows["begins"]
        self.begins = {
            IndexKind.LEADS: reading.day(begins["leads"]),
            IndexKind.SALES: reading.day(begins["sales"]),
        }

    def reached(self, kind, span, lasts, model) -> Reached | None:
        """What was measured of a kind in a Period; None where nothing was."""
        if kind in FLOWS:
            return self._flow(kind, span, model) if self._is_recorded(kind, span) else None
        return self._search(span) if kind == IndexKind.SEARCH else self._survey(kind, span, lasts)

    def _is_recorded(self, kind, span):
        """Do records reach back to its first day, and count there?"""
        begin = self.begins[kind]
        return begin is not None and span.first >= begin and (not self.counted or span.first >= self.counted)

    def _flow(self, kind, span, model):
        rows = self.rows[kind] if kind == IndexKind.LEADS else [
            row for row in self.rows[kind] if row["model"] == model
        ]  # fmt: skip
        return Reached(
            sum((Decimal(row["amount"]) for row in rows if reading.day(row["month"]) in span), ZERO)
        )

    def _search(self, span):
        rows = [row for row in self.rows["searches"] if reading.day(row["month"]) in span]
        if not rows:
            return None
        own, total = (sum(row[name] for row in rows) for name in ("own", "total"))
        return Reached(Decimal(own) / total * WHOLE, months=len(rows))

    def _survey(self, kind, span, lasts):
        """The latest wave that asked it, up to the end of the period, and not older than it counts."""
        since = min(span.first, shifted(span.until, -lasts))
        for row in reversed(self.rows["waves"]):
            day = reading.day(row["on"])
            if since <= day < span.until and (found := _level(kind, row)):
                value, interval = found
                return Reached(value, interval, (row["id"], row["name"], day, row["asked"]))
        return None


def _level(kind, row):
    """(a level in %, its interval) of a wave; None where it did not ask that."""
    if kind == IndexKind.REPUTATION:
        mark = reputation(row)
        return mark and (mark.percent, mark.interval)
    share = awareness(row)[GROUPS[kind]]
    return share and (share.rate * WHOLE, tuple(one * 100 for one in share.interval))


def _parts(choice, spans, models):
    first, until = spans[0].first, spans[-1].until
    region, segment = (axis and axis.id for axis in (choice.region, choice.segment))
    market = {"region": region, "segment": segment}
    funnel, narrow = cells(FunnelMonth, choice)
    return {
        **versions.parts(region, segment),
        "begins": (BEGINS, []),
        IndexKind.LEADS: (
            f"SELECT month, sum(sqls) AS amount FROM {funnel} WHERE month >= %s AND month < %s GROUP BY month",
            [*narrow, first, until],
        ),
        IndexKind.SALES: _credits(choice, first, until, models),
        "waves": BrandWave.objects.filter(
            **market, on__gte=shifted(first, -MOST_MONTHS), on__lt=min(until, choice.today + timedelta(days=1))
        ).order_by("on", "pk").values(*WAVE),
        "searches": SearchShare.objects.filter(**market, month__gte=first, month__lt=until).values("month", "own", "total"),
    }  # fmt: skip


def _credits(choice, first, until, models):
    """Revenue of the wins of each month credited to campaigns, renewals apart; of a market, to those made for it, as returns are."""
    narrow, params = "", [first, until, sorted(models)]
    for name in HEEDED:
        axis = getattr(choice, name)
        if axis is not None:
            narrow += (
                f" AND campaign IN (SELECT id FROM pipeline_campaign WHERE coalesce({name}_id, 0) = ANY(%s))"
            )
            params.append(list(axis.under))
    return (
        "SELECT month, model, sum(revenue) AS amount FROM reports_creditmonth WHERE campaign > 0 AND NOT renewal "
        f"AND month >= %s AND month < %s AND model = ANY(%s){narrow} GROUP BY month, model",
        params,
    )
