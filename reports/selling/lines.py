"""What the combined cost of places is made of: each sum that was spent, and what of it stands there."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reports import heeding, reading
from reports.choice import bounded
from reports.selling.combined import AXES, BROUGHT, HEEDED, SOLD, SPENT, WORKED, placed, there, within

MARKETING, SALES, BOTH = "marketing", "sales", "cost"
ITSELF, FOLLOWS, NOWHERE = "itself", "follows", "nowhere"


@dataclass(frozen=True)
class Line:
    """Spend of a campaign, or what selling cost by what for and for whom: `row` says of which, `part` of which team.

    Of its `weight` (leads that it brought, SQLs accepted) so much lies `here` in the places asked for. `stood` tells by what it
    stands there: ITSELF, what it FOLLOWS, NOWHERE to follow; empty for the whole house.
    """

    part: str
    row: dict[str, Any]
    here: int
    weight: int
    stood: str

    @property
    def whole(self):
        """What was spent."""
        return Decimal(self.row["amount"])

    @property
    def stands(self):
        """What of it stands in the places asked for."""
        return self.whole * self.here / self.weight

    @property
    def share(self):
        return Decimal(self.here) / self.weight


def lines(asked, part, of=""):
    """(Choice that is heeded, [Line]) of the marketing spend, the cost of sales or both in the places of a Choice, the most first; of sales for
    one kind of thing where `of` names it. In one statement."""
    choice = heeding.heeded(bounded(asked), HEEDED)
    span = [choice.period.first, choice.period.until]
    wanted = {
        MARKETING: {"spent": (SPENT, span), "brought": (BROUGHT, [])},
        SALES: {"sold": (SOLD, span), "worked": (WORKED, span)},
    }
    parts = [MARKETING, SALES] if part == BOTH else [part]
    rows = reading.read({name: one for which in parts for name, one in wanted[which].items()})
    brought: dict[int, list] = {}
    for row in rows.get("brought", ()):
        brought.setdefault(row["campaign"], []).append(row)
    found = [
        *(_line(choice, MARKETING, row, brought.get(row["campaign"], [])) for row in rows.get("spent", ())),
        *(
            _line(choice, SALES, row, there(row, rows["worked"]))
            for row in rows.get("sold", ())
            if not of or row["of"] == of
        ),
    ]
    return choice, sorted((one for one in found if one.here), key=lambda one: -one.stands)


def _line(choice, part, row, weights):
    parts = placed(row, weights)
    here = sum(weight for place, weight in parts if within(choice, *place))
    return Line(part, row, here, sum(weight for _place, weight in parts), _stood(choice, row, weights))


def _stood(choice, row, weights):
    asked = [name for name in AXES if getattr(choice, name) is not None]
    if any(row[name] is None for name in asked):
        return FOLLOWS if weights else NOWHERE
    return ITSELF if asked else ""
