"""What people learned of what they decided or tried."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Lesson(models.Model):
    """What somebody learned of an opportunity to grow, or of a decision about spend; each word is kept, none takes another's place."""

    growth = models.ForeignKey(
        "reports.Growth", models.CASCADE, null=True, blank=True, related_name="lessons"
    )
    shift = models.ForeignKey("reports.Shift", models.CASCADE, null=True, blank=True, related_name="lessons")
    text = models.TextField(_("what we learned"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("said"))

    class Meta:
        verbose_name = _("lesson learned")
        verbose_name_plural = _("lessons learned")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(growth__isnull=False, shift__isnull=True)
                | Q(growth__isnull=True, shift__isnull=False),
                name="lesson_of_one_thing",
            )
        ]

    def __str__(self):
        return self.text[:60]
