"""Every figure that was frozen at a close, in words, each with the list that is behind it today."""

from dataclasses import replace
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reports import drawing, monthly
from reports.figures import FIGURES
from reports.money import NOT_AVAILABLE
from ui import formats
from ui.tables import Column, Table

MONEY, NUMBER, PERCENT, TIMES, WORKED, DAYS = "money", "number", "percent", "times", "worked", "days"
UNITS = {WORKED: drawing.MINUTES, DAYS: drawing.DAYS}
STEP_NAMES = {
    "new_mql": gettext_lazy("Lead → MQL"),
    "mql_ready": gettext_lazy("MQL → ready"),
    "ready_sql": gettext_lazy("Ready → SQL"),
    "mql_sql": gettext_lazy("MQL → SQL"),
    "sql_deal": gettext_lazy("SQL → deal"),
    "deal_won": gettext_lazy("Deal → won"),
    "new_won": gettext_lazy("Lead → won"),
    "sql_won": gettext_lazy("SQL → won"),
}
# figure: (label, or None for the one of reports.figures; kind; the list behind it)
SHOWN = {
    "won": (None, MONEY, "won"),
    "won_new": (pgettext_lazy("revenue", "New business"), MONEY, "won_new"),
    "won_existing": (gettext_lazy("Existing customers"), MONEY, "won_existing"),
    "new_customers": (gettext_lazy("Companies won for the first time"), NUMBER, "new_customers"),
    "margin": (gettext_lazy("Margin"), MONEY, "margin"),
    "lost": (gettext_lazy("Lost value"), MONEY, "lost"),
    "win_rate": (None, PERCENT, "win_rate"),
    "spend": (None, MONEY, "spend"),
    "cac": (None, MONEY, "spend"),
    "renewal_rate": (None, PERCENT, "renewal_rate"),
    "revenue_roi": (None, PERCENT, "revenue_roi"),
    "margin_roi": (None, PERCENT, "margin_roi"),
    "roas": (None, TIMES, "revenue_roi"),
    "left": (None, MONEY, ""),  # its lines are those of the tab Budget
    "created": (None, MONEY, "created"),
    "sourced_marketing": (gettext_lazy("Marketing-sourced pipeline"), MONEY, "sourced"),
    "sourced_sales": (gettext_lazy("Pipeline created by sales"), MONEY, "sourced_sales"),
    "sourced_partner": (gettext_lazy("Pipeline created by partners"), MONEY, "sourced_partner"),
    "sourced_other": (gettext_lazy("Pipeline created by others"), MONEY, "sourced_other"),
    "influenced": (None, MONEY, "influenced"),
    "pipeline": (None, MONEY, "pipeline"),
    "open_pipeline": (None, MONEY, "open_credits"),
    "forecast_commit": (gettext_lazy("Forecast: closed + commit"), MONEY, "forecast_commit"),
    "forecast_best_case": (gettext_lazy("Forecast: closed, commit and best case"), MONEY, "forecast_best_case"),
    "weighted": (None, MONEY, "forecast_weighted"),
    "coverage": (None, TIMES, "forecast_open"),
    "velocity": (None, MONEY, "win_rate"),
    "leads": (None, NUMBER, "leads"),
    "mqls": (None, NUMBER, "mqls"),
    "sqls": (None, NUMBER, "sqls"),
    "acceptance": (None, PERCENT, "acceptance"),
    "returned": (None, NUMBER, "returned"),
    "speed": (None, WORKED, "speed"),
    "answer_median": (None, WORKED, "answer"),
    "answer_in_time": (gettext_lazy("Answered in time"), PERCENT, "answer"),
    "stepless": (None, NUMBER, "stepless"),
    **{f"cost_per_{step}": (label, MONEY, "return_spend") for step, label in (
        ("lead", gettext_lazy("Cost per lead")), ("mql", gettext_lazy("Cost per MQL")),
        ("sql", gettext_lazy("Cost per SQL")), ("deal", gettext_lazy("Cost per deal")),
    )},
    **{f"conversion_{step}": (label, PERCENT, drawing.went_on(step)) for step, label in STEP_NAMES.items()},
    **{f"days_{step}": (label, DAYS, drawing.went_on(step)) for step, label in STEP_NAMES.items()},
}  # fmt: skip
# Those whose items were frozen one by one.
FROZEN = ("won", "margin", "lost", "spend", "created", "leads", "mqls", "sqls")
SAME_NAME = {"answer_median": "answer"}
SEGMENTS = [
    Column("name", gettext_lazy("Segment")),
    Column("won", gettext_lazy("Won deals"), "number", href="won_href"),
    Column("revenue", gettext_lazy("Revenue"), "short_money", href="revenue_href"),
    Column("margin", gettext_lazy("Margin"), "short_money", href="margin_href"),
    Column("spend", gettext_lazy("Spend"), "short_money"),
    Column("retention", gettext_lazy("Retention"), "percent"),
    Column("worth", gettext_lazy("Lifetime value"), "short_money"),
]


