"""What the engine remembers: jobs that ran, deliveries that are owed, answers that were given."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """A periodic job ran, or is running, for one period. The unique row makes a second clock harmless."""

    job = models.CharField(_("job"), max_length=80)
    period_start = models.DateTimeField(_("period"))
    started_at = models.DateTimeField(_("started"), db_default=Now())
    finished_at = models.DateTimeField(_("finished"), null=True)
    result = models.JSONField(_("result"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "period_start"], name="job_run_once_per_period")
        ]
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")

    def __str__(self):
        return f"{self.job} {self.period_start:%Y-%m-%d %H:%M}"


class Delivery(models.Model):
    """One effect outside the database that is owed to somebody: a mail, a webhook.

    It is due while `next_at` has come and it is neither delivered nor dead. Claiming it moves `next_at` on by
    a lease, so a worker that dies in between only delays it.
    """

    kind = models.CharField(_("kind"), max_length=20)
    subject = models.CharField(_("about"), max_length=200)
    seq = models.IntegerField(_("number"), default=0)
    payload = models.JSONField(_("content"))
    created_at = models.DateTimeField(_("asked for"), db_default=Now())
    next_at = models.DateTimeField(_("next attempt"), db_default=Now())
    attempts = models.IntegerField(_("attempts"), default=0)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    dead_at = models.DateTimeField(_("given up"), null=True)
    last_error = models.TextField(_("last error"), blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "kind", "seq"], name="delivery_once")]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(delivered_at=None, dead_at=None),
                name="delivery_due",
            ),
            models.Index(
                fields=["-dead_at"], condition=models.Q(dead_at__isnull=False), name="delivery_dead"
            ),
            models.Index(fields=["-created_at"], name="delivery_latest"),
        ]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")

    def __str__(self):
        return f"{self.kind} {self.subject}"

    @property
    def state(self):
        """One of delivered, dead, owed."""
        if self.delivered_at:
            return "delivered"
        return "dead" if self.dead_at else "owed"


class Errand(models.Model):
    """Something that one click asked for and that takes too long for a page.

    It is due while `next_at` has come and it is not finished; claiming it moves `next_at` on by a lease. `actor` is the
    id of the user who asked; `error` says why it was refused, given up, or failed the last time.
    """

    kind = models.CharField(_("kind"), max_length=20)
    subject = models.CharField(_("about"), max_length=100)
    payload = models.JSONField(_("content"), default=dict)
    actor = models.BigIntegerField()
    asked_at = models.DateTimeField(_("asked for"), db_default=Now())
    next_at = models.DateTimeField(_("next attempt"), db_default=Now())
    attempts = models.IntegerField(_("attempts"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True)
    error = models.TextField(_("last error"), blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=models.Q(finished_at=None), name="errand_open_once"
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(finished_at=None), name="chore_due"),
            models.Index(fields=["kind", "subject", "-id"], name="errand_latest"),
        ]
        verbose_name = _("errand")
        verbose_name_plural = _("errands")

    def __str__(self):
        return f"{self.kind} {self.subject}"

    @property
    def waits(self):
        """Is it still to be done?"""
        return self.finished_at is None


class IdempotentAnswer(models.Model):
    """The answer to a POST that carried an Idempotency-Key, kept for 24 hours.

    It commits together with what the POST did; `actor` is the id of the user who sent it.
    """

    actor = models.BigIntegerField()
    endpoint = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    claimed_at = models.DateTimeField(db_default=Now())
    status = models.SmallIntegerField(null=True)
    location = models.CharField(max_length=500, blank=True, default="")
    body = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor", "endpoint", "key"], name="idempotent_answer_once")
        ]
        indexes = [models.Index(fields=["claimed_at"], name="idempotent_answer_age")]

    def __str__(self):
        return f"{self.endpoint} {self.key}"
