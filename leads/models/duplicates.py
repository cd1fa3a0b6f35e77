"""Pairs of records that are probably the same one, for somebody to look at; and what is still to be compared."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.models.merges import MergeKind
from leads.visibility import DuplicateQuerySet


class Duplicate(models.Model):
    """A likely pair, the older record first. Gone from the list once merged or dismissed; a dismissed pair stays away."""

    kind = models.CharField(_("what"), max_length=10, choices=MergeKind)
    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField()
    probability = models.FloatField(_("how likely"))
    evidence = models.JSONField(_("why"), default=list)
    against = models.JSONField(_("what speaks against it"), default=list, db_default=[])
    found_at = models.DateTimeField(_("found"))
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    dismissed_at = models.DateTimeField(null=True, blank=True)

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = _("likely duplicate")
        verbose_name_plural = _("likely duplicates")
        constraints = [
            models.UniqueConstraint(fields=["kind", "low_id", "high_id"], name="duplicate_once"),
            models.CheckConstraint(condition=Q(low_id__lt=models.F("high_id")), name="duplicate_in_order"),
        ]
        indexes = [
            models.Index(fields=["kind", "high_id"], name="duplicate_newer"),
            models.Index(
                fields=["kind", "-probability", "-id"],
                condition=Q(dismissed_at__isnull=True),
                name="duplicate_to_look_at",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.low_id} = {self.high_id}?"


class NumberMark(models.Model):
    """A contact whose numbers are to be read anew: its country, its company's or the house's is news. Written by triggers, without a unique key."""

    contact_id = models.BigIntegerField()

    def __str__(self):
        return str(self.contact_id)


class DuplicateMark(models.Model):
    """A record that is new or was renamed and is to be compared. Written by triggers, without a unique key."""

    kind = models.CharField(max_length=10, choices=MergeKind)
    record_id = models.BigIntegerField()

    def __str__(self):
        return f"{self.kind} {self.record_id}"
