"""Whose work a user may see: the predicates behind every `visible_to`."""

from django.db.models import Q

from accounts.models.people import Role, User

SEES_ALL = {Role.MARKETING, Role.ADMIN}


def sees_all(user):
    """True when `user` reads every lead, contact and deal: marketing, administrators and the heads of a track."""
    return user.is_active and (user.role in SEES_ALL or bool(user.head_of) or user.is_superuser)


def sees_some(user):
    """True when `user` reads the records of people they work with: reps and managers."""
    return user.is_active and user.role in {Role.SALES, Role.MANAGER}


def colleagues(user):
    """A queryset of the ids of `user`, of the own team and of the teams that `user` heads."""
    mine = Q(pk=user.pk) | Q(team__head=user.pk)
    if user.team_id:
        mine |= Q(team=user.team_id)
    return User.objects.filter(mine).values("pk")
