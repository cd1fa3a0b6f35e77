"""Which region is part of which. A line of a region holds the region with all that is part of it, wherever it stands."""

from dataclasses import dataclass

from reports import programmes
from reports.choice import alone
from reports.models.base import NONE

INDENT = chr(0x2003)
PART = "region_tree"
# A row: a region with the one that it is part of, in the house's order.
PARTS = {PART: ("SELECT id, parent_id AS parent FROM accounts_region ORDER BY position, name, id", [])}


@dataclass(frozen=True)
class Tree:
    """{region: the one that it is part of}, None at the top, in the house's order; of a choice, only what counts with its region."""

    above: dict[int, int | None]

    @classmethod
    def of(cls, rows, axis=None, key="id"):
        """The Tree of rows with this key and `parent`; `axis`: the region that was chosen, at whose ends it is cut."""
        above = programmes.above({row[key]: row["parent"] for row in rows})
        if axis is not None:
            inside = {one: above[one] for one in above if one in axis.under}
            above = {one: parent if parent in inside else None for one, parent in inside.items()}
        return cls(above)

    def up(self, region):
        """A region, the one that it is part of, and so on."""
        at = region
        while at is not None:
            yield at
            at = self.above.get(at)

    def whole(self, own):
        """{region: sum} of all that counts with it, from {region: what stands in itself}."""
        found: dict = {}
        for region, one in own.items():
            for above in self.up(region):
                found[above] = found[above] + one if above in found else one
        return found

    def tops(self, regions):
        """Those of the regions that are part of none: together they count everything once."""
        return [one for one in regions if self.above.get(one) is None]

    def parts(self, region):
        """The regions that are part of this one, without what is part of them."""
        return [one for one, parent in self.above.items() if parent == region]

    def lines(self, regions, key=None):
        """[(region, depth)] of regions, each before its parts; those beside each other by `key`, else as the house has them, none last."""
        known = set(regions)
        children: dict = {}
        order = {one: place for place, one in enumerate(self.above)}
        for one in sorted(known, key=lambda one: (one == NONE, order.get(one, len(order)), one)):
            parent = next((above for above in self.up(self.above.get(one)) if above in known), None)
            children.setdefault(parent, []).append(one)
        return list(_branch(children, None, 0, key))

    @property
    def is_deep(self):
        """Is any region part of another?"""
        return any(parent is not None for parent in self.above.values())


def _branch(children, parent, depth, key):
    for one in sorted(children.get(parent, ()), key=key) if key else children.get(parent, ()):
        yield one, depth
        yield from _branch(children, one, depth + 1, key)


def indented(name, depth):
    """The name of a line beneath what it is part of."""
    return f"{INDENT * depth}{name}"


def named(region, choice):
    """How an address names a region as its line counts it: with all that is part of it, unless the choice asks for it alone."""
    return alone(region) if choice.region is not None and choice.region.alone else region
