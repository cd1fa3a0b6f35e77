"""Readings of use: a unit's day, and units that nobody knew, at the company that the row names."""

from leads.importing import firms, references, upserts
from leads.importing.wording import gettext as _
from leads.importing.work import STAGE
from pipeline.readings import FIND, MARK, UNITS

TYPES = {
    "product_id": "bigint", "serial": "text", "company": "text", "company_key": "text", "company_id": "bigint", "day": "date",
    "usage": "numeric(14,3)", "errors": "int", "version": "text", "since": "date", "unit_id": "bigint", "elsewhere": "boolean",
    "row_id": "bigint", "fresh": "boolean",
}  # fmt: skip
COLUMNS = {"unit_id": "NULL", "day": "NULL", "usage": "0", "errors": "0", "version": "''"}


def load(work):
    """Write the batch: match by external id, else by unit and day."""
    references.products(work)
    batch = work.batch
    columns = {one: batch.columns[one] for one in TYPES if one in batch.columns}
    columns |= {"product_id": batch.get("product"), "company_key": firms.keys(batch.get("company"))}
    work.stage(TYPES, {one: values for one, values in columns.items() if any(values)})
    _refuse_days_to_come(work)
    _units(work)
    upserts.match_by_key(work, "pipeline_reading")
    moved = work.rows(f"SELECT t.unit_id FROM {STAGE} s JOIN pipeline_reading t ON t.id = s.row_id")
    inserts = {"source": "%(source)s", "external_id": "s.key"}
    created, updated = upserts.upsert(work, "reading", "pipeline_reading", COLUMNS, inserts, stamped=False)
    work.tell("readings", created, updated)
    if created or updated:
        told = work.rows(f"SELECT DISTINCT unit_id FROM {STAGE}")
        work.execute(MARK, [[unit for (unit,) in {*moved, *told}]])


def judge_anew(cursor, readings):
    """The units of these readings (ids) are looked at again."""
    cursor.execute(
        """UPDATE pipeline_unit SET judged_on = DEFAULT
           WHERE id IN (SELECT unit_id FROM pipeline_reading WHERE id = ANY(%s::bigint[]))""",
        [readings],
    )


def _refuse_days_to_come(work):
    work.refuse(
        work.rows(
            f"SELECT no, 'day', day::text FROM {STAGE} WHERE day > (%s AT TIME ZONE %s)::date ORDER BY no",
            [work.at, work.zone],
        ),
        lambda one: _("is still to come"),
    )


def _units(work):
    """Find the units; those that nobody knows are made at their company, those that stand at another one are refused."""
    work.execute(FIND.format(stage=STAGE))
    work.execute(
        f"""UPDATE {STAGE} s SET elsewhere = true FROM pipeline_unit u JOIN pipeline_company c ON c.id = u.company_id
            WHERE u.id = s.unit_id AND s.company_key <> c.key"""
    )
    _refuse_elsewhere(work)
    firms.settle(
        work,
        f"SELECT line, company_key, company, NULL, NULL, NULL::int, NULL FROM {STAGE} WHERE unit_id IS NULL ORDER BY 1",
    )
    work.execute(
        f"UPDATE {STAGE} s SET company_id = f.id FROM import_firm f WHERE f.key = s.company_key AND s.unit_id IS NULL"
    )
    work.table("import_unit", f"SELECT no, line, since FROM {STAGE} WHERE unit_id IS NULL")
    made = work.execute(UNITS.format(stage=STAGE, order="line"))
    work.execute(FIND.format(stage=STAGE))
    unknown = f"SELECT no, 'company serial', serial FROM {STAGE} WHERE unit_id IS NULL ORDER BY no"
    work.refuse(
        work.rows(unknown), lambda one: _("this unit is not known yet: say at which company it stands")
    )
    _refuse_elsewhere(work)  # two companies of one file for a unit that nobody knew
    work.count("units", made)
    fresh = f"SELECT min(n.line), s.unit_id, NULL::jsonb FROM import_unit n JOIN {STAGE} s USING (no) GROUP BY s.unit_id"
    work.note("unit", fresh)
    work.execute(
        f"""UPDATE pipeline_unit u SET since = n.since
            FROM (SELECT s.unit_id, min(n.since) AS since FROM import_unit n JOIN {STAGE} s USING (no) GROUP BY s.unit_id) n
            WHERE u.id = n.unit_id AND n.since IS NOT NULL"""
    )


def _refuse_elsewhere(work):
    found = work.rows(f"SELECT no, 'company serial', company FROM {STAGE} WHERE elsewhere ORDER BY no")
    work.refuse(found, lambda one: _("this unit stands at another company: change that first"))
