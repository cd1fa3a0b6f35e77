"""How satisfied each chief is with a month: the latest word of each counts, earlier ones are kept."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import organisation
from accounts.models.people import Role
from leads.needs import Need
from reports import periods
from reports.models import Chief, ChiefWord
from reports.months.closing import Refused
from ui import formats

ASKED_FROM = 25  # day of a month from which its word is asked for
BACK = 3  # months before the running one on which a word is still said


def posts_of(user):
    """The Chiefs for whom somebody speaks: a head for the own track, finance, and for the CEO whoever administers the house."""
    if not user.is_active:
        return []
    found = [Chief(user.head_of)] if user.head_of else []
    if user.role == Role.FINANCE:
        found.append(Chief.FINANCE)
    if user.role == Role.ADMIN or user.is_superuser:
        found.append(Chief.CEO)
    return found


def say(month, satisfied, text, *, by, at):
    """The word on a month of every chief for whom `by` speaks. Returns them.

    Raises ValueError for somebody who speaks for none, and Refused where the month has not begun.
    """
    posts = posts_of(by)
    if not posts:
        raise ValueError("only chiefs say how satisfied they are")
    known = months(organisation.today(at))
    if month > known[0]:
        raise Refused(_("%(month)s has not begun yet.") % {"month": formats.month(month)})
    if month < known[-1]:
        raise Refused(
            _("%(month)s is too long ago: its word stands as it is.") % {"month": formats.month(month)}
        )
    return ChiefWord.objects.bulk_create(
        ChiefWord(month=month, chief=post, satisfied=satisfied, text=text.strip(), by=by, at=at)
        for post in posts
    )


def latest(month):
    """{chief: ChiefWord or None} of every Chief, in one statement."""
    said = (
        ChiefWord.objects.filter(month=month).order_by("chief", "-id").distinct("chief").select_related("by")
    )
    found = {one.chief: one for one in said}
    return {chief: found.get(chief) for chief in Chief}


def months(today):
    """The months on which a word may be said on a day, the latest first."""
    return [periods.shifted(today.replace(day=1), -back) for back in range(BACK + 1)]


def asked_month(today):
    """The month whose word is asked for on a day: the running one at its end, else the one before."""
    month = today.replace(day=1)
    return month if today.day >= ASKED_FROM else periods.shifted(month, -1)


def needs(user, at):
    """A Need for a chief who has not said a word on the month that is asked for, in a house that speaks of it at all."""
    posts = posts_of(user)
    if not posts:
        return
    month = asked_month(organisation.today(at))
    said = set(
        ChiefWord.objects.filter(month__gte=periods.shifted(month, -3), month__lte=month).values_list(
            "month", "chief"
        )
    )
    if said and any((month, post) not in said for post in posts):
        what = _("How satisfied are you with %(month)s?") % {"month": formats.month(month)}
        note = _("a number and a sentence for the scorecard of the chiefs")
        yield Need("gauge", "", what, note, f"{reverse('reports:scorecard')}#word")
