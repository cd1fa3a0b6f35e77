"""The steps of the funnel in the period and a year before, both told up to the same day: the same time to go on."""

from dataclasses import dataclass
from decimal import Decimal

from reports import funnel
from reports.behind.lists import ONE_BY_ONE
from reports.cells import cells
from reports.models import StepMonth
from reports.periods import Period, reach_back, year_before

STEPS = ONE_BY_ONE
FEW = 20  # entered, below which a share is noise


@dataclass(frozen=True)
class Step:
    """A step of the funnel in the period and a year before: how many entered, how many went on by today.

    The year before is told as it stood on the same day then; None for all time, and where records do not reach back to its
    first month.
    """

    name: str
    entered: int
    reached: int
    entered_before: int | None
    reached_before: int | None

    @property
    def rate(self):
        """The share that went on; None where nobody entered."""
        return Decimal(self.reached) / self.entered if self.entered else None

    @property
    def rate_before(self):
        """The share a year before; None where fewer than FEW entered."""
        if self.entered_before is None or self.reached_before is None or self.entered_before < FEW:
            return None
        return Decimal(self.reached_before) / self.entered_before


def parts(choice):
    """What `made` needs, for `reading.read`; of a year before, months that were over are read from their sums."""
    steps, params = cells(StepMonth, choice)
    first, until = choice.period.first, choice.period.until
    before = year_before(choice.period, choice.today)
    span = _whole(*before) if before else (first, first)
    leaks = (
        f"SELECT step, month >= %s AS now, sum(reached)::bigint AS reached FROM {steps} WHERE step = ANY(%s) "
        "AND ((month >= %s AND month < %s) OR (month >= %s AND month < %s)) GROUP BY 1, 2",
        [first, *params, list(STEPS), first, until, *span],
    )
    return {"leaks": leaks, **({"then": _then(choice, *before)} if before else {})}


# A row: a step, how many entered it in the days of the month that was not over, and what the sums of months have to be
# moved by: who had gone on of these days, less who of those months went on later.
THEN = """
SELECT '{step}' AS step, 0 AS entered, -count(*) AS reached FROM reports_countedpass p
WHERE {since} >= %s AND {since} < %s AND {until} >= %s AND {where}
UNION ALL SELECT '{step}', count(*), count(*) FILTER (WHERE {until} < %s) FROM reports_countedpass p
WHERE {since} >= %s AND {since} < %s AND {where}
"""


def _then(choice, first, until, told):
    where, params = choice.narrow("p.")
    whole = _whole(first, until, told)[1]
    rows = [
        THEN.format(step=step, since=f"p.{since}", until=f"p.{until_day}", where=where)
        for step, (since, until_day) in STEPS.items()
    ]
    bound = [first, whole, told, *params, told, whole, until, *params]
    return " UNION ALL ".join(rows), bound * len(STEPS)


def _whole(first, until, told):
    """(first, until) of the months that were over on the day."""
    return first, max(first, min(until, told.replace(day=1)))


def made(choice, stages, rows):
    """[Step] from the Funnel and the rows that `parts` asked for."""
    reached = {(row["step"], row["now"]): row["reached"] for row in rows["leaks"]}
    known = reach_back([one.month for one in stages.months], choice.period)
    before = year_before(choice.period, choice.today) if known else None
    then = before and funnel.total(stages.months, Period("before", "", *_whole(*before)))
    found = []
    for step in STEPS:
        entry, moved = (
            funnel.ENTERED[step.split("_")[0]],
            [row for row in rows.get("then", ()) if row["step"] == step],
        )
        found.append(
            Step(
                step,
                getattr(stages.now, entry),
                reached.get((step, True), 0),
                None if then is None else getattr(then, entry) + sum(row["entered"] for row in moved),
                None
                if then is None
                else reached.get((step, False), 0) + sum(row["reached"] for row in moved),
            )
        )
    return found
