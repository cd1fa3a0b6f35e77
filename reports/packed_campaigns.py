"""The table of campaigns in the joint pack of a month."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.money import NOT_AVAILABLE
from ui import formats
from ui.tables import Column, Table

MOST = 8
COLUMNS = [
    Column("name", gettext_lazy("Campaign")),
    Column("spend", gettext_lazy("Spend"), "short_money"),
    Column("to_date", gettext_lazy("Spent to date"), "short_money"),
    Column("leads", gettext_lazy("Leads"), "number"),
    Column("sqls", gettext_lazy("SQLs"), "number"),
    Column("revenue", gettext_lazy("Revenue"), "short_money"),
    Column("roi", gettext_lazy("Revenue ROI")),
]


def campaigns(found) -> Table:
    """The campaigns of a pack, each under the one that it is part of."""
    rows = [
        {
            **line,
            "name": f"{chr(0x2003) * line['depth']}{line['name']}",
            **{name: Decimal(line[name]) for name in ("spend", "to_date", "revenue")},
            "roi": _roi(line["roi"]),
            "currency": found.currency,
        }
        for line in found.more["campaigns"][:MOST]
    ]
    return Table(rows, COLUMNS, _("Campaigns"), empty=_("No campaign spent or brought leads in this month."))


def _roi(text):
    if text == "not available":
        return str(NOT_AVAILABLE)
    return formats.percent(Decimal(text), 0, sign=True) if text else formats.EMPTY
