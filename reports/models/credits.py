"""Credits of won and open deals, and what campaigns cost and earned by month."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pipeline.models.base import MoneyField
from reports.models.base import Sum, Tally, derived_from


class Credit(models.Model):
    """The share of one won or open deal that one touch earns under a model; the shares and amounts of a deal sum to it.

    A deal without touches has one credit without a touch, to *unattributed*. `campaign` is the touch's; `channel` the
    campaign's, else the touch's own, empty for unattributed. `amount` and `margin` are in report currency, null where
    the deal has no amount or no cost; an open deal has no margin yet. `position` counts along the path from 1 to `touches`.
    A cancellation (`cancelled`) is shared out like its deal, in its own month. It stands in the segment and region of the deal (0: none).
    """

    deal = derived_from("pipeline.Deal")
    model = models.CharField(_("model"), max_length=20)
    position = models.PositiveIntegerField()
    touches = models.PositiveIntegerField()
    touch = derived_from("leads.Touch", null=True)
    campaign = derived_from("pipeline.Campaign", null=True)
    channel = models.CharField(_("channel"), max_length=20)
    segment = models.BigIntegerField(_("segment"), default=0, db_default=0)
    region = models.BigIntegerField(_("region"), default=0, db_default=0)
    month = models.DateField(_("month of the win"), help_text=_("of the opening, while the deal is open"))
    renewal = models.BooleanField(_("renewal"))
    open = models.BooleanField(_("open"), default=False, db_default=False)
    cancelled = models.BooleanField(_("cancelled"), default=False, db_default=False)
    share = models.DecimalField(_("share"), max_digits=13, decimal_places=12)
    amount = MoneyField(_("revenue"), null=True)
    margin = MoneyField(_("margin"), null=True)

    class Meta:
        verbose_name = _("credit")
        verbose_name_plural = _("credits")
        constraints = [
            models.UniqueConstraint(fields=["deal", "model", "position"], name="credit_once"),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "model"],
                condition=models.Q(campaign__isnull=False),
                name="credit_campaign",
            )
        ]

    def __str__(self):
        return f"{self.deal_id} {self.model} {self.position}/{self.touches}"


class CreditMonth(models.Model):
    """What a campaign (0: none) and channel earned under a model, by the month of the win.

    `deals` is a sum of shares; `unpriced` and `uncosted` are the shares without amount and without cost. What was cancelled
    is off `revenue` and `margin` by its own month, and no deal. `open_deals`,
    `open_unpriced` and `pipeline` are the same of the deals that are open today, by the month of their opening.
    """

    pk = models.CompositePrimaryKey("model", "campaign", "channel", "month", "renewal")
    model = models.CharField(max_length=20)
    campaign = models.BigIntegerField()
    channel = models.CharField(max_length=20)
    month = models.DateField()
    renewal = models.BooleanField()
    deals = models.DecimalField(max_digits=22, decimal_places=12, default=0, db_default=0)
    unpriced = models.DecimalField(max_digits=22, decimal_places=12, default=0, db_default=0)
    uncosted = models.DecimalField(max_digits=22, decimal_places=12, default=0, db_default=0)
    revenue = Sum()
    margin = Sum()
    open_deals = models.DecimalField(max_digits=22, decimal_places=12, default=0, db_default=0)
    open_unpriced = models.DecimalField(max_digits=22, decimal_places=12, default=0, db_default=0)
    pipeline = Sum()

    def __str__(self):
        return f"{self.model} {self.campaign} {self.month:%Y-%m}"


class CampaignMonth(models.Model):
    """What a campaign (0: none) cost, by month of service, and what became of the passes it created.

    `impressions` to `reported_revenue` are what the platforms say of the same months; `reported_spend` is the spend
    beside which one of them names a revenue.
    `leads` to `wins` count the passes captured in the month, by how far they came until today; `pipeline` sums the
    amounts at opening of the deals that were opened in the month by such passes.
    """

    pk = models.CompositePrimaryKey("campaign", "month")
    campaign = models.BigIntegerField()
    month = models.DateField()
    planned = Sum()
    committed = Sum()
    paid = Sum()
    impressions = Tally()
    clicks = Tally()
    reported_leads = Sum(decimal_places=2)
    reported_orders = Sum(decimal_places=2)
    reported_revenue = Sum()
    reported_spend = Sum()
    leads = Tally()
    mqls = Tally()
    sqls = Tally()
    deals = Tally()
    wins = Tally()
    pipeline = Sum()

    def __str__(self):
        return f"{self.campaign} {self.month:%Y-%m}"
