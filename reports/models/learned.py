"""What attribution has learned, and what finance has fixed."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ChannelWeight(models.Model):
    """A channel's removal effect as last learned from all closed deals, 0 to 1: its weight under the Markov model.

    `order`: how many channels the chain looked back that it was learned by.
    """

    channel = models.CharField(_("channel"), max_length=20, unique=True)
    removal = models.DecimalField(_("removal effect"), max_digits=13, decimal_places=12)
    order = models.PositiveSmallIntegerField(_("order"), default=1, db_default=1)
    learned_at = models.DateTimeField(_("learned"), db_default=Now())

    class Meta:
        verbose_name = _("channel weight")
        verbose_name_plural = _("channel weights")

    def __str__(self):
        return self.channel


class ModelLock(models.Model):
    """The model that the fiscal year beginning on `starts_on` is read by, unless an address names another."""

    starts_on = models.DateField(_("first day of the fiscal year"), unique=True)
    model = models.CharField(_("model"), max_length=20)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    locked_at = models.DateTimeField(_("locked"))

    class Meta:
        verbose_name = _("locked model")
        verbose_name_plural = _("locked models")
        constraints = [
            models.CheckConstraint(condition=models.Q(starts_on__day=1), name="model_lock_first_of_month")
        ]

    def __str__(self):
        return f"{self.starts_on} {self.model}"
