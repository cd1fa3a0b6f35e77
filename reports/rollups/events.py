"""The events that each counted row adds to the totals, as SQL."""

from reports.models.base import ALL_MONTHS


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
SPLIT_EVENTS = """(VALUES ('owner', owner::text), ('grade', grade)) AS s (axis, key), LATERAL (VALUES
  ('leads', 1), ('to_mql', (mql_on IS NOT NULL)::int), ('to_ready', (ready_on IS NOT NULL)::int),
  ('to_sql', (sql_on IS NOT NULL)::int), ('to_deal', (deal_on IS NOT NULL)::int), ('to_won', (won_on IS NOT NULL)::int)
) AS m (measure, value), LATERAL (VALUES ({captured})) AS e (month)""".format(
    captured=month_of("captured_on")
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
SEGMENT_EVENTS = (
    f"(VALUES ('leads', 1)) AS e (measure, value), LATERAL (VALUES ({month_of('captured_on')})) AS m (month)"
)
CUSTOMER_EVENTS = """(VALUES
  ('customers', 1), ('kept', kept::int), ('uncosted', uncosted), ('revenue', revenue), ('margin', margin)
) AS e (measure, value), LATERAL (VALUES (due_on)) AS m (month)"""
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
  (CASE WHEN open THEN 'open_deals' ELSE 'deals' END, share),
  (CASE WHEN open THEN 'open_unpriced' ELSE 'unpriced' END, CASE WHEN amount IS NULL THEN share END),
  (CASE WHEN open THEN 'pipeline' ELSE 'revenue' END, amount),
  ('uncosted', CASE WHEN NOT open AND amount IS NOT NULL AND margin IS NULL THEN share END), ('margin', margin)
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
