"""Exceptions in one list: what should not stay as it is, whose it is, and what to do about it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leads import complaints
from leads.models import ObstacleKind
from reports import exceptions, reading
from reports.rounds import telling as rounds
from ui import formats
from ui.tables import Column

MOST = 100  # rows of one kind on the page


@dataclass(frozen=True)
class Kind:
    """One kind of exception: which set of `reports.exceptions` it is, and how a row of it reads."""

    label: str | Promise
    rows: Callable
    row: Callable


def _expiring(sets, at):
    return sets["offers"].filter(answer_due_at__lte=at + exceptions.SOON)


def _offer(row, at, money):
    due = formats.ago(reading.moment(row["answer_due_at"]), at)
    href = reverse("leads:lead", args=[row["lead_id"]])
    return _line(row, href, row["rep_name"], due, _("Answer it or hand it on"), href, row["company"])


def _waiting(row, at, money):
    since = formats.ago(reading.moment(row["offered_at"]), at)
    href = reverse("leads:lead", args=[row["lead_id"]])
    return _line(row, href, row["rep_name"], since, _("Ask for an answer"), href, row["company"])


def _untried(row, at, money):
    since = formats.ago(reading.moment(row["contact_due_at"]), at)
    href = reverse("leads:lead", args=[row["lead_id"]])
    return _line(row, href, row["rep_name"], since, _("Call them, or hand the lead on"), href, row["company"])


def _unanswered(row, at, money):
    since = formats.ago(reading.moment(row["answer_from"]), at)
    href = reverse("leads:lead", args=[row["id"]])
    return _line(row, href, _("The desk"), since, _("Answer them"), href, row["company"])


def _obstacle(row, at, money):
    due = formats.ago(reading.moment(row["due_at"]), at)
    href = reverse("leads:obstacle", args=[row["id"]])
    why = f"{ObstacleKind(row['kind']).label} · {due}"
    return _line(row, href, row["asked_name"] or "", why, _("Answer it"), href, row["company"])


def _complaint(row, at, money):
    since = formats.ago(reading.moment(row["at"]), at)
    href = f"{reverse('leads:complaint-list')}?contact={row['contact_id']}"
    return _line(row, href, row["whose_name"], since, _("Close it with what was done"), href, row["company"])


def _ready(row, at, money):
    href = reverse("leads:lead", args=[row["id"]])
    since = formats.ago(reading.moment(row["ready_at"]), at)
    return _line(row, href, "", since, _("Offer it now"), href, row["company"])


def _full(row, at, money):
    href = reverse("accounts:person", args=[row["user_id"]])
    held = _("%(open)s of %(capacity)s") % {"open": row["open_n"], "capacity": row["capacity"]}
    return _line(row, href, row["name"], held, _("Change the capacity or hand leads on"), href)


def _stepless(row, at, money):
    return _deal(row, formats.short_money(row["amount"], money) if money else "", _("Agree the next step"))


def _slipped(row, at, money):
    times = ngettext("%(times)s time", "%(times)s times", row["slips"]) % {"times": row["slips"]}
    return _deal(row, times, _("Ask what holds it up"))


def _growth(row, at, money):
    href = reverse("reports:growth-one", args=[row["id"]])
    whose = " · ".join(filter(None, (row["marketer_name"], row["seller_name"])))
    return _line(row, href, whose, formats.day(reading.day(row["look_on"])), _("Look at it again"), href)


def _round(row, at, money):
    href = reverse("reports:target-round", args=[row["id"]])
    name = _("Targets %(year)s, round %(number)s") % {
        "year": rounds.year_name(reading.day(row["first"])),
        "number": row["number"],
    }
    since = formats.ago(reading.moment(row["proposed_at"]), at)
    return _line(row | {"name": name}, href, row["by_name"], since, _("Sign it or take it back"), href)


def _deal(row, why, action):
    href = reverse("leads:deal", args=[row["deal_id"]])
    return _line(row, href, row["owner_name"], why, action, href)


def _line(row, href, whose, why, action, action_href, company=""):
    return {
        "name": row["name"] or _("Nameless"),
        "href": href,
        "company": company or "",
        "whose": whose or _("Nobody"),
        "why": why,
        "action": action,
        "action_href": action_href,
    }


KINDS = {
    "expiring": Kind(gettext_lazy("Offers about to run out"), _expiring, _offer),
    "untried": Kind(
        gettext_lazy("First contact overdue"),
        lambda sets, at: exceptions.untried(sets["untried"], at),
        _untried,
    ),
    "unanswered": Kind(
        gettext_lazy("Asked for us, and the desk's answer is overdue"),
        lambda sets, at: exceptions.unanswered(sets["hands"], at),
        _unanswered,
    ),
    "complaints": Kind(
        gettext_lazy("Complaints open for more than a day"),
        lambda sets, at: sets["complaints"].filter(at__lte=at - complaints.LONG),
        _complaint,
    ),
    "ready": Kind(gettext_lazy("Grade A, not offered"), lambda sets, at: sets["ready"], _ready),
    "customers": Kind(
        gettext_lazy("Customers for whom nobody is free"),
        lambda sets, at: exceptions.in_line(sets["customers"], at),
        _ready,
    ),
    "waiting": Kind(
        gettext_lazy("Grade A, offered and unanswered"), lambda sets, at: sets["waiting"], _waiting
    ),
    "full": Kind(gettext_lazy("Full hands"), lambda sets, at: sets["full"], _full),
    "stepless": Kind(gettext_lazy("No next step"), lambda sets, at: sets["stepless"], _stepless),
    "slipped": Kind(gettext_lazy("Close moved twice"), lambda sets, at: sets["slipped"], _slipped),
    "obstacles": Kind(
        gettext_lazy("Obstacles without marketing's answer in time"),
        lambda sets, at: sets["obstacles"].filter(due_at__lte=at),
        _obstacle,
    ),
    "growth": Kind(
        gettext_lazy("Growth opportunities to look at again"), lambda sets, at: sets["growth"], _growth
    ),
    "rounds": Kind(
        gettext_lazy("Targets that wait for your signature"), lambda sets, at: sets["rounds"], _round
    ),
}
COLUMNS = [
    Column("name", gettext_lazy("What"), href="href", note="company"),
    Column("kind", gettext_lazy("Why it is here")),
    Column("why", gettext_lazy("When or how much")),
    Column("whose", gettext_lazy("Whose"), kind="person"),
    Column("action", gettext_lazy("What to do"), href="action_href"),
]


def listed(user, choice, at, *, kind="", team=None, money=None):
    """Rows of one kind, or of all, the most urgent kinds first; at most MOST of each. `money`: the currency, if seen."""
    sets = exceptions.sets(user, choice, team)
    wanted = [kind] if kind else list(KINDS)
    found = reading.read({name: KINDS[name].rows(sets, at)[:MOST] for name in wanted})
    return [
        {**KINDS[name].row(row, at, money), "kind": KINDS[name].label, "kind_code": name}
        for name in wanted
        for row in found[name]
    ]
