"""What counted rows add to the totals, read by arms: one grouped reading for each day or step that rows are told by."""

from dataclasses import dataclass, field

from reports.models.base import ALL_MONTHS, EVERYBODY
from reports.rollups.events import (
    ANSWERS,
    CAMPAIGN,
    CLOCKS,
    CREDIT,
    CUSTOMER,
    CYCLE,
    CYCLE_DAYS,
    DEAL_FLOWS,
    DEALS,
    DUE,
    FUNNEL,
    OWN,
    PASS_FLOWS,
    PLACED,
    PLACED_DEALS,
    PROMISES,
    SLICES,
    SPLIT_SUMS,
    SPLITS,
    STEP_SUMS,
    WAITS,
    month_of,
    steps,
)

NOBODY = "('', '0')"
PEOPLE = ("owner", "team")


@dataclass(frozen=True)
class Arm:
    """SQL of the keys and of the values that rows of `where` add; `ever`: they count again in the month ALL_MONTHS.

    Without `of_people` they are told of no person and no team: what waits in nobody's hands is not who took it before.
    `own` are the values that count for people and teams of sales in the place of some others.
    """

    keys: dict[str, str]
    values: dict[str, str]
    where: str = "true"
    ever: bool = False
    of_people: bool = True
    own: dict[str, str] = field(default_factory=dict)

    def select(self, source, keys, measures, *, by=(), whose=(), signed=False, people=False):
        """The arm over `source`: one row for each of its keys and of the columns `by`, 0 where it has no value.

        With `whose`, one for each value of each of those columns instead, told by (who, whose), but for nobody's.
        `signed`: rows of the source have a `sign` that they count with, and what comes to nothing is left out.
        `people`: the source holds what some people have.
        """
        factor = "sign * " if signed else ""
        values = self.values | (self.own if people else {})
        summed = {name: f"coalesce(sum({factor}{value}), 0)" for name, value in values.items()}
        if theirs := " OR ".join(f"grouping({one}) = 0" for one in PEOPLE if one in whose):
            for name, value in self.own.items():
                summed[name] = (
                    f"CASE WHEN {theirs} THEN coalesce(sum({factor}{value}), 0) ELSE {summed[name]} END"
                )
        named = [f"{self.keys[name]} AS {name}" for name in keys]
        groups = [sql for sql in (self.keys[name] for name in keys) if not _is_constant(sql)] + list(by)
        told, having = [*by], []
        whose = whose if self.of_people else tuple(one for one in whose if one not in PEOPLE)
        if whose:
            named += [f"{_who(whose)} AS who", f"{_value(whose)} AS whose"]
            sets = ", ".join("()" if one == EVERYBODY else f"({one})" for one in whose)
            groups.append(f"GROUPING SETS ({sets})")
            told += ["who", "whose"]
            having.append(f"{_value(whose)} NOT IN {NOBODY}")
        if signed:
            having.append(f"({' OR '.join(f'{one} <> 0' for one in summed.values())})")
        sums = [f"{summed.get(name, '0')} AS {name}" for name in measures]
        sql = (
            f"SELECT {', '.join([*named, *by, *sums])} FROM {source} WHERE {self.where} GROUP BY {', '.join(groups)}"
            f"{' HAVING ' if having else ''}{' AND '.join(having)}"
        )
        if not self.ever:
            return sql
        again = ["both_months.month" if name == "month" else name for name in (*keys, *told)]
        return (
            f"SELECT {', '.join([*again, *measures])} FROM ({sql}) AS once, "
            f"LATERAL (VALUES (once.month), ('{ALL_MONTHS}'::date)) AS both_months (month)"
        )


def added_up(total, arms, source, **how):
    """SQL: what the rows of `source` add to a Total, to be summed by its keys and whatever else `how` (Arm.select) names."""
    return " UNION ALL ".join(arm.select(source, total.keys, total.measured(), **how) for arm in arms)


def _is_constant(sql):
    return sql.startswith("'")


def _who(columns):
    return _of_set(columns, "'{}'")


def _value(columns):
    return _of_set(columns, "{}::text")


def _of_set(columns, told):
    """What to tell of the one column that a row is grouped by: never coalesce, as an axis may group by the same column."""
    cases = " ".join(
        f"WHEN grouping({one}) = 0 THEN {told.format(one)}" for one in columns if one != EVERYBODY
    )
    return f"CASE {cases} ELSE '{EVERYBODY}' END"


def _dated(days, own=None, **keys):
    """An arm for each day that rows are told by: {column: {measure: value}}; `own` likewise, of people."""
    return tuple(
        Arm({"month": month_of(day), **keys}, values, f"{day} IS NOT NULL", own=(own or {}).get(day, {}))
        for day, values in days.items()
    )


def _split(axes):
    return tuple(
        Arm({"axis": f"'{axis}'::text", "key": key, "month": month_of("captured_on")}, SPLIT_SUMS)
        for axis, key in axes.items()
    )


