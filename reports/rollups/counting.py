"""What is counted, row by row, and the totals that follow from it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import AutoField, Model

from reports import attribution
from reports.models import (
    AnswerMinutes,
    AnswerMonth,
    CampaignMonth,
    CountedDeal,
    CountedOffer,
    CountedPass,
    Credit,
    CreditMonth,
    DealMonth,
    FunnelMonth,
    StepDays,
    StepMonth,
)
from reports.models.base import ALL_MONTHS
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


def month_of(column):
    """SQL: the first day of the month of a date."""
    return f"date_trunc('month', {column})::date"


def steps():
    """SQL rows (step, since, days, dated): every pair of stages that a pass has both reached."""
    days = {"new": "captured_on"} | {stage: f"{stage}_on" for stage in ("mql", "ready", "sql", "deal", "won")}
    return ", ".join(
        f"('{first}_{last}', {month_of(days[first])}, greatest(least({days[last]} - {days[first]}, 32000), -32000), "
        f"{days[last]} IS NOT NULL AND {days[first]} IS NOT NULL, "
        f"NOT string_to_array(inferred, ',') && '{{{first},{last}}}')"
        for first, last in STEPS
    )


# A histogram counts in its month and in the month that stands for all of them: all time is one short read.
BOTH_MONTHS = f"LATERAL (VALUES (since), ('{ALL_MONTHS}'::date)) AS both_months (month)"
STEPS = (
    ("new", "mql"),
    ("new", "sql"),
    ("new", "deal"),
    ("new", "won"),
    ("mql", "ready"),
    ("mql", "sql"),
    ("ready", "sql"),
    ("sql", "deal"),
    ("deal", "won"),
    ("sql", "won"),
)
# Minutes as AnswerMinutes keeps them; whoever has not answered stands last.
MINUTES = (
    "CASE WHEN {0} IS NULL THEN 32767 WHEN {0} <= 60 THEN {0} WHEN {0} <= 240 THEN {0} / 5 * 5 "
    "WHEN {0} <= 600 THEN {0} / 15 * 15 ELSE {0} / 60 * 60 END"
)

FUNNEL_EVENTS = """(VALUES
  ({captured}, 'leads', 1), ({mql}, 'mqls', 1), ({ready}, 'readies', 1), ({sql}, 'sqls', 1), ({deal}, 'deals', 1),
  ({won}, 'wins', 1), ({offered}, 'offered', 1), ({offered}, 'answered', (answer <> '')::int),
  ({offered}, 'accepted', (answer = 'accepted')::int), ({captured}, 'to_mql', (mql_on IS NOT NULL)::int),
  ({captured}, 'to_ready', (ready_on IS NOT NULL)::int), ({captured}, 'to_sql', (sql_on IS NOT NULL)::int),
  ({captured}, 'to_deal', (deal_on IS NOT NULL)::int), ({captured}, 'to_won', (won_on IS NOT NULL)::int)
) AS e (month, measure, value)""".format(
    **{name: month_of(f"{name}_on") for name in ("captured", "mql", "ready", "sql", "deal", "won", "offered")}
)
STEP_EVENTS = f"""(VALUES {steps()}) AS e (step, month, days, both_reached, dated), LATERAL (VALUES
  ('reached', both_reached::int), ('undated', (both_reached AND NOT dated)::int),
  ('in_30', (both_reached AND dated AND days <= 30)::int), ('in_90', (both_reached AND dated AND days <= 90)::int),
  ('in_180', (both_reached AND dated AND days <= 180)::int)
) AS m (measure, value)"""
DAY_EVENTS = f"""(VALUES {steps()}) AS e (step, since, days, both_reached, dated), {BOTH_MONTHS},
LATERAL (VALUES ('passes', (both_reached AND dated)::int)) AS m (measure, value)"""
CAMPAIGN_EVENTS = f"""(VALUES
  ({month_of("captured_on")}, 'leads', 1), ({month_of("captured_on")}, 'mqls', (mql_on IS NOT NULL)::int),
  ({month_of("captured_on")}, 'sqls', (sql_on IS NOT NULL)::int),
  ({month_of("captured_on")}, 'deals', (deal_on IS NOT NULL)::int),
  ({month_of("captured_on")}, 'wins', (won_on IS NOT NULL)::int)
) AS e (month, measure, value)"""
PIPELINE_EVENTS = f"(VALUES ({month_of('opened_on')}, 'pipeline', opening)) AS e (month, measure, value)"
DEAL_EVENTS = """(VALUES
  ({opened}, 'opened', 1::numeric), ({opened}, 'opened_amount', opening),
  ({opened}, 'open', (outcome = 'open')::int), ({opened}, 'open_amount', CASE WHEN outcome = 'open' THEN amount END),
  ({opened}, 'open_unpriced', (outcome = 'open' AND amount IS NULL)::int), ({opened}, 'stepless', stepless::int),
  ({opened}, 'slipped', (outcome = 'open' AND slips >= 2)::int),
  ({closed}, 'won', (outcome = 'won')::int), ({closed}, 'won_amount', CASE WHEN outcome = 'won' THEN amount END),
  ({closed}, 'won_unpriced', (outcome = 'won' AND amount IS NULL)::int),
  ({closed}, 'won_uncosted', (outcome = 'won' AND amount IS NOT NULL AND margin IS NULL)::int),
  ({closed}, 'margin', CASE WHEN outcome = 'won' THEN margin END),
  ({closed}, 'lost', (outcome = 'lost')::int), ({closed}, 'lost_amount', CASE WHEN outcome = 'lost' THEN amount END)
) AS e (month, measure, value)""".format(opened=month_of("opened_on"), closed=month_of("closed_on"))
CREDIT_EVENTS = """(VALUES
  ('deals', share), ('unpriced', CASE WHEN amount IS NULL THEN share END),
  ('uncosted', CASE WHEN amount IS NOT NULL AND margin IS NULL THEN share END), ('revenue', amount), ('margin', margin)
) AS e (measure, value), LATERAL (VALUES (coalesce(campaign_id, 0))) AS c (campaign)"""
ANSWER_EVENTS = f"""(VALUES
  ('offers', 1), ('accepted', (outcome = 'accepted')::int), ('returned', (outcome = 'returned')::int),
  ('expired', (outcome = 'expired')::int), ('waiting', (outcome = 'waiting')::int), ('due', (in_time IS NOT NULL)::int),
  ('in_time', coalesce(in_time, false)::int)
) AS e (measure, value), LATERAL (VALUES ({month_of("offered_on")})) AS m (month)"""
MINUTE_EVENTS = """(VALUES
  ('answer', {offered}, {answer}, 'offers', (outcome <> 'withdrawn')::int),
  ('contact', {offered}, {contact}, 'offers', (outcome = 'accepted')::int),
  ('speed', {captured}, {speed}, 'offers', speaks::int)
) AS e (clock, since, minutes, measure, value), {both}""".format(
    both=BOTH_MONTHS,
    offered=month_of("offered_on"),
    captured=month_of("captured_on"),
    **{name: MINUTES.format(name) for name in ("answer", "contact", "speed")},
)

SPEND = Total(
    CampaignMonth,
    ("campaign", "month"),
    "(VALUES ('planned', planned), ('committed', committed), ('paid', paid)) AS e (measure, value)",
    cube=False,
    measures=("planned", "committed", "paid"),
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
            Total(StepMonth, ("step", "month"), STEP_EVENTS),
            Total(StepDays, ("step", "month", "days"), DAY_EVENTS),
            Total(
                CampaignMonth,
                ("campaign", "month"),
                CAMPAIGN_EVENTS,
                cube=False,
                measures=("leads", "mqls", "sqls", "deals", "wins"),
            ),
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
        "SELECT -1 AS sign, campaign, month, planned, committed, paid FROM reports_campaignmonth "
        "WHERE campaign IN (SELECT campaign FROM due_campaign) UNION ALL SELECT 1, * FROM fresh_spend"
    )
    SPEND.move(cursor, "moved")


def all_tables():
    """Every table that is derived, without the marks."""
    totals = {total.table for counted in COUNTED for total in counted.totals}
    return sorted({counted.table for counted in COUNTED} | totals)
