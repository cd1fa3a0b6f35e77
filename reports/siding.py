"""Both sides of the agreement in words, tables and charts."""

from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from leads.models.agreement import Destination
from reports import drawing
from ui import charts, formats
from ui.tables import Column, Table

LEAST_MONTHS, MOST_MONTHS = 6, 12
# What is owed is owed by the whole house.
HOUSE = dict.fromkeys(("channel", "segment", "region", "campaign", "team", "rep"))
PROMISES = {
    "answer": gettext_lazy("Answered in time"),
    "contact": gettext_lazy("First contact in time"),
    "persistence": gettext_lazy("Attempts owed before letting go"),
    "desk": gettext_lazy("Answered by the desk in time"),
}
ACCOUNT = [
    Column("name", gettext_lazy("What")),
    Column("owed", pgettext_lazy("of a promise", "Owed"), "number", href="owed_href"),
    Column("given", gettext_lazy("Given"), "number", href="href"),
    Column("balance", gettext_lazy("Credit or debit"), "balance"),
    Column("share", gettext_lazy("Share"), "percent"),
]
REASONS = [
    Column("name", gettext_lazy("Reason")),
    Column("to", gettext_lazy("Goes to")),
    Column("offers", gettext_lazy("Offers"), "number", href="href"),
    Column("share", gettext_lazy("Share"), "percent"),
    Column("blames", gettext_lazy("Counts against quality"), "pill"),
]


def account_table(found, side, choice):
    """What one side owed and gave, with the address of what is behind it."""
    rows = [
        {
            "name": _named(one),
            "href": behind(one, choice, found.since),
            "owed_href": drawing.address(f"due_{one.name}", replace(choice, **HOUSE)) if one.is_clock else "",
            "owed": one.owed,
            "given": one.given,
            "balance": one.balance if one.owed else None,
            "tone": "" if not one.owed else "ok" if one.balance >= 0 else "bad",
            "share": one.share,
        }
        for one in found.of(side)
    ]
    caption = {"marketing": _("What marketing owed and delivered"), "sales": _("What sales owed and kept")}[
        side
    ]
    return Table(rows, ACCOUNT, caption, cards=True)


def behind(one, choice, since):
    """The address of what one side gave."""
    if one.is_clock:
        return drawing.address(f"kept_{one.name}", replace(choice, **HOUSE))
    first = since if choice.period.is_all else choice.period.first
    months = {"month": f"{first:%Y-%m}", "to": f"{min(choice.period.last, choice.today):%Y-%m}"}
    segment = {"segment": one.segment} if one.segment else {}
    return f"{reverse('leads:agreement-delivered')}?{urlencode(months | segment)}"


def _named(one):
    if one.is_clock:
        return str(PROMISES[one.name])
    return one.name or _("Accepted SQLs of grade B or better")


def reason_table(found, choice):
    """Why offers of the period came back."""
    total = sum(one.offers for one in found.reasons)
    rows = [
        {
            "name": _(one.name),
            "to": Destination(one.to).label,
            "offers": one.offers,
            "href": drawing.address(f"returned-{one.id}", choice),
            "share": one.offers / total,
            "blames": _("yes") if one.blames else _("no"),
            "tone": "warn" if one.blames else "",
        }
        for one in found.reasons
    ]
    return Table(
        rows,
        REASONS,
        _("Returns by reason"),
        cards=True,
        empty=_("Sales returned nothing that was offered in this period."),
    )


def facts(found, choice):
    """Quality and speed in one line each, as (label, text, address)."""
    now, flow = found.answers.now, found.funnel.now
    return [
        (pgettext("of leads", "Offered"), formats.number(now.offers), drawing.address("offers", choice)),
        (_("Accepted SQLs"), formats.number(flow.sqls), drawing.address("sqls", choice)),
        (_("Acceptance"), formats.percent(found.funnel.acceptance, 0), drawing.address("acceptance", choice)),
        (_("Returned"), formats.number(now.returned), drawing.address("returned", choice)),
        (_("Expired"), formats.number(now.expired), drawing.address("expired", choice)),
        (_("Offer → answer"), _clock(found.answer), drawing.address("answer", choice)),
        (_("Accept → first contact"), _clock(found.contact), drawing.address("answer", choice)),
    ]


def crossings_address(choice):
    """The list of the period's contacts that the agreement leaves to the other track."""
    span = {"since": choice.period.first.isoformat(), "until": choice.period.until.isoformat()}
    return f"{reverse('leads:crossings')}?{urlencode(span)}"


def _clock(clock):
    median, p90 = clock.median(), clock.percentile(90)
    if median is None:
        return formats.EMPTY
    if p90 is None:
        return _("median %(median)s") % {"median": drawing.worked(median)}
    return _("median %(median)s, 9 of 10 within %(p90)s") % {
        "median": drawing.worked(median),
        "p90": drawing.worked(p90),
    }


def month_chart(found, choice):
    """Accepted, returned and expired by month of the offer: the months of the period, and at least the half year up to its end."""
    last = min(choice.period.last, choice.today)
    months = [one for one in found.answers.months if one.month <= last]
    inside = sum(one.month in choice.period for one in months)
    months = months[-min(max(inside, LEAST_MONTHS), MOST_MONTHS) :]
    return charts.bars(
        [formats.month(one.month) for one in months],
        [
            charts.Series(_("Accepted"), tuple(one.accepted for one in months), 4),
            charts.Series(_("Returned"), tuple(one.returned for one in months), 3),
            charts.Series(_("Expired"), tuple(one.expired for one in months), 5),
        ],
        _("What became of the offers, by month"),
    )
