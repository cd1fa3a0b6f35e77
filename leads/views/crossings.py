"""Contacts that the agreement leaves to the other track, as a list of a span of days."""

from datetime import timedelta

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts import organisation
from accounts.doors import requires
from accounts.models import Track
from leads import crossings
from leads.models import Touch
from leads.models.contacting import Other
from ui import formats
from ui.tables import Column, Table

MOST = 200
COLUMNS = [
    Column("name", pgettext_lazy("of a person", "Name"), href="href", note="company"),
    Column("at", gettext_lazy("When"), kind="moment"),
    Column("way", pgettext_lazy("of contact", "How")),
    Column("who", gettext_lazy("By whom"), note="by_track"),
    Column("phase", gettext_lazy("Where they stood")),
    Column("rule", gettext_lazy("Agreed")),
]


@requires("leads.view_agreement")
def crossing_list(request):
    """Those of the days from `?since=` until before `?until=` (this month without), as far as the user sees the people; `?count=1`: how many."""
    since, until = _span(request)
    if request.GET.get("count"):
        counted = crossings.count(organisation.midnight(since), organisation.midnight(until))
        return HttpResponse(_words(counted))
    found = crossings.between(organisation.midnight(since), organisation.midnight(until))
    touches = Touch.objects.visible_to(request.user).select_related("contact__company", "actor")
    seen = touches.in_bulk([one.touch for one in found])
    rows = [_row(one, seen[one.touch]) for one in found if one.touch in seen][:MOST]
    table = Table(rows, COLUMNS, _("Crossings"), request=request, cards=True, empty=_("Nobody crossed over."))
    context = {
        "table": table,
        "all": len(found),
        "shown": len(rows),
        "since": since,
        "last": until - timedelta(days=1),
    }
    return render(request, "leads/agreement/crossings.html", context)


def _words(counted):
    """The figure; of which contacts, where not all were looked at."""
    n = formats.number(counted.n)
    if counted.whole:
        return n
    return _("%(n)s of the newest %(looked)s contacts") % {"n": n, "looked": formats.number(counted.looked)}


def _row(one, touch):
    return {
        "name": str(touch.contact),
        "href": reverse("pipeline:contact", args=[touch.contact_id]),
        "company": str(touch.contact.company or ""),
        "at": touch.at,
        "way": one.way_words,
        "who": str(touch.actor) if touch.actor else None,
        "by_track": Track(touch.track).label,
        "phase": one.phase_words,
        "rule": f"{Track(one.track).label}; {Track(touch.track).label}: {Other(one.other).label}",
    }


def _span(request):
    """(first day, day after the last); this month without. Raises SuspiciousOperation for what is no span of days."""
    today = organisation.today(timezone.now())
    asked = request.GET.get("since", ""), request.GET.get("until", "")
    try:
        since, until = (parse_date(text) for text in asked)
    except ValueError:
        since = until = None
    if any(asked) and (since is None or until is None or until <= since):
        raise SuspiciousOperation("span")
    return since or today.replace(day=1), until or today + timedelta(days=1)
