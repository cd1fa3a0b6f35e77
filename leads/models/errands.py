"""What the background does about an import beside running it, and the keys that it has met."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ErrandKind(models.TextChoices):
    LOOK = "look", _("Looking ahead")
    UNDO = "undo", _("Being taken back")


class ImportErrand(models.Model):
    """Asked of a run, and claimed by whoever may: to look what it would do, or to take it back.

    A row of its own, because progress is told while a long transaction is at work on the rest. `result` holds the
    figures of a look, `error` why it came to nothing.
    """

    run = models.ForeignKey("leads.ImportRun", models.CASCADE, related_name="errands")
    kind = models.CharField(_("kind"), max_length=10, choices=ErrandKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    asked_at = models.DateTimeField(_("asked"), db_default=Now())
    started_at = models.DateTimeField(_("started"), null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(_("rows done"), default=0)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    result = models.JSONField(_("result"), default=dict)
    error = models.TextField(_("error"), blank=True, default="")
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("errand of an import")
        verbose_name_plural = _("errands of imports")
        constraints = [models.UniqueConstraint(fields=["run", "kind"], name="errand_once_per_run")]
        indexes = [
            models.Index(fields=["kind", "id"], condition=Q(finished_at__isnull=True), name="errand_due")
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.run}"

    @property
    def waiting(self):
        """Whether it is still to be done, or at work."""
        return self.finished_at is None


class ImportKeys(models.Model):
    """The keys of one chunk of a run that goes on, as 64-bit digests beside the lines on which they stood."""

    run = models.ForeignKey("leads.ImportRun", models.CASCADE, related_name="+")
    digests = ArrayField(models.BigIntegerField())
    lines = ArrayField(models.PositiveIntegerField())

    def __str__(self):
        return f"{len(self.lines)} keys"
