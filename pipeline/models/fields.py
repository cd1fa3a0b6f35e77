"""Fields of one's own on leads, companies and deals; their values stand in `attributes` under the field's code."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ui.once import only


class FieldKind(models.TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    CHOICE = "choice", _("One of a list")
    TICK = "tick", _("Yes or no")


class FieldOwner(models.TextChoices):
    LEAD = "lead", _("Leads")
    COMPANY = "company", _("Companies")
    DEAL = "deal", _("Deals")


class CustomField(models.Model):
    """`names` holds the name in other languages than the organisation's, by language code.

    `required` asks for it before a lead is ready. `code` never changes: imports and the API know the field by it.
    """

    on = models.CharField(_("stands on"), max_length=10, choices=FieldOwner)
    code = models.SlugField(_("code"), max_length=50)
    name = models.CharField(_("name"), max_length=80)
    names = models.JSONField(default=dict, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=FieldKind, default=FieldKind.TEXT)
    choices = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    required = models.BooleanField(_("a ready lead has it"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("own field")
        verbose_name_plural = _("own fields")
        ordering = ["on", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["on", "code"], name="custom_field_once"),
            only("custom_field_named_once", "on"),
        ]

    def __str__(self):
        return self.names.get(get_language() or "") or self.name
