"""How the dashboard's figures are written and drawn, in the reader's language."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from leads.proportions import interval
from pipeline.channels import Channel
from reports import attribution, wins
from reports.behind.halves import ENTERED
from reports.figures import FIGURES, Nature
from reports.models.answers import Clock
from reports.money import NOT_AVAILABLE
from reports.returns import WITHOUT_CAMPAIGN
from ui import formats
from ui.tables import Column

PERCENTS = {"revenue_roi", "margin_roi", "win_rate"}
SIGNED = {"revenue_roi", "margin_roi"}
STEP_NAMES = {
    "new_mql": gettext_lazy("Lead → MQL"),
    "mql_sql": gettext_lazy("MQL → SQL"),
    "sql_deal": gettext_lazy("SQL → deal"),
    "deal_won": gettext_lazy("Deal → won"),
    "new_won": gettext_lazy("Lead → won"),
}
MINUTES, DAYS = gettext_lazy("working minutes"), pgettext_lazy("unit", "days")
UNITS = {"speed": MINUTES, "contact": MINUTES, "desk_days": DAYS}
COMPARED = {Nature.FLOW, Nature.COHORT}  # with the period before
NEARLY_OVER = (
    0.97  # of the days of a period: what is left moves its sums by less than anybody reads from them
)
FEW = 20  # closed deals below which a rate is noise


@dataclass(frozen=True)
class Shown:
    """A tile as it stands on the page."""

    name: str
    icon: str
    nature: str | Promise
    meaning: str
    text: str
    href: str
    change: str
    better: bool | None
    against: str
    note: str
    line: tuple


def tiles(board, choice, may_see_money):
    """The tiles that the reader may see."""
    return [_tile(tile, board, choice) for tile in board.tiles if may_see_money or not tile.figure.money]


def file(board, may_see_money):
    """(columns, rows) of the tiles as a file: exact values, of the period and of the one before."""
    columns = [
        Column("name", gettext_lazy("Figure")),
        Column("value", gettext_lazy("Value")),
        Column("before", gettext_lazy("The period before")),
    ]
    return columns, [
        {"name": measured(tile.figure.name, tile.figure.label), "value": tile.value, "before": tile.before}
        for tile in board.tiles
        if may_see_money or not tile.figure.money
    ]


def measured(name, label):
    """The label of an exact number with what it counts, where the page would say so and the number alone does not."""
    return in_units(label, UNITS[name]) if name in UNITS else str(label)


def in_units(label, unit):
    """ "Speed to lead (working minutes)"."""
    return _("%(name)s (%(unit)s)") % {"name": label, "unit": unit}


def _tile(tile, board, choice):
    figure = tile.figure
    change, before, unfinished = _change(tile), choice.period.before(), ""
    against = _("against %(period)s") % {"period": before.label} if change and before else ""
    since = board.since.get(tile.figure.name)
    if before and tile.figure.nature in COMPARED and since and since > before.first:
        change, against = _no_records_before(since), ""
    elif before and change and is_sum(figure) and (unfinished := not_over(choice)):
        change, against = whole_before(written(figure.name, tile.before, choice.currency)), unfinished
    return Shown(
        name=str(figure.label),
        icon=figure.icon,
        nature=Nature(figure.nature).label,
        meaning=str(figure.meaning),
        text=written(figure.name, tile.value, choice.currency),
        href=address(figure.name, choice),
        change=change,
        better=None if unfinished else tile.better,
        against=against,
        note=NOTES[figure.name](board, choice),
        line=tile.line if any(tile.line) else (),
    )


def is_sum(figure):
    """Does the figure grow with the days of the period?"""
    return figure.nature == Nature.FLOW and figure.name not in PERCENTS


def not_over(choice):
    """How much of a running period has passed, in words; empty for one that is over, or as good as over."""
    days = choice.period.until - choice.period.first, choice.today - choice.period.first
    if choice.today >= choice.period.last or days[1] / days[0] >= NEARLY_OVER:
        return ""
    return _("The period is not over: day %(day)s of %(days)s.") % {
        "day": days[1].days + 1,
        "days": days[0].days,
    }


def whole_before(text):
    """What a running period stands beside: a sum of the whole one before is no measure of it."""
    return _("%(before)s in the whole period before") % {"before": text}


def _no_records_before(month):
    return _("– no records before %(month)s") % {"month": formats.month(month)}


def _change(tile):
    if tile.growth is None:
        return ""
    if tile.figure.name == "win_rate":
        points = formats.number((tile.value - tile.before) * 100, 1, sign=True)
        return _("%(points)s points") % {"points": points}
    return formats.percent(tile.growth, sign=True)


def written(name, value, currency):
    """A figure's value in words."""
    if value is None or value == NOT_AVAILABLE:
        return str(value or formats.EMPTY)
    if name in PERCENTS:
        return formats.percent(value, places=2 if name in SIGNED else 1, sign=name in SIGNED)
    if name == "speed":
        return worked(value)
    return formats.short_money(value, currency) if FIGURES[name].money else formats.number(value)


