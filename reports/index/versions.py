"""Versions of the joint index: drafted, signed by both heads, and the one by which a period goes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import organisation
from accounts.models import Track
from leads import signing
from reports import reading
from reports.models import IndexComponent, IndexSignature, IndexVersion


@dataclass(frozen=True)
class Component:
    """What counts, with which weight, and what is expected: of a month, or a level in %."""

    kind: str
    weight: Decimal
    expected: Decimal


@dataclass(frozen=True)
class Version:
    """A version as it is read."""

    id: int
    first: date
    cap: int
    lasts: int
    components: list[Component]

    @property
    def weight(self):
        """The sum of all weights."""
        return sum((one.weight for one in self.components), Decimal())


def parts(region, segment):
    """What `signed` needs, for `reading.read`: versions of a market (ids, None: neither) that both tracks signed."""
    market = {"region": region, "segment": segment}
    whole = signing.by_both(IndexVersion.objects.filter(**market))
    of_them = IndexComponent.objects.filter(**{f"version__{name}": pk for name, pk in market.items()})
    return {
        "versions": whole.order_by("-first", "-pk").values("id", "first", "cap", "lasts"),
        "components": of_them.order_by("pk").values("version", "kind", "weight", "expected"),
    }


def signed(rows):
    """The Versions that both tracks signed, that which holds latest first."""
    return [
        Version(
            row["id"], reading.day(row["first"]), row["cap"], row["lasts"],
            [
                Component(one["kind"], Decimal(one["weight"]), Decimal(one["expected"]))
                for one in rows["components"] if one["version"] == row["id"]
            ],
        )
        for row in rows["versions"]
    ]  # fmt: skip


def holding(versions, period):
    """The Version by which a whole period goes: that in force in its first month; None where none is."""
    return next((one for one in versions if one.first <= period.first), None)


def drafts():
    """Versions that wait for signatures."""
    whole = signing.by_both(IndexVersion.objects.all())
    return IndexVersion.objects.exclude(pk__in=whole.values("pk")).select_related("region", "segment")


def save(version, components, by):
    """Keep a new draft with its components: {kind: (weight, expected)}."""
    with transaction.atomic():
        version.created_by = by
        version.save()
        IndexComponent.objects.bulk_create(
            IndexComponent(version=version, kind=kind, weight=weight, expected=expected)
            for kind, (weight, expected) in components.items()
        )
    return version


def discard(pk):
    """Throw a draft away that nobody has signed. Raises NotToSign."""
    with transaction.atomic():
        version = _locked(pk)
        signing.unsigned(version)
        version.delete()


def sign(pk, *, by, at):
    """Sign for every track that `by` may sign for. Returns whether it is in force with that. Raises NotToSign."""
    with transaction.atomic():
        version = _locked(pk)
        if too_late(version, organisation.today(at)):
            raise signing.NotToSign(
                _("Months that are over keep the version they went by: draft one that begins this month or later.")
            )  # fmt: skip
        tracks = signing.open_to(by, version)
        signing.to_sign(tracks)
        IndexSignature.objects.bulk_create(
            IndexSignature(version=version, track=track, user=by, at=at) for track in tracks
        )
        return version.signatures.count() == len(Track)


def too_late(version, today):
    """Would it change what past months of its market went by? The first version of a market may begin in the past."""
    if version.first >= today.replace(day=1):
        return False
    same = IndexVersion.objects.filter(region=version.region, segment=version.segment).exclude(pk=version.pk)
    return signing.by_both(same).exists()


def _locked(pk):
    version = IndexVersion.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if version is None:
        raise signing.NotToSign(_("Somebody has thrown this draft away."))
    return version
