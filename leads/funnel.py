"""The one door that changes a lead's stage: `advance` for what happens, `replay` for what happened before.

Both write the journal in the same statement or transaction as the stage, so that the history of a lead is its stage.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from engine.copying import chunk, pieces
from engine.hints import hint
from leads import proposing
from leads.gates import GATES, Attempt, only_pass, released
from pipeline.stages import ENDED, Stage
from pipeline.stages import GATES as MOVES

SQL = Path(__file__).parent / "sql"

# The first time of its pass at each of these stages is kept on the lead.
FIRST_TIMES = {
    Stage.MQL: "mql_at",
    Stage.READY: "ready_at",
    Stage.SQL: "sql_at",
    Stage.DEAL: "deal_at",
    Stage.WON: "won_at",
}
# Columns that a caller may set by the same move.
MARKS = {
    "owner_id", "deal_id", "grade", "grade_reason", "route_at", "rounds", "pooled_at", "wake_at", "desk_due_at",
    "disqualified_because",
}  # fmt: skip
# Columns that mean something only where a lead stands: emptied by the move that leaves these stages.
MEANT_IN = {
    "route_at": {Stage.READY},
    "wake_at": {Stage.NURTURE},
    "desk_due_at": {Stage.NEW, Stage.MQL},
    "pooled_at": {Stage.READY, Stage.NURTURE},
    "won_at": {Stage.WON},  # a win that is opened again was none
}
HINTS = {Stage.READY: "leads.tasks.assign"}
ALWAYS_HINT = "reports.tasks.rollup"
HANDFUL = 100


@dataclass(frozen=True)
class Refusal:
    """A lead that stayed where it was, and why, in the reader's language."""

    lead_id: int
    why: str


@dataclass(frozen=True)
class Advanced:
    """What a call to `advance` came to; both lists in the order of ids."""

    moved: list[int] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def advance(ids, to, *, actor=None, reason="", at, **marks) -> Advanced:
    """Move leads to the stage `to`, each by its own gate; returns Advanced(moved, refused).

    One lead or a million: in order of id, in chunks that are committed one by one unless the caller holds a
    transaction. `marks` sets columns of MARKS on the leads that move. `actor` is None for the machine; a reason of
    the machine is an English msgid that pages translate.
    """
    if unknown := set(marks) - MARKS:
        raise TypeError(f"advance() sets no {', '.join(sorted(unknown))}")
    done = Advanced()
    attempt = Attempt(actor, reason, at, marks)
    for some in pieces(sorted(set(ids))):
        with _transaction(some) as cursor:
            stages = _locked(cursor, some)
            refused = _refused(some, stages, Stage(to), attempt)
            moving = [lead_id for lead_id in some if lead_id not in refused]
            if moving:
                _move(cursor, moving, [stages[lead_id] for lead_id in moving], Stage(to), attempt)
                hint(ALWAYS_HINT)
                if to in HINTS:
                    hint(HINTS[to])
        done.moved.extend(moving)
        done.refused.extend(Refusal(lead_id, refused[lead_id]) for lead_id in some if lead_id in refused)
    return done


@contextmanager
def _transaction(ids):
    """A handful of leads is a page's work and keeps its short time limits; more is bulk work."""
    if len(ids) > HANDFUL:
        with chunk() as cursor:
            yield cursor
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            yield cursor


def _locked(cursor, ids):
    """{id: (stage, merged away, wake_at, pooled_at, desk_due_at)} of the leads, locked in order of id."""
    cursor.execute(
        "SELECT id, stage, merged_into_id IS NOT NULL, wake_at, pooled_at, desk_due_at FROM leads_lead "
        "WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
        [ids],
    )
    return {lead_id: stood for lead_id, *stood in cursor.fetchall()}


