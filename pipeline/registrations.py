"""What stands against a dealer's registration: another dealer's, or a deal of our own with the same company."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext as _

from pipeline import changes as changed
from pipeline.models import Deal, DealRegistration
from ui import formats

KEPT = ("dealer_id", "customer_id", "product_id", "registered_on", "protected_until", "withdrawn", "note")


@dataclass(frozen=True)
class Conflict:
    """One thing that stands against it: `kind` is registration or deal, `pk` its key; in words without amounts or people."""

    kind: str
    pk: int
    words: str


def changes(registration):
    """The Changes of a registration, newest first."""
    return changed.changes(registration, apps.get_model("pipeline.DealRegistrationEvent"), KEPT)


def same(registration):
    """The registration in force that says the same of the same time already: dealer, customer and product; None without."""
    if registration.withdrawn:
        return None
    return (
        DealRegistration.objects.filter(
            dealer=registration.dealer_id,
            customer=registration.customer_id,
            product=registration.product_id,
            withdrawn=False,
            registered_on__lte=registration.protected_until,
            protected_until__gte=registration.registered_on,
        )
        .exclude(pk=registration.pk)
        .order_by("pk")
        .first()
    )


def told_same(other):
    """Why a registration is not entered that says the same as `other`."""
    return _("This is registered already, until %(day)s (number %(pk)d): change that one instead.") % {
        "day": formats.day(other.protected_until), "pk": other.pk,
    }  # fmt: skip


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
    """The registrations that protect dealers at a company on a day, without those of one dealer, soonest to end first.

    Read as they are told: whose, and until when.
    """
    if company is None:
        return []
    found = DealRegistration.objects.protecting(on).filter(customer=company).select_related("dealer")
    found = found.only("protected_until", "dealer__name")
    return list(found.exclude(dealer=but_dealer).order_by("protected_until", "pk"))
