"""Tables of returns: by campaign, by channel, and by model side by side."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pipeline.channels import Channel
from reports import drawing
from reports.attribution import MODELS
from reports.choice import NOTHING
from reports.columns import link
from reports.money import NOT_AVAILABLE
from reports.planned import NONE
from reports.returns import WITHOUT_CAMPAIGN
from ui import formats
from ui.tables import Column, Table

COST = [
    Column("spend", gettext_lazy("Spend"), "short_money", href="spend_href"),
    Column("leads", gettext_lazy("Leads"), "number", href="leads_href"),
    Column("sqls", gettext_lazy("SQLs"), "number", href="sqls_href"),
    Column("pipeline", pgettext_lazy("created", "Pipeline"), "short_money", href="pipeline_href"),
]
CREDITED = [  # by the chosen model
    Column("credited", gettext_lazy("Won deals"), "number", href="credited_href"),
    Column("open_pipeline", gettext_lazy("Open pipeline"), "short_money", href="open_pipeline_href"),
]
CAMPAIGN = [
    Column("name", gettext_lazy("Campaign"), href="href", note="channel"),
    Column("budget", gettext_lazy("Budget"), "short_money", currency="budget_currency"),
]


def campaign_table(found, choice, request, most=8) -> Table:
    """The campaigns that earned most."""
    lines = found.tree()[:most]
    return Table(
        [campaign_row(line, choice) | _earned(line.money, choice) for line in lines],
        [
            CAMPAIGN[0],
            *COST,
            Column("revenue", gettext_lazy("Revenue"), "short_money", href="credited_href"),
            Column("roi", gettext_lazy("Revenue ROI"), "pill", href="credited_href"),
        ],
        _("Campaigns by revenue"),
        request=request,
        cards=True,
        empty=_("No campaign spent or brought leads in this period."),
    )


def models_table(found, plans, choice) -> Table:
    """Every campaign under its programme, with revenue and ROI by each model; `found` is {model: Returns}, `plans` {id: Plan}."""
    chosen = found[choice.model].tree()
    others = {name: {line.campaign: line.money for line in one.tree()} for name, one in found.items()}
    rows = [
        campaign_row(line, choice)
        | _budget(line, plans, choice)
        | _by_model(
            {name: by_campaign.get(line.campaign) for name, by_campaign in others.items()},
            choice,
            campaign=line.campaign,
        )
        for line in chosen
    ]
    return Table(
        rows,
        [*CAMPAIGN, *COST, *CREDITED, *_model_columns(found)],
        _("Return of campaigns"),
        sideways=True,
        empty=_("No campaign spent or brought leads in this period."),
    )


def channels_table(found, choice) -> Table:
    """Every channel, with revenue and ROI by each model."""
    by_model = {name: one.channels() for name, one in found.items()}
    names = list(dict.fromkeys(name for channels in by_model.values() for name in channels))
    rows = [
        {
            "name": drawing.channel_name(name),
            **_costs(by_model[choice.model].get(name), choice),
            **_channel_lists(choice, name),
        }
        | _by_model({model: channels.get(name) for model, channels in by_model.items()}, choice, channel=name)
        for name in names
    ]
    whole = {model: one.whole for model, one in found.items()}
    rows.append({"name": _("All"), **_costs(whole[choice.model], choice)} | _by_model(whole, choice))
    return Table(
        rows,
        [Column("name", gettext_lazy("Channel")), *COST, *CREDITED, *_model_columns(found)],
        _("Return of channels"),
        sideways=True,
    )


def one_campaign(found, choice, campaign) -> Table:
    """A row for each model: what one campaign and all under it earned."""

    def row(name, money):
        lists = _lists(choice, campaign=campaign.pk, model=name)
        return {"model": str(MODELS[name].label), **_earned(money, choice), **lists}

    rows = [row(name, one.total) for name, one in found.items()]
    return Table(
        rows,
        [
            Column("model", gettext_lazy("Model")),
            Column("credited", gettext_lazy("Won deals"), "number", href="credited_href"),
            Column("revenue", gettext_lazy("Revenue"), "short_money", href="credited_href"),
            Column("roi", gettext_lazy("Revenue ROI"), "pill", href="credited_href"),
            Column("margin_roi", gettext_lazy("Margin ROI"), "figure", href="credited_href"),
            Column("roas", gettext_lazy("ROAS"), "figure", href="credited_href"),
            Column("open_credited", gettext_lazy("Open deals"), "number", href="open_pipeline_href"),
            Column("open_pipeline", gettext_lazy("Open pipeline"), "short_money", href="open_pipeline_href"),
        ],
        _("Return by model"),
        cards=True,
    )


def cost_facts(money, choice):
    """Spend, the cost of each step and the average sale as (label, text) pairs."""
    labels = {
        "lead": _("Cost per lead"),
        "mql": _("Cost per MQL"),
        "sql": _("Cost per SQL"),
        "deal": _("Cost per deal"),
    }
    return [
        (_("Paid and committed"), formats.money(money.spend, choice.currency)),
        *((labels[name], formats.money(cost, choice.currency)) for name, cost in money.cost_per.items()),
        (_("Average sale"), formats.money(money.mean_won, choice.currency)),
        (_("Average open deal"), formats.money(money.mean_open, choice.currency)),
    ]


def tone(roi):
    """The tone of a return: green above nothing lost, red below, none where it cannot be told."""
    if roi is None or roi == NOT_AVAILABLE:
        return ""
    return "ok" if roi >= 0 else "bad"


def campaign_row(line, choice):
    """A campaign's name, plan and costs, with the lists behind them."""
    return {
        "name": f"{chr(0x2003) * line.depth}{line.name}",
        "href": link("pipeline:campaign", line.campaign),
        "channel": drawing.channel_name(line.channel),
        "budget": line.budget,
        "budget_currency": line.currency,
        **_costs(line.money, choice),
        **(_lists(choice, campaign=line.campaign) if line.campaign else {}),
    }


