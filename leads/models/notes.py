"""Notes: what somebody wrote down about a contact."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leads.visibility import TouchQuerySet


class Note(models.Model):
    """A note about a contact. It is no dealing with them: it adds to no score and stops no clock."""

    contact = models.ForeignKey(
        "pipeline.Contact",
        models.CASCADE,
        related_name="notes",
        verbose_name=_("contact"),
        db_index=False,
    )
    text = models.TextField(_("note"), max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(_("at"))
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = TouchQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes = [
            models.Index(fields=["contact", "-at"], name="note_contact_newest"),
            models.Index(fields=["-at", "-id"], name="note_newest"),
        ]

    def __str__(self):
        return self.text[:80]


class ComplaintAnswer(models.Model):
    """What was done about a complaint: with it the complaint is closed."""

    touch = models.OneToOneField(
        "leads.Touch", models.CASCADE, related_name="answer", verbose_name=_("complaint")
    )
    done = models.TextField(_("what was done"), max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("answer to a complaint")
        verbose_name_plural = _("answers to complaints")

    def __str__(self):
        return self.done[:80]
