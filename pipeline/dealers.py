"""Dealers as a channel: what went through one of them, and how much of what was won came directly or through dealers."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from pipeline.cancellations import cancelled
from pipeline.models import Deal, DealRegistration, Outcome

ZERO = Decimal(0)
YEAR = timedelta(days=365)
DIRECTLY, THROUGH = Q(partner=None), Q(partner__isnull=False)


def through_filter(**options):
    """The filter of deals by their way to the customer: directly, or through dealers."""
    return django_filters.ChoiceFilter(
        choices=[("directly", _("Directly")), ("dealers", _("Through dealers"))],
        method=lambda deals, _name, way: deals.filter(DIRECTLY if way == "directly" else THROUGH),
        **options,
    )


@dataclass(frozen=True)
class Business:
    """The deals of a dealer that a user sees; amounts in the report currency, what was cancelled is off `won_amount`."""

    open: int
    won: int
    lost: int
    open_amount: Decimal
    won_amount: Decimal

    @property
    def rate(self):
        """Won of what has ended; None while nothing has."""
        ended = self.won + self.lost
        return self.won / ended if ended else None


@dataclass(frozen=True)
class Shares:
    """What was won of late, in the report currency: directly, through dealers, and of that through one of them."""

    directly: Decimal
    through: Decimal
    this: Decimal

    @property
    def dealers(self):
        """The part that came through dealers; None without anything won."""
        whole = self.directly + self.through
        return self.through / whole if whole else None

    @property
    def direct(self):
        """The part that came directly."""
        return None if self.dealers is None else 1 - self.dealers

    @property
    def own(self):
        """The part of this dealer in all that was won."""
        whole = self.directly + self.through
        return self.this / whole if whole else None


def business(dealer, user):
    """The Business of a dealer in one query."""
    deals: Any = Deal.objects.visible_to(user).filter(partner=dealer).order_by()
    counted = {name: Q(outcome=name) for name in Outcome.values}
    row = deals.annotate(gone=cancelled("base_amount")).aggregate(
        **{f"n_{name}": Count("pk", filter=met) for name, met in counted.items()},
        in_work=Sum("base_amount", filter=counted[Outcome.OPEN]),
        sold=Sum("base_amount", filter=counted[Outcome.WON]),
        off=Sum("gone", filter=counted[Outcome.WON]),
    )
    won = (row["sold"] or ZERO) - (row["off"] or ZERO)
    return Business(row["n_open"], row["n_won"], row["n_lost"], row["in_work"] or ZERO, won)


def shares(dealer, user, on):
    """The Shares of the year that ends with a day, of the deals that the user sees, in one query."""
    deals: Any = Deal.objects.visible_to(user).won().filter(signed_on__gt=on - YEAR, signed_on__lte=on)
    parts = {"directly": DIRECTLY, "through": THROUGH, "this": Q(partner=dealer)}
    row = (
        deals.order_by()
        .annotate(gone=cancelled("base_amount"))
        .aggregate(
            **{name: Sum("base_amount", filter=met) for name, met in parts.items()},
            **{f"{name}_off": Sum("gone", filter=met) for name, met in parts.items()},
        )
    )
    return Shares(**{name: (row[name] or ZERO) - (row[f"{name}_off"] or ZERO) for name in parts})


@dataclass(frozen=True)
class Panel:
    """What the page of a dealer tells beside its facts."""

    business: Business
    shares: Shares
    deals: list
    registrations: list


def panel(dealer, user, on, most):
    """The Panel of a dealer, None for any other company: four queries, the newest deals and registrations."""
    if not dealer.is_partner:
        return None
    deals = Deal.objects.visible_to(user).filter(partner=dealer).select_related("stage", "company")
    registered = DealRegistration.objects.visible_to(user).filter(dealer=dealer).select_related("customer")
    return Panel(
        business(dealer, user),
        shares(dealer, user, on),
        list(deals.order_by("-opened_at", "-id")[:most]),
        list(registered.order_by("-registered_on", "-id")[:most]),
    )