def _budget(line, plans, choice):
    """A programme without a budget of its own has those under it, in report currency."""
    if line.budget:
        return {}
    return {"budget": plans.get(line.campaign, NONE).budget, "budget_currency": choice.currency}


LISTS = {
    "spend": "return_spend",
    "leads": "return_leads",
    "sqls": "return_sqls",
    "pipeline": "return_created",
}


def _lists(choice, **narrow):
    """The address of the list behind each figure of a campaign with all under it, to date."""
    lists = {f"{name}_href": drawing.to_date(behind, choice, **narrow) for name, behind in LISTS.items()}
    return lists | {
        "open_pipeline_href": drawing.to_date("open_credits", choice, **narrow),
        "credited_href": _returned(choice, **narrow),
    }


def _channel_lists(choice, name):
    """The same of a channel, as far as the campaigns of the return brought it; of what has no campaign, that of the period."""
    if name == WITHOUT_CAMPAIGN:
        lists = {"spend": "spend", "leads": "leads", "sqls": "to_sql", "pipeline": "created"}
        nothing = {"campaign": NOTHING, "channel": None, "segment": None, "region": None}  # it stands in none
        return {f"{one}_href": drawing.address(behind, choice, **nothing) for one, behind in lists.items()}
    lists = dict(LISTS)
    if name == "":  # credited to nothing: no campaign cost or brought anything
        lists = {}
    lists |= {"credited": "channel_roi", "open_pipeline": "return_open"}
    return {f"{one}_href": drawing.address(behind, choice, channel=name) for one, behind in lists.items()}


def _returned(choice, **narrow):
    """The address of the credited deals behind a return, a campaign's to date; a channel's hold those that no campaign brought, too."""
    if "channel" in narrow:
        return drawing.address("channel_roi", choice, **narrow)
    return drawing.to_date("revenue_roi", choice, **narrow)


def _costs(money, choice):
    if money is None:
        return {"currency": choice.currency}
    return {
        "currency": choice.currency,
        "spend": money.spend,
        "leads": money.leads,
        "sqls": money.sqls,
        "pipeline": money.pipeline,
        "credited": money.credited,
        "open_pipeline": money.open_pipeline,
    }


def _earned(money, choice):
    return {
        "currency": choice.currency,
        "credited": money.credited,
        "open_credited": money.open_credited,
        "open_pipeline": money.open_pipeline,
        "revenue": money.revenue,
        "roi": ""
        if money.revenue_roi is None
        else drawing.written("revenue_roi", money.revenue_roi, choice.currency),
        "roi_exact": money.revenue_roi,
        "tone": tone(money.revenue_roi),
        "margin_roi": drawing.written("margin_roi", money.margin_roi, choice.currency),
        "roas": _times(money.roas),
    }


def _times(roas):
    return str(roas) if roas == NOT_AVAILABLE else formats.times(roas)


def _model_columns(found):
    return [
        Column(
            f"revenue_{name}",
            MODELS[name].label,
            "short_money",
            note=f"roi_{name}",
            href=f"revenue_{name}_href",
        )
        for name in found
    ]


def _by_model(monies, choice, **narrow):
    row = {}
    for name, money in monies.items():
        if money is not None:
            row[f"revenue_{name}"] = money.revenue
            row[f"roi_{name}"] = drawing.written("revenue_roi", money.revenue_roi, choice.currency)
            row[f"roi_{name}_exact"] = money.revenue_roi
            if narrow.get("campaign") or narrow.get("channel") in ("", *Channel.values):
                row[f"revenue_{name}_href"] = _returned(choice, model=name, **narrow)
    return row
