"""Deals as the rollups hold them, and pipeline and wins by month."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.models.base import Cell, CountedRow, Flow, Sum, Tally, Whose, counted, derived_from


class CountedDeal(CountedRow):
    """One deal as it is counted now. Amounts in report currency; `opening` is the amount when it was opened.

    It stands under the channel and campaign of the pass that led to it and under the segment and region of its
    company, else of that pass. `stepless`: open, and nobody has written down what happens next. `slips` counts how
    often the expected close moved later. `category` is the forecast category, its own or else that of its stage, and
    `chance` the probability of its stage in %; `due_on` is the expected close. `first_win`: its company had won nothing before. `influenced`: a
    campaign of marketing had touched one of its people within 180 days before the opening. `source`: whose work brought it,
    marketing, sales, partner or other. Of lost ones `reason` is why, `lost_at` the stage in which (0: not told) and `rival` who got
    it instead.

    A cancellation has the outcome `cancelled` and an amount below nothing, closed on its own day; it stands where its deal
    stands and was never opened: without a day of opening, an opening and a source.
    """

    deal = counted("pipeline.Deal")
    kind = models.CharField(max_length=10)
    outcome = models.CharField(max_length=9)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    opening = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    margin = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    stepless = models.BooleanField()
    slips = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=10)
    chance = models.DecimalField(max_digits=5, decimal_places=2)
    due_on = models.DateField(null=True)
    first_win = models.BooleanField()
    influenced = models.BooleanField()
    source = models.CharField(max_length=10)
    reason = models.BigIntegerField(db_default=0)
    lost_at = models.BigIntegerField(db_default=0)
    rival = models.CharField(max_length=100, db_default="")

    class Meta:
        verbose_name = _("counted deal")
        verbose_name_plural = _("counted deals")
        indexes = [
            models.Index(fields=["campaign"], name="counted_deal_campaign"),
            models.Index(fields=["owner"], name="counted_deal_owner"),
            models.Index(
                fields=["due_on"],
                include=["owner", "segment", "region", "channel", "campaign", "category", "chance", "amount"],
                condition=Q(outcome="open"),
                name="counted_deal_due",
            ),
            models.Index(
                fields=["closed_on"],
                include=[
                    "owner",
                    "segment",
                    "region",
                    "channel",
                    "campaign",
                    "outcome",
                    "kind",
                    "amount",
                    "deal",
                ],
                name="counted_deal_closed",
            ),
            # What the deals of a team or a campaign brought, read from the index alone.
            models.Index(
                fields=["closed_on"],
                include=["owner", "campaign", "channel", "region", "segment", "amount", "margin"],
                condition=Q(outcome__in=("won", "cancelled")),
                name="counted_deal_earned",
            ),
            models.Index(
                fields=["opened_on"],
                include=["owner", "segment", "region", "channel", "campaign", "opening", "influenced"],
                name="counted_deal_opened",
            ),
            # By key too, as the page asks: many deals are of the same amount.
            models.Index(
                fields=["-amount", "-deal"], condition=Q(outcome="open"), name="counted_deal_biggest"
            ),
            models.Index(fields=["-amount"], condition=Q(stepless=True), name="counted_deal_stepless"),
            models.Index(
                fields=["-amount"], condition=Q(outcome="open", slips__gte=2), name="counted_deal_slipped"
            ),
        ]

    def __str__(self):
        return str(self.deal_id)


class Deals(models.Model):
    """Deals of a kind: opened by the day of opening, won by signed_on, lost by the day of closing.

    `open` and `open_amount` are today's stock, under the month of opening. `…_unpriced` have no amount,
    `won_uncosted` no cost; `margin` sums the margins that are known. What was cancelled counts by its own day: it is off
    `won_amount` and `margin` and told apart as `cancelled…`; `won` counts the wins alone.
    """

    kind = models.CharField(max_length=10)
    opened = Tally()
    opened_amount = Sum()
    open = Tally()
    open_amount = Sum()
    open_unpriced = Tally()
    stepless = Tally()
    slipped = Tally()
    won = Tally()
    won_amount = Sum()
    won_unpriced = Tally()
    won_uncosted = Tally()
    margin = Sum()
    lost = Tally()
    lost_amount = Sum()
    cancelled = Tally()
    cancelled_amount = Sum()
    cancelled_margin = Sum()

    class Meta:
        abstract = True


class DealMonth(Cell, Deals):
    """Deals of a month in a cell."""

    pk = models.CompositePrimaryKey("channel", "segment", "region", "kind", "month")

    def __str__(self):
        return f"{self.month:%Y-%m} {self.kind} {self.channel} {self.segment} {self.region}"


class WhoseDeals(Whose, Deals):
    """Deals of a month of one campaign, person or team."""

    pk = models.CompositePrimaryKey("who", "whose", "kind", "month")
    month = models.DateField()

    def __str__(self):
        return f"{self.month:%Y-%m} {self.kind} {self.who} {self.whose}"


class Due(models.Model):
    """Deals as a forecast reads them, by category: `closed` by the month of the win, less what was cancelled in the month (no deal
    of its own), open ones by that of the expected close.

    `weighted`: amount × probability, the whole amount of what is won; `unpriced` have no amount. What is left out of the
    forecast, or expected on no day, has no row.
    """

    category = models.CharField(max_length=10)
    deals = Tally()
    unpriced = Tally()
    amount = Sum()
    weighted = Sum()

    class Meta:
        abstract = True


class DueMonth(Cell, Due):
    """The forecast of a month in a cell."""

    pk = models.CompositePrimaryKey("channel", "segment", "region", "month", "category")

    def __str__(self):
        return f"{self.month:%Y-%m} {self.category} {self.channel} {self.segment} {self.region}"


class WhoseDue(Whose, Due):
    """The forecast of a month of one campaign, person or team, by region (0: none)."""

    pk = models.CompositePrimaryKey("who", "whose", "month", "category", "region")
    region = models.BigIntegerField()
    month = models.DateField()

    def __str__(self):
        return f"{self.month:%Y-%m} {self.category} {self.who} {self.whose}"


class DealDay(Flow):
    """Deals by day, with amounts: `new` and `existing` business won (`special`: first wins of their company) and cancelled
    (`cancel_new`, `cancel_old`, below nothing), `lost`, and
    those opened by whose work brought them: `marketing`, `sales`, `partner`, `other` (`special`: the amount influenced)."""

    pk = models.CompositePrimaryKey("who", "whose", "flow", "day")
    amount = Sum()
    special = Sum()


class LossMonth(models.Model):
    """Deals lost in a month by `reason` (0: none), all together (EVERYBODY) and by each value of a column of CountedDeal."""

    pk = models.CompositePrimaryKey("who", "month", "reason", "whose")
    who = models.CharField(max_length=8)
    whose = models.CharField(max_length=100)
    reason = models.BigIntegerField()
    month = models.DateField()
    deals = Tally()
    unpriced = Tally()
    amount = Sum()

    def __str__(self):
        return f"{self.month:%Y-%m} {self.reason} {self.who} {self.whose}"


class DealCycle(models.Model):
    """Deals won in a month, but renewals, by how many `days` they were open, by whose work brought them and whether a campaign of
    marketing had touched one of their people before."""

    pk = models.CompositePrimaryKey("month", "source", "influenced", "days")
    month = models.DateField()
    source = models.CharField(max_length=10)
    influenced = models.BooleanField()
    days = models.SmallIntegerField()
    deals = Tally()

    def __str__(self):
        return f"{self.month:%Y-%m} {self.source} {self.days} d"


class CountedReceipt(CountedRow):
    """One payment on a deal as it is counted now, in report currency; it stands where its deal stands."""

    receipt = counted("pipeline.Receipt")
    deal = derived_from("pipeline.Deal")
    received_on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        verbose_name = _("counted receipt")
        verbose_name_plural = _("counted receipts")
        indexes = [
            models.Index(fields=["deal"], name="counted_receipt_deal"),
            models.Index(fields=["received_on"], name="counted_receipt_day"),
        ]

    def __str__(self):
        return str(self.receipt_id)


class ReceiptDay(Flow):
    """Money received (`collected`) by day."""

    pk = models.CompositePrimaryKey("who", "whose", "flow", "day")
    amount = Sum()
