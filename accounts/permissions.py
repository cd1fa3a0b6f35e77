"""Small predicates on people and on what they work with; the rules of every app are composed from these.

An object predicate that is asked without an object answers "perhaps": it is true where the user may do the verb to
some object. No predicate here is ever true for somebody who may no longer sign in.
"""

import rules

from accounts.models.people import Role, Track
from accounts.visibility import colleague_ids, sees_all, sees_some


def _role(role):
    @rules.predicate(name=f"is_{role}")
    def has_role(user):
        return user.is_active and getattr(user, "role", None) == role

    return has_role


is_marketer = _role(Role.MARKETING)
is_rep = _role(Role.SALES)
is_manager = _role(Role.MANAGER)
is_finance = _role(Role.FINANCE)
is_service = _role(Role.SERVICE)


@rules.predicate
def is_admin(user):
    """Administrators; a superuser is one whatever the role."""
    return user.is_active and (getattr(user, "role", None) == Role.ADMIN or user.is_superuser)


@rules.predicate
def is_head(user):
    """Head of either track."""
    return user.is_active and bool(getattr(user, "head_of", ""))


def is_head_of(track):
    """A predicate: head of `track`."""

    @rules.predicate(name=f"is_head_of_{track}")
    def heads(user):
        return user.is_active and getattr(user, "head_of", "") == track

    return heads


is_marketing_head = is_head_of(Track.MARKETING)
is_sales_head = is_head_of(Track.SALES)

leads_all = is_head | is_admin
sells = is_rep | is_manager | leads_all
markets = is_marketer | leads_all
works = is_marketer | is_rep | is_manager | leads_all
reads_spine = works | is_finance
everybody = reads_spine | is_service


@rules.predicate
def reads_all(user):
    """Reads every lead, contact and deal."""
    return sees_all(user)


@rules.predicate
def is_self(user, person):
    """The user's own record."""
    return person is None or person.pk == user.pk


@rules.predicate
def owns(user, thing):
    """The thing's owner is the user."""
    return thing is None or thing.owner_id == user.pk


@rules.predicate
def of_colleague(user, thing):
    """The thing's owner is the user, or works in a team that the user belongs to or heads."""
    return thing is None or thing.owner_id in colleague_ids(user)


def through_queryset(user, thing):
    """The object test that asks the queryset itself: for what is visible by way of other records."""
    return thing is None or type(thing).objects.visible_to(user).filter(pk=thing.pk).exists()


is_visible = rules.predicate(through_queryset, name="is_visible")


@rules.predicate
def reads_some(user):
    """Reads the records of the people they work with."""
    return sees_some(user)