def figures(frozen, choice):
    """A Table of every frozen figure; `choice` is the month as it stands today, for the lists."""
    rows = []
    for name, (label, kind, behind) in SHOWN.items():
        if name in frozen.figures:
            called = str(label or FIGURES[SAME_NAME.get(name, name)].label)
            rows.append(
                {
                    "name": called,
                    "name_exact": drawing.in_units(called, UNITS[kind]) if kind in UNITS else called,
                    "note": _of_what(name),
                    "text": _written(frozen.figures[name], kind, frozen.currency),
                    "text_exact": _exact(frozen.figures[name]),
                    "text_href": monthly.frozen_address(choice.period.first, name, choice, "own")
                    if name in FROZEN
                    else "",
                    "live": _("today's list"),
                    "href": drawing.address(behind, choice)
                    if behind
                    else f"{reverse('reports:budget')}?{choice.query()}",
                }
            )
    columns = [
        Column("name", gettext_lazy("Figure"), note="note"),
        Column("text", gettext_lazy("At the close"), href="text_href"),
        Column("live", gettext_lazy("Behind it"), href="href"),
    ]
    return Table(rows, columns, _("As it was told at the close"), cards=True)


def filed(frozen, choice):
    """The Tables of what was told at the close for a file: every figure as a number, the segments."""
    told = figures(frozen, choice)
    columns = [Column("name", _("Figure")), Column("note", _("What")), Column("text", _("At the close"))]
    return [one for one in (replace(told, columns=columns), segments(frozen, choice)) if one]


def _exact(value):
    """A frozen figure as a number, in words where it is none."""
    return str(NOT_AVAILABLE) if value == "not available" else value and Decimal(value)


def _of_what(name):
    """What a step's figure is; empty for any other."""
    for start, figure in (("conversion_", "conversion"), ("days_", "step_days")):
        if name.startswith(start):
            return str(FIGURES[figure].label)
    return ""


def segments(frozen, choice):
    """A Table of the segments as they were told at the close; None for closes that kept none.

    What was won opens what was frozen of it, in closes that kept which segment is meant.
    """
    told = frozen.pack.get("segments")
    if not told:
        return None
    numbers = ("won", "revenue", "margin", "spend", "retention", "worth")
    rows = [
        one
        | {name: one[name] and Decimal(one[name]) for name in numbers}
        | {"name": one["name"] or _("No segment"), "currency": frozen.currency}
        | {
            f"{name}_href": monthly.frozen_address(
                choice.period.first, figure, choice, "own", segment=one["id"]
            )
            for name, figure in (("won", "wins"), ("revenue", "won"), ("margin", "margin"))
            if "id" in one
        }
        for one in told
    ]
    return Table(rows, SEGMENTS, _("Segments at the close"), cards=True)


def _written(value, kind, currency):
    if value is None:
        return formats.EMPTY
    if value == "not available":
        return str(NOT_AVAILABLE)
    number = Decimal(value)
    write = {
        MONEY: lambda: formats.money(number, currency),
        NUMBER: lambda: formats.number(number),
        PERCENT: lambda: formats.percent(number, 2),
        TIMES: lambda: formats.times(number),
        WORKED: lambda: drawing.worked(number),
        DAYS: lambda: _("%(days)s d") % {"days": formats.number(number)},
    }
    return write[kind]()
