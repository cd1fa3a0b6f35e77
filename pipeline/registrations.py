"""What stands against a dealer's registration: another dealer's, or a deal of our own with the same company."""

from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from pipeline.models import Company, Deal, DealRegistration, Product
from pipeline.models.base import label_of
from ui import formats

KEPT = ("dealer_id", "customer_id", "product_id", "registered_on", "protected_until", "withdrawn", "note")


@dataclass(frozen=True)
class Conflict:
    """One thing that stands against it: `kind` is registration or deal, `pk` its key; in words without amounts or people."""

    kind: str
    pk: int
    words: str


@dataclass(frozen=True)
class Change:
    """A field of a registration that somebody (None: no person) changed, with both values in words."""

    at: datetime
    by: User | None
    field: str
    label: str
    before: str
    after: str


def changes(registration):
    """The Changes of a registration, newest first, from the history that the database keeps."""
    events = apps.get_model("pipeline.DealRegistrationEvent").objects.filter(
        pgh_obj=registration.pk, pgh_label="update"
    )
    events = list(events.select_related("pgh_context").order_by("-pgh_id"))
    makers = _makers(events)
    names, found, after = _names(events, registration), [], registration
    for event in events:  # a row holds what stood there before the change
        by = makers.get(_user_of(event))
        for name in KEPT:
            before, now = getattr(event, name), getattr(after, name)
            if before != now:
                label = str(label_of(DealRegistration, name.removesuffix("_id")))
                found.append(
                    Change(
                        event.pgh_created_at, by, name.removesuffix("_id"), label,
                        _said(names, name, before), _said(names, name, now),
                    )
                )  # fmt: skip
        after = event
    return found


def _user_of(event):
    return event.pgh_context.metadata.get("user") if event.pgh_context else None


def _makers(events):
    return User.objects.in_bulk({pk for pk in map(_user_of, events) if pk})


def _names(events, registration):
    """{name of a field: {key: the record}} of everything that any version names."""
    versions = [*events, registration]
    return {
        name: model.objects.in_bulk({getattr(one, name) for one in versions} - {None})
        for name, model in (("dealer_id", Company), ("customer_id", Company), ("product_id", Product))
    }


def _said(names, name, value):
    if name in names:
        return str(names[name].get(value, value)) if value else formats.EMPTY
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return formats.day(value) if isinstance(value, date) else value or formats.EMPTY


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
