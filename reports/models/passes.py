"""Passes as the rollups hold them, and the funnel by month."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.models.base import Cell, CountedRow, Flow, Tally, Whose, counted


class CountedPass(CountedRow):
    """One pass as it is counted now: local days of its stages. `inferred`: stages that history only inferred, and steps
    that the pass went the other way round (ready_sql: accepted first), which have no days.

    Test passes, spam and passes that were merged away have no row. `answer` is the final answer to its offers:
    accepted, returned or expired; empty while none is final. `own_answer` is that of whose it is. `owner` is who accepted it first, else whom it was offered to
    last, else who owns it. `waits`: at_desk (to be made ready) or not_offered, where it
    waits for either now. `grade` is a person's, else the one with which it was first handed over, else what was proposed when it
    became an MQL. `delivered_on` and `taken_on`: first offered in grade B or better as new or on inquiry, and accepted of
    these, as marketing owes it to `owed_to`: the segment of the lead, else of its company. `source`: whose work brought it,
    marketing, sales, partner or other, as CountedDeal tells it.
    """

    lead = counted("leads.Lead")
    captured_on = models.DateField()
    mql_on = models.DateField(null=True)
    ready_on = models.DateField(null=True)
    offered_on = models.DateField(null=True)
    sql_on = models.DateField(null=True)
    deal_on = models.DateField(null=True)
    won_on = models.DateField(null=True)
    inferred = models.CharField(max_length=100)
    answer = models.CharField(max_length=10)
    own_answer = models.CharField(max_length=10, db_default="")
    grade = models.CharField(max_length=1)
    waits = models.CharField(max_length=12)
    delivered_on = models.DateField(null=True)
    taken_on = models.DateField(null=True)
    owed_to = models.BigIntegerField()
    source = models.CharField(max_length=10)

    class Meta:
        verbose_name = _("counted lead")
        verbose_name_plural = _("counted leads")
        indexes = [
            models.Index(fields=["campaign"], name="counted_pass_campaign"),
            models.Index(fields=["owner"], name="counted_pass_owner"),
            # By each step: who entered it in some days, and when they went on.
            models.Index(fields=["captured_on", "mql_on"], name="counted_pass_captured"),
            models.Index(
                fields=["mql_on", "ready_on"], condition=Q(mql_on__isnull=False), name="counted_pass_mql"
            ),
            models.Index(
                fields=["ready_on", "sql_on"], condition=Q(ready_on__isnull=False), name="counted_pass_ready"
            ),
            models.Index(
                fields=["sql_on", "deal_on"], condition=Q(sql_on__isnull=False), name="counted_pass_sql"
            ),
            models.Index(
                fields=["deal_on", "won_on"], condition=Q(deal_on__isnull=False), name="counted_pass_deal"
            ),
        ]

    def __str__(self):
        return str(self.lead_id)


class Reached(models.Model):
    """Passes by the month of capture: `leads`, and how many of them got there by today."""

    leads = Tally()
    to_mql = Tally()
    to_ready = Tally()
    to_sql = Tally()
    to_deal = Tally()
    to_won = Tally()

    class Meta:
        abstract = True


class Funnel(Reached):
    """Flow, by the day of each event: `leads` … `wins`, and `offered` by first offer with how many of those were finally
    `accepted` of those `answered`. Cohort, by the day of capture: `to_mql` … `to_won`, how many got there by today.
    """

    mqls = Tally()
    readies = Tally()
    offered = Tally()
    answered = Tally()
    accepted = Tally()
    sqls = Tally()
    deals = Tally()
    wins = Tally()

    class Meta:
        abstract = True


class FunnelMonth(Cell, Funnel):
    """The funnel of a month in a cell."""

    pk = models.CompositePrimaryKey("channel", "segment", "region", "month")

    def __str__(self):
        return f"{self.month:%Y-%m} {self.channel} {self.segment} {self.region}"


class WhoseFunnel(Whose, Funnel):
    """The funnel of a month of one campaign, person or team."""

    pk = models.CompositePrimaryKey("who", "whose", "month")
    month = models.DateField()

    def __str__(self):
        return f"{self.month:%Y-%m} {self.who} {self.whose}"


class FunnelSplit(Reached):
    """Passes by the month of capture and how far they came by today, by whose they are and by grade.

    `axis` is owner (`key`: the id, 0 for nobody) or grade of CountedPass (`key`: A to D, empty for none). Beside the cube, not in it: a person
    works in few of its cells.
    """

    pk = models.CompositePrimaryKey("axis", "key", "month")
    axis = models.CharField(max_length=7)
    key = models.CharField(max_length=20)
    month = models.DateField()

    def __str__(self):
        return f"{self.month:%Y-%m} {self.axis} {self.key}"


class WhoseSplit(Whose, Reached):
    """The same of one campaign, person, team, channel, segment or region; `axis` is a channel, segment or region, too."""

    pk = models.CompositePrimaryKey("who", "whose", "axis", "month", "key")
    axis = models.CharField(max_length=7)
    key = models.CharField(max_length=20)
    month = models.DateField()

    def __str__(self):
        return f"{self.month:%Y-%m} {self.who} {self.whose} {self.axis} {self.key}"


class Steps(models.Model):
    """Of the passes that reached the first stage of `step` in the month, how many reached the second by today.

    `undated`: history did not say when, or the second came first. `in_30` … did so within so many days.
    """

    step = models.CharField(max_length=12)
    reached = Tally()
    undated = Tally()
    in_30 = Tally()
    in_90 = Tally()
    in_180 = Tally()

    class Meta:
        abstract = True


class StepMonth(Cell, Steps):
    """The steps of a month in a cell."""

    pk = models.CompositePrimaryKey("channel", "segment", "region", "step", "month")

    def __str__(self):
        return f"{self.month:%Y-%m} {self.step} {self.channel} {self.segment} {self.region}"


class WhoseSteps(Whose, Steps):
    """The steps of a month of one campaign, person or team."""

    pk = models.CompositePrimaryKey("who", "whose", "step", "month")
    month = models.DateField()

    def __str__(self):
        return f"{self.month:%Y-%m} {self.step} {self.who} {self.whose}"


class Days(models.Model):
    """How many passes that reached the first stage of `step` in the month took `days` days to the second.

    Steps that history did not date are left out. The month ALL_MONTHS sums all of them.
    """

    step = models.CharField(max_length=12)
    days = models.SmallIntegerField()
    passes = Tally()

    class Meta:
        abstract = True


class StepDays(Cell, Days):
    """The days of the steps of a month in a cell."""

    pk = models.CompositePrimaryKey("channel", "segment", "region", "step", "month", "days")

    def __str__(self):
        return f"{self.month:%Y-%m} {self.step} {self.days} d"


class WhoseDays(Whose, Days):
    """The days of the steps of a month of one campaign, person or team."""

    pk = models.CompositePrimaryKey("who", "whose", "step", "month", "days")
    month = models.DateField()

    def __str__(self):
        return f"{self.month:%Y-%m} {self.step} {self.days} d {self.who} {self.whose}"


class PassDay(Flow):
    """Passes by day: captured (`leads`), `mqls`, `sqls`; and, by the day since which they wait, those `at_desk` or `not_offered`."""

    pk = models.CompositePrimaryKey("who", "whose", "flow", "day")
