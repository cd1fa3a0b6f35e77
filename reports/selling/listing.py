"""Where the lists behind combined money are, and how they are written: whole in the lists of spend and of costs, of places with
the share that stands there."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pipeline.models import SalesCostOf
from reports import drawing
from reports.choice import NOTHING, alone
from reports.models.base import NONE
from reports.selling.forms import COUNTED
from reports.selling.lines import BOTH, FOLLOWS, ITSELF, MARKETING, NOWHERE, SALES
from ui import formats
from ui.tables import Column, Table

TITLES = {
    MARKETING: gettext_lazy("Marketing spend behind combined money"),
    SALES: gettext_lazy("Cost of sales behind combined money"),
    BOTH: gettext_lazy("Marketing spend and cost of sales behind combined money"),
}
COLUMNS = [
    Column("name", gettext_lazy("What for"), note="whose"),
    Column("whole", gettext_lazy("Spent in the period"), "money", href="href"),
    Column("share", gettext_lazy("Share that stands here"), "percent", note="by"),
    Column("stands", gettext_lazy("Stands here"), "money"),
]


def address(part, choice, **where):
    """The address of what a figure of money is made of, of the Choice and perhaps a place, or `of` one kind of cost of sales.

    Of the whole house that is the list of spend or of costs itself.
    """
    of = where.pop("of", "")
    if part != BOTH and not where and not choice.is_narrow:
        return drawing.address("spend", choice) if part == MARKETING else costs(choice, of=of)
    query = choice.query(**where, **({"of": of} if of else {}))
    return f"{reverse('reports:combined-lines', args=[part])}?{query}"


def costs(choice, **which):
    """The address of the paid and committed costs of sales of the period."""
    span = {"month_after": choice.period.first, "month_before": choice.period.last, "kind": COUNTED}
    asked = {name: value for name, value in which.items() if value != ""}
    return f"{reverse('reports:costs')}?{urlencode(span | asked)}"


def table(choice, found, part, known) -> Table:
    """The lines and their sum."""
    rows = [_row(one, choice, known) for one in found]
    if len(rows) > 1:
        stands = sum(one.stands for one in found)
        rows.append({"name": _("Together"), "currency": choice.currency, "stands": stands})
    return Table(rows, COLUMNS, TITLES[part], cards=True, empty=_("Nothing was spent on it in this period."))


def _row(one, choice, known):
    return {
        "name": _campaign(one.row) if one.part == MARKETING else _cost(one.row),
        "whose": _whose(one, known),
        "currency": choice.currency,
        "whole": one.whole,
        "href": _spend(one.row, choice) if one.part == MARKETING else _costs(one.row, choice),
        "share": one.share,
        "by": _by(one),
        "stands": one.stands,
    }


def _campaign(row):
    return row["name"] or _("Without a campaign")


def _cost(row):
    return _("Cost of sales: %(what)s") % {"what": SalesCostOf(row["of"]).label}


def _whose(one, known):
    """What the sum says of whom it is for."""
    segments, regions = known.segments, known.regions
    names = [
        *([one.row["team_name"], one.row["programme_name"]] if one.part == SALES else []),
        segments[one.row["segment"]].name if one.row["segment"] in segments else "",
        regions[one.row["region"]].name if one.row["region"] in regions else "",
    ]
    return " · ".join(filter(None, names))


def _by(one):
    """By what the share is told."""
    if one.stood != FOLLOWS:
        return {ITSELF: _("it says so itself"), NOWHERE: _("nothing to follow")}.get(one.stood, "")
    words = {"here": formats.number(one.here), "all": formats.number(one.weight)}
    if one.part == MARKETING:
        told = ngettext(
            "%(here)s of %(all)s lead that it brought",
            "%(here)s of %(all)s leads that it brought",
            one.weight,
        )
    else:
        told = ngettext(
            "%(here)s of %(all)s SQL accepted in the period",
            "%(here)s of %(all)s SQLs accepted in the period",
            one.weight,
        )
    return told % words  # fmt: skip


def _spend(row, choice):
    campaign = alone(row["campaign"]) if row["campaign"] else NONE
    return drawing.address("spend", choice, segment=None, region=None, campaign=campaign)


def _costs(row, choice):
    links = {
        "team": row["team"],
        "segment": row["own_segment"],
        "region": row["own_region"],
        "campaign": row["programme"],
    }
    return costs(choice, of=row["of"], **{name: pk or NOTHING for name, pk in links.items()})
