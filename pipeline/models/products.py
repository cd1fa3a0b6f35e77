"""What we sell, at what price and cost."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import currency_code
from engine.moments import day_in_reach
from pipeline.models.base import (
    NOT_NEGATIVE,
    MoneyField,
    Sourced,
    keep_history,
    money_is_number,
    once_per_source,
)
from pipeline.visibility import ProductQuerySet


@keep_history(
    "ProductEvent", "code", "name", "family", "list_price", "floor_price", "currency", "active", "life_months", "sale_ends_on",
    "service_ends_on",
)  # fmt: skip
class Product(Sourced):
    """A product with its list price and the lowest price a rep may give; how long a unit lasts, and until when it is sold
    and served. `usage_unit` is what its use is counted in.
    """

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    family = models.CharField(_("product line"), max_length=100, blank=True, default="", db_default="")
    list_price = MoneyField(_("list price"), null=True, blank=True, validators=NOT_NEGATIVE)
    floor_price = MoneyField(_("lowest price"), null=True, blank=True, validators=NOT_NEGATIVE)
    currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[currency_code])
    active = models.BooleanField(_("for sale"), default=True, db_default=True)

    usage_unit = models.CharField(
        _("use is counted in"), max_length=30, blank=True, default="", db_default="",
        help_text=_("Hours, pages, runs: what other systems report of its use."),
    )  # fmt: skip
    life_months = models.PositiveSmallIntegerField(
        _("expected life in months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
    )
    sale_ends_on = models.DateField(_("sold until"), null=True, blank=True, validators=[day_in_reach])
    service_ends_on = models.DateField(_("served until"), null=True, blank=True, validators=[day_in_reach])

    objects = ProductQuerySet.as_manager()
    told_by = ("name",)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name"]
        constraints = [
            once_per_source("product_once_per_source"),
            money_is_number("product_money_is_number", "list_price", "floor_price"),
            models.CheckConstraint(
                condition=Q(life_months__isnull=True) | Q(life_months__range=(1, 600)), name="product_life"
            ),
        ]

    def __str__(self):
        return self.name


class ProductCost(models.Model):
    """The unit cost of a product from a day on, in the product's currency."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="costs")
    since = models.DateField(_("since"))
    unit_cost = MoneyField(_("unit cost"), validators=NOT_NEGATIVE)

    class Meta:
        verbose_name = _("unit cost")
        verbose_name_plural = _("unit costs")
        constraints = [
            models.UniqueConstraint(fields=["product", "since"], name="cost_once_a_day"),
            money_is_number("cost_is_number", "unit_cost"),
            models.CheckConstraint(condition=Q(unit_cost__gte=0), name="cost_not_negative"),
        ]

    def __str__(self):
        return f"{self.product}: {self.unit_cost}"
