"""The effect of a campaign as its pages tell it: figures with their intervals, above what any model says."""

from datetime import datetime, time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts import organisation
from leads import audiences
from reports import baselines, lift
from ui import charts, formats
from ui.tables import Column, Table

NAMES = {
    "leads": gettext_lazy("Became a lead"),
    "sqls": pgettext_lazy("of people", "Accepted by sales"),
    "won": gettext_lazy("Bought"),
}


def points(effect):
    """ "+4.0 points (+1.2 to +6.8)" of a difference of shares, with as many places as show on which side of 0 each lies."""
    told = {part: getattr(effect, part) * 100 for part in ("estimate", "low", "high")}
    places = next(
        (some for some in range(1, 4) if all(round(one, some) or not one for one in told.values())), 4
    )
    texts = {part: formats.number(one, places, sign=True) for part, one in told.items()}
    return _("%(estimate)s points (%(low)s to %(high)s)") % texts


def amount(effect, currency):
    """An Effect on money."""
    return _("%(estimate)s (%(low)s to %(high)s)") % {
        part: formats.money(round(getattr(effect, part)), currency, places=0, sign=True)
        for part in ("estimate", "low", "high")
    }


def rate(effect):
    """An Effect as a return."""
    return _("%(estimate)s (%(low)s to %(high)s)") % {
        part: formats.percent(getattr(effect, part), 0, sign=True) for part in ("estimate", "low", "high")
    }


def verdict(revenue):
    """What an Effect on revenue comes to: (tone, text)."""
    if revenue is None:
        return "", _("Nothing can be told yet.")
    if not revenue.is_sure:
        return "warn", _("The interval covers 0: no effect is proven.")
    if revenue.low > 0:
        return "ok", _("The campaign brought more than would have come anyway.")
    return "bad", _("The campaign brought less than would have come anyway.")


RUNNING = gettext_lazy("The days in which an effect counts are not over yet: nothing is proven before.")


def lift_verdict(found):
    """The same of a Lift: while its days run, whatever shows may still turn, and proves nothing."""
    return verdict(found.revenue) if found.over else ("", RUNNING)


def lift_table(found) -> Table:
    """Shares of the reached and of the held out, and the lift; what it proves once its days are over."""
    rows = []
    for name, label in NAMES.items():
        effect = found.lift(name)
        rows.append(
            {
                "what": str(label),
                "reached": found.reached.rate(name),
                "reached_count": f"{formats.number(getattr(found.reached, name))} / {formats.number(found.reached.people)}",
                "held": found.held.rate(name),
                "held_count": f"{formats.number(getattr(found.held, name))} / {formats.number(found.held.people)}",
                "lift": points(effect) if effect else "",
                "proof": _proof(effect) if found.over else _("still runs"),
                "tone": ""
                if effect is None or not found.over
                else "ok"
                if effect.low > 0
                else "bad"
                if effect.high < 0
                else "warn",
            }
        )
    return Table(
        rows,
        [
            Column("what", gettext_lazy("What")),
            Column("reached", pgettext_lazy("of an audience", "Reached"), "percent", note="reached_count"),
            Column("held", gettext_lazy("Held out"), "percent", note="held_count"),
            Column("lift", gettext_lazy("Lift")),
            Column("proof", gettext_lazy("Proof"), "pill"),
        ],
        _("Lift of the campaign"),
        cards=True,
    )


def _proof(effect):
    """Is an Effect proven, and that which way; empty where nothing can be told."""
    if effect is None:
        return ""
    if not effect.is_sure:
        return _("covers 0")
    return _("proven") if effect.low > 0 else _("proven: fewer")


def lift_facts(found, currency):
    """Incremental revenue and ROI of a lift as (label, text)."""
    return _facts(found, currency)


def _facts(found, currency, spend=gettext_lazy("Spend of the months compared")):
    return [
        (_("Incremental revenue"), amount(found.revenue, currency) if found.revenue else formats.EMPTY),
        (_("Incremental margin"), _margin(found, currency)),
        (_("Incremental ROI"), rate(found.roi) if found.roi else formats.EMPTY),
        (str(spend), formats.money(found.spend, currency)),
    ]


def _margin(found, currency):
    if not found.margin:
        return formats.EMPTY
    return " · ".join(filter(None, (amount(found.margin, currency), uncosted(found.uncosted))))


def uncosted(count):
    """How many deals are left out of a margin, in words; "" where none is."""
    if not count:
        return ""
    said = ngettext(
        "%(count)s deal without a known cost is left out",
        "%(count)s deals without a known cost are left out",
        count,
    )
    return said % {"count": formats.number(count)}


WHY = {
    "region": gettext_lazy("The campaign has no region, so that there are no others to compare with."),
    "months": gettext_lazy(
        "Too few whole months, or nothing won in the other regions: at least three months on either side are needed."
    ),
    "season": gettext_lazy(
        "This baseline cannot tell: a year before each of its months the campaign ran already, or no win was recorded yet."
    ),
    "dates": gettext_lazy("The campaign has not run for a whole month yet, or its first day is not known."),
}


def compared_facts(found, currency):
    """The same of a baseline."""
    return _facts(found, currency, gettext_lazy("Spend to date")) if found.why else _facts(found, currency)


def left_out(found):
    """A sentence about the months that the baseline leaves out; "" where it leaves out none, or all."""
    if not found.left_out or found.why == "season":
        return ""
    return ngettext(
        "%(count)s month of the campaign is left out: a year before it the campaign ran already, or no win was recorded yet.",
        "%(count)s months of the campaign are left out: a year before them the campaign ran already, or no win was recorded yet.",
        found.left_out,
    ) % {"count": formats.number(found.left_out)}


def compared_chart(found, currency):
    """What was won by month, beside what the baseline leads one to expect."""
    if not found.months or not found.baseline:
        return ""
    return charts.bars(
        [formats.month(one) for one in found.spans],
        [
            charts.Series(_("Baseline"), tuple(found.baseline), 6),
            charts.Series(_("Won revenue"), tuple(found.months), 1),
        ],
        _("Won by month of the campaign, beside its baseline"),
        unit=charts.money(currency),
    )


def midnight(day):
    """The moment at which a local day begins."""
    return datetime.combine(day, time(), organisation.zone())


def shown(campaign, audience, at):
    """The context of reports/effect_figures.html: a lift where the lot is drawn, else the baseline, else nothing."""
    if audience is None:
        return {}
    today, currency = organisation.today(at), organisation.current().currency
    if audience.drawn_on and audience.held_percent:
        found = lift.lift(audience, midnight, today)
        tone, text = lift_verdict(found)
        return {
            "lift": found,
            "effect_table": lift_table(found),
            "effect_facts": lift_facts(found, currency),
            "effect_tone": tone,
            "effect_text": text,
        }
    if not audience.baseline:
        return {}
    under = audiences.under(campaign.region_id) if campaign.region_id else ()
    found = baselines.compared(audience, campaign, under, today, organisation.current().live_on)
    tone, text = verdict(found.revenue)
    return {
        "compared": found,
        "effect_left_out": left_out(found),
        "effect_facts": compared_facts(found, currency),
        "effect_chart": compared_chart(found, currency),
        "effect_tone": tone if not found.why else "",
        "effect_text": text if not found.why else WHY[found.why],
    }
