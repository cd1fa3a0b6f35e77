"""Campaigns by sales region: what each brought and earned where, beside the region's targets. Capability 83.

Flow: each event counts in the month of its own day, by the segment and region in which the pass or the deal stands, so
that the regions sum to what the cube says of them, and a campaign over all time to its return.
"""

from dataclasses import dataclass, field, fields
from decimal import Decimal

from reports import climbing, heeding, programmes, reading, regions
from reports.choice import Choice
from reports.models import Measure
from reports.models.base import NONE
from reports.money import ZERO
from reports.regions import Tree

HEEDED = ("period", "model", "segment", "region", "campaign")
TARGETED = (Measure.SQLS, Measure.PIPELINE, Measure.WON, Measure.MARGIN)
PASSES = ("leads", "mqls", "sqls", "answered", "accepted", "sql_days", "dated")
DEALS = ("opened", "opened_amount", "won", "won_amount", "margin", "uncosted")
CREDITS = {
    "credited": "deals",
    "unpriced_credit": "unpriced",
    "uncosted_credit": "uncosted",
    "revenue": "revenue",
    "credited_margin": "margin",
}


@dataclass(frozen=True)
class Place:
    """What a campaign brought and earned in a region, or several of either, of the period.

    `leads` … `sqls` by their own days, `accepted` of the `answered` by first offer; `sql_days` of the `dated` of the SQLs.
    `opened_amount` is the pipeline created, `won_amount` and `margin` less what was cancelled, `uncosted` of these without a known margin.
    `credited` deals, `revenue` and `credited_margin` are credits of new and expansion deals by the model.
    """

    leads: int = 0
    mqls: int = 0
    sqls: int = 0
    answered: int = 0
    accepted: int = 0
    sql_days: int = 0
    dated: int = 0
    opened: int = 0
    opened_amount: Decimal = ZERO
    won: int = 0
    won_amount: Decimal = ZERO
    margin: Decimal = ZERO
    uncosted: int = 0
    credited: Decimal = ZERO
    unpriced_credit: Decimal = ZERO
    uncosted_credit: Decimal = ZERO
    revenue: Decimal = ZERO
    credited_margin: Decimal = ZERO

    def __add__(self, other):
        return Place(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in FIELDS})

    @property
    def acceptance(self):
        """Accepted of those finally answered or expired; None without any."""
        return Decimal(self.accepted) / self.answered if self.answered else None

    @property
    def days(self):
        """Mean days from the capture to the SQL; None where none is dated."""
        return Decimal(self.sql_days) / self.dated if self.dated else None

    @property
    def known_margin(self):
        """The margin of what was won; None where a cost is unknown."""
        return None if self.uncosted else self.margin

    @property
    def known_credit(self):
        """The credited margin; None where a cost or an amount is unknown."""
        return None if self.uncosted_credit or self.unpriced_credit else self.credited_margin

    def attained(self, measure):
        """What counts towards a target of this measure."""
        return {
            Measure.SQLS: Decimal(self.sqls),
            Measure.PIPELINE: self.opened_amount,
            Measure.WON: self.won_amount,
            Measure.MARGIN: self.margin,
        }[measure]


FIELDS = fields(Place)
EMPTY = Place()


@dataclass(frozen=True)
class Line:
    """A campaign (0: none) with all under it: its Place by region, each with all that is part of it, and over all regions."""

    campaign: int
    name: str
    code: str
    depth: int
    parent: int | None
    places: dict[int, Place]
    total: Place


@dataclass(frozen=True)
class Places:
    """Campaigns beneath their programmes, which sum what is under them; the sums by region (0: none) with all that is part of it by
    the `tree`, and the regions' targets.

    `targets` {measure: {region: amount}} are of the period; none of all time, nor beside what some campaigns alone brought.
    """

    choice: Choice
    lines: list[Line]
    sums: dict[int, Place]
    targets: dict[str, dict[int, Decimal]]
    tree: Tree = field(default_factory=lambda: Tree({}))

    @property
    def total(self):
        return sum((self.sums[one] for one in self.tree.tops(self.sums)), EMPTY)

    def target(self, measure, region=None):
        """The target of a region, or of all regions; None where there is none."""
        known = self.targets.get(measure, {})
        if region is not None:
            return known.get(region)
        return sum((known[one] for one in self.tree.tops(known)), ZERO) if known else None


