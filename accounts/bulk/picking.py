"""Which records one click takes: those that were ticked, or all that a list shows under the filters of its address.

@matched("leads:lead-list")
def matching(request, data): …      # the FilterSet of the list for the query `data`, over what the user sees
"""

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.bulk.choices import MOST
from ui import formats

LISTS = {}


def matched(page):
    """Decorates the function that filters the list with the URL name `page`: a change may go beyond one of its pages."""

    def keep(filters_of):
        LISTS[page] = filters_of
        return filters_of

    return keep


def picked(request, model=None):
    """The keys that were ticked, or of all records of `model` that match where `all` has a list's address; MOST at most.

    Where that leaves some out, a warning tells. Raises SuspiciousOperation for an address of no such list.
    """
    if model and (address := request.POST.get("all", "")):
        return _all(request, address, model)
    asked = [pk for value in request.POST.getlist("pick") for pk in value.split(",")]
    return first_of(
        request, [int(pk) for pk in asked if pk.isascii() and pk.isdigit() and len(pk) < 19], MOST
    )


def _all(request, address, model):
    path, _mark, query = address.partition("?")
    filters = _filters_of(path)(request, QueryDict(query))
    if (filters.is_bound and not filters.is_valid()) or filters.queryset.model is not model:
        raise SuspiciousOperation(address[:200])
    ids = list(filters.qs.order_by("-pk").values_list("pk", flat=True)[: MOST + 1])
    if len(ids) > MOST:
        said = _(
            "More than %(most)s match: the newest %(most)s are taken. Narrow the list to reach the others."
        )
        messages.warning(request, said % {"most": formats.number(MOST)})
    return ids[:MOST]


def _filters_of(path):
    try:
        return LISTS[resolve(path).view_name]
    except (Resolver404, KeyError):
        raise SuspiciousOperation(path[:200]) from None


def first_of(request, asked, most):
    """The first `most` of what was ticked; where that cuts some, a warning tells how many were left as they are."""
    left = len(asked) - most
    if left > 0:
        said = ngettext(
            "One click takes %(most)d at most: %(left)d more was left as it is.",
            "One click takes %(most)d at most: %(left)d more were left as they are.",
            left,
        )
        messages.warning(request, said % {"most": most, "left": left})
    return asked[:most]
