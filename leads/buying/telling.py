"""Where companies and contacts stand, in words: the stage, the fact that decides it, what goes on and whose it is."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Case, F, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from leads.buying.definition import TALKING, BuyingStage, Facts, of_company, of_person
from leads.models import Lead
from pipeline.models import Company, Contact, Deal, DealKind, DealRegistration, ForecastCategory
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
    return _of(Company.objects.filter(pk__in=list(ids)), of_company(at), F("sales_owner__full_name"))


def of_contacts(ids, at) -> dict[int, Standing]:
    """{contact id: Standing} of the persons themselves, whatever goes on at their companies, in one statement."""
    return _of(Contact.objects.filter(pk__in=list(ids)), of_person(at), Value(""))


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


def _of(rows, facts, owner):
    found = rows.order_by().annotate(stands=facts.stage(), account_owner=owner, **_facts(facts))
    names = ("pk", "stands", "account_owner", *NAMES)
    return {row["pk"]: _standing(row, facts) for row in found.values(*names)}


NAMES = ("deal", "hand", "running", "ending", "bought", "gone", "last", "dealer")


def _facts(facts: Facts):
    """The strongest fact of each kind, as JSON."""
    first_renewals = Case(When(kind=DealKind.RENEWAL, then=1), default=0)
    talking_first = Case(When(stage__in=TALKING, then=0), default=1)
    who = F("owner__full_name")
    deals = facts.open_deals().order_by(
        "-firm", first_renewals, F("expected_close").asc(nulls_last=True), "pk"
    )
    passes = facts.passes().order_by(talking_first, "-captured_at", "pk")
    told: dict[str, tuple[Any, dict[str, Any]]] = {
        "deal": (deals, {"name": "name", "kind": "kind", "sure": "sure", "on": "expected_close", "who": who}),
        "hand": (
            facts.hands().order_by("-hand_raised_at", "pk"),
            {"name": "contact__full_name", "at": "hand_raised_at", "who": who},
        ),
        "running": (
            passes,
            {"name": "contact__full_name", "stage": "stage", "at": "captured_at", "who": who},
        ),
        "ending": (facts.ending().order_by("contract_until", "pk"), {"name": "name", "on": "contract_until"}),
        "bought": (
            facts.won().order_by("-signed_on", "-pk"),
            {"name": "name", "on": "signed_on", "until": "contract_until"},
        ),
        "gone": (
            facts.lost().order_by("-closed_at", "-pk"),
            {"name": "name", "at": "closed_at", "why": "outcome_reason__name"},
        ),
        "last": (facts.heard().order_by("-at", "-pk"), {"at": "at"}),
        "dealer": (
            _registrations(facts).order_by("protected_until", "pk"),
            {"name": "dealer__name", "on": "protected_until"},
        ),
    }
    return {
        name: Subquery(found.values(fact=JSONObject(id="pk", **what))[:1])
        for name, (found, what) in told.items()
    }


def _registrations(facts):
    """What protects dealers at the company; nobody registers a person."""
    if facts.deals != "company":
        return DealRegistration.objects.none()
    return DealRegistration.objects.protecting(facts.today).filter(customer=facts.row)


def _standing(row, facts):
    stage = BuyingStage(row["stands"])
    return Standing(stage, BECAUSE[stage](row, facts), row["account_owner"] or "", list(_processes(row)))


def _processes(row):
    if deal := row["deal"]:
        kind = "renewal" if deal["kind"] == DealKind.RENEWAL else "deal"
        yield Process(kind, deal["id"], deal["name"], deal["who"] or "")
    if running := row["running"]:
        yield Process("lead", running["id"], running["name"], running["who"] or "")
    if dealer := row["dealer"]:
        yield Process("registration", dealer["id"], dealer["name"], dealer["name"])


# -- why ---------------------------------------------------------------------------------------------------
def _day(text):
    """A day or moment out of JSON, as it is read."""
    if not text:
        return formats.EMPTY
    return formats.day(date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text))


def _about_to_buy(row, facts):
    deal = row["deal"]
    if deal and deal["sure"] == ForecastCategory.COMMIT:
        return _("The deal “%(deal)s” is committed, expected to close on %(day)s.") % _deal(deal)
    if deal and deal["sure"] == ForecastCategory.BEST_CASE and _is_soon(deal, facts):
        return _("The deal “%(deal)s” may well close on %(day)s.") % _deal(deal)
    hand = row["hand"]
    said = {"who": hand["name"] or _("somebody"), "day": _day(hand["at"])}
    return _("%(who)s raised a hand on %(day)s, of grade A, and nobody has answered yet.") % said


def _is_soon(deal, facts):
    return bool(deal["on"]) and facts.soon(date.fromisoformat(deal["on"]))


def _deal(deal):
    return {"deal": deal["name"], "day": _day(deal["on"])}


def _in_talks(row, facts):
    if (deal := row["deal"]) and deal["kind"] != DealKind.RENEWAL:
        if deal["on"]:
            return _("The deal “%(deal)s” is open, expected to close on %(day)s.") % _deal(deal)
        return _("The deal “%(deal)s” is open.") % _deal(deal)
    return _("Sales has accepted the lead of %(who)s.") % {"who": row["running"]["name"] or _("somebody")}


def _renewal_due(row, facts):
    if deal := row["deal"]:
        return _("The renewal “%(deal)s” is open, expected to close on %(day)s.") % _deal(deal)
    return _("The contract of “%(deal)s” ends on %(day)s.") % _deal(row["ending"])


def _customer(row, facts):
    if (bought := row["bought"])["until"]:
        said = _deal(bought) | {"until": _day(bought["until"])}
        return _("Bought “%(deal)s” on %(day)s, under contract until %(until)s.") % said
    return _("Bought “%(deal)s” on %(day)s.") % _deal(bought)


def _lost(row, facts):
    gone = row["gone"]
    said = {"deal": gone["name"], "day": _day(gone["at"]), "why": _(gone["why"]) if gone["why"] else ""}
    if said["why"]:
        return _("“%(deal)s” was lost on %(day)s: %(why)s. Nothing was heard of them since.") % said
    return _("“%(deal)s” was lost on %(day)s. Nothing was heard of them since.") % said


def _engaged(row, facts):
    if running := row["running"]:
        said = {"who": running["name"] or _("somebody"), "stage": Stage(running["stage"]).label}
        return _("%(who)s is in the funnel: %(stage)s.") % said
    return _("We heard of them last on %(day)s.") % {"day": _day(row["last"]["at"])}


def _quiet(row, facts):
    if bought := row["bought"]:
        return _("Bought “%(deal)s” on %(day)s; nothing was heard of them for half a year.") % _deal(bought)
    if last := row["last"]:
        return _("Nothing was heard of them since %(day)s.") % {"day": _day(last["at"])}
    return _("“%(deal)s” was lost on %(day)s.") % {
        "deal": row["gone"]["name"],
        "day": _day(row["gone"]["at"]),
    }


BECAUSE = {
    BuyingStage.ABOUT_TO_BUY: _about_to_buy,
    BuyingStage.IN_TALKS: _in_talks,
    BuyingStage.RENEWAL_DUE: _renewal_due,
    BuyingStage.CUSTOMER: _customer,
    BuyingStage.LOST: _lost,
    BuyingStage.ENGAGED: _engaged,
    BuyingStage.QUIET: _quiet,
    BuyingStage.KNOWN: lambda row, facts: _("We know people there, and have heard nothing of them yet."),
    BuyingStage.UNKNOWN: lambda row, facts: _("We know nobody there."),
}
