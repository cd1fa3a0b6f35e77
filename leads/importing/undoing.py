"""Taking an import back: what it made goes, what it changed is as before, and what people worked on since stays.

As the owner, because history of passes that never should have been goes with them.
"""

from datetime import timedelta

from django.utils.translation import gettext as _

from engine.hints import hint
from engine.journals import erasing
from leads.importing.runs import ENDED
from leads.models import ImportRun, ImportState

KEPT = timedelta(days=7)
NAMED = 20

TABLES = {
    "lead": "leads_lead",
    "contact": "pipeline_contact",
    "deal": "pipeline_deal",
    "touch": "leads_touch",
    "spend": "pipeline_spend",
    "campaign": "pipeline_campaign",
    "product": "pipeline_product",
    "company": "pipeline_company",
    "identity": "pipeline_identity",
}
# What shows that somebody worked with a row since: SQL over the row `t` and the time %(since)s at which the run ended.
WORKED = {
    "lead": """EXISTS (SELECT 1 FROM leads_handoff h WHERE h.lead_id = t.id)
      OR EXISTS (SELECT 1 FROM leads_stagechange c WHERE c.lead_id = t.id AND (c.actor_id IS NOT NULL OR c.inferred IS FALSE
           AND c.created_at > %(since)s AND c.to_stage <> 'mql'))
      OR EXISTS (SELECT 1 FROM leads_touch o WHERE o.contact_id = t.contact_id AND o.created_at > %(since)s)
      OR EXISTS (SELECT 1 FROM leads_lead o WHERE o.merged_into_id = t.id)
      OR EXISTS (SELECT 1 FROM pipeline_step o WHERE o.contact_id = t.contact_id)
      OR (t.deal_id IS NOT NULL AND t.deal_id NOT IN (SELECT row_id FROM undo_row WHERE name = 'deal'))
      OR t.answers <> '{}' OR t.grade <> '' OR t.pooled_at IS NOT NULL""",
    "deal": """EXISTS (SELECT 1 FROM pipeline_dealchange c WHERE c.deal_id = t.id AND c.actor_id IS NOT NULL)
      OR EXISTS (SELECT 1 FROM pipeline_dealline o WHERE o.deal_id = t.id)
      OR EXISTS (SELECT 1 FROM pipeline_step o WHERE o.deal_id = t.id)
      OR EXISTS (SELECT 1 FROM pipeline_attachment o WHERE o.deal_id = t.id)""",
    "touch": "false",
    "identity": "false",
    "spend": "t.updated_at > %(since)s",
    "campaign": """t.updated_at > %(since)s
      OR EXISTS (SELECT 1 FROM leads_lead o WHERE o.campaign_id = t.id AND o.id NOT IN (SELECT row_id FROM undo_row WHERE name = 'lead'))
      OR EXISTS (SELECT 1 FROM leads_touch o WHERE o.campaign_id = t.id AND o.id NOT IN (SELECT row_id FROM undo_row WHERE name = 'touch'))
      OR EXISTS (SELECT 1 FROM pipeline_spend o WHERE o.campaign_id = t.id AND o.id NOT IN (SELECT row_id FROM undo_row WHERE name = 'spend'))
      OR EXISTS (SELECT 1 FROM pipeline_campaign o WHERE o.parent_id = t.id AND o.id NOT IN (SELECT row_id FROM undo_row WHERE name = 'campaign'))""",
    "product": """t.updated_at > %(since)s
      OR EXISTS (SELECT 1 FROM pipeline_deal o WHERE o.product_id = t.id AND o.id NOT IN (SELECT row_id FROM undo_row WHERE name = 'deal'))
      OR EXISTS (SELECT 1 FROM pipeline_dealline o WHERE o.product_id = t.id)
      OR EXISTS (SELECT 1 FROM leads_lead o WHERE o.product_id = t.id)
      OR EXISTS (SELECT 1 FROM pipeline_campaign o WHERE o.product_id = t.id)""",
    "company": """t.updated_at > %(since)s
      OR EXISTS (SELECT 1 FROM pipeline_contact o WHERE o.company_id = t.id AND o.id NOT IN (SELECT row_id FROM undo_row WHERE name = 'contact'))
      OR EXISTS (SELECT 1 FROM pipeline_deal o WHERE t.id IN (o.company_id, o.partner_id) AND o.id NOT IN (SELECT row_id FROM undo_row WHERE name = 'deal'))
      OR EXISTS (SELECT 1 FROM pipeline_company o WHERE t.id IN (o.parent_id, o.merged_into_id) AND o.id NOT IN (SELECT row_id FROM undo_row WHERE name = 'company'))
      OR EXISTS (SELECT 1 FROM pipeline_step o WHERE o.company_id = t.id)
      OR EXISTS (SELECT 1 FROM pipeline_attachment o WHERE o.company_id = t.id)""",
}  # fmt: skip
TITLES = {
    "lead": "(SELECT coalesce(nullif(c.full_name, ''), t.external_id) FROM pipeline_contact c WHERE c.id = t.contact_id)",
    "touch": "t.kind",
    "spend": "t.amount::text",
    "identity": "t.value",
}
# rows that go with their owner: (table, column)
BELONGINGS = {
    "lead": (("leads_leadscore", "lead_id"), ("leads_stagechange", "lead_id")),
    "deal": (("pipeline_dealcontact", "deal_id"), ("pipeline_dealchange", "deal_id")),
    "contact": (
        ("leads_touch", "contact_id"),
        ("pipeline_identity", "contact_id"),
        ("pipeline_consentevent", "contact_id"),
    ),
    "product": (("pipeline_productcost", "product_id"),),
}
ORDER = ("touch", "lead", "deal", "identity", "contact", "spend", "campaign", "product", "company")


