"""What is counted, row by row, and the totals that follow from it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import AutoField, Model

from reports import attribution
from reports.models import (
    AnswerMinutes,
    AnswerMonth,
    CampaignMonth,
    CampaignSegment,
    CountedCustomer,
    CountedDeal,
    CountedOffer,
    CountedPass,
    Credit,
    CreditMonth,
    CustomerMonth,
    DealMonth,
    FunnelMonth,
    FunnelSplit,
    StepDays,
    StepMonth,
)
from reports.rollups.events import (
    ANSWER_EVENTS,
    CAMPAIGN_EVENTS,
    CREDIT_EVENTS,
    CUSTOMER_EVENTS,
    DAY_EVENTS,
    DEAL_EVENTS,
    FUNNEL_EVENTS,
    MINUTE_EVENTS,
    PIPELINE_EVENTS,
    SEGMENT_EVENTS,
    SPLIT_EVENTS,
    STEP_EVENTS,
)
from reports.statements import statement


def columns(model, but=()):
    """The column names of a model without its serial key."""
    return [
        one.column
        for one in model._meta.concrete_fields
        if not isinstance(one, AutoField) and one.column not in but
    ]


@dataclass(frozen=True)
class Total:
    """Totals by key. `events` is SQL that turns a counted row into (key columns it adds, measure, value) rows.

    With `cube`, each event counts in its cell of channel × segment × region and in the seven cells above it.
    `measures` are the columns that this Total keeps, where several share a table.
    """

    model: type[Model]
    keys: tuple[str, ...]
    events: str
    cube: bool = True
    measures: tuple[str, ...] = ()

    @property
    def table(self):
        return self.model._meta.db_table

    def measured(self):
        """The columns that hold sums."""
        cell = ("channel", "segment", "region") if self.cube else ()
        return list(self.measures) or columns(self.model, (*self.keys, *cell))

    def select(self, source):
        """The totals over the rows of `source`, which have a `sign`: the table's keys, then its measures."""
        cell = ["channel", "segment", "region"] if self.cube else []
        inner = ", ".join([*self.keys, *cell])
        sums = ", ".join(
            f"coalesce(sum(value) FILTER (WHERE measure = '{one}'), 0) AS {one}" for one in self.measured()
        )
        raised = (
            [
                "CASE WHEN grouping(channel) = 1 THEN '*' ELSE channel END AS channel",
                "CASE WHEN grouping(segment) = 1 THEN -1 ELSE segment END AS segment",
                "CASE WHEN grouping(region) = 1 THEN -1 ELSE region END AS region",
            ]
            if self.cube
            else []
        )
        groups = [*self.keys, *(["CUBE (channel, segment, region)"] if self.cube else [])]
        return (
            f"SELECT {', '.join([*self.keys, *raised])}, {sums} FROM ("
            f"SELECT {inner}, measure, sum(sign * value) AS value FROM {source} CROSS JOIN LATERAL {self.events} "
            f"WHERE month IS NOT NULL AND value IS NOT NULL GROUP BY {inner}, measure HAVING sum(sign * value) <> 0"
            f") AS event GROUP BY {', '.join(groups)}"
        )

    def move(self, cursor, source):
        """Move the stored totals by the rows of `source`."""
        keys = [*self.keys, *(["channel", "segment", "region"] if self.cube else [])]
        sums = ", ".join(f"{one} = {self.table}.{one} + excluded.{one}" for one in self.measured())
        cursor.execute(
            f"INSERT INTO {self.table} ({', '.join([*keys, *self.measured()])}) {self.select(source)} "
            f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sums}"
        )


@dataclass(frozen=True)
class Counted:
    """A table of rows that are counted now. `read` fills the temporary table `fresh` for the keys in `due`.

    `key` is the stored column that matches the one column of `due`; `identity` tells its rows apart.
    """

    model: type[Model]
    due: str
    due_key: str
    key: str
    identity: tuple[str, ...]
    fresh: str
    read: Callable
    totals: tuple[Total, ...] = field(default=())

    @property
    def table(self):
        return self.model._meta.db_table

    def move(self, cursor):
        """Make the stored rows equal to the fresh ones, and move the totals by the difference."""
        listed = ", ".join(columns(self.model))
        stored = (
            f"SELECT {listed} FROM {self.table} WHERE {self.key} IN (SELECT {self.due_key} FROM {self.due})"
        )
        fresh = f"SELECT {listed} FROM {self.fresh}"
        cursor.execute(
            "DROP TABLE IF EXISTS moved; CREATE TEMPORARY TABLE moved ON COMMIT DROP AS "
            f"SELECT -1 AS sign, gone.* FROM ({stored} EXCEPT ALL {fresh}) AS gone "
            f"UNION ALL SELECT 1, come.* FROM ({fresh} EXCEPT ALL {stored}) AS come"
        )
        if not cursor.rowcount:
            return
        cursor.execute("ANALYZE moved")
        same = " AND ".join(f"stored.{one} = moved.{one}" for one in self.identity)
        cursor.execute(f"DELETE FROM {self.table} stored USING moved WHERE sign = -1 AND {same}")
        cursor.execute(f"INSERT INTO {self.table} ({listed}) SELECT {listed} FROM moved WHERE sign = 1")
        for total in self.totals:
            total.move(cursor, "moved")


