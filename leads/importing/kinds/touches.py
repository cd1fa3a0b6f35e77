"""Touches: dealings of people who are known already, by the lead's external id or by their addresses."""

from leads import scoring
from leads.importing import persons, raised, references, upserts
from leads.importing.wording import gettext as _
from leads.importing.work import STAGE

TYPES = {
    "lead_key": "text", "kind": "text", "at": "timestamptz", "channel": "text", "campaign_id": "bigint", "outbound": "boolean",
    "automatic": "boolean", "reached": "boolean", "actor_id": "bigint", "track": "text", "note": "text", "contact_id": "bigint",
    "row_id": "bigint", "fresh": "boolean",
}  # fmt: skip
COLUMNS = {
    "contact_id": "NULL", "kind": "NULL", "at": "NULL", "channel": "'unknown'", "campaign_id": "NULL", "outbound": "s.reached IS NOT NULL",
    "automatic": "false", "reached": "NULL", "actor_id": "NULL", "track": "'marketing'", "note": "''",
}  # fmt: skip


def load(work):
    """Write the batch: match by external id, else by the row's content."""
    references.people(work, "actor")
    references.campaigns(work)
    found = persons.collect(work)
    batch = work.batch
    columns = {one: batch.columns[one] for one in TYPES if one in batch.columns}
    columns |= {"actor_id": batch.get("actor"), "campaign_id": batch.get("campaign")}
    work.stage(TYPES, {one: values for one, values in columns.items() if any(values)})
    persons.stage(work, found)
    _whose(work)
    upserts.match_by_key(work, "leads_touch")
    left = work.rows(
        f"SELECT t.contact_id FROM {STAGE} s JOIN leads_touch t ON t.id = s.row_id WHERE t.contact_id <> s.contact_id"
    )
    inserts = {"source": "%(source)s", "external_id": "s.key"}
    created, updated = upserts.upsert(work, "touch", "leads_touch", COLUMNS, inserts, stamped=False)
    work.tell("touches", created, updated)
    raised.hands(work, f"SELECT s.line, s.row_id AS touch_id FROM {STAGE} s")
    # leads are locked before their scores, everywhere
    there = work.rows(f"SELECT DISTINCT contact_id FROM {STAGE} s" + ("" if updated else " WHERE fresh"))
    if marked := {contact for (contact,) in [*left, *there]}:
        scoring.mark_touched(marked)


def _whose(work):
    persons.match(work, persons.of_lead(work))
    work.execute(f"UPDATE {STAGE} s SET contact_id = p.contact_id FROM import_person p WHERE p.no = s.no")
    work.execute(
        f"""UPDATE {STAGE} s SET track = 'sales' FROM accounts_user u WHERE u.id = s.actor_id AND u.role IN ('sales', 'manager')"""
    )
    lost = work.rows(f"SELECT no FROM {STAGE} WHERE contact_id IS NULL ORDER BY no")
    if lost:
        named = persons.named(work)
        work.refuse(
            [(no, *named[no]) for (no,) in lost if no in named],
            lambda one: _("nobody is known by this: import the lead first"),
        )
        work.refuse([(no, "", "") for (no,) in lost if no not in named], lambda one: _("names nobody"))
