"""Which staged rows of leads begin a pass, and which join the one that is open."""

from leads.importing.work import STAGE
from pipeline.stages import ENDED


def sort(work):
    """The table import_pass: a row for each staged row, with its contact and what becomes of it."""
    _look(work)
    _sort(work)


def _look(work):
    """The table import_row: a row for each staged row, with its contact (`fresh` where it is to be made), the last cycle,
    the open pass, and whether the row was `noted` as a touch before."""
    work.table(
        "import_who",
        """SELECT anchor, nextval('pipeline_contact_id_seq') AS contact_id
           FROM (SELECT DISTINCT anchor FROM import_person WHERE contact_id IS NULL) a""",
    )
    ended = ", ".join(f"'{stage}'" for stage in ENDED)
    work.table(
        "import_row",
        f"""SELECT s.no, s.line, p.anchor, p.lead_id, coalesce(p.contact_id, w.contact_id) AS contact_id,
              p.contact_id IS NULL AS fresh, coalesce(before.cycle, 0) AS cycle, before.open_lead,
              coalesce(s.captured_at, least(s.mql_at, s.sql_at, s.deal_at, s.won_at), %s) AS captured_at,
              s.captured_at IS NOT NULL AS dated,
              coalesce(s.stage IN ({ended}), s.won_at IS NOT NULL) AS ended,
              p.lead_id IS NULL AND p.contact_id IS NOT NULL AND EXISTS (
                SELECT 1 FROM leads_touch t
                WHERE t.source = %s AND t.external_id = 'lead:' || s.key AND t.external_id <> '') AS noted
            FROM {STAGE} s JOIN import_person p ON p.no = s.no
            LEFT JOIN import_who w ON p.contact_id IS NULL AND w.anchor = p.anchor
            LEFT JOIN LATERAL (
              SELECT max(l.cycle) AS cycle, max(l.id) FILTER (WHERE l.ended_at IS NULL AND l.merged_into_id IS NULL) AS open_lead
              FROM leads_lead l WHERE l.contact_id = p.contact_id) before ON p.contact_id IS NOT NULL""",
        [work.at, work.source],
    )


def _sort(work):
    """The table import_pass: import_row, and what becomes of each row.

    `makes` a new lead when its pass has ended, or when the contact has no open pass and this is the first such row;
    `joins` the open pass otherwise, once: its touch bears the row's key. `known` leads are only updated.
    """
    before = work.history_before
    work.table(
        "import_pass",
        """SELECT *, CASE WHEN makes THEN nextval('leads_lead_id_seq') END AS new_lead,
             (cycle + count(*) FILTER (WHERE makes) OVER (PARTITION BY contact_id ORDER BY captured_at, no)) AS pass,
             (%s::timestamptz IS NULL OR captured_at < %s) AS history
           FROM (
             SELECT *, lead_id IS NULL AND NOT noted AND (ended OR (open_lead IS NULL AND
               row_number() OVER (PARTITION BY contact_id, ended, lead_id IS NULL AND NOT noted ORDER BY captured_at, no) = 1)) AS makes
             FROM import_row) r""",
        [before, before],
    )
    work.execute("ANALYZE import_pass")
