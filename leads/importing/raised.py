"""Hands raised by dealings that a file brings: as by those of the API, for what is no history, and taken back with the file."""

from leads import ownership, terms
from leads.importing.staying import Stays
from leads.models import HAND_RAISERS

NAME = "raised"  # in the ledger: how the pass stood before
# A row: a pass that goes on while a dealing of theirs asked for an answer, with the latest such moment that it does not know of.
# Nothing of history, of before the pass, or of ours; what is dated ahead counts as now.
CALLED = """
SELECT DISTINCT ON (l.id) n.line, l.id AS lead_id, told.at
FROM ({touches}) n JOIN leads_touch t ON t.id = n.touch_id CROSS JOIN LATERAL (SELECT least(t.at, %(at)s) AS at) told
JOIN leads_lead l ON l.contact_id = t.contact_id
WHERE l.ended_at IS NULL AND l.merged_into_id IS NULL AND l.captured_at <= told.at AND (l.hand_raised_at >= told.at) IS NOT TRUE
  AND t.kind = ANY(%(kinds)s) AND NOT t.outbound AND NOT t.automatic AND told.at >= %(before)s
ORDER BY l.id, told.at DESC
"""
# A row: a pass whose hand the run raised, and whether it has gone on since by more than the machine's MQL of it.
NOTED = f"""
SELECT l.id, n.was, l.seq > (n.was->>'seq')::int AS moved,
  l.hand_raised_at IS DISTINCT FROM n.told OR l.merged_into_id IS NOT NULL OR l.grade <> n.was->>'grade'
    OR l.answers <> n.was->'answers' OR l.seq > (n.was->>'seq')::int + 1 OR other.id IS NOT NULL AS went_on
FROM (
  SELECT row_id, (array_agg(before->'was' ORDER BY id))[1] AS was,
         (array_agg(before->>'told' ORDER BY id DESC))[1]::timestamptz AS told
  FROM leads_importedrow WHERE run_id = %(run)s AND "table" = '{NAME}' AND row_id = ANY(%(ids)s::bigint[]) GROUP BY row_id
) n JOIN leads_lead l ON l.id = n.row_id
LEFT JOIN LATERAL (
  SELECT l.id FROM leads_stagechange c WHERE c.lead_id = l.id AND c.seq = (n.was->>'seq')::int + 1
    AND (c.actor_id IS NOT NULL OR c.to_stage <> 'mql' OR c.reason <> %(reason)s)
) other ON true
"""
MOVED = ("stage", "seq", "mql_at", "wake_at", "pooled_at", "desk_due_at")
WAS = ("hand_raised_at", "history", "grade", "answers", "mql_grade", *MOVED)


def hands(work, touches):
    """Raise the hands of the passes that the dealings of `touches` ask for: a query of line, touch_id, with %(source)s. Returns how many."""
    before = work.history_before
    if before is None:
        return 0
    called = CALLED.format(touches=touches)
    facts = {"at": work.at, "kinds": list(HAND_RAISERS), "before": before, "source": work.source}
    leads = [lead for _line, lead, _at in work.rows(called, facts)]
    if not leads:
        return 0
    ownership.lock_leads(work.cursor, leads)
    work.table("import_raised", called, facts)
    was = ", ".join(f"'{one}', l.{one}" for one in WAS)
    raised = work.note(
        NAME,
        f"""SELECT r.line, l.id, jsonb_build_object('told', r.at, 'was', jsonb_build_object({was},
              'scored', EXISTS (SELECT 1 FROM leads_leadscore s WHERE s.lead_id = l.id)))
            FROM import_raised r JOIN leads_lead l ON l.id = r.lead_id""",
    )
    work.execute(
        """UPDATE leads_lead l SET hand_raised_at = r.at, history = false, updated_at = clock_timestamp()
           FROM import_raised r WHERE l.id = r.lead_id"""
    )
    work.execute(
        """INSERT INTO leads_leadscore (lead_id, model_id, touched_at)
           SELECT r.lead_id, m.id, clock_timestamp() FROM import_raised r JOIN leads_scoremodel m ON m.in_force AND m.line = ''
           ORDER BY 1 ON CONFLICT DO NOTHING"""
    )
    work.count("raised", raised)
    return raised


def take_back(cursor, run, ids):
    """Lower the hands again, with the MQL that the machine made of it; those of passes that went on since stay. Returns 0."""
    facts = {"run": run.pk, "ids": ids, "reason": terms.RAISED_A_HAND}
    cursor.execute("SELECT 1 FROM leads_lead WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE", facts)
    cursor.execute(
        f"SELECT id, moved, (was->>'seq')::int, (was->>'scored')::bool FROM ({NOTED}) n WHERE NOT went_on",
        facts,
    )
    found = cursor.fetchall()
    back = [row[0] for row in found]
    back_to = {one: f"was.{one}" for one in MOVED}
    back_to["mql_grade"] = "coalesce(was.mql_grade, '')"  # which older runs did not note
    columns = ", ".join(
        f"{one} = CASE WHEN n.moved THEN {value} ELSE l.{one} END" for one, value in back_to.items()
    )
    cursor.execute(
        f"""UPDATE leads_lead l SET hand_raised_at = was.hand_raised_at, history = was.history, {columns}, updated_at = clock_timestamp()
            FROM ({NOTED}) n CROSS JOIN LATERAL jsonb_populate_record(NULL::leads_lead, n.was) was
            WHERE l.id = n.id AND NOT n.went_on""",
        facts,
    )
    cursor.execute(
        """DELETE FROM leads_stagechange c USING unnest(%s::bigint[], %s::int[]) b (lead_id, seq)
           WHERE c.lead_id = b.lead_id AND c.seq > b.seq""",
        [[row[0] for row in found if row[1]], [row[2] for row in found if row[1]]],
    )
    cursor.execute(
        "DELETE FROM leads_leadscore WHERE lead_id = ANY(%s::bigint[])",
        [[row[0] for row in found if not row[3]]],
    )
    cursor.execute(
        'DELETE FROM leads_importedrow WHERE run_id = %s AND "table" = %s AND row_id = ANY(%s::bigint[])',
        [run.pk, NAME, back],
    )
    return 0


def kept(cursor, run):
    """The passes whose hand stays raised; what the run made itself is named elsewhere."""
    cursor.execute(
        """SELECT DISTINCT l.id, coalesce(nullif(c.full_name, ''), l.external_id)
           FROM leads_importedrow n JOIN leads_lead l ON l.id = n.row_id JOIN pipeline_contact c ON c.id = l.contact_id
           WHERE n.run_id = %(run)s AND n."table" = %(name)s AND NOT EXISTS (
             SELECT 1 FROM leads_importedrow r WHERE r.run_id = %(run)s AND r."table" IN ('lead', 'person')
               AND r.row_id = l.id AND r.before IS NULL) ORDER BY 1""",
        {"run": run.pk, "name": NAME},
    )
    return [Stays("lead", pk, title or str(pk), "raised") for pk, title in cursor.fetchall()]
