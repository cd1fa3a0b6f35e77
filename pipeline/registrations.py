"""What stands against a dealer's registration: another dealer's, or a deal of our own with the same company."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from pipeline.models import Deal, DealRegistration
from ui import formats


@dataclass(frozen=True)
class Conflict:
    """One thing that stands against it: `kind` is registration or deal, `pk` its key; in words without amounts or people."""

    kind: str
    pk: int
    words: str


def conflicts(registration, on):
    """The Conflicts of a registration on a day, in two queries: other dealers' claims in force, and our open deals.

    Only about the same product, where both name one. A deal that goes through this dealer is none. What is withdrawn
    or has run out stands against nothing.
    """
    if not registration.protects(on):
        return []
    others = DealRegistration.objects.protecting(on).filter(customer=registration.customer_id)
    others = (
        others.exclude(pk=registration.pk).exclude(dealer=registration.dealer_id).select_related("dealer")
    )
    deals = Deal.objects.open().filter(company=registration.customer_id)
    deals = deals.filter(Q(partner=None) | ~Q(partner=registration.dealer_id))
    if registration.product_id:
        same = Q(product=None) | Q(product=registration.product_id)
        others, deals = others.filter(same), deals.filter(same)
    found = [
        Conflict(
            "registration",
            other.pk,
            _("%(dealer)s has registered this customer until %(day)s.")
            % {"dealer": other.dealer, "day": formats.day(other.protected_until)},
        )
        for other in others.order_by("pk")
    ]
    for deal in deals.order_by("pk"):
        words = _("We have an open deal with this customer: %(deal)s.") % {"deal": deal.name}
        found.append(Conflict("deal", deal.pk, words))
    return found


def of_customer(company, on, but_dealer=None):
    """The registrations that protect dealers at a company on a day, without those of one dealer, soonest to end first."""
    if company is None:
        return []
    found = (
        DealRegistration.objects.protecting(on).filter(customer=company).select_related("dealer", "product")
    )
    return list(found.exclude(dealer=but_dealer).order_by("protected_until", "pk"))
