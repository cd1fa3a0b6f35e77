"""The events that each counted row adds to the totals, as SQL."""

from dataclasses import dataclass

from reports.models.base import ALL_MONTHS


def month_of(column):
    """SQL: the first day of the month of a date, without the detour over a time zone."""
    return f"date_trunc('month', {column}::timestamp)::date"


@dataclass(frozen=True)
class Step:
    """Two stages that a pass may both reach, as SQL: the month of the first, the days between, whether it reached both
    and whether both are dated."""

    name: str
    since: str
    days: str
    reached: str
    dated: str


def steps():
    """Every Step."""
    on = {"new": "captured_on"} | {stage: f"{stage}_on" for stage in ("mql", "ready", "sql", "deal", "won")}
    return [
        Step(
            f"{first}_{last}",
            month_of(on[first]),
            f"greatest(least({on[last]} - {on[first]}, 32000), -32000)",
            f"({on[last]} IS NOT NULL AND {on[first]} IS NOT NULL)",
            f"(inferred = '' OR NOT string_to_array(inferred, ',') && '{{{first},{last}}}')",
        )
        for first, last in STEPS
    ]


def step_rows():
    """SQL rows (step, since, days, both_reached, dated)."""
    return ", ".join(
        f"('{one.name}', {one.since}, {one.days}, {one.reached}, {one.dated})" for one in steps()
    )


def dated_rows(days):
    """SQL rows (month, measure, value) of {column: {measure: value}}."""
    return ", ".join(
        f"({month_of(day)}, '{measure}', {value})"
        for day, values in days.items()
        for measure, value in values.items()
    )


def rows_of(values):
    """SQL rows (measure, value) of {measure: value}."""
    return ", ".join(f"('{measure}', {value})" for measure, value in values.items())


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

REACHED = {
    f"to_{stage}": f"({stage}_on IS NOT NULL)::int" for stage in ("mql", "ready", "sql", "deal", "won")
}
FUNNEL = {
    "captured_on": {"leads": "1", **REACHED},
    "mql_on": {"mqls": "1"},
    "ready_on": {"readies": "1"},
    "sql_on": {"sqls": "1"},
    "deal_on": {"deals": "1"},
    "won_on": {"wins": "1"},
    "offered_on": {
        "offered": "1",
        "answered": "(answer <> '')::int",
        "accepted": "(answer = 'accepted')::int",
    },
}
FUNNEL_EVENTS = f"(VALUES {dated_rows(FUNNEL)}) AS e (month, measure, value)"
SPLITS = {"owner": "owner::text", "grade": "grade::text"}
SPLIT_SUMS = {"leads": "1", **REACHED}
SPLIT_EVENTS = f"""(VALUES {rows_of(SPLITS)}) AS s (axis, key), LATERAL (VALUES {rows_of(SPLIT_SUMS)}) AS m (measure, value),
LATERAL (VALUES ({month_of("captured_on")})) AS e (month)"""
STEP_SUMS = {  # of the passes that reached both stages
    "reached": "1",
    "undated": "(NOT {dated})::int",
    **{f"in_{days}": f"({{dated}} AND {{days}} <= {days})::int" for days in (30, 90, 180)},
}
STEP_EVENTS = f"""(VALUES {step_rows()}) AS e (step, month, days, both_reached, dated), LATERAL (VALUES
  {rows_of({name: f"both_reached::int * {value.format(days='days', dated='dated')}" for name, value in STEP_SUMS.items()})}
) AS m (measure, value)"""
DAY_EVENTS = f"""(VALUES {step_rows()}) AS e (step, since, days, both_reached, dated), {BOTH_MONTHS},
LATERAL (VALUES ('passes', (both_reached AND dated)::int)) AS m (measure, value)"""
CAMPAIGN_EVENTS = f"""(VALUES
  ({month_of("captured_on")}, 'leads', 1), ({month_of("captured_on")}, 'mqls', (mql_on IS NOT NULL)::int),
  ({month_of("captured_on")}, 'sqls', (sql_on IS NOT NULL)::int),
  ({month_of("captured_on")}, 'deals', (deal_on IS NOT NULL)::int),
  ({month_of("captured_on")}, 'wins', (won_on IS NOT NULL)::int)
) AS e (month, measure, value)"""
SEGMENT_EVENTS = (
    f"(VALUES ('leads', 1)) AS e (measure, value), LATERAL (VALUES ({month_of('captured_on')})) AS m (month)"
)
CUSTOMER_EVENTS = """(VALUES
  ('customers', 1), ('kept', kept::int), ('uncosted', uncosted), ('revenue', revenue), ('margin', margin)
) AS e (measure, value), LATERAL (VALUES (due_on)) AS m (month)"""
PIPELINE_EVENTS = f"(VALUES ({month_of('opened_on')}, 'pipeline', opening)) AS e (month, measure, value)"
DEALS = {
    "opened_on": {
        "opened": "1::numeric",
        "opened_amount": "opening",
        "open": "(outcome = 'open')::int",
        "open_amount": "CASE WHEN outcome = 'open' THEN amount END",
        "open_unpriced": "(outcome = 'open' AND amount IS NULL)::int",
        "stepless": "stepless::int",
        "slipped": "(outcome = 'open' AND slips >= 2)::int",
    },
    "closed_on": {
        "won": "(outcome = 'won')::int",
        "won_amount": "CASE WHEN outcome = 'won' THEN amount END",
        "won_unpriced": "(outcome = 'won' AND amount IS NULL)::int",
        "won_uncosted": "(outcome = 'won' AND amount IS NOT NULL AND margin IS NULL)::int",
        "margin": "CASE WHEN outcome = 'won' THEN margin END",
        "lost": "(outcome = 'lost')::int",
        "lost_amount": "CASE WHEN outcome = 'lost' THEN amount END",
    },
}
DEAL_EVENTS = f"(VALUES {dated_rows(DEALS)}) AS e (month, measure, value)"
CREDIT_EVENTS = """(VALUES
  (CASE WHEN open THEN 'open_deals' ELSE 'deals' END, share),
  (CASE WHEN open THEN 'open_unpriced' ELSE 'unpriced' END, CASE WHEN amount IS NULL THEN share END),
  (CASE WHEN open THEN 'pipeline' ELSE 'revenue' END, amount),
  ('uncosted', CASE WHEN NOT open AND amount IS NOT NULL AND margin IS NULL THEN share END), ('margin', margin)
) AS e (measure, value), LATERAL (VALUES (coalesce(campaign_id, 0))) AS c (campaign)"""
ANSWERS = {
    "offers": "1",
    **{name: f"(outcome = '{name}')::int" for name in ("accepted", "returned", "expired", "waiting")},
    "due": "(in_time IS NOT NULL)::int",
    "in_time": "coalesce(in_time, false)::int",
}
ANSWER_EVENTS = f"(VALUES {dated_rows({'offered_on': ANSWERS})}) AS e (month, measure, value)"
CLOCKS = {  # {clock: (the day it counts by, minutes, which offers)}
    "answer": ("offered_on", MINUTES.format("answer"), "(outcome <> 'withdrawn')"),
    "contact": ("offered_on", MINUTES.format("contact"), "(outcome = 'accepted')"),
    "speed": ("captured_on", MINUTES.format("speed"), "speaks"),
}
MINUTE_EVENTS = "(VALUES {clocks}) AS e (clock, since, minutes, measure, value), {both}".format(
    clocks=", ".join(
        f"('{clock}', {month_of(day)}, {minutes}, 'offers', {counts}::int)"
        for clock, (day, minutes, counts) in CLOCKS.items()
    ),
    both=BOTH_MONTHS,
)
