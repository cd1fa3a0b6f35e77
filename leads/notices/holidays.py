"""The yearly reminder: somebody should look at next year's holidays and moved working days before they count."""

from django.urls import reverse
from django.utils import timezone

from accounts import holidays, organisation
from accounts.models import Role, User, WorkingCalendar
from leads.models.notices import Notice, NoticeKind
from leads.notices.sending import News, announce

FROM_MONTH = 12  # governments have published their tables by then


def remind_due(at=None):
    """In December: enter what is known of next year, and remind the administrators once for each calendar with a country.

    Returns how many calendars they were reminded of.
    """
    at = at or timezone.now()
    today = organisation.today(at)
    if today.month < FROM_MONTH:
        return 0
    year = today.year + 1
    told = set(
        Notice.objects.filter(kind=NoticeKind.CALENDAR, subject__endswith=f":{year}").values_list(
            "subject", flat=True
        )
    )
    due = [one for one in WorkingCalendar.objects.exclude(country="") if _subject(one, year) not in told]
    admins = (
        list(User.objects.filter(role=Role.ADMIN, is_active=True).values_list("pk", flat=True)) if due else []
    )
    if not admins:
        return 0
    for calendar in due:
        holidays.fill(calendar, year)
        facts = {
            "calendar": calendar.name,
            "year": year,
            "days": calendar.days.filter(day__year=year).count(),
        }
        path = reverse("accounts:calendar", args=[calendar.pk])
        announce(
            NoticeKind.CALENDAR, [News(user, _subject(calendar, year), path, facts, at) for user in admins]
        )
    return len(due)


def _subject(calendar, year):
    return f"calendar:{calendar.pk}:{year}"
