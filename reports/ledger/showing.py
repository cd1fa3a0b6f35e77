"""The ledger in words: a table of each kind of contribution, and one of teams or people, each figure with the list behind it."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import drawing, ledger
from reports.choice import NAMELESS, NOTHING
from reports.choice.chosen import ALONE, GIVEN
from reports.ledger.lines import COUNT, KINDS, LINES, MARKETING, MONEY, SHARE, SIDES
from ui import formats
from ui.tables import Column, Table

LINE = [
    Column("name", gettext_lazy("Contribution"), note="note"),
    *(Column(side, label, "figure", href=f"{side}_href") for side, label in SIDES.items()),
    Column("part", gettext_lazy("Marketing's part"), "percent"),
]
FILE = [
    Column("kind", gettext_lazy("Kind")),
    Column("name", gettext_lazy("Contribution")),
    *(Column(side, label) for side, label in SIDES.items()),
    Column("of", gettext_lazy("Of how many")),
    Column("part", gettext_lazy("Marketing's part")),
]
OF_CAMPAIGNS = (
    "leads",
    "campaigns",
    "spend",
    "deals",
    "won",
    "margin",
)  # of marketing: what its campaigns brought
OWNED = ("returned", "in_time", "leads", "deals", "won", "margin")  # of sales: what its people own or took
LISTS = {"deals": "wins", "won": "won", "margin": "margin"}  # of people: whoever's work brought it


def tables(found, choice, money):
    """{kind: Table} of the lines that the reader may see."""
    return {
        kind: Table(
            [line for line in told if line["kind"] == kind],
            LINE,
            str(label),
            cards=True,
        )
        for told in [lines(found, choice, money)]
        for kind, label in KINDS.items()
    }


def lines(found, choice, money):
    """The lines in words: what stands on each side, its exact value, and the address of what is behind it."""
    return [_line(line, sides, choice) for line, sides in found if money or not line.by_money]


def _line(line, sides, choice):
    row = {"kind": line.kind, "name": str(line.label), "note": str(line.meaning), "part": _part(line, sides)}
    for side in SIDES:
        entry = sides.get(side)
        row[side] = written(line, entry, choice)
        row[f"{side}_exact"] = entry and entry.value
        row[f"{side}_href"] = drawing.address(line.lists[side], choice) if entry else ""
    row["of"] = next((one.of for one in sides.values() if one.of is not None), None)
    return row


def _part(line, sides):
    """Marketing's share of both sides together; None where they have no common measure, or nothing is there."""
    if line.unit == SHARE or len(sides) < 2:
        return None
    both = sum(one.value for one in sides.values())
    least = min(one.value for one in sides.values())
    return sides[MARKETING].value / both if both > 0 and least >= 0 else None


def written(line, entry, choice):
    """A figure in words; a dash where there is none on this side or the filters cannot narrow it."""
    if entry is None:
        return formats.EMPTY
    if line.unit == MONEY:
        return formats.short_money(entry.value, choice.currency)
    if line.unit == COUNT:
        return formats.number(entry.value)
    if not entry.of:
        return formats.EMPTY
    words = {"share": formats.percent(entry.share, 0), "of": formats.number(entry.of)}
    return _("%(share)s of %(of)s") % words


def file(found, choice, money):
    """(columns, rows) of the ledger as a file."""
    return FILE, [row | {"kind": str(KINDS[row["kind"]])} for row in lines(found, choice, money)]


def whose_table(found, by, choice, money):
    """Teams or people, and what each has on the lines that are told of them."""
    told = [line for line in LINES if line.name in ledger.COLUMNS and (money or not line.by_money)]
    columns = [
        Column(
            "name", {"team": gettext_lazy("Team"), "rep": gettext_lazy("Person")}[by], "person", note="team"
        ),
        Column("side", gettext_lazy("Side")),
        *(Column(line.name, line.label, "figure", href=f"{line.name}_href") for line in told),
    ]
    rows = [_whose(one, by, told, choice) for one in found]
    caption = {"team": _("Contributions by team"), "rep": _("Contributions by person")}[by]
    empty = _("Nobody has contributed anything in this period that you may see.")
    return Table(rows, columns, caption, cards=True, sideways=True, empty=empty)


def _whose(one, by, told, choice):
    row = {"name": one.name or str(NAMELESS[by]), "team": one.team, "side": str(SIDES[one.side])}
    for line in told:
        entry = one.entries.get(line.name)
        row[line.name] = written(line, entry, choice)
        row[f"{line.name}_exact"] = entry and (entry.share if line.unit == SHARE else entry.value)
        row[f"{line.name}_href"] = _behind(one, line, by, choice) if entry else ""
    return row


def _behind(one, line, by, choice):
    """The address of what is behind a figure of a team or person; "" where none tells just that."""
    name = line.lists.get(one.side)
    if line.name == "leads" and one.side == MARKETING:
        name = "leads"
    whose = _address(one, line, by)
    plain = replace(choice, team=None, rep=None)
    return drawing.address(LISTS.get(line.name, name), plain, **{by: whose}) if name and whose else ""


def _address(one, line, by):
    """How an address names somebody, so that it means what they did on this side."""
    campaigns = line.name in OF_CAMPAIGNS and (one.side == MARKETING or line.name in ("campaigns", "spend"))
    if by == "rep":
        return f"{one.key}{GIVEN}" if campaigns else f"{one.key}{ALONE}" if line.name in OWNED else one.key
    if not one.key:
        return "" if campaigns else NOTHING
    if campaigns:
        return one.key if one.track == MARKETING else ""
    return f"{one.key}{ALONE}" if line.name in OWNED and one.track == MARKETING else one.key
