"""The organisation (one row) and the two axes on which it plans: segments and regions."""

import zoneinfo
from decimal import Decimal
from functools import cache

from babel.numbers import list_currencies
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


def valid_zone(name):
    """Raise ValidationError unless `name` is an IANA time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("%(zone)s is not a time zone."), params={"zone": name})


@cache
def currencies():
    """The codes of all currencies that there are or were."""
    return frozenset(list_currencies())


class CurrencyCode(RegexValidator):
    """Three capital letters that stand for a currency."""

    def __call__(self, value):
        super().__call__(value)
        if value not in currencies():
            raise ValidationError(_("There is no currency %(code)s."), params={"code": value})

    def deconstruct(self):
        """Migrations keep the shape alone: which codes there are changes with the world, not with the schema."""
        _path, args, kwargs = super().deconstruct()
        return "django.core.validators.RegexValidator", args, kwargs


currency_code = CurrencyCode(r"^[A-Z]{3}$", _("A currency is three capital letters, such as EUR."))


class Level(models.IntegerChoices):
    START = 1, _("Start")
    TEAM = 2, _("Team")
    FULL = 3, _("Full")


class Organisation(models.Model):
    """The company that runs this copy: exactly one row, read through `accounts.organisation.current()`."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200, default="Tandem")
    currency = models.CharField(_("report currency"), max_length=3, default="EUR", validators=[currency_code])
    zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[valid_zone])
    fiscal_year_start = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    week_start = models.PositiveSmallIntegerField(
        _("first day of the week (0 is Monday)"), default=0, validators=[MaxValueValidator(6)]
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, default=Level.TEAM)
    site_url = models.URLField(_("site address"), blank=True)
    lookback_days = models.PositiveSmallIntegerField(_("attribution look-back in days"), default=365)
    half_life_days = models.PositiveSmallIntegerField(
        _("half-life of time decay in days"), default=7, validators=[MinValueValidator(1)]
    )
    markov_order = models.PositiveSmallIntegerField(
        _("channels that the Markov model looks back"),
        default=1,
        db_default=1,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
    )
    discount_percent = models.DecimalField(
        _("discount rate a year in %"),
        max_digits=5,
        decimal_places=2,
        default=10,
        db_default=10,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(100)],
    )
    tax_percent = models.DecimalField(
        _("sales tax in %"),
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    renewal_days = models.PositiveSmallIntegerField(
        _("days before a contract's end when its renewal opens (0: never)"),
        default=90,
        db_default=90,
        validators=[MaxValueValidator(730)],
    )
    usage_days = models.PositiveSmallIntegerField(
        _("days for which readings of use are kept (0: for good)"),
        default=730,
        db_default=730,
        validators=[MaxValueValidator(7300)],
    )
    word_first = models.BooleanField(
        _("sales is heard before a campaign is launched"),
        default=False,
        db_default=False,
        help_text=_("Otherwise its word is asked for, and nothing waits for it."),
    )
    story_from = models.PositiveBigIntegerField(
        _("whoever wins a deal of this amount or more is asked how (empty: of key accounts only)"),
        null=True,
        blank=True,
    )
    setup_step = models.PositiveSmallIntegerField(default=0, editable=False)
    shadow = models.BooleanField(_("shadow: offers are only suggested"), default=False)
    live_on = models.DateField(_("figures count from"), null=True, blank=True)
    demo = models.BooleanField(_("holds demo data"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("organisation")
        constraints = [
            models.CheckConstraint(condition=models.Q(only=True), name="organisation_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(fiscal_year_start__range=(1, 12)), name="organisation_fiscal_month"
            ),
            models.CheckConstraint(condition=models.Q(half_life_days__gte=1), name="organisation_half_life"),
            models.CheckConstraint(
                condition=models.Q(markov_order__range=(1, 3)), name="organisation_markov_order"
            ),
            models.CheckConstraint(
                condition=models.Q(discount_percent__gt=0, discount_percent__lte=100),
                name="organisation_discount",
            ),
            models.CheckConstraint(
                condition=models.Q(tax_percent__gte=0, tax_percent__lte=100), name="organisation_tax"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def discount(self):
        """The yearly rate by which money to come is worth less, 0.1 for 10 %."""
        return self.discount_percent / 100


class Axis(models.Model):
    """A name on one of the planning axes."""

    code = models.SlugField(_("code"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    told_by = ("name",)

    class Meta:
        abstract = True
        ordering = ["position", "name"]

    def __str__(self):
        return self.name


class Segment(Axis):
    """A group of customers that marketing plans by."""

    class Meta(Axis.Meta):
        verbose_name = _("segment")
        verbose_name_plural = _("segments")


class Region(Axis):
    """A territory that sales plans by."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("part of"))

    class Meta(Axis.Meta):
        verbose_name = _("region")
        verbose_name_plural = _("regions")
