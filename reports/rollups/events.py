"""What each counted row adds to the totals, and by which of its days, as SQL."""

from dataclasses import dataclass


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


def dated(first, last):
    """SQL: does history say when a pass reached two stages, and in this order?"""
    return f"(inferred = '' OR NOT string_to_array(inferred, ',') && '{{{first},{last},{first}_{last}}}')"


def steps():
    """Every Step."""
    on = {"new": "captured_on"} | {stage: f"{stage}_on" for stage in ("mql", "ready", "sql", "deal", "won")}
    return [
        Step(
            f"{first}_{last}",
            month_of(on[first]),
            f"greatest(least({on[last]} - {on[first]}, 32000), -32000)",
            f"({on[last]} IS NOT NULL AND {on[first]} IS NOT NULL)",
            dated(first, last),
        )
        for first, last in STEPS
    ]


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


def beyond(limit):
    """The fewest minutes that are kept as more than `limit`, which is one of those that are kept."""
    return (
        limit + 1 if limit < 60 else limit + 5 if limit < 240 else limit + 15 if limit < 600 else limit + 60
    )


REACHED = {
    f"to_{stage}": f"({stage}_on IS NOT NULL)::int" for stage in ("mql", "ready", "sql", "deal", "won")
}


def _answered(column):
    return {"answered": f"({column} <> '')::int", "accepted": f"({column} = 'accepted')::int"}


