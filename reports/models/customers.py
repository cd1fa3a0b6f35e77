"""Customers by the years since their first purchase, and whom campaigns brought, by segment."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.models.base import Sum, Tally, derived_from


class CountedCustomer(models.Model):
    """A year of a customer in which another purchase was to be hoped for: the one after a purchase, or after a year with one.

    Years are counted in whole months from the month of the first purchase: year 1 is months 1 to 12 after it. `since`
    is the month before the year's first, `due_on` the first day on which the year is over. `kept`: the customer bought
    in it; `deals`, `revenue` and `margin` are those of the year, `uncosted` counts its deals without a known margin.
    A customer is a company with all that were merged into it; what was cancelled is off its sums in its own year, and the purchase stays one.
    """

    company = derived_from("pipeline.Company")
    year = models.PositiveSmallIntegerField()
    segment = models.BigIntegerField()
    region = models.BigIntegerField()
    since = models.DateField()
    due_on = models.DateField()
    kept = models.BooleanField()
    deals = models.PositiveIntegerField()
    uncosted = models.PositiveIntegerField()
    revenue = Sum()
    margin = Sum()

    class Meta:
        verbose_name = _("counted year of a customer")
        verbose_name_plural = _("counted years of customers")
        constraints = [
            models.UniqueConstraint(fields=["company", "year"], name="counted_customer_once"),
        ]
        indexes = [models.Index(fields=["segment", "-due_on", "-id"], name="counted_customer_due")]

    def __str__(self):
        return f"{self.company_id} {self.year}"


class CustomerMonth(models.Model):
    """The customers' years of a segment and region (0: none) that were over in a month: how many, and those kept."""

    pk = models.CompositePrimaryKey("segment", "region", "month")
    segment = models.BigIntegerField()
    region = models.BigIntegerField()
    month = models.DateField()
    customers = Tally()
    kept = Tally()
    uncosted = Tally()
    revenue = Sum()
    margin = Sum()

    def __str__(self):
        return f"{self.month:%Y-%m} {self.segment} {self.region}"


class CampaignSegment(models.Model):
    """How many passes a campaign (0: none) brought from a segment (0: none)."""

    pk = models.CompositePrimaryKey("campaign", "segment")
    campaign = models.BigIntegerField()
    segment = models.BigIntegerField()
    leads = Tally()

    def __str__(self):
        return f"{self.campaign} {self.segment}"
