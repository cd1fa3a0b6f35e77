"""Opportunities to grow that both tracks try together, and what was learned from them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from engine.moments import day_in_reach
from pipeline.models.base import NOT_NEGATIVE, MoneyField, keep_history, money_is_number
from pipeline.visibility import SharedQuerySet


class GrowthState(models.TextChoices):
    """How far it came."""

    IDEA = "idea", _("Idea")
    TRIED = "tried", _("Being tried")
    GROWN = "grown", _("Grown")
    DROPPED = "dropped", _("Not pursued")


def owner(label):
    """Somebody of one side who answers for it."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=label
    )


def place(model, label):
    """Where the growth is to come from."""
    return models.ForeignKey(
        model, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


@keep_history(
    "GrowthEvent", "name", "segment", "region", "product", "known", "margin", "cost", "marketer", "seller", "state",
    "campaign", "look_on",
)  # fmt: skip
class Growth(models.Model):
    """An opportunity to grow: what is known of it, what it is to bring and to cost, and the campaign that tries it.

    `margin` a year and `cost` of trying it are in report currency. `look_on`: the day to look at it again.
    """

    name = models.CharField(_("what"), max_length=200)
    segment = place("accounts.Segment", _("segment"))
    region = place("accounts.Region", _("region"))
    product = place("pipeline.Product", _("product"))
    known = models.TextField(_("what is known, in figures"), max_length=4000)
    margin = MoneyField(_("expected margin a year"), validators=NOT_NEGATIVE)
    cost = MoneyField(_("cost to try"), validators=NOT_NEGATIVE)
    marketer = owner(_("owner in marketing"))
    seller = owner(_("owner in sales"))
    state = models.CharField(_("state"), max_length=10, choices=GrowthState, default=GrowthState.IDEA)
    campaign = place("pipeline.Campaign", _("campaign that tries it"))
    look_on = models.DateField(_("look again on"), null=True, blank=True, validators=[day_in_reach])
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("entered by"),
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("growth opportunity")
        verbose_name_plural = _("growth opportunities")
        constraints = [
            money_is_number("growth_is_number", "margin", "cost"),
            models.CheckConstraint(condition=Q(margin__gte=0), name="growth_margin_not_negative"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="growth_cost_not_negative"),
        ]

    def __str__(self):
        return self.name