def _refused(ids, stages, to, attempt):
    """{id: why} by the table of moves, then by the gates of those it allows."""
    refused, sources = {}, {}
    for lead_id in ids:
        if lead_id not in stages:
            refused[lead_id] = _("There is no such lead.")
        elif stages[lead_id][1]:
            refused[lead_id] = _("It was merged into another lead.")
        elif (stages[lead_id][0], to) not in MOVES:
            refused[lead_id] = _("A lead cannot move from “%(before)s” to “%(after)s”.") % {
                "before": Stage(stages[lead_id][0]).label,
                "after": to.label,
            }
        else:
            sources.setdefault(stages[lead_id][0], []).append(lead_id)
    for source, some in sources.items():
        refused |= GATES[MOVES[source, to]](some, attempt) | released(some, to)
        if source in ENDED:
            refused |= only_pass(some, to)
    return refused


def _move(cursor, ids, stood, to, attempt):
    """Write stage, counter, dates and journal of leads that may move; `stood` is how `_locked` found each."""
    columns = {"stage": ("%s", to), "seq": ("l.seq + 1",), "updated_at": ("clock_timestamp()",)}
    if to in FIRST_TIMES:
        columns[FIRST_TIMES[to]] = (f"coalesce(l.{FIRST_TIMES[to]}, %s)", attempt.at)
    if to == Stage.MQL:
        proposed, bound = proposing.expression(attempt.at)
        kept = f"CASE WHEN l.mql_at IS NULL THEN coalesce({proposed}, '') ELSE l.mql_grade END"
        columns["mql_grade"] = (kept, *bound)
    columns["ended_at"] = ("%s", attempt.at if to in ENDED else None)
    columns |= {name: ("NULL",) for name, stages in MEANT_IN.items() if to not in stages}
    columns |= {name: ("%s", value) for name, value in attempt.marks.items()}
    assignments = ", ".join(f"{name} = {expression}" for name, (expression, *_rest) in columns.items())
    left = [(stage, wakes, pooled, due) for stage, _merged, wakes, pooled, due in stood]
    params = [value for _expression, *values in columns.values() for value in values]
    cursor.execute(
        MOVE.format(assignments=assignments),
        [
            *params,
            ids,
            *map(list, zip(*left, strict=True)),
            to,
            attempt.at,
            attempt.actor and attempt.actor.pk,
            attempt.reason[:300],
        ],
    )


MOVE = """
WITH moved AS (
  UPDATE leads_lead l SET {assignments}
  FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[])
    AS was(id, stage, wake_at, pooled_at, desk_due_at)
  WHERE l.id = was.id
  RETURNING l.id, l.seq, was.stage, was.wake_at, was.pooled_at, was.desk_due_at
)
INSERT INTO leads_stagechange (lead_id, seq, from_stage, to_stage, at, actor_id, reason, wake_at, pooled_at, desk_due_at)
SELECT id, seq, stage, %s, %s, %s, %s, wake_at, pooled_at, desk_due_at FROM moved ORDER BY id
"""


def replay(cursor, table):
    """Bring history in: no gates, no clocks, no notices. Returns how many steps were written.

    `table` is a temporary table (lead_id bigint, ord int, stage text, at timestamptz, inferred bool) of steps in
    order, the first `new` included for a lead without history; they follow what the journal already has. Dates need
    not grow. A step that the table of moves does not allow fails the whole set when it commits.
    """
    cursor.execute((SQL / "replay.sql").read_text().format(table=_quoted(table), ended=_literals(ENDED)))
    return cursor.fetchone()[0]


def passes(cursor, table, into):
    """Make the temporary table `into`: what `replay` of new leads would leave on each, to insert them with.

    (lead_id, stage, seq, mql_at, ready_at, sql_at, deal_at, won_at, ended_at), unique by lead. Inserting leads with
    these and then their journal by `begin` spares an UPDATE of each, half the cost of a large import.
    """
    cursor.execute(
        (SQL / "passes.sql")
        .read_text()
        .format(table=_quoted(table), into=_quoted(into), ended=_literals(ENDED))
    )


def begin(cursor, table):
    """Write the journal of leads that have none and were inserted with what `passes` told of the same `table`.

    Returns how many steps were written.
    """
    cursor.execute((SQL / "begin.sql").read_text().format(table=_quoted(table)))
    return cursor.rowcount


def _quoted(name):
    return connection.ops.quote_name(name)


def _literals(values):
    return ", ".join(f"'{value}'" for value in values)
