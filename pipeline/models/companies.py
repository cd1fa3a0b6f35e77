"""Companies: customers, prospects and dealers."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as _

from pipeline.models.base import Sourced, keep_history, once_per_source
from pipeline.models.words import Bigrams, Core, Folded
from pipeline.visibility import CompanyQuerySet


@keep_history(
    "CompanyEvent", "name", "domain", "tax_id", "country", "parent", "segment", "region", "industry", "employees", "is_partner", "key_account",
    "sales_owner", "marketing_contact", "attributes",
)  # fmt: skip
class Company(Sourced):
    """An organisation we deal with. `key` is the name without legal form, folded (`pipeline.names.company_key`)."""

    name = models.CharField(_("name"), max_length=300)
    key = models.CharField(max_length=300, editable=False, db_index=True)
    domain = models.CharField(_("web domain"), max_length=253, blank=True, default="", db_default="")
    tax_id = models.CharField(_("tax id"), max_length=50, blank=True, default="", db_default="")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, verbose_name=_("part of"))
    segment = models.ForeignKey(
        "accounts.Segment", models.PROTECT, null=True, blank=True, verbose_name=_("segment")
    )
    region = models.ForeignKey(
        "accounts.Region", models.PROTECT, null=True, blank=True, verbose_name=_("region")
    )
    country = models.CharField(_("country"), max_length=100, blank=True, default="", db_default="")
    industry = models.CharField(_("industry"), max_length=100, blank=True, default="", db_default="")
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    is_partner = models.BooleanField(_("dealer or partner"), default=False, db_default=False)
    key_account = models.BooleanField(
        _("key account"),
        default=False,
        db_default=False,
        help_text=_("Its leads go to the account's owner only."),
    )
    sales_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account owner"),
    )
    marketing_contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("marketing contact"),
    )  # fmt: skip
    attributes = models.JSONField(_("attributes"), default=dict, db_default={}, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [once_per_source("company_once_per_source")]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="company_newest"),
            models.Index(
                OpClass("domain", name="varchar_pattern_ops"),
                condition=~models.Q(domain=""),
                name="company_domain",
            ),
            GinIndex(OpClass(Folded("name"), name="gin_trgm_ops"), name="company_name_search"),
            GinIndex(Bigrams("name"), name="company_name_pairs"),
            models.Index(OpClass(Core("key"), name="text_pattern_ops"), name="company_core"),
            models.Index(OpClass(Reverse(Core("key")), name="text_pattern_ops"), name="company_core_ending"),
        ]

    def __str__(self):
        return self.name
