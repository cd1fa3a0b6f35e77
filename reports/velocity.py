"""How long steps take: figures from histograms of whole days or minutes, exact to the bin."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Histogram:
    """Counts by value, in the order of the values. `beyond` counts those known only to be larger than any."""

    bins: tuple[tuple[int, int], ...]
    beyond: int = 0

    @classmethod
    def of(cls, pairs, beyond=0):
        """From (value, count) pairs in any order; a value may stand more than once."""
        counts = {}
        for value, count in pairs:
            counts[value] = counts.get(value, 0) + count
        return cls(tuple(sorted((value, count) for value, count in counts.items() if count)), beyond)

    @property
    def total(self):
        """How many there are, those beyond included."""
        return sum(count for _value, count in self.bins) + self.beyond

    def at(self, rank):
        """The value at a rank from 1; None where it lies beyond."""
        for value, count in self.bins:
            rank -= count
            if rank <= 0:
                return value
        return None

    def median(self):
        """The middle value, the mean of both middle ones; None without values or where it lies beyond."""
        total = self.total
        if not total:
            return None
        low, high = self.at((total + 1) // 2), self.at(total // 2 + 1)
        return None if low is None or high is None else Decimal(low + high) / 2

    def percentile(self, percent):
        """The smallest value that at least `percent` % do not exceed; None without values or where it lies beyond."""
        total = self.total
        return self.at(max(1, -(-total * percent // 100))) if total else None

    def within(self, limit):
        """How many lie at or below `limit`."""
        return sum(count for value, count in self.bins if value <= limit)


def sales_velocity(open_deals, win_rate, mean_won, median_days):
    """Revenue a day: open deals × win rate × mean won ÷ median days SQL → won; None where one of them is unknown."""
    if None in (win_rate, mean_won, median_days) or not median_days:
        return None
    return open_deals * win_rate * mean_won / median_days
