"""What the owner of an account sees of signs of use: one card a customer, with whom to talk to."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max, OuterRef, Prefetch, Q, Subquery, Sum

from leads import reach
from leads.models import Touch, UsageSign
from leads.usage.wording import sentence
from pipeline.models import Company, Contact, Deal, Identity, Outcome

MOST = 10


@dataclass(frozen=True)
class Card:
    """The signs of one customer that nobody has closed, the newest first, and the person spoken to last."""

    company: Company
    signs: list
    contact: Contact | None
    reach: reach.Reach | None
    bought: Any
    last_won: Any

    @property
    def at(self):
        return self.signs[0].began_at

    @property
    def deal(self):
        """The open deal that was made of it."""
        return next((one.deal for one in self.signs if one.deal and one.deal.outcome == Outcome.OPEN), None)


def mine(user):
    """The open signs of the accounts that a user looks after; of those without an owner, what the user sold last."""
    held = Q(unit__company__sales_owner=user) | Q(unit__company__sales_owner=None, owner=user)
    return UsageSign.objects.open().filter(held)


def cards(user):
    """The Cards of a user, the newest first, in three queries."""
    won = Deal.objects.won().filter(company=OuterRef("unit__company")).order_by().values("company")
    signs = (
        mine(user)
        .filter(closed_at=None)
        .select_related("unit__product", "unit__company__region", "deal")
        .annotate(
            bought=Subquery(won.annotate(n=Sum("base_amount")).values("n")),
            last_won=Subquery(won.annotate(n=Max("signed_on")).values("n")),
        )
        .order_by("-began_at", "-pk")
    )
    by_company: dict[int, list] = {}
    for sign in signs[: MOST * 20]:
        sign.words = sentence(sign)
        by_company.setdefault(sign.unit.company_id, []).append(sign)
    people = _spoken_to(list(by_company)[:MOST], user)
    return [_card(found, people.get(company)) for company, found in list(by_company.items())[:MOST]]


def _card(signs, contact):
    way = reach.of(contact.identities.all()) if contact else None
    first = signs[0]
    return Card(first.unit.company, signs, contact, way, first.bought, first.last_won)


def whom(company, by):
    """The person of a company to whom somebody spoke last, of those whom a user sees, or None."""
    return _spoken_to([company.pk], by).get(company.pk)


def _spoken_to(companies, by):
    """Company → its Contact with the latest dealing, of those whom a user sees."""
    last = Touch.objects.filter(contact=OuterRef("pk"), automatic=False).order_by("-at").values("at")[:1]
    people = Contact.objects.visible_to(by).surviving().filter(company__in=companies)
    people = people.annotate(spoken=Subquery(last))
    first = people.order_by("company", F("spoken").desc(nulls_last=True), "pk").distinct("company")
    named = first.prefetch_related(Prefetch("identities", Identity.objects.order_by("pk")))
    return {one.company_id: one for one in named}
