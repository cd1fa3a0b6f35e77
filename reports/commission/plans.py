"""Plans of the common commission: drafted, signed by both heads, and the one by which a quarter goes."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Track
from accounts.models.people import SIDES, Role
from leads import signing
from reports import reading
from reports.models import CommissionPlan, CommissionShare, CommissionSignature, CommissionStatement


@dataclass(frozen=True)
class Sharer:
    """Somebody who takes part, on which track, with their share in % where shares are named."""

    person: int
    name: str
    track: str
    percent: Decimal | None


@dataclass(frozen=True)
class Plan:
    """A plan as it is read: its terms, and who takes part, by name."""

    id: int
    first: date
    until: date
    rate: Decimal
    cap: Decimal | None
    unproven: bool
    baselines: bool
    rule: str
    sharers: list[Sharer] = field(default_factory=list)

    def covers(self, period):
        """Does the whole of a period go by it?"""
        return self.first <= period.first and period.until <= self.until


def track_of(role, head_of):
    """Whose side somebody of a role takes; "" for neither."""
    return head_of or SIDES.get(Role(role), "")


def parts():
    """What `signed` needs, for `reading.read`: plans in force or over, and who takes part in any."""
    whole = signing.by_both(CommissionPlan.objects.order_by("-pk"))
    who = ("person__full_name", "person__role", "person__head_of")
    return {
        "plans": whole.values("id", "first", "until", "rate", "cap", "unproven", "baselines", "rule"),
        "sharers": CommissionShare.objects.order_by("person__full_name", "person").values(
            "plan", "person", "percent", *who
        ),
    }


def signed(rows):
    """The Plans that both tracks signed, the newest first."""
    return [
        Plan(
            **{name: row[name] for name in ("id", "unproven", "baselines", "rule")},
            first=reading.day(row["first"]),
            until=reading.day(row["until"]),
            rate=Decimal(row["rate"]),
            cap=None if row["cap"] is None else Decimal(row["cap"]),
            sharers=[_sharer(one) for one in rows["sharers"] if one["plan"] == row["id"]],
        )
        for row in rows["plans"]
    ]


def covering(plans, period):
    """The Plan by which a period goes: the newest that covers it; None where none does."""
    return next((plan for plan in plans if plan.covers(period)), None)


def settled_until():
    """The day until which quarters are settled; None before the first one."""
    return CommissionStatement.objects.aggregate(until=Max("until"))["until"]


def drafts():
    """Plans that wait for signatures."""
    whole = signing.by_both(CommissionPlan.objects.all())
    return CommissionPlan.objects.exclude(pk__in=whole.values("pk"))


def takes_part(user):
    """Does somebody take part in a plan that counts, now or before?"""
    whole = signing.by_both(CommissionPlan.objects.all())
    return CommissionShare.objects.filter(person=user, plan__in=whole.values("pk")).exists()


def save(plan, people, by):
    """Keep a new draft with who takes part: {user id: share in %, or None}."""
    with transaction.atomic():
        plan.created_by = by
        plan.save()
        CommissionShare.objects.bulk_create(
            CommissionShare(plan=plan, person_id=person, percent=percent)
            for person, percent in people.items()
        )
    return plan


def discard(pk):
    """Throw a draft away that nobody has signed. Raises NotToSign."""
    with transaction.atomic():
        plan = _locked(pk)
        signing.unsigned(plan)
        plan.delete()


def sign(pk, *, by, at):
    """Sign for every track that `by` may sign for. Returns whether it is in force with that. Raises NotToSign."""
    with transaction.atomic():
        plan = _locked(pk)
        if (settled := settled_until()) and plan.until <= settled:
            raise signing.NotToSign(_("All of its quarters are settled: nothing would go by it."))
        tracks = signing.open_to(by, plan)
        signing.to_sign(tracks)
        CommissionSignature.objects.bulk_create(
            CommissionSignature(plan=plan, track=track, user=by, at=at) for track in tracks
        )
        return plan.signatures.count() == len(Track)


def _locked(pk):
    plan = CommissionPlan.objects.select_for_update().filter(pk=pk).first()
    if plan is None:
        raise signing.NotToSign(_("Somebody has thrown this draft away."))
    return plan


def _sharer(row):
    percent = None if row["percent"] is None else Decimal(row["percent"])
    track = track_of(row["person__role"], row["person__head_of"])
    return Sharer(row["person"], row["person__full_name"], track, percent)
