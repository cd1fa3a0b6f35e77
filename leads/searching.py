"""One search over people, companies, deals and campaigns: what the user may see, best first.

Candidates come from the indexes of names (`pipeline.searching`) under what is visible, a few hundred at most; only
those are ranked. For somebody who sees a part, `seen_contacts` lists the ways to be seen one by one, because each of
them has an index and their OR has none; a test holds them equal to `visible_to`.
"""

from dataclasses import dataclass, field

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.visibility import colleague_ids, sees_all, sees_some
from leads.models import Lead, WinStory
from pipeline import identities, searching
from pipeline.models import Campaign, Company, Contact, Deal
from ui.spelling import folded

CANDIDATES = 100  # of each way to be found
MANY = 500  # people called so, before it is asked whom the user may see
SHOWN = 8
STORY = ("targeted", "decided", "convinced", "nearly_lost", "lesson")  # where a win story has its words
CODE = 5  # letters that make a beginning of an address


@dataclass(frozen=True)
class Hit:
    """One thing found: its name, where it opens, and what to tell it from others by."""

    name: str
    href: str
    note: str = ""
    state: str = ""


@dataclass(frozen=True)
class Found:
    """What was found of each kind; `instead` holds the words that were searched in place of mistyped ones."""

    people: list[Hit] = field(default_factory=list)
    companies: list[Hit] = field(default_factory=list)
    deals: list[Hit] = field(default_factory=list)
    campaigns: list[Hit] = field(default_factory=list)
    stories: list[Hit] = field(default_factory=list)
    instead: list[str] = field(default_factory=list)

    @property
    def any(self):
        """Is there anything?"""
        return bool(self.people or self.companies or self.deals or self.campaigns or self.stories)


def search(user, text):
    """What `user` may see that is called like `text`; where nothing is, what is called nearly like it."""
    wanted = searching.terms(text)
    if not wanted:
        return Found()
    found = _called(user, text, wanted)
    if found.any:
        return found
    likely = searching.corrected(wanted)
    if likely is None:
        return found
    words = [" / ".join(spelling.title() for spelling in term.spellings) for term in likely if not term.loose]
    close = _called(user, "", likely, instead=words)
    return close if close.any else found


def _called(user, text, wanted, instead=()):
    return Found(
        people=_people(user, text, wanted),
        companies=_companies(user, text, wanted),
        deals=_deals(user, wanted),
        campaigns=_campaigns(user, wanted),
        stories=[] if instead else _stories(user, wanted),  # what is told is looked for as it is written
        instead=list(instead),
    )


# -- people ------------------------------------------------------------------------------------------------
def seen_contacts(user):
    """Ways to see contacts, each a queryset; together they are `Contact.objects.visible_to(user)`."""
    contacts = Contact.objects.surviving()
    if sees_all(user):
        return [contacts]
    if not sees_some(user):
        return []
    ours = list(colleague_ids(user))
    return [
        contacts.filter(Q(leads__owner__in=ours) | Q(leads__pooled_at__isnull=False)),
        contacts.filter(leads__handoffs__rep__in=ours, leads__handoffs__ended_at__isnull=True),
        contacts.filter(deal_contacts__deal__owner__in=ours),
        contacts.filter(company__sales_owner__in=ours),
        contacts.filter(company__account_people__user=user),
    ]


def _people(user, text, wanted):
    whole = sees_all(user)
    if not (whole or sees_some(user)):
        return []
    ids = _candidates(_called_so(Contact.objects.surviving(), text, wanted), CANDIDATES if whole else MANY)
    if not whole:
        ids = _candidates(_seen(user, ids, text, wanted), CANDIDATES)
    rows = Contact.objects.filter(pk__in=ids).values("id", "full_name", "company__name")
    rows = _best(rows, wanted, "full_name")
    passes = _latest_passes(user, [row["id"] for row in rows])
    return [_person(row, passes.get(row["id"])) for row in rows]


def _called_so(contacts, text, wanted):
    """The ways to be called like it: by the own name, the company's, both together, an address or number."""
    ways = [
        searching.named(contacts, wanted, "full_name"),
        searching.named(contacts, wanted, "company__name"),
    ]
    for some, others in searching.split_in_two(wanted):
        ways.append(searching.named(searching.named(contacts, some, "full_name"), others, "company__name"))
    if address := _address(text):
        ways.append(contacts.filter(identities__value__startswith=address))
    beginnings, parts = identities.sought(text)
    ways += [contacts.filter(identities__value__startswith=one) for one in beginnings]
    numbers = {"identities__kind__in": ["mobile", "phone"]}
    return ways + [contacts.filter(**numbers, identities__value__contains=part) for part in parts]


