"""How long steps take: figures from histograms of whole days or minutes, exact to the bin."""

from dataclasses import dataclass
from decimal import Decimal
from math import comb, sqrt
from statistics import NormalDist

from leads.proportions import Effect, Z

DAY = 1 / 12  # the variance that whole days add to what happened in the course of them
MANY = 1000  # values from which on a median is as normal as it gets


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


def medians_apart(first, second) -> Effect | None:
    """The Effect of the first Histogram's median − the second's, None where either is empty.

    Price & Bonett (2002), Distribution-free confidence intervals for difference and ratio of medians.
    """
    medians = first.median(), second.median()
    if None in medians:
        return None
    estimate = float(medians[0] - medians[1])
    half = Z * sqrt(_variance(first) + _variance(second))
    return Effect(estimate, estimate - half, estimate + half)


def _variance(days):
    """The variance of a median, from how far apart the values stand around it."""
    total = days.total
    rank = max(1, round((total + 1) / 2 - sqrt(total)))
    spread = days.at(total - rank + 1) - days.at(rank)
    return (spread / (2 * _spans(total, rank))) ** 2 + DAY


def _spans(total, rank):
    """How many standard errors those ranks lie from the median: 2 of many values, fewer of few."""
    if total > MANY:
        return 2.0
    outside = sum(comb(total, below) for below in range(rank)) / 2**total
    return NormalDist().inv_cdf(1 - outside) if outside < 0.5 else 1.0
