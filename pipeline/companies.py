"""Companies: finding the same one again, and what stands behind a page of them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from pipeline.cancellations import cancelled
from pipeline.models import Company, Contact, Deal, Outcome
from pipeline.names import company_key

ZERO = Decimal(0)
MOST_DOUBLES = 5
COLLEAGUES_ACCOUNT = _(
    "This account is a colleague's. Nothing was changed: ask them, or your manager, to hand it over."
)
KEY_BY_HEADS = _("A manager or a head says which companies are key accounts.")


@dataclass
class Figures:
    """What a user sees of a company's business; amounts in the report currency. What was cancelled is off `won_amount`."""

    contacts: int = 0
    open_deals: int = 0
    open_amount: Decimal = ZERO
    won_amount: Decimal = ZERO


def figures(company_ids, user):
    """{company id: Figures} in two queries, of the contacts and deals that `user` sees."""
    found = {pk: Figures() for pk in company_ids}
    contacts = Contact.objects.visible_to(user).surviving().filter(company__in=company_ids)
    for row in contacts.order_by().values("company").annotate(n=Count("id")):
        found[row["company"]].contacts = row["n"]
    is_open, is_won = Q(outcome=Outcome.OPEN), Q(outcome=Outcome.WON)
    deals: Any = Deal.objects.visible_to(user).filter(company__in=company_ids).order_by()
    for row in (
        deals.annotate(gone=cancelled("base_amount"))
        .values("company")
        .annotate(
            n=Count("id", filter=is_open),
            in_work=Sum("base_amount", filter=is_open),
            won=Sum("base_amount", filter=is_won),
            off=Sum("gone"),
        )
    ):
        one = found[row["company"]]
        one.open_deals, one.open_amount = row["n"], row["in_work"] or ZERO
        one.won_amount = (row["won"] or ZERO) - (row["off"] or ZERO)
    return found


def added_up(contacts, deals):
    """The Figures of one company, of all its contacts and deals that a user sees, where they are at hand anyway.

    The deals tell how much of each was cancelled (`base_gone`).
    """
    made = Figures(contacts=len(contacts))
    for deal in deals:
        if deal.outcome == Outcome.OPEN:
            made.open_deals += 1
            made.open_amount += deal.base_amount or 0
        elif deal.outcome == Outcome.WON:
            made.won_amount += (deal.base_amount or 0) - (deal.base_gone or 0)
    return made


def likely_same(name, domain, besides=None):
    """Companies that are probably this one: the same name without legal form, or the same web domain."""
    same = Q(key=company_key(name))
    if domain:
        same |= Q(domain=domain)
    return list(Company.objects.surviving().filter(same).exclude(pk=besides).order_by("pk")[:MOST_DOUBLES])


def called(name):
    """The company of a name as people type it: the one that we know by it, whatever its legal form, or a new one."""
    key = company_key(name)
    found = Company.objects.surviving().filter(key=key).order_by("pk").first()
    return found or Company.objects.create(name=name.strip(), key=key)


def is_within(company_id, wholes):
    """Whether a company is one of `wholes` (ids) or, by however many steps, part of one."""
    seen: set[int] = set()
    while company_id is not None and company_id not in seen:
        if company_id in wholes:
            return True
        seen.add(company_id)
        company_id = Company.objects.filter(pk=company_id).values_list("parent", flat=True).first()
    return False


def bare_domain(text):
    """The web domain in what people paste: "https://www.Acme.com/en" → "acme.com"; empty where there is none."""
    text = text.strip().lower()
    try:
        place = urlsplit(text if "//" in text else f"//{text}").netloc
    except ValueError:  # half an address of IPv6
        return ""
    return place.rpartition("@")[2].partition(":")[0].removeprefix("www.").rstrip(".")
