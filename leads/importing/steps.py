"""The steps of imported passes: from dated stages to the chain that `leads.funnel` replays."""

from datetime import timedelta

from leads import agreement, funnel
from leads.importing import stepped

REACH = """CASE {stage} WHEN 'won' THEN 6 WHEN 'deal' THEN 5 WHEN 'sql' THEN 4 WHEN 'ready' THEN 3 WHEN 'mql' THEN 2
  WHEN 'new' THEN 1 ELSE {otherwise} END"""
DATED = """CASE WHEN won_at IS NOT NULL THEN 6 WHEN deal_at IS NOT NULL THEN 5 WHEN sql_at IS NOT NULL THEN 4
  WHEN ready_at IS NOT NULL THEN 3 WHEN mql_at IS NOT NULL THEN 2 ELSE 1 END"""
AWAKES = "done = 'nurture' AND stage IN ('mql', 'ready', 'sql', 'deal', 'won', 'disqualified')"
WAY = ("new", "mql", "ready", "sql", "deal", "won")
# What stands aside of it; from an open deal, whoever is disqualified goes through nurture.
ASIDE = {
    "nurture": "(side = 'nurture' OR (side = 'disqualified' AND greatest(reach, begun) = 5))",
    "disqualified": "side = 'disqualified'",
}
# A live pass that the steps moved: when it is routed or wakes up; marks that mean nothing where it stands now are emptied.
MARKED = """
UPDATE leads_lead l SET
  route_at = CASE WHEN l.stage = 'ready' AND l.pooled_at IS NULL THEN coalesce(l.route_at, %(at)s) END,
  wake_at = CASE WHEN l.stage = 'nurture' AND l.pooled_at IS NULL THEN coalesce(l.wake_at, %(wakes)s) END,
  pooled_at = CASE WHEN l.stage IN ('ready', 'nurture') THEN l.pooled_at END,
  desk_due_at = CASE WHEN l.stage IN ('new', 'mql') THEN l.desk_due_at END
WHERE l.id IN (SELECT lead_id FROM import_step) AND NOT l.history
"""
TYPES = ("lead_id bigint", "ord int", "stage text", "at timestamptz", "inferred boolean")


def plan(work, passes):
    """The table import_step of what `passes` still has to go through.

    `passes` is a table of (lead_id, done, stage, captured_at, mql_at, ready_at, sql_at, deal_at, won_at, side_at); `done`
    is the stage where the lead stands, empty for a new one; `side_at` dates a step aside. A stage on the way without a date takes the date of the one before
    and is inferred. A lead never goes back, and one that stands aside joins again where it was left.
    """
    work.execute("DROP TABLE IF EXISTS import_step, import_passed")
    work.execute(f"CREATE TEMP TABLE import_step ({', '.join(TYPES)}) ON COMMIT DROP")
    reach = REACH.format(stage="stage", otherwise=f"least({DATED}, 5)")
    begun = REACH.format(
        stage="done", otherwise=f"CASE WHEN done = '' THEN 0 WHEN {AWAKES} THEN 1 ELSE 9 END"
    )
    work.execute(
        f"""INSERT INTO import_step
            WITH p AS MATERIALIZED (
              SELECT *, {begun} AS begun,
                CASE WHEN stage = done THEN 0 WHEN stage IS NULL THEN {DATED}
                     WHEN done = 'nurture' AND stage = 'disqualified' THEN 1 ELSE {reach} END AS reach,
                CASE WHEN stage IN ('nurture', 'disqualified') AND stage <> done THEN stage END AS side
              FROM {passes})
            {" UNION ALL ".join(_steps())}"""
    )


def _steps():
    """SQL: each step, of the passes that have to go through it."""
    for ord, stage in enumerate(WAY, 1):
        yield _step(ord, stage, WAY[1:ord], f"begun < {ord} AND {ord} <= reach")
    for ord, (stage, condition) in enumerate(ASIDE.items(), len(WAY) + 1):
        yield _step(ord, stage, (*WAY[1:5], "side"), f"begun < 6 AND {condition}")


def _step(ord, stage, before, condition):
    """SQL: a step, dated like the last of those `before` it that has a date, itself included; inferred without its own."""
    dates = [*(f"{one}_at" for one in reversed(before)), "captured_at"]
    own = f"{dates[0]} IS NULL" if before else "false"
    return f"SELECT lead_id, {ord}, '{stage}', coalesce({', '.join(dates)}), {own} FROM p WHERE {condition}"


def leave(work):
    """The table import_passed: what the steps leave on new leads, to insert these with before `begin`."""
    funnel.passes(work.cursor, "import_step", "import_passed")


def begin(work):
    """Write the steps of new leads into the journal."""
    funnel.begin(work.cursor, "import_step")


def replay(work, passes):
    """Write the steps into the journal, and onto leads that stood elsewhere; returns how many.

    `passes` is the table that they were planned of; its `line` is noted with how each lead stood before.
    """
    work.execute("ANALYZE import_step")
    stepped.note(work, passes)
    written = funnel.replay(work.cursor, "import_step")
    work.execute(MARKED, {"at": work.at, "wakes": wakes(work)})
    return written


def wakes(work):
    """When a live pass that a file puts to rest wakes up for the desk: after the agreement's days of rest."""
    return work.at + timedelta(days=agreement.in_force().rest_days)
