"""Plans of campaigns as they were launched, and what people say of what became of them. Capability 73."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from pipeline.models.base import MoneyField
from reports.models.base import derived_from


class LaunchPlan(models.Model):
    """The plan of a campaign at the moment when it first ran, or was done; written by the database, and never again.

    `months` holds what was planned then by month of service, in report currency: null where the plan was read from the
    history of a campaign that had been launched before plans were kept (`from_history`). What stands in the history after `history` was changed since.
    """

    journal = True

    campaign = models.OneToOneField(
        "pipeline.Campaign", models.DO_NOTHING, related_name="+", db_constraint=False, primary_key=True
    )
    launched_at = models.DateTimeField(_("launched"))
    launched_by = derived_from(settings.AUTH_USER_MODEL, null=True)
    channel = models.CharField(_("channel"), max_length=20)
    segment = derived_from("accounts.Segment", null=True)
    region = derived_from("accounts.Region", null=True)
    starts_on = models.DateField(_("first day"), null=True)
    ends_on = models.DateField(_("last day"), null=True)
    budget = MoneyField(_("budget"), null=True)
    currency = models.CharField(_("currency"), max_length=3)
    expected_leads = models.PositiveIntegerField(_("expected leads"), null=True)
    expected_mqls = models.PositiveIntegerField(_("expected MQLs"), null=True)
    expected_sqls = models.PositiveIntegerField(_("expected SQLs"), null=True)
    expected_pipeline = MoneyField(_("expected pipeline"), null=True)
    expected_revenue = MoneyField(_("expected revenue"), null=True)
    months = models.JSONField(_("planned by month"), null=True)
    history = models.BigIntegerField(default=0, db_default=0)
    from_history = models.BooleanField(_("read from the history"), default=False, db_default=False)

    class Meta:
        verbose_name = _("plan as launched")
        verbose_name_plural = _("plans as launched")

    def __str__(self):
        return str(self.campaign_id)


class PlanRemark(models.Model):
    """Why the plan of a campaign was changed, or why it came otherwise, in somebody's words; each is kept."""

    campaign = models.ForeignKey("pipeline.Campaign", models.CASCADE, related_name="plan_remarks")
    text = models.TextField(_("why it came otherwise"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("said"))

    class Meta:
        verbose_name = _("word on a plan")
        verbose_name_plural = _("words on plans")
        ordering = ["id"]

    def __str__(self):
        return self.text[:60]
