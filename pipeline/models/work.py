"""Steps (what, who, by when) and attachments."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from pipeline.visibility import AttachmentQuerySet, StepQuerySet


class Step(models.Model):
    """What is to be done, by whom, by when, for a contact (a lead's steps), a deal or a company."""

    what = models.CharField(_("what"), max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="steps", verbose_name=_("who")
    )
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("planned by"),
        help_text=_("Who planned it for somebody else"),
    )
    due_at = models.DateTimeField(_("by when"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    contact = models.ForeignKey(
        "pipeline.Contact", models.CASCADE, null=True, blank=True, related_name="steps"
    )
    deal = models.ForeignKey("pipeline.Deal", models.CASCADE, null=True, blank=True, related_name="steps")
    company = models.ForeignKey(
        "pipeline.Company", models.CASCADE, null=True, blank=True, related_name="steps"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        indexes = [
            models.Index(fields=["owner", "due_at"], condition=Q(done_at__isnull=True), name="step_due"),
            models.Index(
                fields=["-done_at", "-id"], condition=Q(done_at__isnull=False), name="step_done_newest"
            ),
            models.Index(
                fields=["planned_by"], condition=Q(planned_by__isnull=False), name="step_planned_for_others"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False) | Q(deal__isnull=False) | Q(company__isnull=False),
                name="step_is_about_something",
            )
        ]

    def __str__(self):
        return self.what

    @property
    def hands(self):
        """The keys of whose it is and of who planned it for them: both may change it."""
        return self.owner_id, self.planned_by_id


def attachment_path(attachment, filename):
    """Stored under a random name; the name a person gave is only shown."""
    return f"attachments/{uuid.uuid4().hex}"


class Attachment(models.Model):
    """A file on a deal, company or contact; served only as a download."""

    file = models.FileField(_("file"), upload_to=attachment_path)
    name = models.CharField(_("name"), max_length=255)
    content_type = models.CharField(max_length=100, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    deal = models.ForeignKey(
        "pipeline.Deal", models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    company = models.ForeignKey(
        "pipeline.Company", models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    contact = models.ForeignKey(
        "pipeline.Contact", models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False) | Q(deal__isnull=False) | Q(company__isnull=False),
                name="attachment_is_about_something",
            )
        ]

    def __str__(self):
        return self.name
