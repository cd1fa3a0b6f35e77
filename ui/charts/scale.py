"""From values to places on a plot, with round numbers for the axis."""

import math
from dataclasses import dataclass

LEAST = 1e-300  # below it, a float has no logarithm and no steps
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Scale:
    """A vertical axis: ticks from low to high, drawn between `top` and `top + height` px."""

    ticks: tuple
    top: float
    height: float

    def y(self, value):
        """Where a value lies, in px from the upper edge."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.top + self.height * (high - float(value)) / (high - low)


def fitted(values, top, height, whole=False) -> Scale:
    """A scale that holds every value and zero. `whole` keeps the ticks to whole numbers (counts)."""
    known = [float(value) for value in values if value is not None]
    return Scale(ticks(min([0, *known]), max([0, *known]), whole=whole), top, height)


def ticks(low, high, wanted=4, whole=False):
    """Round numbers from at most `low` to at least `high`, zero among them, about `wanted` steps."""
    if high - low < LEAST:
        return (0.0, 1.0)
    step = _step((high - low) / wanted)
    if whole:
        step = max(1.0, math.ceil(step))
    first = math.floor(low / step)
    last = math.ceil(high / step)
    return tuple(index * step for index in range(first, last + 1))


def _step(raw):
    magnitude = 10 ** math.floor(math.log10(raw))
    return next(magnitude * step for step in STEPS if magnitude * step >= raw)
