"""What is measured of the brand: waves of a survey, and the share of search of each month."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engine.moments import day_in_reach
from pipeline.models.base import NOT_NEGATIVE, MoneyField, keep_history, money_is_number
from pipeline.visibility import SharedQuerySet

MARKET = ("region", "segment")
ASKED_OF = ("top", "other", "prompted")
NET = 100  # a net score lies between −100 and 100


class Reputation(models.TextChoices):
    """How a survey tells what people think of the brand."""

    MEAN = "mean", _("Mean on a scale")
    NET = "net", _("Net score")


class Measured(models.Model):
    """Measured of a market: a region, a segment, both, or (neither) of all that the house sells to."""

    region = models.ForeignKey(
        "accounts.Region", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    segment = models.ForeignKey(
        "accounts.Segment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("segment")
    )
    note = models.TextField(_("note"), max_length=2000, blank=True, default="")
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
        abstract = True


def people(label, **options):
    """How many of those asked; weighted answers have fractions."""
    return MoneyField(label, max_digits=14, null=True, blank=True, validators=NOT_NEGATIVE, **options)


def none_known(*names):
    return Q(**{f"{name}__isnull": True for name in names})


@keep_history(
    "BrandWaveEvent", "name", "on", "region", "segment", "asked", "top", "other", "prompted", "reputation", "score", "low", "high",
    "deviation", "note",
)  # fmt: skip
class BrandWave(Measured):
    """A wave of a brand survey, which was over on the day `on`.

    Everybody of the `asked` is in one group at most: who named the brand first (`top` of mind), who named it later unaided
    (`other`), who knew it only when `prompted`. The first two are null where nobody was asked without a prompt, all three
    where awareness was not asked. `score` is a mean from `low` to `high`, with the standard `deviation` of the answers, or a net score.
    """

    name = models.CharField(_("wave"), max_length=120)
    on = models.DateField(_("last day of the survey"), validators=[day_in_reach])
    asked = models.PositiveIntegerField(_("people asked"), validators=[MinValueValidator(1)])
    top = people(_("named it first"))
    other = people(_("named it later, unaided"))
    prompted = people(_("knew it only when prompted"))
    reputation = models.CharField(
        _("reputation"), max_length=4, choices=Reputation, blank=True, default="", db_default=""
    )
    score = MoneyField(_("score"), max_digits=9, null=True, blank=True)
    low = MoneyField(pgettext_lazy("of a scale", "scale from"), max_digits=9, null=True, blank=True)
    high = MoneyField(pgettext_lazy("of a scale", "scale to"), max_digits=9, null=True, blank=True)
    deviation = MoneyField(
        _("standard deviation"), max_digits=9, null=True, blank=True, validators=NOT_NEGATIVE
    )

    class Meta:
        verbose_name = _("wave of a brand survey")
        verbose_name_plural = _("waves of brand surveys")
        constraints = [
            models.UniqueConstraint(
                fields=["on", "name", *MARKET], nulls_distinct=False, name="brand_wave_once"
            ),
            money_is_number("brand_wave_is_number", *ASKED_OF, "score", "low", "high", "deviation"),
            models.CheckConstraint(
                condition=Q(asked__gt=0)
                & Q(**{f"{name}__gte": 0 for name in ("top", "other", "prompted", "deviation")}),
                name="brand_wave_not_negative",
                violation_error_message=_("Numbers of people are not below zero, and somebody was asked."),
            ),
            models.CheckConstraint(
                condition=Q(asked__gte=sum((Coalesce(F(name), 0) for name in ASKED_OF[1:]), Coalesce(F("top"), 0))),
                name="brand_wave_within_sample",
                violation_error_message=_("Everybody asked is in one group at most."),
            ),
            models.CheckConstraint(
                condition=none_known("top", "other")
                | Q(top__isnull=False, other__isnull=False, prompted__isnull=False),
                name="brand_wave_unaided_whole",
                violation_error_message=_("Both groups of the unaided question are told, or neither."),
            ),
            models.CheckConstraint(
                condition=(Q(reputation="") & none_known("score", "low", "high", "deviation"))
                | (
                    Q(reputation=Reputation.MEAN, low__lt=F("high"), score__gte=F("low"), score__lte=F("high"))
                    & Q(**{f"{name}__isnull": False for name in ("score", "low", "high")})
                )
                | (
                    Q(reputation=Reputation.NET, score__gte=-NET, score__lte=NET, score__isnull=False)
                    & none_known("low", "high")
                ),
                name="brand_wave_reputation_whole",
                violation_error_message=_("A score lies on its scale, and only a mean has one."),
            ),
            models.CheckConstraint(
                condition=Q(prompted__isnull=False) | Q(score__isnull=False), name="brand_wave_tells_something",
                violation_error_message=_("Say what was measured: awareness, reputation or both.")
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["on"], name="brand_wave_on")]

    def __str__(self):
        return self.name


@keep_history("SearchShareEvent", "month", "region", "segment", "own", "total", "tool", "note")
class SearchShare(Measured):
    """Searches of a month: for our own brand, of those for all brands of the category that were counted."""

    month = models.DateField(_("month"), validators=[day_in_reach])
    own = models.PositiveBigIntegerField(_("searches for our brand"))
    total = models.PositiveBigIntegerField(
        _("searches for all brands, ours included"), validators=[MinValueValidator(1)]
    )
    tool = models.CharField(_("counted by"), max_length=120, blank=True, default="")

    class Meta:
        verbose_name = _("share of search")
        verbose_name_plural = _("shares of search")
        constraints = [
            models.UniqueConstraint(
                fields=["month", *MARKET], nulls_distinct=False, name="search_share_once"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="search_share_first_of_month"),
            models.CheckConstraint(
                condition=Q(own__gte=0, total__gt=0, own__lte=F("total")),
                name="search_share_within_total",
                violation_error_message=_("Our own searches are among all, and somebody searched."),
            ),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m}"
