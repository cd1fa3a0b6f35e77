"""The steps of the funnel in the period and a year before, where the passes of both have had their time."""

from dataclasses import dataclass
from decimal import Decimal

from reports import funnel
from reports.behind.lists import ONE_BY_ONE
from reports.periods import Period, reach_back, year_before

STEPS = ONE_BY_ONE
FEW = 20  # entered, below which a share is noise


@dataclass(frozen=True)
class Step:
    """A step of the funnel in the period and a year before: how many entered, how many went on by today.

    The year before is None until the period is over and most of its passes have had the usual time, since last year's have
    had a year more; and where records do not reach back to its first month.
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


def made(choice, stages, rows):
    """[Step] from the Funnel and the rows that it was made from, those of the year before among them."""
    known = reach_back([one.month for one in stages.months], choice.period)
    told = known and choice.period.until <= choice.today
    span = Period("before", "", *year_before(choice.period)) if told else None
    before = funnel.total(stages.months, span) if span else None
    found = []
    for step in STEPS:
        entry = funnel.ENTERED[step.split("_")[0]]
        grown = before is not None and not stages.steps[step].young
        found.append(
            Step(
                step,
                getattr(stages.now, entry),
                stages.steps[step].reached,
                getattr(before, entry) if grown else None,
                sum(row["reached"] for row in funnel.reached_in(span, step, rows).values())
                if grown
                else None,
            )
        )
    return found
