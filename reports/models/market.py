"""Long-term goals of a market: how large it is in a fiscal year, and what share, awareness and customers the house wants of it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engine.moments import day_in_reach
from pipeline.models.base import NOT_NEGATIVE, MoneyField, keep_history, money_is_number
from reports.models.brand import MARKET, Measured

WHOLE = [MinValueValidator(0), MaxValueValidator(100)]


@keep_history(
    "MarketGoalEvent",
    "first",
    "region",
    "segment",
    "size",
    "source",
    "share",
    "awareness",
    "customers",
    "is_key",
    "note",
)
class MarketGoal(Measured):
    """What is aimed at in a market in the twelve months from `first` on; null where nothing is said.

    `size`: what all customers of the market spend in the year on what the house sells, in report currency, by the `source`; `share` and
    `awareness` in %; `customers` won for the first time in the year.
    """

    first = models.DateField(_("fiscal year"), validators=[day_in_reach])
    size = MoneyField(_("market size of the year"), null=True, blank=True, validators=[MinValueValidator(1)])
    source = models.CharField(_("source of the size"), max_length=300, blank=True, default="")
    share = MoneyField(_("own share, in %"), max_digits=9, null=True, blank=True, validators=WHOLE)
    awareness = MoneyField(_("total awareness, in %"), max_digits=9, null=True, blank=True, validators=WHOLE)
    customers = models.PositiveIntegerField(
        _("new customers in the year"), null=True, blank=True, validators=NOT_NEGATIVE
    )
    is_key = models.BooleanField(_("key target market of the year"), default=False)

    class Meta:
        verbose_name = _("goal of a market")
        verbose_name_plural = _("goals of markets")
        constraints = [
            models.UniqueConstraint(fields=["first", *MARKET], nulls_distinct=False, name="market_goal_once"),
            money_is_number("market_goal_is_number", "size", "share", "awareness"),
            models.CheckConstraint(condition=Q(first__day=1), name="market_goal_first_of_month"),
            models.CheckConstraint(condition=Q(size=None) | Q(size__gt=0), name="market_goal_size"),
            *(
                models.CheckConstraint(
                    condition=Q(**{name: None}) | Q(**{f"{name}__gte": 0, f"{name}__lte": 100}),
                    name=f"market_goal_{name}",
                )
                for name in ("share", "awareness")
            ),
        ]

    def __str__(self):
        return f"{self.first:%Y-%m} {self.region or ''} {self.segment or ''}"
