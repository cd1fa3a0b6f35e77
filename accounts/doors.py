"""The one door to an object: 404 for what the user may not see, 403 for what is seen but not theirs to do."""

from functools import wraps

import rules
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404


def permitted(request, permission, thing=None):
    """Whether the request's user may do `permission` ("app.verb_model") to `thing`, or to anything at all."""
    return rules.has_perm(permission, request.user, thing)


def require(request, permission, thing=None):
    """Raise PermissionDenied unless `permitted`."""
    if not permitted(request, permission, thing):
        raise PermissionDenied


def get_permitted(request, queryset, permission, pk):
    """The object of `queryset` with key `pk` that the user sees and may do `permission` to.

    `queryset` is one (or a manager) that knows `visible_to`. Raises Http404 when the object is not there or not
    visible, PermissionDenied when it is seen but not allowed. The same answer for pages and API.
    """
    thing = get_object_or_404(queryset.visible_to(request.user), pk=pk)
    require(request, permission, thing)
    return thing


def requires(permission):
    """Decorate a view: 403 unless the user may do `permission` at all."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            require(request, permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission
        return guarded

    return decorate
