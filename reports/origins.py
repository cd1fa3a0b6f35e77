"""By what brought people in: how far they come and how long each step takes, beside the house (capability 17)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from leads.proportions import Effect, interval
from pipeline.models import Campaign
from reports import heeding, reading
from reports.brought import SIDES
from reports.cells import cells
from reports.funnel import ENTERED
from reports.models import DealCycle, FunnelMonth, StepDays, StepMonth, WhoseDays, WhoseFunnel, WhoseSteps
from reports.models.base import ALL_MONTHS
from reports.velocity import Histogram, medians_apart

BY = ("source", "channel", "campaign")
STEPS = ("new_mql", "mql_sql", "sql_deal", "deal_won", "new_won")
HEEDED = ("period",)
MOST = 20  # campaigns that are told: those that brought most leads
FEW = 20  # deals below which nothing is said of their days
ENTRIES = sorted({ENTERED[step.split("_")[0]] for step in STEPS})
KEPT = {FunnelMonth: WhoseFunnel, StepMonth: WhoseSteps, StepDays: WhoseDays}


@dataclass(frozen=True)
class Passage:
    """A step of some passes: of those that entered it in the period, how many went on by today, and in how many days."""

    entered: int
    reached: int
    days: Histogram

    @property
    def rate(self):
        """The share that went on, None where nobody entered."""
        return Decimal(self.reached) / self.entered if self.entered else None

    @property
    def range(self):
        """Where the true share lies in 19 of 20 cases; None where nobody entered."""
        return interval(self.reached, self.entered)


@dataclass(frozen=True)
class Origin:
    """What one source brought (`key` None: the whole house): new leads, and each of STEPS."""

    key: str | None
    name: str
    leads: int
    steps: dict[str, Passage]


NOBODY = Origin(None, "", 0, {step: Passage(0, 0, Histogram(())) for step in STEPS})


@dataclass(frozen=True)
class Verdict:
    """Is a sale of some deals shorter than of the rest? Days from opening to signature of each side, and how far their medians are apart."""

    those: Histogram
    rest: Histogram

    @property
    def too_few(self):
        """Whether either side is too small to say anything."""
        return min(self.those.total, self.rest.total) < FEW

    @property
    def effect(self) -> Effect | None:
        """Their median − that of the rest, with its interval; None where there are too few."""
        return None if self.too_few else medians_apart(self.those, self.rest)


@dataclass(frozen=True)
class Origins:
    """Every Origin of an axis, most leads first, the house beside them, and both Verdicts on the help of marketing."""

    house: Origin
    lines: list[Origin]
    sourced: Verdict
    influenced: Verdict


def origins(choice, by) -> Origins:
    """The Origins of a Choice's period by one of BY, in one statement."""
    heard = heeding.heeded(choice, HEEDED)
    rows = reading.read(
        {
            **{f"house_{name}": part for name, part in _parts(heard, None).items()},
            **_parts(heard, by),
            "names": _names(by),
            "cycles": _cycles(heard),
        }
    )
    house = _origins({name: rows[f"house_{name}"] for name in ("funnel", "steps", "days")}, lambda key: "")
    names = {str(row["id"]): row["name"] for row in rows["names"]}
    told = SIDES if by == "source" else names
    return Origins(
        house=house[0] if house else NOBODY,
        lines=_origins(rows, lambda key: str(told.get(key, ""))),
        sourced=_verdict(rows["cycles"], lambda row: row["source"] == "marketing"),
        influenced=_verdict(rows["cycles"], lambda row: row["influenced"]),
    )


def _parts(choice, by):
    """What `_origins` needs, for `reading.read`: sums by key of the period's months; without `by` those of all."""
    (funnel, whose), (steps, of_steps), (days, of_days) = (
        _rows(model, choice, by) for model in (FunnelMonth, StepMonth, StepDays)
    )
    span = [choice.period.first, choice.period.until]
    key = "NULL" if by is None else "channel" if by == "channel" else "whose"
    sums = ", ".join(f"sum({one})::bigint AS {one}" for one in ENTRIES)
    entered = " OR ".join(f"sum({one}) > 0" for one in ENTRIES)  # a fair of October has SQLs in November
    biggest = (
        f"SELECT {key} AS key, {sums} FROM {funnel} WHERE month >= %s AND month < %s GROUP BY 1 "
        f"HAVING {entered} ORDER BY sum(leads) DESC, 1"
    )
    among, asked = "", []
    if by == "campaign":
        biggest += f" LIMIT {MOST}"
        among, asked = f" AND {key} IN (SELECT key FROM ({biggest}) AS told)", [*whose, *span]
    months, binned = (
        ("month = %s", [ALL_MONTHS]) if choice.period.is_all else ("month >= %s AND month < %s", span)
    )
    return {
        "funnel": (biggest, [*whose, *span]),
        "steps": (
            f"SELECT {key} AS key, step, sum(reached)::bigint AS reached FROM {steps} "
            f"WHERE step = ANY(%s) AND month >= %s AND month < %s{among} GROUP BY 1, 2",
            [*of_steps, list(STEPS), *span, *asked],
        ),
        "days": (
            "SELECT key, step, array_agg(days) AS days, array_agg(passes) AS passes FROM ("
            f"SELECT {key} AS key, step, days, sum(passes)::int AS passes FROM {days} "
            f"WHERE step = ANY(%s) AND {months}{among} GROUP BY 1, 2, 3 HAVING sum(passes) <> 0"
            ") AS bins GROUP BY 1, 2",
            [*of_days, list(STEPS), *binned, *asked],
        ),
    }  # fmt: skip


def _rows(model, choice, by):
    """(FROM item, parameters): rows like those of `model`, of all or for each value of an axis."""
    if by in (None, "channel"):
        return cells(model, choice, by)
    return f"(SELECT * FROM {KEPT[model]._meta.db_table} WHERE who = %s) AS kept", [by]


def _names(by):
    """The names of campaigns, where they are told."""
    campaigns = Campaign.objects.values("id", "name")
    return campaigns if by == "campaign" else campaigns.none()


def _cycles(choice):
    return (
        DealCycle.objects.filter(month__gte=choice.period.first, month__lt=choice.period.until)
        .order_by()
        .values("source", "influenced", "days")
        .annotate(n=Sum("deals"))
    )


def _origins(rows, named):
    """Every Origin of the rows that `_parts` asked for."""
    steps = {(row["key"], row["step"]): row["reached"] for row in rows["steps"]}
    days = {(row["key"], row["step"]): (row["days"], row["passes"]) for row in rows["days"]}
    return [
        Origin(
            row["key"],
            named(row["key"]),
            row["leads"],
            {
                step: Passage(
                    row[ENTERED[step.split("_")[0]]],
                    steps.get((row["key"], step), 0),
                    Histogram.of(zip(*days.get((row["key"], step), ((), ())), strict=True)),
                )
                for step in STEPS
            },
        )
        for row in rows["funnel"]
    ]


def _verdict(rows, is_theirs):
    those = Histogram.of((row["days"], row["n"]) for row in rows if is_theirs(row))
    rest = Histogram.of((row["days"], row["n"]) for row in rows if not is_theirs(row))
    return Verdict(those, rest)
