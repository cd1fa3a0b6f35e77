"""What each side of the agreement owed and gave, as the rollups hold it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.models.base import Tally, counted


class CountedPromise(models.Model):
    """One handoff as far as sales promised something of it: local days on which an answer and a first contact fell due and on
    which an accepted lead was let go, each with whether the promise was kept. Reps' own finds have no row.

    `last_due_at` is the later of both clocks: what is not due yet is told by it.
    """

    handoff = counted("leads.Handoff")
    lead = models.BigIntegerField(db_index=True)
    answer_on = models.DateField(null=True)
    answered = models.BooleanField()
    contact_on = models.DateField(null=True)
    contacted = models.BooleanField()
    let_go_on = models.DateField(null=True)
    persisted = models.BooleanField()
    last_due_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        verbose_name = _("counted promise")
        verbose_name_plural = _("counted promises")

    def __str__(self):
        return str(self.handoff_id)


class PromiseMonth(models.Model):
    """Promises of sales (answer, contact, persistence) by the month in which they fell, or will fall, `due`, and those `kept`."""

    pk = models.CompositePrimaryKey("promise", "month")
    promise = models.CharField(max_length=12)
    month = models.DateField()
    due = Tally()
    kept = Tally()

    def __str__(self):
        return f"{self.month:%Y-%m} {self.promise}"


class CountedDesk(models.Model):
    """One answer that the desk owed: the local day on which it fell due, and whether it was given by then."""

    promise = counted("leads.DeskPromise")
    lead = models.BigIntegerField(db_index=True)
    due_on = models.DateField()
    kept = models.BooleanField()
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("counted promise of the desk")
        verbose_name_plural = _("counted promises of the desk")

    def __str__(self):
        return str(self.promise_id)


class DeskMonth(models.Model):
    """Answers that the desk owed by the month in which they fell, or will fall, `due`, and those `kept`."""

    month = models.DateField(primary_key=True)
    due = Tally()
    kept = Tally()

    def __str__(self):
        return f"{self.month:%Y-%m}"


class DeliveryMonth(models.Model):
    """Leads of grade B or better that marketing delivered, by segment (0: none): first `offered`, and `accepted`, in the month."""

    pk = models.CompositePrimaryKey("segment", "month")
    segment = models.BigIntegerField()
    month = models.DateField()
    offered = Tally()
    accepted = Tally()

    def __str__(self):
        return f"{self.month:%Y-%m} {self.segment}"
