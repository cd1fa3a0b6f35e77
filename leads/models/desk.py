"""What the desk promised whoever raised a hand or became an MQL: by when they are answered, and when they were."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.models.score import Grade


class DeskPromise(models.Model):
    """One answer that the desk owes a lead, by the version of the agreement that was in force when it was asked for.

    `due_at` stays as it was reckoned then. `answered_at`: the first human attempt, or the move on to ready; `ended_at`: it
    left the desk unanswered, or asked anew.
    """

    lead = models.ForeignKey(
        "leads.Lead", models.CASCADE, related_name="+", verbose_name=_("lead"), db_index=False
    )
    agreement = models.ForeignKey(
        "leads.Agreement", models.PROTECT, related_name="+", verbose_name=_("agreement"), db_index=False
    )
    grade = models.CharField(_("grade"), max_length=1, choices=Grade, blank=True, default="")
    hand = models.BooleanField(_("raised a hand"))
    asked_at = models.DateTimeField(_("asked"))
    due_at = models.DateTimeField(_("answer by"))
    answered_at = models.DateTimeField(_("answered"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("promise of the desk")
        verbose_name_plural = _("promises of the desk")
        ordering = ["-due_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["lead", "asked_at"], name="desk_promise_once")]
        indexes = [
            models.Index(fields=["due_at"], name="desk_promise_due"),
            models.Index(fields=["asked_at"], name="desk_promise_asked"),
            models.Index(
                fields=["lead"],
                condition=models.Q(answered_at__isnull=True, ended_at__isnull=True),
                name="desk_promise_open",
            ),
        ]

    def __str__(self):
        return f"{self.lead_id} {self.asked_at:%Y-%m-%d %H:%M}"
