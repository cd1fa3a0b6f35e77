"""Which rows stay of an import that was taken back: what it made, what it changed, and leads where it moved them."""

from leads.importing import raised, stepped
from leads.importing.staying import CANCELLED, Stays
from leads.importing.ties import TABLES

LEADS = "('lead', 'person')"
TOLD = ("lead", "deal", "receipt", "spend", "unit", "campaign", "product", "company")
PERSON = "(SELECT coalesce(nullif(c.full_name, ''), {else_}) FROM pipeline_contact c WHERE c.id = {id})"
TITLES = {
    "lead": PERSON.format(id="t.contact_id", else_="t.external_id"),
    "touch": PERSON.format(id="t.contact_id", else_="''") + " || to_char(t.at, ' · YYYY-MM-DD')",
    "contact": "t.full_name",
    "spend": "t.amount::text",
    "receipt": "t.amount::text",
    "unit": "t.serial",
    "reading": "to_char(t.day, 'YYYY-MM-DD')",
}
WHY = {"deal": f"CASE WHEN {CANCELLED} THEN 'cancelled' ELSE 'worked' END"}
STAYED = {"deal": CANCELLED}  # of what the run changed
# A dealing that stays because its person's lead does is told with that one.
TOGETHER = f"""EXISTS (SELECT 1 FROM leads_lead l JOIN leads_importedrow r ON r.run_id = %(run)s AND r.row_id = l.id
  AND (r."table" = 'raised' OR r."table" IN {LEADS} AND r.before IS NULL) WHERE l.contact_id = t.contact_id)"""
# When it was changed says nothing of what; what leads have of their deals follows those.
ASIDE = {"lead": ("updated_at", "deal_id", "owner_id")}
COLUMNS = """
SELECT DISTINCT jsonb_object_keys(before->'was') FROM leads_importedrow
WHERE run_id = %(run)s AND "table" = %(name)s AND before IS NOT NULL ORDER BY 1
"""
ALTERED = """
SELECT t.id, {title} FROM {table} t JOIN (
  SELECT r.row_id, jsonb_object_agg(k.name, r.before->'was'->k.name ORDER BY r.id DESC) AS was
  FROM leads_importedrow r CROSS JOIN LATERAL jsonb_object_keys(r.before->'was') k (name)
  WHERE r.run_id = %(run)s AND r."table" = %(name)s AND r.before IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM leads_importedrow m WHERE m.run_id = %(run)s AND m."table" IN {made} AND m.row_id = r.row_id AND m.before IS NULL)
  GROUP BY r.row_id
) r ON r.row_id = t.id CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, r.was) w
WHERE ({differs}) AND NOT {told} ORDER BY t.id
"""


def what_stays(cursor, run, since):
    """What Stays of a run that was taken back, now that everything else is gone; `since`: what came later is not the run's."""
    kept = _made(cursor, run) + stepped.kept(cursor, run, since) + raised.kept(cursor, run)
    return kept + _dealings(cursor, run) + _altered(cursor, run)


def _names(name):
    return LEADS if name == "lead" else f"('{name}')"


def _told(cursor, name, because=""):
    return [Stays(name, pk, title or str(pk), because or said[0]) for pk, title, *said in cursor.fetchall()]


def _made(cursor, run):
    """What the run made and is still there, and deals that stay as it changed them."""
    kept = []
    for name in TOLD:
        cursor.execute(
            f"""SELECT t.id, {TITLES.get(name, "t.name")}, {WHY.get(name, "'worked'")} FROM {TABLES[name]} t
                WHERE t.id IN (SELECT row_id FROM leads_importedrow WHERE run_id = %s AND "table" IN {_names(name)}
                  AND (before IS NULL OR {STAYED.get(name, "false")})) ORDER BY t.id""",
            [run.pk],
        )
        kept += _told(cursor, name)
    return kept


def _dealings(cursor, run):
    """The touches that the run made of people whom it did not, and that somebody has answered."""
    cursor.execute(
        f"""SELECT t.id, {TITLES["touch"]} FROM leads_touch t WHERE t.id IN (
              SELECT row_id FROM leads_importedrow WHERE run_id = %(run)s AND "table" = 'touch' AND before IS NULL)
            AND NOT {TOGETHER} ORDER BY t.id""",
        {"run": run.pk},
    )
    return _told(cursor, "touch", "worked")


def _altered(cursor, run):
    """Rows that the run changed and that did not get all of their former values back, because somebody changed them since."""
    kept = []
    for name, table in TABLES.items():
        facts = {"run": run.pk, "name": name}
        cursor.execute(COLUMNS, facts)
        aside = ASIDE.get(name, ("updated_at",))
        if differs := " OR ".join(
            f"""(r.was ? '{one}' AND t."{one}" IS DISTINCT FROM w."{one}")"""
            for (one,) in cursor.fetchall()
            if one not in aside
        ):
            words = {
                "title": TITLES.get(name, "t.name"),
                "told": STAYED.get(name, "false"),
                "made": _names(name),
            }
            cursor.execute(ALTERED.format(table=table, differs=differs, **words), facts)
            kept += _told(cursor, name, "changed")
    return kept
