"""Whose work a user may see: the tests behind every `visible_to` and every object permission."""

from typing import Any, Protocol

from django.db.models import Q

from accounts.models.people import Role, User

SEES_ALL = {Role.MARKETING, Role.ADMIN}
SEES_SOME = {Role.SALES, Role.MANAGER}
SPINE_READERS = {Role.MARKETING, Role.SALES, Role.MANAGER, Role.ADMIN, Role.FINANCE}


class Seen(Protocol):
    """A model whose rows are seen by some: its `objects` know visible_to(user)."""

    objects: Any


def sees_all(user) -> bool:
    """True when `user` reads every lead, contact and deal: marketing, administrators and the heads of a track."""
    if not user.is_active:  # so is everybody who did not sign in
        return False
    return user.role in SEES_ALL or bool(user.head_of) or user.is_superuser


def sees_some(user) -> bool:
    """True when `user` reads the records of people they work with: reps and managers."""
    return user.is_active and user.role in SEES_SOME


def sees_spine(user) -> bool:
    """True when `user` reads what is everybody's: campaigns, spend, companies, products."""
    return user.is_active and (user.role in SPINE_READERS or sees_all(user))


def across(records, name):
    """The `objects` of the model at the other end of a relation: a lower floor may ask a higher one by its name.

    across(contacts, "leads").visible_to(user)
    """
    return records.model._meta.get_field(name).related_model.objects


def colleagues(user):
    """A queryset of the ids of `user`, of the own team and of the teams that `user` heads."""
    mine = Q(pk=user.pk) | Q(team__head=user.pk)
    if user.team_id:
        mine |= Q(team=user.team_id)
    return User.objects.filter(mine).values("pk")


def colleague_ids(user) -> frozenset[int]:
    """The same ids as a set, read once for this `user` object (which lives as long as a request)."""
    if not hasattr(user, "_colleague_ids"):
        user._colleague_ids = frozenset(colleagues(user).values_list("pk", flat=True))
    return user._colleague_ids
