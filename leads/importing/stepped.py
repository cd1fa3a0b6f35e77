"""What a run does to the stage of leads that were there before it: noted, and taken back whole or not at all.

The journal is only ever added to; taking an import back, the owner takes the run's own steps off its end.
"""

from leads.importing import hands
from leads.importing.staying import Stays

NAME = "steps"  # in the ledger: how the lead stood before, and the number of its last step after
COLUMNS = (
    "stage", "seq", "mql_at", "ready_at", "sql_at", "deal_at", "won_at", "ended_at",
    "route_at", "wake_at", "pooled_at", "desk_due_at",
)  # fmt: skip


def note(work, passes):
    """Write into the ledger how the leads of import_step stand before these steps; `passes` knows their lines."""
    was = ", ".join(f"'{one}', l.{one}" for one in COLUMNS)
    return work.note(
        NAME,
        f"""SELECT min(p.line), l.id, jsonb_build_object('was', jsonb_build_object({was}),
              'now', jsonb_build_object('seq', l.seq + s.steps))
            FROM (SELECT lead_id, count(*) AS steps FROM import_step GROUP BY lead_id) s
            JOIN leads_lead l ON l.id = s.lead_id JOIN {passes} p ON p.lead_id = l.id GROUP BY l.id, s.steps""",
    )


# A handoff `h` of the run that its rep has worked with since.
HELD = f"""NOT ({hands.FOLLOWS}) AND EXISTS (
  SELECT 1 FROM leads_importedrow r WHERE r.run_id = %(run)s AND r."table" = '{hands.NAME}' AND r.row_id = h.id)"""
# A row: a lead that the run moved, how it stood before, and why it has to stay where it is, if it does.
NOTED = f"""
SELECT l.id, n.was, CASE
    WHEN l.seq <> (n.was->>'seq')::int + n.steps OR l.merged_into_id IS NOT NULL OR EXISTS (
      SELECT 1 FROM leads_handoff h WHERE h.lead_id = l.id AND (h.created_at > %(since)s OR ({HELD}))) THEN 'moved'
    WHEN EXISTS (
      SELECT 1 FROM leads_importedrow r JOIN pipeline_deal d ON d.id = r.row_id
      WHERE r.run_id = %(run)s AND r."table" = 'deal' AND r.before IS NULL AND d.id = l.deal_id) THEN 'deal'
    ELSE '' END AS because
FROM (
  SELECT row_id, (array_agg(before->'was' ORDER BY id))[1] AS was,
         sum((before->'now'->>'seq')::int - (before->'was'->>'seq')::int) AS steps
  FROM leads_importedrow WHERE run_id = %(run)s AND "table" = '{NAME}' AND row_id = ANY(%(ids)s::bigint[]) GROUP BY row_id
) n JOIN leads_lead l ON l.id = n.row_id
"""
# Which deal a lead has; asked once the run's deals are gone.
GIVE_DEAL_BACK = """
UPDATE leads_lead l SET deal_id = (SELECT d.id FROM pipeline_deal d WHERE d.id = r.was)
FROM (
  SELECT row_id, (array_agg(before->'was'->>'deal_id' ORDER BY id))[1]::bigint AS was,
         (array_agg(before->'now'->>'deal_id' ORDER BY id DESC))[1]::bigint AS now
  FROM leads_importedrow
  WHERE run_id = %(run)s AND "table" = 'lead' AND row_id = ANY(%(ids)s::bigint[]) AND before->'was' ? 'deal_id' GROUP BY row_id
) r
WHERE l.id = r.row_id AND CASE
  WHEN l.deal_id IS NULL THEN NOT EXISTS (SELECT 1 FROM pipeline_deal d WHERE d.id = r.now)
  ELSE l.deal_id = r.now AND NOT EXISTS (
    SELECT 1 FROM leads_importedrow m
    WHERE m.run_id = %(run)s AND m."table" = 'deal' AND m.row_id = l.deal_id AND m.before IS NULL) END
"""


def take_back(cursor, run, ids, since):
    """Set leads back to where they stood, with the run's steps gone; those that have gone on since stay. Returns 0."""
    facts = {"run": run.pk, "ids": ids, "since": since}
    cursor.execute("SELECT 1 FROM leads_lead WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE", facts)
    cursor.execute(GIVE_DEAL_BACK, facts)
    columns = ", ".join(f"{one} = was.{one}" for one in COLUMNS)
    cursor.execute(
        f"""UPDATE leads_lead l SET {columns}, updated_at = clock_timestamp()
            FROM ({NOTED}) n CROSS JOIN LATERAL jsonb_populate_record(NULL::leads_lead, n.was) was
            WHERE l.id = n.id AND n.because = '' RETURNING l.id, l.seq""",
        facts,
    )
    if back := cursor.fetchall():
        leads, steps = map(list, zip(*back, strict=True))
        cursor.execute(
            """DELETE FROM leads_stagechange c USING unnest(%s::bigint[], %s::int[]) b (lead_id, seq)
               WHERE c.lead_id = b.lead_id AND c.seq > b.seq""",
            [leads, steps],
        )
        cursor.execute(
            'DELETE FROM leads_importedrow WHERE run_id = %s AND "table" = %s AND row_id = ANY(%s::bigint[])',
            [run.pk, NAME, leads],
        )
        hands.take_back(cursor, run, leads)
    return 0


def kept(cursor, run, since):
    """The leads that the run moved and that stay there; what it made itself is named elsewhere."""
    cursor.execute(
        f"""SELECT n.id, n.because, coalesce(nullif(c.full_name, ''), l.external_id)
            FROM ({NOTED}) n JOIN leads_lead l ON l.id = n.id JOIN pipeline_contact c ON c.id = l.contact_id
            WHERE NOT EXISTS (SELECT 1 FROM leads_importedrow r WHERE r.run_id = %(run)s AND r."table" IN ('lead', 'person')
              AND r.row_id = n.id AND r.before IS NULL) ORDER BY n.id""",
        {"run": run.pk, "since": since, "ids": _moved(cursor, run)},
    )
    return [Stays("lead", pk, title or str(pk), because) for pk, because, title in cursor.fetchall()]


def _moved(cursor, run):
    cursor.execute(
        'SELECT DISTINCT row_id FROM leads_importedrow WHERE run_id = %s AND "table" = %s', [run.pk, NAME]
    )
    return [pk for (pk,) in cursor.fetchall()]
