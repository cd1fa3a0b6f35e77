"""What tests of the joint index work with: versions that both heads signed."""

from datetime import date
from decimal import Decimal

from reports.index import versions
from reports.models import IndexVersion
from tests.cast import NOON

ALL = {
    "leads": (40, 2), "sales": (30, 100), "reputation": (20, 75), "awareness": (10, 50), "search": (5, 30),
}  # fmt: skip


def drafted(cast, components=ALL, first=date(2026, 1, 1), **terms):
    """A draft with {kind: (weight, expected)}."""
    figures = {kind: tuple(map(Decimal, both)) for kind, both in components.items()}
    return versions.save(IndexVersion(first=first, **terms), figures, cast.admin)


def agree(cast, components=ALL, first=date(2026, 1, 1), **terms):
    """A version in force."""
    version = drafted(cast, components, first, **terms)
    for head in (cast.marketing_head, cast.sales_head):
        versions.sign(version.pk, by=head, at=NOON)
    return version