def places(asked) -> Places:
    """The Places of a Choice, in one statement."""
    choice = heeding.heeded(asked, HEEDED)
    rows = reading.read(_parts(choice))
    own: dict[int, dict[int, Place]] = {}
    for row in [*rows["places"], *rows["credits"]]:
        cell = own.setdefault(row["campaign"], {})
        cell[row["region"]] = cell.get(row["region"], EMPTY) + _place(row)
    names = {row["id"]: row for row in rows["campaigns"]}
    sums: dict[int, Place] = {}
    for cells in own.values():
        for region, one in cells.items():
            sums[region] = sums.get(region, EMPTY) + one
    targets: dict[str, dict[int, Decimal]] = {}
    for row in rows.get("targets", ()):
        targets.setdefault(row["measure"], {})[row["region"]] = Decimal(row["amount"])
    tree = Tree.of(rows[regions.PART], choice.region)
    return Places(choice, _tree(own, names, tree), tree.whole(sums), targets, tree)


def _parts(choice):
    where, params = "month >= %s AND month < %s", [choice.period.first, choice.period.until]
    for name, ids in (
        ("campaign", choice.campaigns),
        *((name, axis and list(axis.under)) for name, axis in (("segment", choice.segment), ("region", choice.region))),
    ):  # fmt: skip
        if ids is not None:
            where += f" AND {name} = ANY(%s)"
            params.append(ids)
    counted = ", ".join(f"sum({one}) AS {one}" for one in (*PASSES, *DEALS))
    earned = ", ".join(f"sum({stored}) AS {name}" for name, stored in CREDITS.items())
    parts = {
        # Shared, so that the campaigns to be named are told by the sums, not by all that was ever counted.
        "placed": reading.Shared(
            f"SELECT campaign, region, {counted} FROM reports_campaignplace WHERE {where} GROUP BY campaign, region",
            params,
        ),
        "earned": reading.Shared(
            f"SELECT campaign, region, {earned} FROM reports_creditplace WHERE model = %s AND NOT renewal AND {where} "
            "GROUP BY campaign, region",
            [choice.model, *params],
        ),
        "places": ("SELECT * FROM placed", []),
        "credits": ("SELECT * FROM earned", []),
        "campaigns": (
            "SELECT id, name, code, parent_id AS parent FROM pipeline_campaign c WHERE id IN (SELECT parent_id FROM pipeline_campaign) "
            "OR id IN (SELECT campaign FROM placed UNION SELECT campaign FROM earned)",
            [],
        ),
        **regions.PARTS,
    }
    return parts | {"targets": _targets(choice)} if has_targets(choice) else parts


def has_targets(choice):
    """Can anything be held against targets? They are of a region whole, by month."""
    return not choice.period.is_all and choice.campaigns is None


def _targets(choice):
    target, params = climbing.climbed(TARGETED, choice.period)
    where, places = climbing.lines(choice.region, choice.segment)
    return (
        f"SELECT measure, region, sum(amount) AS amount FROM {target} WHERE true{where} GROUP BY 1, 2",
        [*params, *places],
    )


def _place(row):
    return Place(
        **{
            one.name: type(getattr(EMPTY, one.name))(row[one.name])
            for one in FIELDS
            if row.get(one.name) is not None
        }
    )


def _tree(own, names, tree):
    """The Lines: campaigns with anything to tell beneath their programmes, the most revenue first; what has no campaign last."""
    above = programmes.above({pk: row["parent"] for pk, row in names.items()})
    children: dict = {}
    for pk in names:
        children.setdefault(above[pk], []).append(pk)
    lines = [_line(tree, *one) for one in _branches(children, names, own, None, 0)]
    loose = {pk: cells for pk, cells in own.items() if pk not in names}
    if loose:  # without a campaign, or of one that is gone until the next round
        cells: dict[int, Place] = {}
        for one in loose.values():
            for region, place in one.items():
                cells[region] = cells.get(region, EMPTY) + place
        lines.append(_line(tree, NONE, {"name": "", "code": "", "parent": None}, 0, cells))
    return lines


def _line(tree, pk, row, depth, cells):
    total = sum(cells.values(), EMPTY)
    return Line(pk, row["name"], row["code"], depth, row["parent"], tree.whole(cells), total)


def _branches(children, names, own, parent, depth):
    """(campaign, its row, depth, {region: Place of it with all under it})."""
    branches = []
    for pk in children.get(parent, []):
        under = list(_branches(children, names, own, pk, depth + 1))
        cells = dict(own.get(pk, {}))
        for _pk, _row, deep, places in under:
            if deep == depth + 1:
                for region, place in places.items():
                    cells[region] = cells.get(region, EMPTY) + place
        if any(place != EMPTY for place in cells.values()):
            branches.append([(pk, names[pk], depth, cells), *under])
    for branch in sorted(branches, key=_weight):
        yield from branch


def _weight(branch):
    _pk, row, _depth, cells = branch[0]
    total = sum(cells.values(), EMPTY)
    return -total.revenue, -total.won_amount, -total.leads, row["name"]
