"""What a report is asked for: period, model, channel, segment, region, campaign and team, as they stand in the address."""

from reports.choice.asked import (
    NAMELESS,
    NAMES,
    BadChoice,
    axes,
    bounded,
    by_default,
    no_such,
    of_month,
    one_of,
    parse,
    to_date,
)
from reports.choice.chosen import NOTHING, Axes, Axis, Choice, Team, alone, linked, together

__all__ = [
    "NAMELESS",
    "NAMES",
    "NOTHING",
    "Axes",
    "Axis",
    "BadChoice",
    "Choice",
    "Team",
    "alone",
    "axes",
    "bounded",
    "by_default",
    "linked",
    "no_such",
    "of_month",
    "one_of",
    "parse",
    "to_date",
    "together",
]
