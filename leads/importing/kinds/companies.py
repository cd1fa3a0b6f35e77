"""Companies: known by external id, else by their name without legal form."""

from leads.importing import nesting, references, upserts
from leads.importing.wording import gettext as _
from leads.importing.work import STAGE
from pipeline.companies import bare_domain
from pipeline.names import company_key

TYPES = {
    "external_id": "text", "name": "text", "name_key": "text", "domain": "text", "tax_id": "text", "parent": "text",
    "parent_key": "text", "parent_id": "bigint", "segment_id": "bigint", "region_id": "bigint", "country": "text",
    "industry": "text", "employees": "int", "is_partner": "boolean", "sales_owner_id": "bigint",
    "marketing_contact_id": "bigint", "row_id": "bigint", "fresh": "boolean",
}  # fmt: skip
COLUMNS = {
    "name": "NULL", "domain": "''", "tax_id": "''", "segment_id": "NULL", "region_id": "NULL", "country": "''",
    "industry": "''", "employees": "NULL", "is_partner": "false", "sales_owner_id": "NULL", "marketing_contact_id": "NULL",
}  # fmt: skip
SURVIVING = "t.merged_into_id IS NULL AND (s.external_id IS NULL OR t.external_id = '')"


def load(work):
    """Write the batch."""
    batch = work.batch
    for target in ("sales_owner", "marketing_contact"):
        references.people(work, target)
    references.segments_and_regions(work)
    columns = {one: batch.columns[one] for one in TYPES if one in batch.columns}
    columns |= {
        f"{one}_id": batch.get(one) for one in ("segment", "region", "sales_owner", "marketing_contact")
    }
    columns["name_key"] = [name and company_key(name) for name in batch.get("name")]
    columns["parent_key"] = [name and company_key(name) for name in batch.get("parent")]
    columns["domain"] = [text and bare_domain(text) for text in batch.get("domain")]
    columns["external_id"] = batch.get("given_key")
    work.stage(TYPES, columns)
    upserts.match_by_key(work, "pipeline_company")
    upserts.match_by(work, "pipeline_company", f"t.key = s.name_key AND {SURVIVING}")
    inserts = {
        "key": "s.name_key",
        "source": "CASE WHEN s.external_id IS NULL THEN '' ELSE %(source)s END",
        "external_id": "coalesce(s.external_id, '')",
    }
    work.tell("companies", *upserts.upsert(work, "company", "pipeline_company", COLUMNS, inserts))
    work.execute(
        f"UPDATE pipeline_company t SET key = s.name_key FROM {STAGE} s WHERE t.id = s.row_id AND t.key <> s.name_key"
    )
    _parents(work)


def _parents(work):
    """Parents are found once all companies of the chunk are there; one that is not known is a warning."""
    work.execute(
        f"""UPDATE {STAGE} s SET parent_id = t.id FROM pipeline_company t
            WHERE t.key = s.parent_key AND t.merged_into_id IS NULL AND t.id <> s.row_id"""
    )
    work.warn(
        work.rows(f"SELECT no, 'parent', parent FROM {STAGE} WHERE parent IS NOT NULL AND parent_id IS NULL"),
        lambda one: _("no such company is known: bring it in first, or correct its name"),
    )
    nesting.settle(work, "pipeline_company")
