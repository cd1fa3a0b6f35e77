"""The joint index: versions of its scorecard that both heads sign, each with weighted components and what is expected of them."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from engine.moments import day_in_reach
from leads.models.agreement import Signature
from pipeline.models.base import MoneyField, money_is_number

LEAST_CAP, MOST_CAP = 100, 300
MOST_MONTHS = 24


class IndexKind(models.TextChoices):
    """What an index is made of."""

    LEADS = "leads", _("Qualified leads")
    SALES = "sales", _("Effect on sales")
    REPUTATION = "reputation", _("Brand reputation")
    AWARENESS = "awareness", _("Brand awareness")
    UNAIDED = "unaided", _("Unaided awareness")
    SEARCH = "search", _("Share of search")


FLOWS = (IndexKind.LEADS, IndexKind.SALES)  # expected of a month; of all others a level is


class IndexVersion(models.Model):
    """A scorecard of the house or of a market, in force from the month `first` once both tracks have signed it, until another
    one is. It never changes: a draft is thrown away, and another one made.

    A component has at most `cap` points; a survey counts for `lasts` months, its own included.
    """

    first = models.DateField(_("in force from"), validators=[day_in_reach])
    region = models.ForeignKey(
        "accounts.Region", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    segment = models.ForeignKey(
        "accounts.Segment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("segment")
    )
    cap = models.PositiveSmallIntegerField(
        _("most points of a component"),
        default=120,
        validators=[MinValueValidator(LEAST_CAP), MaxValueValidator(MOST_CAP)],
    )
    lasts = models.PositiveSmallIntegerField(
        _("a survey counts for so many months"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
    )
    note = models.TextField(_("note"), max_length=2000, blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("version of the joint index")
        verbose_name_plural = _("versions of the joint index")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(first__day=1), name="index_version_first_of_month"),
            models.CheckConstraint(
                condition=Q(cap__gte=LEAST_CAP, cap__lte=MOST_CAP), name="index_version_cap"
            ),
            models.CheckConstraint(
                condition=Q(lasts__gte=1, lasts__lte=MOST_MONTHS), name="index_version_lasts"
            ),
        ]

    def __str__(self):
        return str(_("Version %(number)s") % {"number": self.pk})


class IndexComponent(models.Model):
    """A component with its `weight`, and what is `expected`: of a month (leads, revenue in report currency), or a level in %."""

    version = models.ForeignKey(IndexVersion, models.CASCADE, related_name="components", db_index=False)
    kind = models.CharField(_("component"), max_length=10, choices=IndexKind)
    weight = models.DecimalField(
        _("weight"),
        max_digits=6,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(1000)],
    )
    expected = MoneyField(_("expected"), validators=[MinValueValidator(Decimal("0.0001"))])

    class Meta:
        verbose_name = _("component of the joint index")
        verbose_name_plural = _("components of the joint index")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "kind"], name="index_component_once"),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=1000), name="index_component_weight"
            ),
            models.CheckConstraint(
                condition=Q(expected__gt=0) & (Q(kind__in=FLOWS) | Q(expected__lte=100)),
                name="index_component_expected",
            ),
            money_is_number("index_expected_is_number", "expected"),
        ]

    def __str__(self):
        return f"{self.version_id} {self.kind}"


class IndexSignature(Signature):
    """A head's signature under a version."""

    version = models.ForeignKey(IndexVersion, models.PROTECT, related_name="signatures")

    class Meta(Signature.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["version", "track"], name="index_signature_once")]
