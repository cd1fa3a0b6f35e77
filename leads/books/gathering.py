"""What is in a rep's book, and how it would be shared: what hangs on one company goes to one colleague."""

from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import blake2s

import orjson
from django.db.models import Q

from leads.models import Lead
from pipeline.models import Company, Deal, Step
from pipeline.stages import Stage

ASLEEP = "asleep"
KINDS = ("leads", "deals", "steps", "companies", ASLEEP)
WORKED = (Stage.READY, Stage.SQL, Stage.DEAL)


@dataclass
class Book:
    """Ids of what one rep has in hand: running leads, open deals, steps to be done, accounts; and leads that sleep."""

    leads: list = field(default_factory=list)
    deals: list = field(default_factory=list)
    steps: list = field(default_factory=list)
    companies: list = field(default_factory=list)
    asleep: list = field(default_factory=list)

    def __bool__(self):
        return any(getattr(self, kind) for kind in KINDS)

    @property
    def counts(self):
        """{kind: how many}."""
        return {kind: len(getattr(self, kind)) for kind in KINDS}

    def ids(self):
        """{kind: ids}, as a move keeps them."""
        return {kind: getattr(self, kind) for kind in KINDS}


def book_of(user):
    """The Book of a user; five statements."""
    return _listed(_things(user))


def share(user, heirs):
    """[(heir, Book)] of how the user's book would go to `heirs` (users, in this order), evenly by number of things.

    What belongs to one company, or to one person without a company, stays together. What sleeps where nothing else is in hand
    is shared by itself: it is no work yet. The same book gives the same shares.
    """
    groups = defaultdict(list)
    for kind, pk, key in _things(user):
        groups[key].append((kind, pk))
    shares = [[] for _heir in heirs]
    for sleeps in (False, True):
        load = [0] * len(heirs)
        some = [item for item in groups.items() if _only_sleeps(item[1]) == sleeps]
        for _key, things in sorted(some, key=lambda item: (-len(item[1]), item[0])):
            least = load.index(min(load))
            load[least] += len(things)
            shares[least] += [(kind, pk, None) for kind, pk in things]
    return [(heir, _listed(things)) for heir, things in zip(heirs, shares, strict=True)]


def stamp(shares):
    """A short text that stands for who would get what: what was previewed is what is done, or nothing is."""
    written = orjson.dumps([[heir.pk, book.ids()] for heir, book in shares])
    return blake2s(written, digest_size=8).hexdigest()


def _listed(things):
    book = Book()
    for kind, pk, _key in things:
        getattr(book, kind).append(pk)
    for kind in KINDS:
        getattr(book, kind).sort()
    return book


def _things(user):
    """(kind, id, what it hangs on) of everything in the book."""
    of_deal, found = {}, []
    held = Q(handoffs__rep=user, handoffs__ended_at=None) | Q(owner=user, stage__in=WORKED)
    leads = Lead.objects.running().filter(held, merged_into=None).distinct()
    for pk, contact, company, deal in leads.values_list("pk", "contact", "contact__company", "deal"):
        key = _key(company, contact)
        of_deal[deal] = key
        found.append(("leads", pk, key))
    sleeping = Lead.objects.running().filter(owner=user, stage=Stage.NURTURE, merged_into=None)
    for pk, contact, company in sleeping.values_list("pk", "contact", "contact__company"):
        found.append((ASLEEP, pk, _key(company, contact)))
    for pk, company in Deal.objects.open().filter(owner=user).values_list("pk", "company"):
        of_deal[pk] = of_deal.get(pk) or (("company", company) if company else ("deal", pk))
        found.append(("deals", pk, of_deal[pk]))
    steps = Step.objects.filter(owner=user, done_at=None)
    for pk, contact, at_company, deal, of_deals, company in steps.values_list(
        "pk", "contact", "contact__company", "deal", "deal__company", "company"
    ):
        by_deal = of_deal.get(deal) if deal else None
        key = by_deal or (_key(company or at_company or of_deals, contact) if not deal else ("deal", deal))
        found.append(("steps", pk, key))
    accounts = Company.objects.surviving().filter(sales_owner=user).values_list("pk", flat=True)
    return found + [("companies", pk, ("company", pk)) for pk in accounts]


def _only_sleeps(things):
    return all(kind == ASLEEP for kind, _pk in things)


def _key(company, contact):
    return ("company", company) if company else ("contact", contact)