class TooLate(Exception):
    """The import cannot be taken back any more; the text says why."""


def may_undo(run, at):
    """Whether the run is done and young enough to be taken back."""
    return run.state == ImportState.DONE and run.finished_at is not None and at - run.finished_at <= KEPT


def undo(run, at, tell=None):
    """Take the run back; returns the names of rows that stay because people worked with them since.

    `tell(done, rows)` hears how far it is. Raises TooLate after seven days, or where it was taken back already.
    """
    if not may_undo(run, at):
        raise TooLate(_("An import can be taken back for seven days, once."))
    with erasing() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        cursor.execute(
            "SELECT state FROM leads_importrun WHERE id = %s FOR UPDATE",
            [run.pk],
        )
        if cursor.fetchone()[0] != ImportState.DONE:
            raise TooLate(_("An import can be taken back for seven days, once."))
        _gather(cursor, run)
        kept = _keep_worked(cursor, run)
        _restore(cursor, run)
        gone = _remove_all(cursor, tell or (lambda done, rows: None))
        counts = {**run.counts, "undone": gone, "kept": kept[:NAMED], "kept_count": len(kept)}
        cursor.execute(
            "UPDATE leads_importrun SET state = 'undone', undone_at = %s WHERE id = %s", [at, run.pk]
        )
    ImportRun.objects.filter(pk=run.pk).update(counts=counts)
    run.refresh_from_db()
    hint("reports.tasks.rollup")
    return kept


def _gather(cursor, run):
    """The table undo_row: a row is one that the run made. A person is a lead and its contact, written together."""
    cursor.execute(
        """DROP TABLE IF EXISTS undo_row;
           CREATE TEMP TABLE undo_row ON COMMIT DROP AS
             SELECT CASE "table" WHEN 'person' THEN 'lead' ELSE "table" END AS name, row_id, "table" = 'person' AS whole
             FROM leads_importedrow WHERE run_id = %s AND before IS NULL""",
        [run.pk],
    )
    # the dealing by which a pass began bears the key of its lead
    cursor.execute(
        """INSERT INTO undo_row SELECT 'touch', o.id, false FROM undo_row u JOIN leads_lead t ON t.id = u.row_id
           JOIN leads_touch o ON o.source = t.source AND o.external_id = 'lead:' || t.external_id
           WHERE u.name = 'lead' AND t.external_id <> ''"""
    )
    cursor.execute(
        """INSERT INTO undo_row SELECT DISTINCT 'contact', t.contact_id, false FROM undo_row u
           JOIN leads_lead t ON t.id = u.row_id WHERE u.name = 'lead' AND u.whole"""
    )
    cursor.execute("CREATE INDEX ON undo_row (name, row_id); ANALYZE undo_row")


