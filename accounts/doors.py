"""The one door to an object: 404 for what the user may not see, 403 for what is seen but not theirs to do."""

from contextlib import nullcontext
from functools import wraps

import rules
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404

from engine.outages import ANOTHER_ROLE, SAFE


def permitted(request, permission, thing=None):
    """Whether the request's user may do `permission` ("app.verb_model") to `thing`, or to anything at all."""
    return rules.has_perm(permission, request.user, thing)


def owners_permitted(request, permission, model, rows):
    """Of the owners (ids) of `rows`, those whose records of `model` the user may do it with: asked once for each of them."""
    owners = {row["owner_id"] for row in rows}
    return {owner for owner in owners if permitted(request, permission, model(owner_id=owner))}


def require(request, permission, thing=None):
    """Raise PermissionDenied unless `permitted`; where no thing is asked about, the whole page is another role's."""
    if not permitted(request, permission, thing):
        raise PermissionDenied(ANOTHER_ROLE) if thing is None and request.method in SAFE else PermissionDenied


def get_permitted(request, queryset, permission, pk):
    """The object of `queryset` with key `pk` that the user sees and may do `permission` to.

    `queryset` is one (or a manager) that knows `visible_to`. Raises Http404 when the object is not there or not
    visible, PermissionDenied when it is seen but not allowed. The same answer for pages and API.
    """
    thing = get_object_or_404(queryset.visible_to(request.user), pk=pk)
    require(request, permission, thing)
    return thing


def get_surviving(request, queryset, permission, pk):
    """Like `get_permitted`; of a record that was merged away and is out of sight, the one that it was merged into."""
    try:
        return get_permitted(request, queryset, permission, pk)
    except Http404:
        into = survivor(queryset.model, pk)
        if into is None:
            raise
        return get_permitted(request, queryset, permission, into)


def survivor(model, pk):
    """The key of what a record was merged into, in the end; None where it was not merged."""
    into = None
    while found := model._base_manager.filter(pk=into or pk).values_list("merged_into", flat=True).first():
        into = found
    return into


def saves(view):
    """Decorate a view with a form: what is posted is looked at and saved in one transaction (see `get_held`)."""

    @wraps(view)
    def whole(request, *args, **kwargs):
        with transaction.atomic() if request.method == "POST" else nullcontext():
            return view(request, *args, **kwargs)

    return whole


def get_held(request, queryset, permission, pk):
    """As `get_permitted`; when something is posted, as it now stands, and nobody else changes it before we have.

    To be called in a transaction that lasts until the change is saved: the view is decorated with `saves`.
    """
    return held(request, get_permitted(request, queryset, permission, pk))


def held(request, thing):
    """The same for an object that was found already; one that is not kept yet stays as it is."""
    return hold(thing) if request.method == "POST" and thing.pk else thing


def hold(thing):
    """The object read anew and locked until the transaction ends."""
    return type(thing)._base_manager.select_for_update(no_key=True).get(pk=thing.pk)


def requires(permission):
    """Decorate a view: 403 unless the user may do `permission` at all."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            require(request, permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # a mark on the function
        return guarded

    return decorate
