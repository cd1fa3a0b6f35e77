"""What a chart counts: how its numbers are written, short on the plot and in full in the table."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ui import formats


@dataclass(frozen=True)
class Unit:
    """`short` writes a number for an axis, `full` for the table and the tip."""

    short: Callable
    full: Callable


NUMBER = Unit(formats.short_number, formats.number)
PERCENT = Unit(partial(formats.percent, places=0), formats.percent)
TIMES = Unit(formats.times, partial(formats.times, places=2))
DURATION = Unit(formats.duration, formats.duration)


def money(currency) -> Unit:
    """Amounts of one currency."""
    return Unit(
        lambda amount: formats.short_money(amount, currency),
        lambda amount: formats.money(amount, currency, places=0),
    )
