"""Tables of returns: by campaign, by channel, and by model side by side."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import drawing
from reports.attribution import MODELS
from reports.columns import link
from reports.returns import NOT_AVAILABLE
from ui import formats
from ui.tables import Column, Table

COST = [
    Column("spend", gettext_lazy("Spend"), "short_money"),
    Column("leads", gettext_lazy("Leads"), "number"),
    Column("sqls", gettext_lazy("SQLs"), "number"),
    Column("pipeline", gettext_lazy("Pipeline"), "short_money"),
]
CAMPAIGN = [
    Column("name", gettext_lazy("Campaign"), href="href", note="channel"),
    Column("budget", gettext_lazy("Budget"), "short_money", currency="budget_currency"),
]


def campaign_table(found, choice, request, most=8):
    """The campaigns that earned most."""
    lines = [line for line in found.lines if line.campaign][:most]
    return Table(
        [_campaign(line, choice) | _earned(line.money, choice) for line in lines],
        [
            CAMPAIGN[0],
            *COST,
            Column("revenue", gettext_lazy("Revenue"), "short_money"),
            Column("roi", gettext_lazy("Revenue ROI"), "pill"),
        ],
        _("Campaigns by revenue"),
        request=request,
        cards=True,
        empty=_("No campaign spent or brought leads in this period."),
    )


def models_table(found, choice):
    """Every campaign under its programme, with revenue and ROI by each model; `found` is {model: Returns}."""
    chosen = found[choice.model].tree()
    others = {name: {line.campaign: line.money for line in one.tree()} for name, one in found.items()}
    rows = [
        _campaign(line, choice)
        | _by_model({name: by_campaign.get(line.campaign) for name, by_campaign in others.items()}, choice)
        for line in chosen
    ]
    return Table(
        rows,
        [*CAMPAIGN, *COST, *_model_columns()],
        _("Return of campaigns"),
        cards=True,
        empty=_("No campaign spent or brought leads in this period."),
    )


def channels_table(found, choice):
    """Every channel, with revenue and ROI by each model."""
    by_model = {name: one.channels() for name, one in found.items()}
    names = list(dict.fromkeys(name for channels in by_model.values() for name in channels))
    rows = [
        {"name": drawing.channel_name(name), **_costs(by_model[choice.model].get(name), choice)}
        | _by_model({model: channels.get(name) for model, channels in by_model.items()}, choice)
        for name in names
    ]
    return Table(
        rows,
        [Column("name", gettext_lazy("Channel")), *COST, *_model_columns()],
        _("Return of channels"),
        cards=True,
    )


def one_campaign(found, choice):
    """A row for each model: what one campaign and all under it earned."""
    rows = [{"model": str(MODELS[name].label), **_earned(one.total, choice)} for name, one in found.items()]
    return Table(
        rows,
        [
            Column("model", gettext_lazy("Model")),
            Column("credited", gettext_lazy("Won deals"), "number"),
            Column("revenue", gettext_lazy("Revenue"), "short_money"),
            Column("roi", gettext_lazy("Revenue ROI"), "pill"),
            Column("margin_roi", gettext_lazy("Margin ROI")),
            Column("roas", gettext_lazy("ROAS")),
        ],
        _("Return by model"),
        cards=True,
    )


def cost_facts(money, choice):
    """Spend and the cost of each step as (label, text) pairs."""
    labels = {
        "lead": _("Cost per lead"),
        "mql": _("Cost per MQL"),
        "sql": _("Cost per SQL"),
        "deal": _("Cost per deal"),
    }
    return [
        (_("Paid and committed"), formats.money(money.spend, choice.currency)),
        *((labels[name], formats.money(cost, choice.currency)) for name, cost in money.cost_per.items()),
    ]


def tone(roi):
    """The tone of a return: green above nothing lost, red below, none where it cannot be told."""
    if roi is None or roi == NOT_AVAILABLE:
        return ""
    return "ok" if roi >= 0 else "bad"


def _campaign(line, choice):
    return {
        "name": f"{chr(0x2003) * line.depth}{line.name}",
        "href": link("pipeline:campaign", line.campaign),
        "channel": drawing.channel_name(line.channel),
        "budget": line.budget,
        "budget_currency": line.currency,
        **_costs(line.money, choice),
    }


def _costs(money, choice):
    if money is None:
        return {"currency": choice.currency}
    return {
        "currency": choice.currency,
        "spend": money.spend,
        "leads": money.leads,
        "sqls": money.sqls,
        "pipeline": money.pipeline,
    }


def _earned(money, choice):
    return {
        "currency": choice.currency,
        "credited": money.credited,
        "revenue": money.revenue,
        "roi": ""
        if money.revenue_roi is None
        else drawing.written("revenue_roi", money.revenue_roi, choice.currency),
        "tone": tone(money.revenue_roi),
        "margin_roi": drawing.written("margin_roi", money.margin_roi, choice.currency),
        "roas": _times(money.roas),
    }


def _times(roas):
    return str(roas) if roas == NOT_AVAILABLE else formats.times(roas)


def _model_columns():
    return [
        Column(f"revenue_{name}", model.label, "short_money", note=f"roi_{name}")
        for name, model in MODELS.items()
    ]


def _by_model(monies, choice):
    row = {}
    for name, money in monies.items():
        if money is not None:
            row[f"revenue_{name}"] = money.revenue
            row[f"roi_{name}"] = drawing.written("revenue_roi", money.revenue_roi, choice.currency)
    return row
