"""What each step cost, and plan against actual with the payback month, as tables of the page of campaigns."""

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import comparing, drawing
from reports.attribution import MODELS
from reports.columns import link
from reports.planned import NONE
from ui import formats
from ui.tables import Column, Table

COSTS = [
    Column("name", gettext_lazy("Campaign"), href="href"),
    Column("spend", gettext_lazy("Spend"), "short_money", href="spend_href"),
    Column("lead", gettext_lazy("Cost per lead"), "money", href="spend_href"),
    Column("mql", gettext_lazy("Cost per MQL"), "money", href="spend_href"),
    Column("sql", gettext_lazy("Cost per SQL"), "money", href="spend_href"),
    Column("deal", gettext_lazy("Cost per deal"), "money", href="spend_href"),
    Column("mean_won", gettext_lazy("Average sale"), "money", href="revenue_href"),
    Column("mean_open", gettext_lazy("Average open deal"), "money", href="open_href"),
    Column("payback", gettext_lazy("Paid back in"), note="payback_note"),
]
PLAN = [
    Column("name", gettext_lazy("Campaign"), href="href"),
    *(
        column
        for name, label, kind in (
            ("spend", gettext_lazy("Spend"), "short_money"),
            ("leads", gettext_lazy("Leads"), "number"),
            ("revenue", gettext_lazy("Revenue"), "short_money"),
        )
        for column in (
            Column(f"{name}_plan", gettext_lazy("Plan"), kind),
            Column(name, label, kind, href=f"{name}_href", note=f"{name}_off"),
        )
    ),
]


def cost_table(lines, plans, choice) -> Table:
    """What each lead, MQL, SQL and deal of a campaign cost to date, and the month in which it had paid itself back."""
    rows = []
    for line in lines:
        plan = plans.get(line.campaign, NONE)
        costs = line.money.cost_per if line.money.spend else {}
        rows.append(
            {
                **_name(line, choice),
                "spend": line.money.spend,
                **{step: costs.get(step) for step in ("lead", "mql", "sql", "deal")},
                **_means(line.money),
                "payback": payback_words(plan, line.money),
                "payback_note": ""
                if plan.payback is None
                else _("by margin")
                if plan.costed
                else _("by revenue"),
                "currency": choice.currency,
            }
        )
    return Table(
        rows,
        COSTS,
        _("Cost of each step and average sale"),
        sideways=True,
        empty=_("No campaign spent or brought leads in this period."),
    )


def payback_words(plan, money):
    """The month, or that it has not come."""
    if plan.payback is not None:
        return formats.month(plan.payback)
    return _("not yet") if money.spend else formats.EMPTY


def plan_table(lines, plans, choice) -> Table:
    """Spend, leads and revenue to date beside what was planned; campaigns without any plan are left out."""
    rows = []
    for line in lines:
        plan = plans.get(line.campaign, NONE)
        if plan.budget is None and plan.leads is None and plan.revenue is None:
            continue
        pairs = {
            "spend": (plan.budget, line.money.spend),
            "leads": (plan.leads, line.money.leads),
            "revenue": (plan.revenue, line.money.revenue),
        }
        row = {**_name(line, choice), "currency": choice.currency}
        for name, (planned, actual) in pairs.items():
            row |= {f"{name}_plan": planned, name: actual, f"{name}_off": variance(planned, actual)}
        rows.append(row)
    return Table(
        rows, PLAN, _("Plan against actual"), sideways=True, empty=_("No campaign of this period has a plan.")
    )


PLANNED = {
    "budget": gettext_lazy("Spend"),
    "planned_leads": gettext_lazy("Leads"),
    "planned_revenue": gettext_lazy("Revenue"),
}


def _rois(found):
    """A column for the return by each model, as a number; `found`: {model: Returns}."""
    words = gettext_lazy("Revenue ROI")
    return [Column(f"roi_{name}", format_lazy("{}: {}", MODELS[name].label, words)) for name in found]


def channels_file(found, choice) -> Table:
    """Every channel as a table for the file, with the return by each model as a number."""
    table = comparing.channels_table(found, choice)
    return Table(table.rows, [*table.columns, *_rois(found)], table.caption)


def file(found, plans, choice):
    """(columns, rows) of all campaigns as a file: what the tables of the page tell of each. `found`: {model: Returns}."""
    table, lines = comparing.models_table(found, plans, choice), found[choice.model].tree()
    columns = [
        *table.columns,
        *_rois(found),
        Column("mqls", gettext_lazy("MQLs")),
        *COSTS[2:],
        *(
            Column(f"{name}_plan", format_lazy("{}: {}", gettext_lazy("Plan"), label))
            for name, label in PLANNED.items()
        ),
    ]
    rows = []
    for row, line in zip(table.rows, lines, strict=True):
        plan = plans.get(line.campaign, NONE)
        rows.append(
            row
            | {"mqls": line.money.mqls, "payback": plan.payback}
            | (line.money.cost_per if line.money.spend else {})
            | _means(line.money)
            | {
                "budget_plan": plan.budget,
                "planned_leads_plan": plan.leads,
                "planned_revenue_plan": plan.revenue,
            }
        )
    return columns, rows


def facts(plan, money, choice):
    """Payback and plan of one campaign as (label, text) pairs, what was planned only where somebody said."""
    told = [(_("Paid back in"), payback_words(plan, money))]
    pairs = (
        (_("Budget used"), plan.budget, money.spend),
        (_("Leads against plan"), plan.leads, money.leads),
        (_("Revenue against plan"), plan.revenue, money.revenue),
    )
    for label, planned, actual in pairs:
        if planned is not None:
            write = (
                formats.number
                if label == pairs[1][0]
                else lambda value: formats.short_money(value, choice.currency)
            )
            words = {
                "actual": write(actual),
                "planned": write(planned),
                "off": variance(planned, actual) or formats.EMPTY,
            }
            told.append((label, _("%(actual)s of %(planned)s (%(off)s)") % words))
    return told


def variance(planned, actual):
    """How far the actual lies from the plan, in words; empty without a plan."""
    return formats.percent((actual - planned) / planned, 0, sign=True) if planned else ""


def _means(money):
    """The average sale, won and expected."""
    return {"mean_won": money.mean_won, "mean_open": money.mean_open}


def _name(line, choice):
    narrow = {"campaign": line.campaign}
    return {
        "spend_href": drawing.to_date("return_spend", choice, **narrow),
        "leads_href": drawing.to_date("return_leads", choice, **narrow),
        "revenue_href": drawing.to_date("revenue_roi", choice, **narrow),
        "open_href": drawing.to_date("open_credits", choice, **narrow),
        "name": f"{chr(0x2003) * line.depth}{line.name}",
        "href": link("pipeline:campaign", line.campaign),
    }
