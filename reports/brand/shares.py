"""What a wave of a survey says: shares of those asked and a mark, each with where the truth lies in 19 of 20 cases.

A wave is read from any mapping with the names of ROW.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from leads.proportions import Z, interval
from reports.models import Reputation
from reports.models.brand import NET

ROW = ("asked", "top", "other", "prompted", "reputation", "score", "low", "high", "deviation")
WHOLE = Decimal(100)
GROUPS = ("top", "other", "unaided", "prompted", "total")


@dataclass(frozen=True)
class Share:
    """`people` of the `asked`; weighted answers have fractions."""

    people: Decimal
    asked: int

    @property
    def rate(self):
        """Their share, from 0 to 1."""
        return self.people / self.asked

    @property
    def interval(self):
        """(low, high) of the true share (Wilson's)."""
        return interval(float(self.people), self.asked)


@dataclass(frozen=True)
class Mark:
    """A reputation in % of its scale: 0 at the worst answer, 100 at the best; `interval` is None where no spread is known."""

    percent: Decimal
    interval: tuple[float, float] | None


def awareness(wave) -> dict[str, Share | None]:
    """The Share of each of GROUPS, None where it was not asked: unaided = top + other, total = unaided + prompted."""
    top, other, prompted = (_number(wave[name]) for name in ("top", "other", "prompted"))
    unaided = None if top is None or other is None else top + other
    total = None if prompted is None else (unaided or 0) + prompted
    found = dict(zip(GROUPS, (top, other, unaided, prompted, total), strict=True))
    return {
        name: None if number is None else Share(Decimal(number), wave["asked"])
        for name, number in found.items()
    }


def reputation(wave) -> Mark | None:
    """The Mark of a wave: where its score lies between the ends of its scale; None where it was not asked."""
    if not wave["reputation"]:
        return None
    low, high = (-NET, NET) if wave["reputation"] == Reputation.NET else (wave["low"], wave["high"])
    width = Decimal(high) - Decimal(low)
    percent = (Decimal(wave["score"]) - Decimal(low)) / width * WHOLE
    if wave["deviation"] is None:
        return Mark(percent, None)
    half = Z * float(Decimal(wave["deviation"]) / width * WHOLE) / sqrt(wave["asked"])
    return Mark(percent, (max(0.0, float(percent) - half), min(100.0, float(percent) + half)))


def _number(value):
    return None if value is None else Decimal(value)
