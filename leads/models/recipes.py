"""Campaign templates: the typical plan of a kind of campaign, and the form it comes with."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leads.models.touches import TouchKind
from leads.models.webforms import KIND_CHOICES, default_asked
from leads.visibility import RecipeQuerySet
from pipeline.channels import Channel
from pipeline.models.base import NOT_NEGATIVE, MoneyField, money_is_number


class CampaignTemplate(models.Model):
    """What a new campaign of this kind begins with. A shipped one speaks the reader's language until it is renamed.

    `days` is how long it lasts; amounts are in the report currency; `asked` is what its form asks, where it has one.
    """

    name = models.CharField(_("name"), max_length=100)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel, default=Channel.OTHER)
    days = models.PositiveSmallIntegerField(_("days it lasts"), default=30)
    budget = MoneyField(_("typical budget"), null=True, blank=True, validators=NOT_NEGATIVE)
    expected_leads = models.PositiveIntegerField(_("expected leads"), null=True, blank=True)
    expected_revenue = MoneyField(_("expected revenue"), null=True, blank=True, validators=NOT_NEGATIVE)
    note = models.TextField(_("what to think of"), blank=True, default="")
    with_form = models.BooleanField(_("with a capture form"), default=True)
    form_kind = models.CharField(
        _("what the form is"),
        max_length=15,
        default=TouchKind.FORM,
        choices=KIND_CHOICES,
    )
    asked = models.JSONField(default=default_asked, editable=False)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    active = models.BooleanField(_("in use"), default=True)

    objects = RecipeQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign template")
        verbose_name_plural = _("campaign templates")
        ordering = ["position", "id"]
        constraints = [money_is_number("campaign_template_money_is_number", "budget", "expected_revenue")]

    def __str__(self):
        return gettext(self.name)

    @property
    def told(self):
        """What to think of, in the reader's language where it is a shipped text."""
        return gettext(self.note) if self.note else ""