def _reader(name):
    def read(cursor):
        cursor.execute(statement(name))

    return read


SPENT = (
    "planned", "committed", "paid", "impressions", "clicks", "reported_leads", "reported_orders", "reported_revenue",
    "reported_spend",
)  # fmt: skip
SPEND = Total(
    CampaignMonth,
    ("campaign", "month"),
    "(VALUES " + ", ".join(f"('{one}', {one}::numeric)" for one in SPENT) + ") AS e (measure, value)",
    cube=False,
    measures=SPENT,
)
COUNTED = (
    Counted(
        CountedPass,
        "due_lead",
        "lead_id",
        "lead_id",
        ("lead_id",),
        "fresh_pass",
        _reader("fresh_pass"),
        (
            Total(FunnelMonth, ("month",), FUNNEL_EVENTS),
            Total(FunnelSplit, ("axis", "key", "month"), SPLIT_EVENTS, cube=False),
            Total(StepMonth, ("step", "month"), STEP_EVENTS),
            Total(StepDays, ("step", "month", "days"), DAY_EVENTS),
            Total(
                CampaignMonth,
                ("campaign", "month"),
                CAMPAIGN_EVENTS,
                cube=False,
                measures=("leads", "mqls", "sqls", "deals", "wins"),
            ),
            Total(CampaignSegment, ("campaign", "segment"), SEGMENT_EVENTS, cube=False),
        ),
    ),
    Counted(
        CountedOffer,
        "due_lead",
        "lead_id",
        "lead",
        ("handoff_id",),
        "fresh_offer",
        _reader("fresh_offer"),
        (
            Total(AnswerMonth, ("month",), ANSWER_EVENTS),
            Total(AnswerMinutes, ("clock", "month", "minutes"), MINUTE_EVENTS),
        ),
    ),
    Counted(
        CountedDeal,
        "due_deal",
        "deal_id",
        "deal_id",
        ("deal_id",),
        "fresh_deal",
        _reader("fresh_deal"),
        (
            Total(DealMonth, ("kind", "month"), DEAL_EVENTS),
            Total(CampaignMonth, ("campaign", "month"), PIPELINE_EVENTS, cube=False, measures=("pipeline",)),
        ),
    ),
    Counted(
        CountedCustomer,
        "due_customer",
        "company_id",
        "company_id",
        ("company_id", "year"),
        "fresh_customer",
        _reader("fresh_customer"),
        (Total(CustomerMonth, ("segment", "region", "month"), CUSTOMER_EVENTS, cube=False),),
    ),
    Counted(
        Credit,
        "due_deal",
        "deal_id",
        "deal_id",
        ("deal_id", "model", "position"),
        "fresh_credit",
        attribution.work_out,
        (
            Total(
                CreditMonth,
                ("model", "campaign", "channel", "month", "renewal"),
                CREDIT_EVENTS,
                cube=False,
            ),
        ),
    ),
)


def read_spend(cursor):
    """Fill fresh_spend for the campaigns in due_campaign."""
    cursor.execute(statement("fresh_spend"))


def move_spend(cursor):
    """Spend is counted by campaign, from the totals themselves: there are few rows of it."""
    read_spend(cursor)
    cursor.execute(
        "DROP TABLE IF EXISTS moved; CREATE TEMPORARY TABLE moved ON COMMIT DROP AS "
        f"SELECT -1 AS sign, campaign, month, {', '.join(SPENT)} FROM reports_campaignmonth "
        "WHERE campaign IN (SELECT campaign FROM due_campaign) UNION ALL SELECT 1, * FROM fresh_spend"
    )
    SPEND.move(cursor, "moved")


def all_tables():
    """Every table that is derived, without the marks."""
    totals = {total.table for counted in COUNTED for total in counted.totals}
    return sorted({counted.table for counted in COUNTED} | totals)
