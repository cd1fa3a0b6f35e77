"""Where companies and contacts stand, in words: the stage, the fact that decides it, what goes on and whose it is."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Value
from django.urls import reverse
from django.utils.translation import gettext as _

from leads.buying.definition import BuyingStage
from leads.buying.reading import OF_COMPANIES, OF_PERSONS, facts
from leads.models import Lead
from pipeline.models import Company, Deal, DealKind, ForecastCategory
from pipeline.stages import Stage
from ui import formats

TONES = {
    BuyingStage.ABOUT_TO_BUY: "ok",
    BuyingStage.IN_TALKS: "accent",
    BuyingStage.CUSTOMER: "ok",
    BuyingStage.RENEWAL_DUE: "warn",
    BuyingStage.QUIET: "warn",
    BuyingStage.LOST: "bad",
}


@dataclass(frozen=True)
class Process:
    """What goes on: `kind` is lead, deal, renewal or registration, `pk` its key, `who` has it ("" where nobody has).

    `href` is "" where the reader may not open it.
    """

    kind: str
    pk: int
    name: str
    who: str
    href: str = ""

    @property
    def words(self):
        """What kind of process it is, for a reader."""
        return {
            "lead": _("Lead"),
            "deal": _("Deal"),
            "renewal": _("Renewal"),
            "registration": _("Registration"),
        }[self.kind]


@dataclass(frozen=True)
class Standing:
    """One company's or contact's buying stage: why, what goes on, and who looks after the account."""

    stage: BuyingStage
    because: str
    owner: str = ""
    processes: list[Process] = field(default_factory=list)

    @property
    def tone(self):
        """The tone of its pill."""
        return TONES.get(self.stage, "")


def of_companies(ids, at) -> dict[int, Standing]:
    """{company id: Standing} in one statement, in words for everybody who reads companies: without amounts."""
    return {its.id: _standing(its) for its in facts(OF_COMPANIES, ids, at)}


def of_contacts(ids, at) -> dict[int, Standing]:
    """{contact id: Standing} of the persons themselves, whatever goes on at their companies, in one statement."""
    return {its.id: _standing(its) for its in facts(OF_PERSONS, ids, at)}


def shown(thing, user, at) -> Standing:
    """The Standing of a company, or of a contact with a company as that of the company, with the ways to what `user` may open."""
    whole = thing if isinstance(thing, Company) else thing.company
    told = of_companies([whole.pk], at)[whole.pk] if whole else of_contacts([thing.pk], at)[thing.pk]
    opens = _openable(told.processes, user)
    ways = [replace(one, href=_way(one) if (one.kind, one.pk) in opens else "") for one in told.processes]
    return replace(told, processes=ways)


def _openable(processes, user):
    """(kind, key) of the processes whose pages `user` may open, in one statement."""
    models: dict[str, Any] = {"lead": Lead, "deal": Deal, "renewal": Deal}
    parts = [
        models[one.kind]
        .objects.visible_to(user)
        .filter(pk=one.pk)
        .order_by()
        .values_list(Value(one.kind), "pk")
        for one in processes
        if one.kind in models
    ]
    first, *others = parts or [Lead.objects.none().values_list(Value(""), "pk")]
    return set(first.union(*others, all=True) if others else first)


def _way(process):
    return reverse("leads:lead" if process.kind == "lead" else "leads:deal", args=[process.pk])


def _standing(its):
    return Standing(its.stage, BECAUSE[its.stage](its), its.owner or "", list(_processes(its)))


def _processes(its):
    if deal := its.deal:
        kind = "renewal" if deal["kind"] == DealKind.RENEWAL else "deal"
        yield Process(kind, deal["id"], deal["name"], deal["who"] or "")
    if running := its.running:
        yield Process("lead", running["id"], running["name"], running["who"] or "")
    if dealer := its.dealer:
        yield Process("registration", dealer["id"], dealer["name"], dealer["name"])


# -- why ---------------------------------------------------------------------------------------------------
def _day(text):
    """A day or moment out of JSON, as it is read."""
    if not text:
        return formats.EMPTY
    return formats.day(date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text))


def _about_to_buy(its):
    if (deal := its.deal) and deal["firm"]:
        if deal["sure"] == ForecastCategory.COMMIT:
            return _("The deal “%(deal)s” is committed, expected to close on %(day)s.") % _open(deal)
        return _("The deal “%(deal)s” may well close on %(day)s.") % _open(deal)
    said = {"who": its.hand["name"] or _("somebody"), "day": _day(its.hand["raised"])}
    return _("%(who)s raised a hand on %(day)s, of grade A, and nobody has answered yet.") % said


def _open(deal):
    return {"deal": deal["name"], "day": _day(deal["closes"])}


def _bought(deal):
    return {"deal": deal["name"], "day": _day(deal["signed"]), "until": _day(deal["until"])}


def _in_talks(its):
    if (deal := its.deal) and deal["kind"] != DealKind.RENEWAL:
        if deal["closes"]:
            return _("The deal “%(deal)s” is open, expected to close on %(day)s.") % _open(deal)
        return _("The deal “%(deal)s” is open.") % _open(deal)
    return _("Sales has accepted the lead of %(who)s.") % {"who": its.running["name"] or _("somebody")}


def _renewal_due(its):
    if its.deal:
        return _("The renewal “%(deal)s” is open, expected to close on %(day)s.") % _open(its.deal)
    ends = {"deal": its.ending["name"], "day": _day(its.ending["until"])}
    return _("The contract of “%(deal)s” ends on %(day)s.") % ends


def _customer(its):
    if its.bought["until"]:
        return _("Bought “%(deal)s” on %(day)s, under contract until %(until)s.") % _bought(its.bought)
    return _("Bought “%(deal)s” on %(day)s.") % _bought(its.bought)


def _lost(its):
    gone = its.gone
    said = {"deal": gone["name"], "day": _day(gone["closed"]), "why": _(gone["why"]) if gone["why"] else ""}
    if said["why"]:
        return _("“%(deal)s” was lost on %(day)s: %(why)s. Nothing was heard of them since.") % said
    return _("“%(deal)s” was lost on %(day)s. Nothing was heard of them since.") % said


def _engaged(its):
    if running := its.running:
        said = {"who": running["name"] or _("somebody"), "stage": Stage(running["stage"]).label}
        return _("%(who)s is in the funnel: %(stage)s.") % said
    return _("We heard of them last on %(day)s.") % {"day": formats.day(its.heard_at)}


def _quiet(its):
    if its.bought:
        return _("Bought “%(deal)s” on %(day)s; nothing was heard of them for half a year.") % _bought(
            its.bought
        )
    if its.heard_at:
        return _("Nothing was heard of them since %(day)s.") % {"day": formats.day(its.heard_at)}
    said = {"deal": its.gone["name"], "day": _day(its.gone["closed"])}
    return _("“%(deal)s” was lost on %(day)s.") % said


BECAUSE = {
    BuyingStage.ABOUT_TO_BUY: _about_to_buy,
    BuyingStage.IN_TALKS: _in_talks,
    BuyingStage.RENEWAL_DUE: _renewal_due,
    BuyingStage.CUSTOMER: _customer,
    BuyingStage.LOST: _lost,
    BuyingStage.ENGAGED: _engaged,
    BuyingStage.QUIET: _quiet,
    BuyingStage.KNOWN: lambda its: _("We know people there, and have heard nothing of them yet."),
    BuyingStage.UNKNOWN: lambda its: _("We know nobody there."),
}