PLACE = {name: name for name in ("campaign", "segment", "region")}
FUNNEL_ARMS = _dated(FUNNEL, OWN)
DEAL_ARMS = _dated(DEALS, kind="kind")
ANSWER_ARMS = _dated({"offered_on": ANSWERS})
CAMPAIGN_ARMS = _dated({"captured_on": CAMPAIGN}, campaign="campaign")
PIPELINE_ARMS = _dated({"opened_on": {"pipeline": "opening"}}, campaign="campaign")
SEGMENT_ARMS = (Arm({"campaign": "campaign", "segment": "segment"}, {"leads": "1"}),)
PLACE_ARMS = _dated(PLACED, **PLACE)
PLACED_DEAL_ARMS = _dated(PLACED_DEALS, **PLACE)
CUSTOMER_ARMS = (Arm({"segment": "segment", "region": "region", "month": "due_on"}, CUSTOMER),)
CREDIT_ARMS = (
    Arm(
        {
            "model": "model",
            "campaign": "coalesce(campaign_id, 0)",
            "channel": "channel",
            "month": "month",
            "renewal": "renewal",
        },
        CREDIT,
    ),
)
PLACED_CREDIT_ARMS = (
    Arm(
        {
            "model": "model",
            "campaign": "coalesce(campaign_id, 0)",
            "segment": "segment",
            "region": "region",
            "month": "month",
            "renewal": "renewal",
        },
        {name: CREDIT[name] for name in ("deals", "unpriced", "uncosted", "revenue", "margin")},
        "NOT open",
    ),
)
SPLIT_ARMS = _split(SPLITS)
SLICE_ARMS = _split(SPLITS | SLICES)
STEP_ARMS = tuple(
    Arm(
        {"step": f"'{one.name}'::text", "month": one.since},
        {name: value.format(days=one.days, dated=one.dated) for name, value in STEP_SUMS.items()},
        one.reached,
    )
    for one in steps()
)
DAY_ARMS = tuple(
    Arm(
        {"step": f"'{one.name}'::text", "month": one.since, "days": one.days},
        {"passes": "1"},
        f"{one.reached} AND {one.dated}",
        ever=True,
    )
    for one in steps()
)
MINUTE_ARMS = tuple(
    Arm(
        {"clock": f"'{clock}'::text", "month": month_of(day), "minutes": minutes},
        {"offers": "1"},
        f"{day} IS NOT NULL AND {counts}",
        ever=True,
    )
    for clock, (day, minutes, counts) in CLOCKS.items()
)
PASS_FLOW_ARMS = tuple(
    Arm({"flow": f"'{flow}'::text", "day": day}, {"n": "1"}, which, of_people=flow not in WAITS)
    for flow, (day, which) in PASS_FLOWS.items()
)
OFFER_FLOW_ARMS = (
    Arm({"flow": "'returned'::text", "day": "offered_on"}, {"n": "1"}, "outcome = 'returned'"),
)
REASON_ARMS = (
    Arm({"reason": "reason", "month": month_of("offered_on")}, {"offers": "1"}, "outcome = 'returned'"),
)
DEAL_FLOW_ARMS = tuple(
    Arm({"flow": f"'{flow}'::text", "day": day}, values, which)
    for flow, (day, which, values) in DEAL_FLOWS.items()
)
CYCLE_ARMS = (
    Arm(
        {"month": month_of("closed_on"), "source": "source", "influenced": "influenced", "days": CYCLE_DAYS},
        {"deals": "1"},
        CYCLE,
    ),
)
LOSS_ARMS = (
    Arm(
        {"reason": "reason", "month": month_of("closed_on")},
        {"deals": "1", "unpriced": "(amount IS NULL)::int", "amount": "amount"},
        "outcome = 'lost' AND closed_on IS NOT NULL",
    ),
)
DUE_ARMS = tuple(
    Arm({"region": "region", "category": category, "month": month_of(day)}, values, which)
    for day, category, which, values in DUE
)
DELIVERY_ARMS = tuple(
    Arm({"segment": "owed_to", "month": month_of(day)}, {measure: "1"}, f"{day} IS NOT NULL")
    for day, measure in (("delivered_on", "offered"), ("taken_on", "accepted"))
)
PROMISE_ARMS = tuple(
    Arm(
        {"promise": f"'{promise}'::text", "month": month_of(day)},
        {"due": "1", "kept": f"{kept}::int"},
        f"{day} IS NOT NULL",
    )
    for promise, (day, kept) in PROMISES.items()
)
DESK_ARMS = (Arm({"month": month_of("due_on")}, {"due": "1", "kept": "kept::int"}),)
RECEIPT_ARMS = (Arm({"flow": "'collected'::text", "day": "received_on"}, {"n": "1", "amount": "amount"}),)
