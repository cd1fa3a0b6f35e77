"""Deals: money with one company, from the first talk to won or lost."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext, pgettext_lazy
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
from pipeline.models.words import Bigrams, Folded
from pipeline.visibility import DealQuerySet
from ui.once import only

PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class DealKind(models.TextChoices):
    NEW = "new", _("New business")
    EXPANSION = "expansion", _("Expansion")
    RENEWAL = "renewal", _("Renewal")


class ForecastCategory(models.TextChoices):
    OMITTED = "omitted", _("Omitted")
    PIPELINE = "pipeline", _("Pipeline")
    BEST_CASE = "best_case", _("Best case")
    COMMIT = "commit", _("Commit")
    CLOSED = "closed", pgettext_lazy("of a forecast", "Closed")


class Outcome(models.TextChoices):
    OPEN = "open", _("Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class DealStageQuerySet(models.QuerySet):
    """Stages in the order of the board."""

    def open(self) -> Self:
        """Where a deal may stand that is neither won nor lost: without archived ones."""
        return self.filter(outcome=Outcome.OPEN, active=True)


class DealStage(models.Model):
    """A stage of the board. Deal stages are data: an admin may add, rename and reorder them."""

    code = models.SlugField(_("code"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("position"))
    probability = models.DecimalField(
        _("probability in %"), max_digits=5, decimal_places=2, validators=PERCENT
    )
    category = models.CharField(_("forecast category"), max_length=10, choices=ForecastCategory)
    outcome = models.CharField(_("outcome"), max_length=4, choices=Outcome, default=Outcome.OPEN)
    active = models.BooleanField(_("in use"), default=True, db_default=True)
    definition = models.CharField(_("what it means"), max_length=300, blank=True, default="", db_default="")
    asks = ArrayField(
        models.CharField(max_length=60), verbose_name=_("asks for"), default=list, db_default=[], blank=True
    )

    objects = DealStageQuerySet.as_manager()
    told_by = ("name",)

    class Meta:
        verbose_name = _("deal stage")
        verbose_name_plural = _("deal stages")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(probability__range=(0, 100)), name="deal_stage_probability"),
            models.UniqueConstraint(
                fields=["outcome"], condition=~Q(outcome="open"), name="one_won_one_lost_stage"
            ),
            only("deal_stage_named_once"),
        ]

    def __str__(self):
        return gettext(self.name)


class OutcomeReason(models.Model):
    """Why deals are won or lost. A lost reason with `later` sets a wake-up date instead of letting go."""

    code = models.SlugField(_("code"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=100)
    outcome = models.CharField(_("outcome"), max_length=4, choices=Outcome)
    later = models.BooleanField(_("ask again later"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("outcome reason")
        verbose_name_plural = _("outcome reasons")
        ordering = ["outcome", "position", "id"]
        constraints = [only("outcome_reason_named_once", "outcome")]

    def __str__(self):
        return gettext(self.name)


class DealsAlone(models.Manager):
    """Deals without what cancels some of them: a cancellation is money of its month, and no deal to work on."""

    def get_queryset(self):
        return super().get_queryset().filter(cancels__isnull=True)


DealManager = DealsAlone.from_queryset(DealQuerySet)


@keep_history(
    "DealEvent", "name", "company", "kind", "stage", "owner", "amount", "currency", "base_amount", "cost", "expected_close",
    "signed_on", "outcome", "outcome_reason", "category", "partner", "product", "contract_until",
    "attributes",
)  # fmt: skip
class Deal(Sourced):
    """Money with one company. `amount` is net of tax in `currency`; `base_amount` and `cost` in report currency.

    `base_amount` follows the rate of signed_on (of opened_at while open). `cost` is copied at the win. `renewed` says
    that the renewal of a won contract has been opened; that deal `renews` this one, at most one.

    What `cancels` a won deal, or a part of it, is a row of its own, below nothing and won on its own day. It has no
    company, owner or people: where it belongs is told by the deal that it cancels.
    """

    name = models.CharField(_("name"), max_length=300)
    company = models.ForeignKey(
        "pipeline.Company",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deals",
        verbose_name=_("company"),
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=DealKind, default=DealKind.NEW, db_default="new"
    )
    stage = models.ForeignKey(DealStage, models.PROTECT, related_name="deals", verbose_name=_("stage"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deals",
        verbose_name=_("owner"),
    )
    owner_text = models.CharField(
        _("owner as in the file"), max_length=200, blank=True, default="", db_default=""
    )
    amount = MoneyField(_("amount"), null=True, blank=True, validators=NOT_NEGATIVE)
    currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[currency_code])
    base_amount = MoneyField(_("amount in report currency"), null=True, blank=True, editable=False)
    cost = MoneyField(_("cost"), null=True, blank=True, validators=NOT_NEGATIVE)
    expected_close = models.DateField(_("expected close"), null=True, blank=True, validators=[day_in_reach])
    opened_at = models.DateTimeField(_("opened"))
    signed_on = models.DateField(_("signed on"), null=True, blank=True, validators=[day_in_reach])
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=4, choices=Outcome, default=Outcome.OPEN, db_default="open"
    )
    outcome_reason = models.ForeignKey(
        OutcomeReason, models.PROTECT, null=True, blank=True, related_name="deals", verbose_name=_("reason")
    )
    outcome_note = models.CharField(
        _("note on the outcome"), max_length=500, blank=True, default="", db_default=""
    )
    rival = models.CharField(_("who got it instead"), max_length=100, blank=True, default="", db_default="")
    rival_price = MoneyField(_("at what price, net of tax"), null=True, blank=True, validators=NOT_NEGATIVE)
    category = models.CharField(
        _("forecast category"), max_length=10, choices=ForecastCategory, blank=True, default="", db_default=""
    )
    product = models.ForeignKey(
        "pipeline.Product", models.PROTECT, null=True, blank=True, verbose_name=_("product")
    )
    partner = models.ForeignKey(
        "pipeline.Company",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="partner_deals",
        verbose_name=_("dealer"),
    )
    contract_until = models.DateField(_("contract until"), null=True, blank=True, validators=[day_in_reach])
    renewed = models.BooleanField(default=False, db_default=False, editable=False)
    renews = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="renewal", editable=False,
        verbose_name=_("renews"),
    )  # fmt: skip
    cancels = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", editable=False, db_index=False,
        verbose_name=_("cancels"),
    )  # fmt: skip
    contacts = models.ManyToManyField(
        "pipeline.Contact", through="pipeline.DealContact", related_name="deals"
    )
    attributes = models.JSONField(_("attributes"), default=dict, db_default={}, blank=True)

    objects = DealManager()
    with_cancellations = DealQuerySet.as_manager()

    class Meta:
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        constraints = [
            once_per_source("deal_once_per_source"),
            money_is_number("deal_money_is_number", "amount", "base_amount", "cost", "rival_price"),
            models.CheckConstraint(
                condition=Q(outcome="won", signed_on__isnull=False) | ~Q(outcome="won"),
                name="deal_won_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", closed_at__isnull=True)
                | (~Q(outcome="open") & Q(closed_at__isnull=False)),
                name="deal_closed_has_date",
            ),
            models.CheckConstraint(
                condition=Q(cancels__isnull=True, amount__isnull=True)
                | Q(cancels__isnull=True, amount__gte=0)
                | Q(
                    cancels__isnull=False,
                    amount__isnull=False,
                    amount__lt=0,
                    outcome="won",
                    company__isnull=True,
                    owner__isnull=True,
                ),
                name="deal_below_nothing_cancels",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "stage"], name="deal_owner_stage"),
            models.Index(fields=["-opened_at", "-id"], name="deal_newest"),
            models.Index(fields=["signed_on"], condition=Q(outcome="won"), name="deal_signed"),
            models.Index(fields=["expected_close"], condition=Q(outcome="open"), name="deal_open_by_close"),
            models.Index(
                fields=["contract_until"],
                condition=Q(outcome="won", renewed=False, contract_until__isnull=False),
                name="deal_renewal_due",
            ),
            models.Index(
                fields=["contract_until"],
                condition=Q(outcome="won", contract_until__isnull=False),
                name="deal_contract_ends",
            ),
            models.Index(Upper("rival"), condition=~Q(rival=""), name="deal_rival"),
            models.Index(fields=["cancels"], condition=Q(cancels__isnull=False), name="deal_cancellations"),
            GinIndex(OpClass(Folded("name"), name="gin_trgm_ops"), name="deal_name_search"),
            GinIndex(Bigrams("name"), name="deal_name_pairs"),
        ]

    def __str__(self):
        return self.name
