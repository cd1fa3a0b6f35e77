"""How the list behind an official figure of a month is written."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pipeline.channels import Channel
from reports import monthly
from reports.columns import link
from reports.months import listing
from ui import formats
from ui.tables import Column, Table

FIGURES = {name: (label, what, measures, money) for name, label, what, measures, money in monthly.LINES}
TITLES = {
    listing.OFFICIAL: gettext_lazy("%(figure)s, official"),
    listing.OWN: gettext_lazy("%(figure)s as it was told at the close"),
    listing.LATE: gettext_lazy("%(figure)s: what came late"),
    listing.RESTATED: gettext_lazy("%(figure)s: restated since the close"),
}


def title(name, side):
    """The heading of a list."""
    return TITLES[side] % {"figure": FIGURES[name][0]}


def columns(money):
    """Its columns."""
    return [
        Column("name", gettext_lazy("Behind it"), href="href", note="kind"),
        Column("own", gettext_lazy("Month of its own"), "month"),
        Column("channel", gettext_lazy("Channel")),
        Column("worth", gettext_lazy("Counts"), "money" if money else "number"),
    ]


def shown(rows, choice):
    """Rows as the table shows them."""
    for row in listing.named(rows):
        page = monthly.PAGES.get(row["measure"], "" if row["measure"] in monthly.SPENDS else "leads:lead")
        kind = monthly.NAMES[row["measure"]]
        row.update(
            href=link(page, row["item"]) if row["name"] and page else "",
            name=row["name"] or f"{kind} {row['item']}",
            kind=str(kind),
            channel=str(Channel(row["channel"]).label) if row["channel"] in Channel.values else "",
            currency=choice.currency,
        )
    return rows


def table(rows, name, choice, **more) -> Table:
    """The Table of some rows as they are shown."""
    return Table(
        rows,
        columns(FIGURES[name][3]),
        str(FIGURES[name][0]),
        cards=True,
        empty=_("Nothing counts in it."),
        **more,
    )


def written(name, total, choice):
    """What the list sums to, in words."""
    money = FIGURES[name][3]
    return formats.money(total, choice.currency) if money else formats.number(total)
