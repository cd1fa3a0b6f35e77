"""My numbers in words: each figure with its meaning, its list, and what was agreed for it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from reports import drawing
from reports.figures import FIGURES
from reports.mine import FIGURES_OF
from reports.models.answers import Clock
from reports.money import NOT_AVAILABLE
from ui import formats


def tiles(found, choice):
    """The figures of the post: dicts for templates/reports/mine/tile.html."""
    return [_tile(name, found, choice) for name in FIGURES_OF[found.post]]


def _tile(name, found, choice):
    value, behind, note = TOLD[name](found, choice)
    figure = FIGURES[MEANT.get(name, name)]
    return {
        "key": name,
        "name": str(NAMES.get(name, figure.label)),
        "icon": figure.icon,
        "meaning": str(MEANINGS.get(name, figure.meaning)),
        "nature": figure.nature.label,
        "text": value,
        "note": note,
        "href": drawing.address(behind, choice),
        **_goal(found.goals.get(name), name, choice),
    }


def _goal(goal, name, choice):
    """What was agreed and how the figure stands to it, in words; empty where nothing is agreed."""
    if goal is None:
        return {"goal": "", "standing": "", "standing_words": "", "tone": ""}
    words, tone = STANDINGS[goal.standing]
    if goal.of_clock:
        text = _("all of them, as the agreement says")
    else:
        amount = goal.target
        text = formats.number(amount, 0) if name == "sqls" else formats.short_money(amount, choice.currency)
    return {"goal": text, "standing": goal.standing, "standing_words": str(words), "tone": tone}


STANDINGS = {
    "reached": (pgettext_lazy("of a target", "reached"), "ok"),
    "on_the_way": (gettext_lazy("on the way"), ""),
    "behind": (gettext_lazy("behind"), "warn"),
}


# -- each figure: (text, list behind it, note) ---------------------------------------------------------
def _count(name, behind=None):
    def told(found, choice):
        now, before = getattr(found.funnel.now, name), found.funnel.before
        count = formats.number(getattr(before, name)) if before else ""
        if before and drawing.not_over(choice):
            note = drawing.whole_before(count)
        else:
            note = _("%(count)s the period before") % {"count": count} if before else ""
        return formats.number(now), behind or name, note

    return told


def _acceptance(found, choice):
    now = found.funnel.now
    note = _("%(accepted)s of %(answered)s answered") % {
        "accepted": formats.number(now.accepted),
        "answered": formats.number(now.answered),
    }
    return formats.percent(found.funnel.acceptance, 0), "acceptance", note


def _cost_per(step):
    def told(found, choice):
        total = found.returns.total
        cost = total.cost_per[step] if total.spend else None
        return (
            formats.money(cost, choice.currency),
            "return_spend",
            _("%(spend)s spent to date") % {"spend": formats.short_money(total.spend, choice.currency)},
        )

    return told


def _roi(found, choice):
    return (
        drawing.written("revenue_roi", found.returns.total.revenue_roi, choice.currency),
        "revenue_roi",
        drawing.NOTES["revenue_roi"](found, choice),
    )


def _spend(found, choice):
    return (
        formats.short_money(found.returns.spent, choice.currency),
        "spend",
        drawing.NOTES["spend"](found, choice),
    )


def _created(found, choice):
    count = found.wins.now.opened
    return formats.short_money(found.wins.now.opened_amount, choice.currency), "created", _deals(count)


def _won(found, choice):
    now = found.wins.now
    if now.won and now.won == now.won_unpriced:
        return str(NOT_AVAILABLE), "won", _deals(now.won)
    return formats.short_money(now.won_amount, choice.currency), "won", _deals(now.won)


def _pipeline(found, choice):
    return (
        formats.short_money(found.wins.now.open_amount, choice.currency),
        "pipeline",
        _deals(found.wins.now.open),
    )


def _deals(count):
    return ngettext("%(count)s deal", "%(count)s deals", count) % {"count": formats.number(count)}


def _win_rate(found, choice):
    return formats.percent(found.wins.now.win_rate, 0), "win_rate", drawing.NOTES["win_rate"](found, choice)


def _in_time(found, choice):
    now = found.answers.now
    note = _("%(kept)s of %(due)s due") % {
        "kept": formats.number(now.in_time),
        "due": formats.number(now.due),
    }
    return formats.percent(found.answers.in_time, 0), "answer", note


def _clock(clock, behind):
    def told(found, choice):
        times = found.answers.clocks[clock]
        p90 = times.percentile(90)
        note = "" if p90 is None else _("9 of 10 within %(p90)s") % {"p90": drawing.worked(p90)}
        median = times.median()
        return formats.EMPTY if median is None else drawing.worked(median), behind, note

    return told


def _desk_days(found, choice):
    step = found.funnel.steps["mql_ready"]
    note = "" if step.p90 is None else _("9 of 10 within %(days)s d") % {"days": formats.number(step.p90)}
    return (
        _("%(days)s d") % {"days": formats.number(step.median)} if step.median is not None else formats.EMPTY,
        "ready",
        note,
    )


def _returned(found, choice):
    now = found.answers.now
    return (
        formats.number(now.returned),
        "returned",
        ngettext("of %(offers)s offer", "of %(offers)s offers", now.offers)
        % {"offers": formats.number(now.offers)},
    )


def _stepless(found, choice):
    count = found.wins.now.open
    note = ngettext("of %(open)s open deal", "of %(open)s open deals", count) % {
        "open": formats.number(count)
    }
    return formats.number(found.wins.now.stepless), "stepless", note


def _renewal_rate(found, choice):
    now = found.renewals
    note = ngettext(
        "%(amount)s of %(deals)s contract ends", "%(amount)s of %(deals)s contracts end", now.deals
    ) % {"amount": formats.short_money(now.due, choice.currency), "deals": formats.number(now.deals)}
    return formats.percent(now.rate, 0), "account_renewals", note  # a farmer looks after what hunters sold


def _margin_kept(found, choice):
    kinds = [found.wins.kinds[kind] for kind in ("expansion", "renewal")]
    return (
        formats.short_money(found.margin_kept, choice.currency),
        "won_existing",  # what they won: not everybody is told what a deal cost
        _deals(sum(one.won for one in kinds)),
    )


def _expansions(found, choice):
    now = found.wins.kinds["expansion"]
    return formats.short_money(now.won_amount, choice.currency), "won_expansions", _deals(now.won)


TOLD = {
    "renewal_rate": _renewal_rate,
    "margin_kept": _margin_kept,
    "expansions": _expansions,
    "leads": _count("leads"),
    "mqls": _count("mqls"),
    "sqls": _count("sqls"),
    "ready": _count("readies", "ready"),
    "offered": _count("offered"),
    "acceptance": _acceptance,
    "cost_per_mql": _cost_per("mql"),
    "cost_per_sql": _cost_per("sql"),
    "revenue_roi": _roi,
    "spend": _spend,
    "created": _created,
    "won": _won,
    "pipeline": _pipeline,
    "win_rate": _win_rate,
    "in_time": _in_time,
    "speed": _clock(Clock.SPEED, "speed"),
    "contact": _clock(Clock.CONTACT, "answer"),
    "desk_days": _desk_days,
    "returned": _returned,
    "stepless": _stepless,
}
MEANT = {"cost_per_mql": "cost_per", "cost_per_sql": "cost_per", "desk_days": "step_days"}
# where a post answers for something else than the figure does elsewhere
MEANINGS = {
    "renewal_rate": gettext_lazy(
        "Of the value of the contracts that end in the period at the accounts that you own, whoever sold them, the share whose renewal has been won by today."
    ),
}
NAMES = {
    "cost_per_mql": gettext_lazy("Cost per MQL"),
    "cost_per_sql": gettext_lazy("Cost per SQL"),
    "desk_days": gettext_lazy("MQL → ready"),
}
