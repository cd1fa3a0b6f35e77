"""People come, change and go: invite, keep the rep's profile, deactivate."""

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import ngettext

from accounts import dated, invitations, tokens
from accounts.models import RepProfile, Role, Track, User


class LastAdministrator(Exception):
    """Nobody would be left who can let others in."""


@transaction.atomic
def invite(user, at):
    """Save a new user, who can only enter through the link mailed to them; a rep gets a profile."""
    user.email = user.email.strip().lower()
    user.set_unusable_password()
    change(user)
    invitations.mail_password_link(user, at, invitation=True)
    return user


@transaction.atomic
def change(user):
    """Save a user: administrators may enter the back door, reps have a profile.

    Raises LastAdministrator when no active administrator would remain.
    """
    user.is_staff = user.role == Role.ADMIN or user.is_superuser
    user.save()
    if user.role == Role.SALES:
        RepProfile.objects.get_or_create(user=user)
    _somebody_stays()


@transaction.atomic
def deactivate(user, at):
    """End a person's sessions and tokens at once; what they own stays theirs until it is handed on, what was planned with them is off.

    Returns how many planned changes of the structure that took back. Open handoffs are the leads floor's: `leads.handoffs.release`. Raises LastAdministrator.
    """
    User.objects.filter(pk=user.pk, is_active=True).update(is_active=False, left_at=at)
    RepProfile.objects.filter(user=user).update(accepting=False)
    tokens.revoke(user.tokens, at)
    _somebody_stays()
    return dated.leave_out(user.pk, at)


def taken_back(planned):
    """How many planned changes of the structure named somebody who has left, in words."""
    said = ngettext(
        "%(n)d planned change of the structure that named them is off: look at the structure.",
        "%(n)d planned changes of the structure that named them are off: look at the structure.",
        planned,
    )
    return said % {"n": planned}


def reactivate(user):
    """Let a person in again. Tokens stay revoked, and a rep takes new leads when told so."""
    User.objects.filter(pk=user.pk).update(is_active=True, left_at=None)


@transaction.atomic
def keep_profile(profile, regions=None, segments=None):
    """Save what routing may know of a rep; a territory that is None stays as it is, an empty one is everywhere.

    The counters belong to routing: the ceiling follows capacity and what is in hand at this very moment.
    """
    kept = {name: getattr(profile, name) for name in ("kind", "weight", "capacity", "accepting")}
    same = RepProfile.objects.filter(pk=profile.pk)
    same.update(**kept, cap_ceiling=Greatest(Value(profile.capacity), F("open_n")))
    for territory, chosen in ((profile.regions, regions), (profile.segments, segments)):
        if chosen is not None:
            territory.set(chosen)


def take_again(user):
    """A rep takes new leads again. Routing has kept up with the rep, who catches up on nothing (`leads.assignment`)."""
    RepProfile.objects.filter(user=user).update(accepting=True)


def _somebody_stays():
    admins = User.objects.select_for_update().filter(is_active=True, role=Role.ADMIN)
    if (
        not list(admins.values_list("pk"))
        and not User.objects.filter(is_active=True, is_superuser=True).exists()
    ):
        raise LastAdministrator


def signs_for(user):
    """The tracks for which this user signs: the own as its head, and an administrator for one without a head."""
    admin = user.role == Role.ADMIN or user.is_superuser
    headed = (
        set(User.objects.exclude(head_of="").filter(is_active=True).values_list("head_of", flat=True))
        if admin
        else set()
    )
    return [track for track in Track if track == user.head_of or (admin and track not in headed)]
