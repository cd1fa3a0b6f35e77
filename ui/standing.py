"""How an actual stands to what was agreed: reached, on the way, or behind what is due by today. The one rule, of pages and charts."""

from decimal import Decimal
from enum import StrEnum

NEARLY = Decimal("0.9")  # of what is due by today: on the way
WHOLE = Decimal(1)


class Standing(StrEnum):
    """How an actual stands to what was agreed."""

    REACHED = "reached"
    ON_THE_WAY = "on_the_way"
    BEHIND = "behind"


def standing(agreed, actual, due=WHOLE) -> Standing:
    """By the share of what was agreed that is `due` by today; a level is due whole."""
    if actual >= agreed:
        return Standing.REACHED
    return Standing.ON_THE_WAY if actual >= agreed * due * NEARLY else Standing.BEHIND
