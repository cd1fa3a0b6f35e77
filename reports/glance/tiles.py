"""What stands on top of the first screens, in words: each figure with its meaning, its list and how it was a year ago."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from reports import drawing, valuing
from reports.figures import FIGURES
from reports.forecast import showing as forecast
from reports.glance.figures import SCREENS
from reports.models.answers import Clock
from reports.money import NOT_AVAILABLE
from reports.periods import reach_back
from ui import formats

TILES = {
    "ceo": ("won", "forecast", "pipeline", "new", "existing", "renewal_rate", "return", "cac", "win_rate"),
    "marketing": ("sourced", "influenced", "sqls", "cost_per_sql", "acceptance", "left"),
    "sales": ("won", "coverage", "win_rate", "speed", "collected", "stepless"),
}


def tiles(found, choice, screen):
    """What stands on top of a screen; each with its meaning, its list and how it was a year ago."""
    return [_tile(name, found, choice) for name in TILES[screen]]


def _tile(name, found, choice):
    figure, text, note, href = TOLD[name](found, choice)
    return {
        "key": name,
        "name": str(NAMES.get(name, figure.label)),
        "icon": figure.icon,
        "meaning": str(figure.meaning),
        "nature": figure.nature.label,
        "text": text,
        "note": note,
        "href": href,
    }


def yearly(now, before, choice, months):
    """How an amount stands against the same days a year before, in words; empty where there was nothing, or where the
    `months` of its records do not reach back to their first."""
    if not before or not reach_back(months, choice.period):
        return ""
    change = formats.percent((now - before) / abs(before), 0, sign=True)
    return _("%(change)s against last year") % {"change": change}


def _joined(*notes):
    return " · ".join(str(note) for note in notes if note)


def _won(found, choice):
    target = found.forecast.target
    share = (
        _("%(share)s of the target") % {"share": formats.percent(found.won.total / target, 0)}
        if target
        else _("no target")
    )
    note = _joined(share, yearly(found.won.total, found.won_before.total, choice, found.wins.months))
    return FIGURES["won"], _money(found.won.total, choice), note, drawing.address("won", choice)


def _forecast(found, choice):
    sums = found.forecast
    target = _("target %(target)s") % {"target": _money(sums.target, choice)} if sums.target else ""
    note = _joined(_("weighted %(amount)s") % {"amount": _money(sums.weighted, choice)}, target)
    return FIGURES["forecast"], _money(sums.up_to("commit"), choice), note, forecast.address("commit", choice)


def _new(found, choice):
    note = yearly(found.won.new, found.won_before.new, choice, found.wins.months)
    return FIGURES["won"], _money(found.won.new, choice), note, drawing.address("won_new", choice)


def _existing(found, choice):
    note = yearly(found.won.existing, found.won_before.existing, choice, found.wins.months)
    return FIGURES["won"], _money(found.won.existing, choice), note, drawing.address("won_existing", choice)


def _return(found, choice):
    total = found.returns.total
    name = "revenue_roi" if total.margin_roi in (None, NOT_AVAILABLE) else "margin_roi"
    text = drawing.written(name, getattr(total, name), choice.currency)
    return FIGURES[name], text, drawing.NOTES[name](found, choice), drawing.address(name, choice)


def _cac(found, choice):
    if found.charged is None:
        if choice.owners is None:
            note = _("not told of a region: campaigns reach beyond it")
        else:
            note = _("not told of a part of sales: spend belongs to campaigns")
        return FIGURES["cac"], _money(None, choice), note, drawing.address("spend", choice)
    note = ngettext(
        "%(spend)s for %(customers)s new customer",
        "%(spend)s for %(customers)s new customers",
        found.won.customers,
    ) % {
        "spend": _money(found.charged, choice),
        "customers": formats.number(found.won.customers),
    }
    if found.cac_with_sales is not None:
        with_sales = _("with cost of sales: %(amount)s") % {"amount": _money(found.cac_with_sales, choice)}
        note = f"{note} · {with_sales}"
    behind = (
        drawing.address("spend", choice)
        if choice.segment is None
        else valuing.address(choice.segment, "spend", choice)
    )
    return FIGURES["cac"], _money(found.cac, choice), note, behind


def _sourced(found, choice):
    now, before = found.created.sourced["marketing"], found.created_before.sourced["marketing"]
    share = formats.percent(now / found.created.total, 0) if found.created.total else formats.EMPTY
    note = _joined(
        _("%(share)s of what was opened") % {"share": share},
        yearly(now, before, choice, found.wins.months),
    )
    return FIGURES["sourced"], _money(now, choice), note, drawing.address("sourced", choice)


def _influenced(found, choice):
    now, before = found.created.influenced, found.created_before.influenced
    note = _joined(_("never added to what is sourced"), yearly(now, before, choice, found.wins.months))
    return FIGURES["influenced"], _money(now, choice), note, drawing.address("influenced", choice)


def _sqls(found, choice):
    count = found.funnel.now.sqls
    return (
        FIGURES["sqls"],
        formats.number(count),
        drawing.NOTES["sqls"](found, choice),
        drawing.address("sqls", choice),
    )


def _cost_per_sql(found, choice):
    total = found.returns.total
    cost = total.cost_per["sql"] if total.spend else None
    note = _("%(spend)s spent to date") % {"spend": _money(total.spend, choice)}
    return (
        FIGURES["cost_per"],
        formats.money(cost, choice.currency),
        note,
        drawing.address("return_spend", choice),
    )


def _acceptance(found, choice):
    now = found.funnel.now
    note = _("%(accepted)s of %(answered)s answered") % {
        "accepted": formats.number(now.accepted),
        "answered": formats.number(now.answered),
    }
    return (
        FIGURES["acceptance"],
        formats.percent(found.funnel.acceptance, 0),
        note,
        drawing.address("acceptance", choice),
    )


def _left(found, choice):
    note = (
        _("of %(budget)s") % {"budget": _money(found.budget.budget, choice)}
        if found.budget.budget is not None
        else _("no budget")
    )
    return FIGURES["left"], _money(found.left, choice), note, _page("budget", choice)


def _coverage(found, choice):
    target = found.forecast.target
    note = _("of %(target)s") % {"target": _money(target, choice)} if target else _("no target")
    return FIGURES["coverage"], forecast.covered(found.forecast), note, forecast.address("open", choice)


def _win_rate(found, choice):
    rate = formats.percent(found.wins.now.win_rate, 0)
    return (
        FIGURES["win_rate"],
        rate,
        drawing.NOTES["win_rate"](found, choice),
        drawing.address("win_rate", choice),
    )


def _speed(found, choice):
    median = found.clocks[Clock.SPEED].median()
    text = formats.EMPTY if median is None else drawing.worked(median)
    return FIGURES["speed"], text, drawing.speed_note(found.clocks), drawing.address("speed", choice)


def _pipeline(found, choice):
    amount = _money(found.wins.now.open_amount, choice)
    return (
        FIGURES["pipeline"],
        amount,
        drawing.NOTES["pipeline"](found, choice),
        drawing.address("pipeline", choice),
    )


def _stepless(found, choice):
    now = found.wins.now
    note = _("close moved twice: %(slipped)s") % {"slipped": formats.number(now.slipped)}
    return FIGURES["stepless"], formats.number(now.stepless), note, drawing.address("stepless", choice)


def _collected(found, choice):
    won = found.won.total
    share = (
        _("%(share)s of what was won") % {"share": formats.percent(found.collected / won, 0)} if won else ""
    )
    note = _joined(share, yearly(found.collected, found.collected_before, choice, found.received))
    return FIGURES["collected"], _money(found.collected, choice), note, drawing.address("collected", choice)


def _renewal_rate(found, choice):
    now = found.renewals
    note = ngettext(
        "%(amount)s of %(deals)s contract ends", "%(amount)s of %(deals)s contracts end", now.deals
    ) % {"amount": _money(now.due, choice), "deals": formats.number(now.deals)}
    return (
        FIGURES["renewal_rate"],
        formats.percent(now.rate, 0),
        note,
        drawing.address("renewal_rate", choice),
    )


def _money(amount, choice):
    return formats.short_money(amount, choice.currency)


def _page(name, choice):
    return f"{reverse(f'reports:{name}')}?{choice.query()}"


TOLD = {
    "won": _won, "forecast": _forecast, "new": _new, "existing": _existing, "return": _return, "cac": _cac,
    "sourced": _sourced, "influenced": _influenced, "sqls": _sqls, "cost_per_sql": _cost_per_sql,
    "acceptance": _acceptance, "left": _left, "coverage": _coverage, "win_rate": _win_rate, "speed": _speed,
    "pipeline": _pipeline, "stepless": _stepless, "renewal_rate": _renewal_rate,
    "collected": _collected,
}  # fmt: skip
NAMES = {
    "new": pgettext_lazy("revenue", "New business"),
    "existing": gettext_lazy("Existing customers"),
    "forecast": gettext_lazy("Forecast: closed + commit"),
    "cost_per_sql": gettext_lazy("Cost per SQL"),
}


def screens(choice, here):
    """(label, query, is it this one?) of the screens."""
    return [(label, choice.query(screen=name), name == here) for name, label in SCREENS.items()]