def _seen(user, found, text, wanted):
    """What of `found` the user may see; where more are called so than were found, what is seen is asked by name."""
    if len(found) < MANY:
        return [seen.filter(pk__in=found) for seen in seen_contacts(user)]
    return [way for seen in seen_contacts(user) for way in _called_so(seen, text, wanted)]


def _address(text):
    """The beginning of an e-mail address or another id as identities keep it, or nothing."""
    text = "".join(text.split()).lower()
    return text if "@" in text or (text.isascii() and len(text) >= CODE) else ""


def _latest_passes(user, contacts):
    leads = Lead.objects.counted().visible_to(user).filter(contact__in=contacts)
    return {row[0]: row[1:] for row in leads.order_by("cycle").values_list("contact", "pk", "stage")}


def _person(row, last_pass):
    name, company = row["full_name"] or _("Nameless contact"), row["company__name"] or ""
    if last_pass is None:
        return Hit(name, reverse("pipeline:contact", args=[row["id"]]), company)
    pk, stage = last_pass
    return Hit(name, reverse("leads:lead", args=[pk]), company, Lead(stage=stage).get_stage_display())


# -- companies, deals, campaigns ---------------------------------------------------------------------------
def _companies(user, text, wanted):
    seen = Company.objects.surviving().visible_to(user)
    ways = [searching.named(seen, wanted, "name")]
    if address := _address(text).rpartition("@")[2]:
        ways.append(seen.exclude(domain="").filter(domain__startswith=address))
    rows = Company.objects.filter(pk__in=_candidates(ways, CANDIDATES)).values(
        "id", "name", "domain", "country"
    )
    return [
        Hit(row["name"], reverse("pipeline:company", args=[row["id"]]), row["domain"] or row["country"])
        for row in _best(rows, wanted, "name")
    ]


def _deals(user, wanted):
    seen = Deal.objects.visible_to(user)
    ways = [searching.named(seen, wanted, "name"), searching.named(seen, wanted, "company__name")]
    found = Deal.objects.filter(pk__in=_candidates(ways, CANDIDATES)).select_related("company", "stage")
    rows = sorted(found, key=lambda deal: (deal.outcome != "open", -deal.opened_at.timestamp()))[:SHOWN]
    return [
        Hit(
            deal.name,
            reverse("leads:deal", args=[deal.pk]),
            deal.company.name if deal.company else "",
            str(deal.stage),
        )
        for deal in rows
    ]


def _campaigns(user, wanted):
    seen = Campaign.objects.visible_to(user)
    ways = [searching.named(seen, wanted, "name"), searching.named(seen, wanted, "code")]
    rows = Campaign.objects.filter(pk__in=_candidates(ways, CANDIDATES)).order_by("-starts_on", "-pk")[:SHOWN]
    return [
        Hit(row.name, reverse("pipeline:campaign", args=[row.pk]), row.code, row.get_channel_display())
        for row in rows
    ]


def _stories(user, wanted):
    """Win stories in which every word stands, or whose deal or company is called so. There are few of them."""
    found = WinStory.objects.told().visible_to(user)
    for term in wanted:
        said = Q()
        for spelling in term.spellings:
            for name in ("deal__name", "deal__company__name", *STORY):
                said |= Q(**{f"{name}__icontains": spelling})
        found = found.filter(said)
    return [
        Hit(story.deal.name, reverse("leads:win-story", args=[story.pk]), story.lesson or story.convinced)
        for story in found.select_related("deal").order_by("-told_at", "-pk")[:SHOWN]
    ]


def _candidates(ways, most):
    """The keys that any of the ways finds, at most so many of each, in one statement."""
    if not ways:
        return []
    first, *others = [way.order_by().values("pk")[:most] for way in ways]
    return list({row["pk"] for row in (first.union(*others, all=True) if others else first)})


def _best(rows, wanted, column):
    """The few best of the candidates: called just so, then beginning so, then the newest."""
    said = folded(" ".join(term.spellings[0] for term in wanted).casefold())

    def likeness(row):
        name = folded((row[column] or "").casefold())
        return (name != said, not name.startswith(said), f" {said}" not in name, -row["id"])

    return sorted(rows, key=likeness)[:SHOWN]
