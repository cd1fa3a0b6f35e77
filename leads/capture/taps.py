"""What one tap did is kept for a while, so that a slip of the thumb can be taken back."""

from leads.handoffs.undoing import WITHIN
from leads.models import Handoff, Lead, Tap


def keep(by, at, **did):
    """Keep what the tap of `by` at this moment did, beside what is kept of it already; what is too old goes."""
    Tap.objects.filter(by=by, at__lt=at - WITHIN).delete()
    Tap.objects.bulk_create(
        [Tap(by=by, at=at, **did)],
        update_conflicts=True,
        unique_fields=["by", "at"],
        update_fields=list(did),
    )


def in_hand(contact_id):
    """The handoff that an attempt with this contact counts for, locked; None where nobody has accepted them."""
    leads = Lead.objects.filter(contact=contact_id).values("pk")
    accepted = Handoff.objects.open().filter(lead__in=leads, accepted_at__isnull=False)
    return accepted.select_for_update(no_key=True).order_by("-accepted_at", "pk").first()
