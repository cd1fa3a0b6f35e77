"""Goals of programmes: drafted, signed by both heads, and the one in force."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Track
from leads import signing
from reports.models import KeepGoal, KeepSignature


def in_force(campaign):
    """The newest goal of a programme that both heads signed; None without one."""
    return signing.by_both(KeepGoal.objects.filter(campaign=campaign)).order_by("-pk").first()


def drafts(campaign):
    """Goals of a programme that wait for signatures."""
    signed = signing.by_both(KeepGoal.objects.filter(campaign=campaign))
    found = KeepGoal.objects.filter(campaign=campaign).exclude(pk__in=signed.values("pk"))
    return found.select_related("created_by").prefetch_related("signatures__user")


def sign(pk, *, by, at):
    """Sign for every track that `by` may sign for. Returns whether it is in force with that. Raises NotToSign."""
    with transaction.atomic():
        goal = _locked(pk)
        tracks = signing.open_to(by, goal)
        signing.to_sign(tracks)
        KeepSignature.objects.bulk_create(
            KeepSignature(goal=goal, track=track, user=by, at=at) for track in tracks
        )
        return goal.signatures.count() == len(Track)


def discard(pk):
    """Throw a draft away that nobody has signed. Raises NotToSign."""
    with transaction.atomic():
        goal = _locked(pk)
        signing.unsigned(goal)
        goal.delete()


def _locked(pk):
    goal = KeepGoal.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if goal is None:
        raise signing.NotToSign(_("Somebody has thrown this draft away."))
    return goal
