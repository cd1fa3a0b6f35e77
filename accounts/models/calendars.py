"""Working calendars: weekly hours in a zone, with holidays and moved working days."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import valid_zone

OFFICE_HOURS = [[["09:00", "12:30"], ["13:30", "18:00"]]] * 5 + [[], []]


def office_hours():
    """Monday to Friday, 9 to 18 with lunch."""
    return [list(day) for day in OFFICE_HOURS]


class WorkingCalendar(models.Model):
    """`hours` holds seven lists (Monday first) of [from, to] pairs in local time; "24:00" ends a day."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[valid_zone])
    hours = models.JSONField(_("weekly hours"), default=office_hours)
    country = models.CharField(_("country of the holidays"), max_length=2, blank=True, default="")

    class Meta:
        verbose_name = _("working calendar")
        verbose_name_plural = _("working calendars")
        ordering = ["name"]

    def __str__(self):
        return gettext(self.name)  # the first one's is ours: Office


class CalendarDay(models.Model):
    """A day that differs from its weekday: no hours for a holiday, hours for a moved working day."""

    calendar = models.ForeignKey(WorkingCalendar, models.CASCADE, related_name="days")
    day = models.DateField(_("day"))
    hours = models.JSONField(_("hours"), default=list, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="calendar_day_once")]

    def __str__(self):
        return f"{self.day} {self.name}"
