"""Exceptions and open offers in words, a few rows of each."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import drawing, exceptions
from reports.columns import link
from ui import formats

SHOWN = 3


@dataclass(frozen=True)
class Row:
    """One thing that needs a hand."""

    name: str
    href: str
    text: str


@dataclass(frozen=True)
class Group:
    """Things of one kind; `count` says how many there are ("6+"), `href` opens all of them."""

    name: str
    count: str
    href: str
    rows: list[Row]


def groups(found, choice, at, may_see_money):
    """The Groups of an Exceptions that are not empty, the most urgent first."""
    money = choice.currency if may_see_money else None
    made = (
        (_("Offers about to run out"), found.expiring, "", lambda one: _offer(one, at)),
        (_("Grade A, waiting"), found.waiting, "", lambda one: _waiting(one, at)),
        (_("Full hands"), found.full, "", _full),
        (
            _("No next step"),
            found.stepless,
            drawing.address("stepless", choice),
            lambda one: _deal(one, money),
        ),
        (_("Close moved twice"), found.slipped, drawing.address("slipped", choice), _slip),
    )
    return [
        Group(name, _count(rows), href, [row(one) for one in rows[:SHOWN]])
        for name, rows, href, row in made
        if rows
    ]


def offers(found, at):
    """Open offers as Rows."""
    return [_offer(one, at) for one in found.offers]


def _count(rows):
    most = exceptions.MOST
    return f"{most}+" if len(rows) >= most else str(len(rows))


def _offer(offer, at):
    due = formats.ago(offer.due_at or offer.offered_at, at)
    return Row(
        offer.name or _("Nameless"),
        link("leads:lead", offer.lead),
        " · ".join(filter(None, (offer.rep, due))),
    )


def _waiting(offer, at):
    since = formats.ago(offer.offered_at, at)
    return Row(
        offer.name or _("Nameless"),
        link("leads:lead", offer.lead),
        " · ".join(filter(None, (offer.rep, since))),
    )


def _full(rep):
    text = _("%(open)s of %(capacity)s") % {"open": rep.open, "capacity": rep.capacity}
    return Row(rep.name, "", text)


def _deal(deal, currency):
    text = formats.short_money(deal.amount, currency) if currency else deal.owner
    return Row(deal.name, link("leads:deal", deal.deal), text)


def _slip(deal):
    text = ngettext("%(times)s time", "%(times)s times", deal.slips) % {"times": deal.slips}
    return Row(deal.name, link("leads:deal", deal.deal), text)
