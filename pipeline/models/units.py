"""What stands at customers: units of our products by their serial numbers, and what other systems report of their use."""

from datetime import date

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engine.moments import day_in_reach
from pipeline.models.base import keep_history, money_is_number
from pipeline.visibility import ReadingQuerySet, UnitQuerySet

NEVER = date(2000, 1, 1)


@keep_history("UnitEvent", "company", "deal", "since", "ends_on", "retired_on")
class Unit(models.Model):
    """One piece of a product at a company. `ends_on` is the end of its life where that is known better than by its product.

    `judged_on` is the last day on which the rules of use looked at it; whatever changes the answer sets it back to NEVER.
    """

    product = models.ForeignKey(
        "pipeline.Product", models.PROTECT, related_name="units", verbose_name=_("product"), db_index=False
    )
    company = models.ForeignKey(
        "pipeline.Company", models.PROTECT, related_name="units", verbose_name=_("company")
    )
    serial = models.CharField(_("serial number"), max_length=100)
    deal = models.ForeignKey(
        "pipeline.Deal",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="units",
        verbose_name=_("sold by"),
    )
    since = models.DateField(_("in use since"), null=True, blank=True, validators=[day_in_reach])
    ends_on = models.DateField(_("end of its life"), null=True, blank=True, validators=[day_in_reach])
    retired_on = models.DateField(_("out of use since"), null=True, blank=True, validators=[day_in_reach])
    version = models.CharField(
        pgettext_lazy("of a product", "version"), max_length=50, blank=True, default="", db_default=""
    )
    judged_on = models.DateField(default=NEVER, db_default=NEVER, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("changed"), db_default=Now(), auto_now=True, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit at a customer")
        verbose_name_plural = _("units at customers")
        ordering = ["product", "serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "serial"],
                name="unit_once",
                violation_error_message=_("This serial number of the product is there already."),
            ),
            models.CheckConstraint(condition=~Q(serial=""), name="unit_has_serial"),
        ]
        indexes = [
            models.Index(fields=["judged_on"], name="unit_to_judge"),
        ]

    def __str__(self):
        return f"{self.product} {self.serial}"


class Reading(models.Model):
    """What a system reported of a unit's day: how much it was used, with how many errors. A source gives an id once."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="readings", db_index=False)
    day = models.DateField(_("day"), validators=[day_in_reach])
    usage = models.DecimalField(
        _("use"), max_digits=14, decimal_places=3, default=0, db_default=0, validators=[MinValueValidator(0)]
    )
    errors = models.PositiveIntegerField(_("errors"), default=0, db_default=0)
    version = models.CharField(
        pgettext_lazy("of a product", "version"), max_length=50, blank=True, default="", db_default=""
    )
    source = models.CharField(_("source"), max_length=100)
    external_id = models.CharField(_("external id"), max_length=200)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading of use")
        verbose_name_plural = _("readings of use")
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="reading_once"),
            money_is_number("reading_is_number", "usage"),
            models.CheckConstraint(condition=Q(usage__gte=0), name="reading_not_negative"),
        ]
        indexes = [
            models.Index(fields=["unit", "day"], name="reading_of_unit"),
            models.Index(fields=["day"], name="reading_day"),
        ]

    def __str__(self):
        return f"{self.unit_id} {self.day}"