def _keep_worked(cursor, run):
    """Leave out of undo_row whatever people worked with since, and what it stands on. Returns their names."""
    kept = []
    for name in ("lead", "deal", "spend", "campaign", "product", "company"):
        title = TITLES.get(name, "t.name")
        cursor.execute(
            f"""DELETE FROM undo_row u USING {TABLES[name]} t
                WHERE u.name = '{name}' AND t.id = u.row_id AND ({WORKED[name]}) RETURNING t.id, {title}""",
            {"since": run.counts.get(ENDED, run.finished_at)},
        )
        stays = cursor.fetchall()
        kept += [title or str(pk) for pk, title in stays]
        if name == "lead":
            _keep_people(cursor, [pk for pk, _title in stays])
    return kept


def _keep_people(cursor, leads):
    """A lead that stays keeps its contact with its touches; so does a contact that something else points at."""
    cursor.execute(
        """DELETE FROM undo_row u USING leads_lead t
           WHERE t.id = ANY(%s) AND ((u.name = 'contact' AND u.row_id = t.contact_id)
             OR (u.name = 'touch' AND u.row_id IN (SELECT id FROM leads_touch WHERE contact_id = t.contact_id)))""",
        [leads],
    )
    cursor.execute(
        """DELETE FROM undo_row u WHERE u.name = 'contact' AND (
             EXISTS (SELECT 1 FROM leads_lead l WHERE l.contact_id = u.row_id
                     AND l.id NOT IN (SELECT row_id FROM undo_row WHERE name = 'lead'))
             OR EXISTS (SELECT 1 FROM pipeline_dealcontact d WHERE d.contact_id = u.row_id
                     AND d.deal_id NOT IN (SELECT row_id FROM undo_row WHERE name = 'deal'))
             OR EXISTS (SELECT 1 FROM pipeline_contact c WHERE c.merged_into_id = u.row_id)
             OR EXISTS (SELECT 1 FROM pipeline_step s WHERE s.contact_id = u.row_id)
             OR EXISTS (SELECT 1 FROM pipeline_attachment a WHERE a.contact_id = u.row_id))"""
    )


def _restore(cursor, run):
    """Give changed rows their former values, column by column, where they still say what the file said."""
    for name, table in TABLES.items():
        cursor.execute(
            """SELECT DISTINCT jsonb_object_keys(before->'was') FROM leads_importedrow
               WHERE run_id = %s AND "table" = %s AND before IS NOT NULL""",
            [run.pk, name],
        )
        for (column,) in cursor.fetchall():
            cursor.execute(
                f"""UPDATE {table} t SET "{column}" = (jsonb_populate_record(NULL::{table}, r.before->'was'))."{column}"
                    FROM leads_importedrow r
                    WHERE r.run_id = %s AND r."table" = %s AND r.row_id = t.id AND r.before->'was' ? %s
                      AND t."{column}" IS NOT DISTINCT FROM (jsonb_populate_record(NULL::{table}, r.before->'now'))."{column}\"""",
                [run.pk, name, column],
            )


def _remove_all(cursor, tell):
    """Delete what is left in undo_row, table by table. Returns how many rows went."""
    cursor.execute("SELECT count(*) FROM undo_row")
    rows, gone = cursor.fetchone()[0], 0
    for name in ORDER:
        tell(gone, rows)
        gone += _remove(cursor, name)
    return gone


def _remove(cursor, name):
    """Delete what is left in undo_row of one table, with what belongs to it. Returns how many rows went."""
    for table, column in BELONGINGS.get(name, ()):
        cursor.execute(
            f"DELETE FROM {table} WHERE {column} IN (SELECT row_id FROM undo_row WHERE name = '{name}')"
        )
    if name == "deal":
        cursor.execute(
            "UPDATE leads_lead SET deal_id = NULL WHERE deal_id IN (SELECT row_id FROM undo_row WHERE name = 'deal')"
        )
    if name == "company":
        cursor.execute(
            """UPDATE pipeline_company SET parent_id = NULL
               WHERE parent_id IN (SELECT row_id FROM undo_row WHERE name = 'company')"""
        )
    cursor.execute(
        f"DELETE FROM {TABLES[name]} WHERE id IN (SELECT row_id FROM undo_row WHERE name = '{name}')"
    )
    return cursor.rowcount
