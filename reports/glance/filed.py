"""A first screen as a file: the figures of its tiles as exact numbers, ratios as such, times in working minutes."""

from django.utils.translation import gettext_lazy

from reports import drawing
from reports.models.answers import Clock
from reports.money import NOT_AVAILABLE
from ui.tables import Column

COLUMNS = [
    Column("name", gettext_lazy("Figure")),
    Column("value", gettext_lazy("Value")),
    Column("note", gettext_lazy("Note")),
]


def _return(found):
    total = found.returns.total
    return total.revenue_roi if total.margin_roi in (None, NOT_AVAILABLE) else total.margin_roi


def _cost_per_sql(found):
    total = found.returns.total
    return total.cost_per["sql"] if total.spend else None


EXACT = {
    "won": lambda found: found.won.total,
    "forecast": lambda found: found.forecast.up_to("commit"),
    "pipeline": lambda found: found.wins.now.open_amount,
    "new": lambda found: found.won.new,
    "existing": lambda found: found.won.existing,
    "renewal_rate": lambda found: found.renewals.rate,
    "return": _return,
    "cac": lambda found: found.cac,
    "win_rate": lambda found: found.wins.now.win_rate,
    "sourced": lambda found: found.created.sourced["marketing"],
    "influenced": lambda found: found.created.influenced,
    "sqls": lambda found: found.funnel.now.sqls,
    "cost_per_sql": _cost_per_sql,
    "acceptance": lambda found: found.funnel.acceptance,
    "left": lambda found: found.left,
    "coverage": lambda found: found.forecast.coverage,
    "speed": lambda found: found.clocks[Clock.SPEED].median(),
    "collected": lambda found: found.collected,
    "stepless": lambda found: found.wins.now.stepless,
}


def file(found, shown):
    """(columns, rows) of the tiles that a screen shows."""
    return COLUMNS, [
        {
            "name": drawing.measured(tile["key"], tile["name"]),
            "value": EXACT[tile["key"]](found),
            "note": tile["note"],
        }
        for tile in shown
    ]
