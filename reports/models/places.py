"""What campaigns brought and earned by the segment and region in which it stands (0: none), by month: flow, each by its own day."""

from django.db import models

from reports.models.base import Sum, Tally


class Place(models.Model):
    """A month of a campaign (0: none) in a segment and region."""

    campaign = models.BigIntegerField()
    segment = models.BigIntegerField()
    region = models.BigIntegerField()
    month = models.DateField()

    class Meta:
        abstract = True


class CampaignPlace(Place):
    """Passes that the campaign created, and the deals to which they led, as FunnelMonth and DealMonth count them.

    `answered` and `accepted` are of those first offered in the month; `sql_days` sums the days from the capture of the
    `dated` of its `sqls`. `won_amount` and `margin` are less what was cancelled in the month; `uncosted` of the wins have no known margin.
    """

    pk = models.CompositePrimaryKey("month", "campaign", "segment", "region")
    leads = Tally()
    mqls = Tally()
    sqls = Tally()
    answered = Tally()
    accepted = Tally()
    sql_days = Tally()
    dated = Tally()
    opened = Tally()
    opened_amount = Sum()
    won = Tally()
    won_amount = Sum()
    margin = Sum()
    uncosted = Tally()

    def __str__(self):
        return f"{self.month:%Y-%m} {self.campaign} {self.segment} {self.region}"


class CreditPlace(Place):
    """What the campaign earned under a model, by the month of the win and where the deal stands, as CreditMonth adds it up."""

    pk = models.CompositePrimaryKey("model", "month", "campaign", "segment", "region", "renewal")
    model = models.CharField(max_length=20)
    renewal = models.BooleanField()
    deals = models.DecimalField(max_digits=22, decimal_places=12, default=0, db_default=0)
    unpriced = models.DecimalField(max_digits=22, decimal_places=12, default=0, db_default=0)
    uncosted = models.DecimalField(max_digits=22, decimal_places=12, default=0, db_default=0)
    revenue = Sum()
    margin = Sum()

    def __str__(self):
        return f"{self.model} {self.month:%Y-%m} {self.campaign} {self.segment} {self.region}"
