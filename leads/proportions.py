"""Shares of people or deals, the difference of two of them, and where the true ones lie in 19 of 20 cases."""

from dataclasses import dataclass
from math import sqrt

Z = 1.96  # 95 %


def interval(won, closed, z=Z):
    """The interval of a share (Wilson's), of 95 % unless `z` says otherwise: (low, high), None without closed deals."""
    if not closed:
        return None
    share, square = won / closed, z * z
    middle = (share + square / (2 * closed)) / (1 + square / closed)
    half = z * sqrt(share * (1 - share) / closed + square / (4 * closed * closed)) / (1 + square / closed)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Effect:
    """A difference and where the true one lies in 19 of 20 cases."""

    estimate: float
    low: float
    high: float

    @property
    def is_sure(self):
        """Does the interval leave 0 out?"""
        return self.low > 0 or self.high < 0


def difference(hits, people, other_hits, others) -> Effect | None:
    """The Effect p₁ − p₂ of two shares, by Newcombe's interval from Wilson's; None where either side has nobody.

    Newcombe (1998), Interval estimation for the difference between independent proportions, method 10.
    """
    if not people or not others:
        return None
    first, second = hits / people, other_hits / others
    (low, high), (other_low, other_high) = interval(hits, people), interval(other_hits, others)
    return Effect(
        first - second,
        first - second - sqrt((first - low) ** 2 + (other_high - second) ** 2),
        first - second + sqrt((high - first) ** 2 + (second - other_low) ** 2),
    )