def worked(minutes):
    """Working time in hours and minutes, never in days: a working day has no fixed length."""
    if minutes < 60:
        return _("%(count)s min") % {"count": formats.number(round(minutes))}
    hours, rest = divmod(round(minutes), 60)
    text = _("%(count)s h") % {"count": formats.number(hours)}
    return f"{text} {_('%(count)s min') % {'count': rest}}" if rest and hours < 10 else text


def address(name, choice, **other):
    """The address of the list behind a figure."""
    return f"{reverse('reports:behind', args=[name])}?{choice.query(**other)}"


def to_date(name, choice, **other):
    """The address of the list behind a figure that counts to date: the same choice over all time."""
    return address(name, choice, **{"period": "all", "from": None, "to": None, **other})


def of_month(name, choice, month, **other):
    """The address of the list behind a figure of one month."""
    return address(
        name, choice, **{"period": "custom", "from": f"{month:%Y-%m}", "to": f"{month:%Y-%m}", **other}
    )


# -- the second line of each tile ------------------------------------------------------------------------
def _won_note(board, choice):
    kinds = {
        kind: formats.short_money(board.wins.kinds[kind].won_amount, choice.currency) for kind in wins.KINDS
    }
    return _("%(new)s new · %(expansion)s expansion · %(renewal)s renewal") % kinds


def _return_note(board, choice):
    roas = board.returns.total.roas
    told = roas if roas is NOT_AVAILABLE else formats.times(roas)
    return _("%(model)s · ROAS %(roas)s") % {"model": attribution.MODELS[choice.model].label, "roas": told}


def _pipeline_note(board, choice):
    count = board.wins.now.open
    return ngettext("%(count)s deal", "%(count)s deals", count) % {"count": formats.number(count)}


def _spend_note(board, choice):
    committed = formats.short_money(board.returns.committed, choice.currency)
    return _("not yet paid of it: %(committed)s") % {"committed": committed}


def _leads_note(board, choice):
    count = board.funnel.now.mqls
    return ngettext("%(count)s MQL", "%(count)s MQLs", count) % {"count": formats.number(count)}


def _sqls_note(board, choice):
    return _("%(rate)s of the offered accepted") % {"rate": formats.percent(board.funnel.acceptance, 0)}


def _win_rate_note(board, choice):
    deals = board.wins.now
    closed = deals.won + deals.lost
    texts = {"won": formats.number(deals.won), "closed": formats.number(closed)}
    if not closed:
        return _("no deal closed")
    low, high = interval(deals.won, closed)
    texts |= {"low": formats.percent(low, 0), "high": formats.percent(high, 0)}
    if closed < FEW:
        return _("%(won)s of %(closed)s: too few to compare") % texts
    return _("%(won)s of %(closed)s · %(low)s to %(high)s") % texts


def speed_note(clocks):
    """What stands beneath the median time to the first attempt, from the Histogram of each Clock."""
    clock = clocks[Clock.SPEED]
    if not clock.total:
        return _("nobody to try yet")
    p90, contact = clock.percentile(90), clocks[Clock.CONTACT].median()
    note = (
        _("1 in 10 or more not tried yet")
        if p90 is None
        else _("9 of 10 within %(p90)s") % {"p90": worked(p90)}
    )
    if contact is None:
        return note
    return _("%(note)s · accept → contact: %(time)s") % {"note": note, "time": worked(contact)}


NOTES = {
    "won": _won_note,
    "margin_roi": _return_note,
    "revenue_roi": _return_note,
    "pipeline": _pipeline_note,
    "spend": _spend_note,
    "leads": _leads_note,
    "sqls": _sqls_note,
    "win_rate": _win_rate_note,
    "speed": lambda board, choice: speed_note(board.answers.clocks),
}


def went_on(step):
    """The list of the passes that entered a step in the period and have gone on by today."""
    since, until = step.split("_")
    return f"to_{until}" if since == "new" else f"went_{step}"


def step_rows(board, choice):
    """The steps in words: conversion by today and within fixed windows, median and 90th percentile of the days."""
    return worded_steps({str(name): board.funnel.steps[key] for key, name in STEP_NAMES.items()}, choice)


def worded_steps(steps, choice):
    """{name: reports.funnel.Conversion} in words, with the lists of those that entered and of those that went on."""
    return [
        {
            "name": name,
            "entered": formats.number(step.entered),
            "entered_href": address(ENTERED[step.step.split("_")[0]], choice),
            "rate_href": address(went_on(step.step), choice),
            "rate": formats.percent(step.rate),
            "windows": [formats.percent(share) for share in step.windows.values()],
            "median": formats.number(step.median),
            "p90": formats.number(step.p90),
            "young": step.young,
        }
        for name, step in steps.items()
    ]


def channel_name(name):
    """A channel in words; unattributed credits and what has no campaign have names of their own."""
    if name == WITHOUT_CAMPAIGN:
        return _("Without a campaign")
    return str(Channel(name).label) if name else _("Unattributed")
