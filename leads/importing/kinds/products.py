"""Products with their price, and their unit cost from a day on."""

from leads.importing import codes, upserts
from leads.importing.codes import KEYLESS
from leads.importing.wording import gettext as _
from leads.importing.work import STAGE
from pipeline.models import Product

TYPES = {
    "external_id": "text", "code": "text", "name": "text", "family": "text", "list_price": "numeric(18,4)",
    "floor_price": "numeric(18,4)", "currency": "text", "active": "boolean", "unit_cost": "numeric(18,4)", "cost_since": "date",
    "row_id": "bigint", "fresh": "boolean",
}  # fmt: skip
COLUMNS = {
    "name": "NULL", "family": "''", "list_price": "NULL", "floor_price": "NULL", "currency": "NULL", "active": "true",
}  # fmt: skip


def load(work):
    """Write the batch: match by external id, then code, then name."""
    batch = work.batch
    columns = {one: batch.columns[one] for one in TYPES if one in batch.columns}
    work.stage(TYPES, {**columns, "external_id": batch.get("given_key")})
    work.execute(f"UPDATE {STAGE} SET currency = %s WHERE currency IS NULL", [work.currency])
    upserts.match_by_key(work, "pipeline_product")
    for column in ("code", "name"):
        upserts.match_by(work, "pipeline_product", f"t.{column} = s.{column} AND {KEYLESS}")
    codes.settle(work, Product, _("another product has this code"))
    inserts = {
        "code": "s.code",
        "source": "CASE WHEN s.external_id IS NULL THEN '' ELSE %(source)s END",
        "external_id": "coalesce(s.external_id, '')",
    }
    work.tell("products", *upserts.upsert(work, "product", "pipeline_product", COLUMNS, inserts))
    _costs(work)


def _costs(work):
    """A unit cost holds from its day on, without one from the first day that anything can have been sold."""
    work.execute(
        f"""INSERT INTO pipeline_productcost (product_id, since, unit_cost)
            SELECT row_id, coalesce(cost_since, '2000-01-01'), unit_cost FROM {STAGE} WHERE unit_cost IS NOT NULL
            ORDER BY row_id
            ON CONFLICT (product_id, since) DO UPDATE SET unit_cost = excluded.unit_cost
            WHERE pipeline_productcost.unit_cost <> excluded.unit_cost"""
    )