FUNNEL = {
    "captured_on": {"leads": "1", **REACHED},
    "mql_on": {"mqls": "1"},
    "ready_on": {"readies": "1"},
    "sql_on": {"sqls": "1"},
    "deal_on": {"deals": "1"},
    "won_on": {"wins": "1"},
    "offered_on": {"offered": "1", **_answered("answer")},
}
OWN = {"offered_on": _answered("own_answer")}  # as it counts for people and their teams
SPLITS = {"owner": "owner::text", "grade": "grade::text"}
SLICES = {
    "channel": "channel",
    "segment": "segment::text",
    "region": "region::text",
}  # which the cube knows of all
SPLIT_SUMS = {"leads": "1", **REACHED}
STEP_SUMS = {  # of the passes that reached both stages
    "reached": "1",
    "undated": "(NOT {dated})::int",
    **{f"in_{days}": f"({{dated}} AND {{days}} <= {days})::int" for days in (30, 90, 180)},
}
CAMPAIGN = {
    "leads": "1",
    "mqls": "(mql_on IS NOT NULL)::int",
    "sqls": "(sql_on IS NOT NULL)::int",
    "deals": "(deal_on IS NOT NULL)::int",
    "wins": "(won_on IS NOT NULL)::int",
}
CUSTOMER = {
    "customers": "1",
    "kept": "kept::int",
    "uncosted": "uncosted",
    "revenue": "revenue",
    "margin": "margin",
}
# What counts as revenue: wins, and what of them was cancelled, below nothing.
EARNED = "outcome IN ('won', 'cancelled')"
DEALS = {
    "opened_on": {
        "opened": "1",
        "opened_amount": "opening",
        "open": "(outcome = 'open')::int",
        "open_amount": "CASE WHEN outcome = 'open' THEN amount END",
        "open_unpriced": "(outcome = 'open' AND amount IS NULL)::int",
        "stepless": "stepless::int",
        "slipped": "(outcome = 'open' AND slips >= 2)::int",
    },
    "closed_on": {
        "won": "(outcome = 'won')::int",
        "won_amount": f"CASE WHEN {EARNED} THEN amount END",
        "won_unpriced": "(outcome = 'won' AND amount IS NULL)::int",
        "won_uncosted": f"({EARNED} AND amount IS NOT NULL AND margin IS NULL)::int",
        "margin": f"CASE WHEN {EARNED} THEN margin END",
        "lost": "(outcome = 'lost')::int",
        "lost_amount": "CASE WHEN outcome = 'lost' THEN amount END",
        "cancelled": "(outcome = 'cancelled')::int",
        "cancelled_amount": "CASE WHEN outcome = 'cancelled' THEN amount END",
        "cancelled_margin": "CASE WHEN outcome = 'cancelled' THEN margin END",
    },
}
PLACED = {  # of a campaign in a segment and region, by the day of each event
    "captured_on": {"leads": "1"},
    "mql_on": {"mqls": "1"},
    "offered_on": _answered("answer"),
    "sql_on": {
        "sqls": "1",
        "sql_days": f"CASE WHEN {dated('new', 'sql')} THEN greatest(sql_on - captured_on, 0) END",
        "dated": f"{dated('new', 'sql')}::int",
    },
}
PLACED_DEALS = {
    "opened_on": {one: DEALS["opened_on"][one] for one in ("opened", "opened_amount")},
    "closed_on": {one: DEALS["closed_on"][one] for one in ("won", "won_amount", "margin")}
    | {"uncosted": f"({EARNED} AND margin IS NULL)::int"},
}
CREDIT = {
    "deals": "CASE WHEN NOT open AND NOT cancelled THEN share END",
    "unpriced": "CASE WHEN NOT open AND amount IS NULL THEN share END",
    "revenue": "CASE WHEN NOT open THEN amount END",
    "uncosted": "CASE WHEN NOT open AND amount IS NOT NULL AND margin IS NULL THEN share END",
    "margin": "margin",
    "open_deals": "CASE WHEN open THEN share END",
    "open_unpriced": "CASE WHEN open AND amount IS NULL THEN share END",
    "pipeline": "CASE WHEN open THEN amount END",
}
ANSWERS = {
    "offers": "(outcome <> 'moved')::int",
    **{name: f"(outcome = '{name}')::int" for name in ("accepted", "returned", "expired", "waiting")},
    "due": "(in_time IS NOT NULL)::int",
    "in_time": "coalesce(in_time, false)::int",
}
CLOCKS = {  # {clock: (the day it counts by, minutes, which offers)}
    "answer": ("offered_on", MINUTES.format("answer"), "(outcome NOT IN ('withdrawn', 'moved'))"),
    "contact": ("offered_on", MINUTES.format("contact"), "(outcome = 'accepted')"),
    "speed": ("captured_on", MINUTES.format("speed"), "speaks"),
}
PASS_FLOWS = {  # {flow: (its day, which rows)}
    "leads": ("captured_on", "true"),
    "mqls": ("mql_on", "mql_on IS NOT NULL"),
    "sqls": ("sql_on", "sql_on IS NOT NULL"),
    "at_desk": ("coalesce(mql_on, captured_on)", "waits = 'at_desk'"),
    "not_offered": ("coalesce(ready_on, captured_on)", "waits = 'not_offered'"),
}
WAITS = ("at_desk", "not_offered")  # in nobody's hands
WON = {"n": "1", "amount": "amount", "special": "first_win::int"}
DEAL_FLOWS = {  # {flow: (its day, which rows, what they add)}
    "new": ("closed_on", "outcome = 'won' AND kind = 'new' AND closed_on IS NOT NULL", WON),
    "existing": ("closed_on", "outcome = 'won' AND kind <> 'new' AND closed_on IS NOT NULL", WON),
    "cancel_new": ("closed_on", "outcome = 'cancelled' AND kind = 'new'", {"n": "1", "amount": "amount"}),
    "cancel_old": ("closed_on", "outcome = 'cancelled' AND kind <> 'new'", {"n": "1", "amount": "amount"}),
    "lost": ("closed_on", "outcome = 'lost' AND closed_on IS NOT NULL", {"n": "1", "amount": "amount"}),
    **{
        source: (
            "opened_on",
            f"source = '{source}'",
            {"n": "1", "amount": "opening", "special": "CASE WHEN influenced THEN opening END"},
        )
        for source in ("marketing", "sales", "partner", "other")
    },
}
PROMISES = {  # {promise: (the day it fell due, whether it was kept)}
    "answer": ("answer_on", "answered"),
    "contact": ("contact_on", "contacted"),
    "persistence": ("let_go_on", "persisted"),
}
PRICED = {"deals": "1", "unpriced": "(amount IS NULL)::int", "amount": "amount"}
CYCLE = "outcome = 'won' AND kind <> 'renewal' AND closed_on IS NOT NULL AND opened_on IS NOT NULL"
CYCLE_DAYS = "greatest(least(closed_on - opened_on, 32000), 0)"  # signed before it was written down: at once
# (its day, category, which rows, what they add). An open deal that somebody calls closed is no surer than a commitment.
DUE = (
    (
        "closed_on",
        "'closed'::text",
        f"{EARNED} AND closed_on IS NOT NULL",
        {**PRICED, "deals": "(outcome = 'won')::int", "weighted": "amount"},
    ),
    (
        "due_on",
        "CASE category WHEN 'closed' THEN 'commit' ELSE category END",
        "outcome = 'open' AND due_on IS NOT NULL AND category <> 'omitted'",
        {**PRICED, "weighted": "round(amount * chance / 100, 4)"},
    ),
)
