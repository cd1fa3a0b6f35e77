"""What is so from a day on: one shape for every fact of the structure that has a date, and reorganisations that group them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Reorganisation(models.Model):
    """Several changes of the structure as one act: of one day, for one reason, taken back together before it.

    `changes` is [{"what", "subject", "value"}] as they were put together. They are facts with a date as soon as it is
    planned (`planned_at`), until it is called off. Once its day has come (the moment `since`) it is history.
    """

    name = models.CharField(_("name"), max_length=120)
    since = models.DateTimeField(_("since"))
    reason = models.CharField(_("reason"), max_length=500)
    changes = models.JSONField(default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    planned_at = models.DateTimeField(_("planned"), null=True, editable=False)
    called_off_at = models.DateTimeField(_("called off"), null=True, editable=False)

    class Meta:
        verbose_name = _("reorganisation")
        verbose_name_plural = _("reorganisations")
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_at__isnull=True) | Q(planned_at__lt=F("since")),
                name="reorganisation_planned_ahead",
            ),
            models.CheckConstraint(
                condition=Q(called_off_at__isnull=True) | Q(called_off_at__lt=F("since")),
                name="reorganisation_off_before",
            ),
        ]

    def __str__(self):
        return self.name


class DatedFactQuerySet(models.QuerySet):
    """Facts by what they tell of whom."""

    def of(self, what, *subjects) -> Self:
        """What they say of one kind, of these subjects or of all."""
        found = self.filter(what=what)
        return found.filter(subject__in=subjects) if subjects else found

    def in_force(self, moment) -> Self:
        """The one fact of each kind and subject that held at a moment."""
        held = (
            self.filter(since__lte=moment).order_by("what", "subject", "-since").distinct("what", "subject")
        )
        return self.model._default_manager.filter(pk__in=held.values("pk"))  # type: ignore[return-value]  # the same class


class DatedFact(models.Model):
    """From `since` until the next row of the same kind and subject, `value` is so: rows of one subject cannot overlap.

    `what` names a fact (`accounts.dated.FACTS`), `subject` the id of whom or what it is told, `value` an id, a list of ids in
    order, a word or a number; null is none. `since` may lie ahead: a planned change. Whatever changes the column that
    a fact is kept in adds a row (triggers); what was planned or told late is `pending` until `accounts.dated` has carried it out.
    """

    what = models.CharField(_("what"), max_length=20)
    subject = models.BigIntegerField()
    value = models.JSONField(null=True)
    since = models.DateTimeField(_("since"))
    pending = models.BooleanField(default=False, db_default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    noted_at = models.DateTimeField(db_default=Now(), editable=False)
    reorganisation = models.ForeignKey(
        Reorganisation, models.SET_NULL, null=True, related_name="facts", verbose_name=_("reorganisation")
    )

    objects = DatedFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact with a date")
        verbose_name_plural = _("facts with a date")
        ordering = ["what", "subject", "-since"]
        constraints = [
            models.UniqueConstraint(fields=["what", "subject", "since"], name="dated_fact_one_at_a_time")
        ]
        indexes = [models.Index(fields=["since"], condition=Q(pending=True), name="dated_fact_pending")]

    def __str__(self):
        return f"{self.what} {self.subject}: {self.value}, {self.since}"
