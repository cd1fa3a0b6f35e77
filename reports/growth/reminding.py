"""Opportunities to grow whose day to look at them again has come, said to those who own them."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import organisation
from leads.needs import MOST_EACH, Need
from reports.growth.showing import OPEN
from reports.models import Growth
from ui import formats


def due(today):
    """Opportunities that are an idea or being tried, and are to be looked at again by this day; the longest due first."""
    return Growth.objects.filter(state__in=OPEN, look_on__lte=today).order_by("look_on", "id")


def needs(user, at):
    """A Need for each that `user` owns on either side; one that nobody owns is owed by whoever wrote it down."""
    nobodys = Q(marketer=None, seller=None, entered_by=user)
    for one in due(organisation.today(at)).filter(Q(marketer=user) | Q(seller=user) | nobodys)[:MOST_EACH]:
        note = _("growth opportunity, to be looked at again since %(day)s") % {
            "day": formats.day(one.look_on)
        }
        yield Need("sprout", "soon", one.name, note, reverse("reports:growth-one", args=[one.pk]))
