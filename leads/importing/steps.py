"""The steps of imported passes: from dated stages to the chain that `leads.funnel` replays."""

from leads import funnel

REACH = """CASE {stage} WHEN 'won' THEN 6 WHEN 'deal' THEN 5 WHEN 'sql' THEN 4 WHEN 'ready' THEN 3 WHEN 'mql' THEN 2
  WHEN 'new' THEN 1 ELSE {otherwise} END"""
DATED = """CASE WHEN won_at IS NOT NULL THEN 6 WHEN deal_at IS NOT NULL THEN 5 WHEN sql_at IS NOT NULL THEN 4
  WHEN ready_at IS NOT NULL THEN 3 WHEN mql_at IS NOT NULL THEN 2 ELSE 1 END"""
AWAKES = "done = 'nurture' AND stage IN ('mql', 'ready', 'sql', 'deal', 'won', 'disqualified')"
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
            SELECT p.lead_id, v.ord, v.stage, v.at, v.inferred
            FROM (SELECT *, {begun} AS begun,
                    CASE WHEN stage = done THEN 0 WHEN stage IS NULL THEN {DATED}
                         WHEN done = 'nurture' AND stage = 'disqualified' THEN 1 ELSE {reach} END AS reach,
                    CASE WHEN stage IN ('nurture', 'disqualified') AND stage <> done THEN stage END AS side
                  FROM {passes}) p
            CROSS JOIN LATERAL (VALUES
              (1, 'new', captured_at, false),
              (2, 'mql', coalesce(mql_at, captured_at), mql_at IS NULL),
              (3, 'ready', coalesce(ready_at, mql_at, captured_at), ready_at IS NULL),
              (4, 'sql', coalesce(sql_at, ready_at, mql_at, captured_at), sql_at IS NULL),
              (5, 'deal', coalesce(deal_at, sql_at, ready_at, mql_at, captured_at), deal_at IS NULL),
              (6, 'won', coalesce(won_at, deal_at, sql_at, ready_at, mql_at, captured_at), won_at IS NULL),
              (7, 'nurture', coalesce(side_at, deal_at, sql_at, ready_at, mql_at, captured_at), side_at IS NULL),
              (8, 'disqualified', coalesce(side_at, deal_at, sql_at, ready_at, mql_at, captured_at), side_at IS NULL)
            ) v (ord, stage, at, inferred)
            WHERE p.begun < 9 AND (
              (v.ord <= 6 AND v.ord > p.begun AND v.ord <= p.reach)
              OR (v.ord = 7 AND p.begun < 6 AND (p.side = 'nurture' OR (p.side = 'disqualified' AND greatest(p.reach, p.begun) = 5)))
              OR (v.ord = 8 AND p.begun < 6 AND p.side = 'disqualified'))"""
    )


def leave(work):
    """The table import_passed: what the steps leave on new leads, to insert these with."""
    work.execute("ANALYZE import_step")
    funnel.passes(work.cursor, "import_step", "import_passed")


def replay(work):
    """Write the steps into the journal, and onto leads that stood elsewhere; returns how many."""
    return funnel.replay(work.cursor, "import_step")
