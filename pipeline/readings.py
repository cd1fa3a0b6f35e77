"""Readings of use as other systems report them: many at once, each known by its source and id, so that sending again harms nothing."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import organisation
from engine.copying import chunk, copy_rows
from pipeline.models import Company, Product

STAGE = "reading_stage"
COLUMNS = (
    "no",
    "product_id",
    "serial",
    "company_id",
    "day",
    "usage",
    "errors",
    "version",
    "source",
    "external_id",
)
CREATE = f"""
CREATE TEMP TABLE {STAGE} (no int, product_id bigint, serial text, company_id bigint, day date, usage numeric(14,3), errors int,
  version text, source text, external_id text, unit_id bigint, elsewhere boolean DEFAULT false) ON COMMIT DROP
"""
# A unit that nobody knew is made at the company that the row names; the last deal that sold it there is told by its product.
UNITS = """
INSERT INTO pipeline_unit (product_id, serial, company_id, deal_id)
SELECT s.product_id, s.serial, s.company_id, (
  SELECT d.id FROM pipeline_deal d WHERE d.company_id = s.company_id AND d.outcome = 'won' AND (d.product_id = s.product_id
    OR EXISTS (SELECT FROM pipeline_dealline l WHERE l.deal_id = d.id AND l.product_id = s.product_id))
  ORDER BY d.signed_on DESC, d.id DESC LIMIT 1)
FROM (SELECT DISTINCT ON (product_id, serial) * FROM {stage} WHERE company_id IS NOT NULL ORDER BY product_id, serial, {order}) s
WHERE NOT EXISTS (SELECT FROM pipeline_unit u WHERE u.product_id = s.product_id AND u.serial = s.serial)
ORDER BY s.product_id, s.serial
ON CONFLICT (product_id, serial) DO NOTHING
"""
FIND = """
UPDATE {stage} s SET unit_id = u.id, elsewhere = s.company_id <> u.company_id
FROM pipeline_unit u WHERE u.product_id = s.product_id AND u.serial = s.serial
"""
# One row: a reading that is new or says something else than before; of two rows with one id the last counts.
UPSERT = f"""
INSERT INTO pipeline_reading AS r (unit_id, day, usage, errors, version, source, external_id)
SELECT DISTINCT ON (source, external_id) unit_id, day, usage, errors, version, source, external_id
FROM {STAGE} WHERE unit_id IS NOT NULL AND elsewhere IS NOT TRUE ORDER BY source, external_id, no DESC
ON CONFLICT (source, external_id) DO UPDATE SET unit_id = excluded.unit_id, day = excluded.day, usage = excluded.usage,
  errors = excluded.errors, version = excluded.version
WHERE (r.unit_id, r.day, r.usage, r.errors, r.version)
  IS DISTINCT FROM (excluded.unit_id, excluded.day, excluded.usage, excluded.errors, excluded.version)
"""
# Whatever was reported of a unit is looked at again; its version is that of its newest reading that tells one.
MARK = """
UPDATE pipeline_unit u SET judged_on = DEFAULT, version = coalesce(
  (SELECT r.version FROM pipeline_reading r WHERE r.unit_id = u.id AND r.version <> '' ORDER BY r.day DESC, r.id DESC LIMIT 1),
  u.version)
WHERE u.id = ANY(%s)
"""
FORGET = """
DELETE FROM pipeline_reading WHERE id = ANY (ARRAY(
  SELECT r.id FROM pipeline_reading r WHERE r.day < %s AND (r.usage = 0 OR EXISTS (
    SELECT FROM pipeline_reading o WHERE o.unit_id = r.unit_id AND o.usage > 0 AND (o.day, o.id) > (r.day, r.id)))
  ORDER BY r.day LIMIT %s FOR UPDATE SKIP LOCKED))
"""


@dataclass(frozen=True)
class Told:
    """One reported reading; without an `external_id` a source has one of a unit a day. `product` is a code or the source's id of it, `company` our key or None, `company_key` the source's."""

    source: str
    product: str
    serial: str
    day: date
    usage: Decimal
    errors: int = 0
    version: str = ""
    external_id: str = ""
    company: int | None = None
    company_key: str = ""


def take(told):
    """Keep readings, in a fixed number of statements. Returns for each its id, or {field: why} where it was not taken."""
    products, companies = _products(told), _companies(told)
    results: list = [None] * len(told)
    rows = []
    for no, one in enumerate(told):
        product = products.get((one.source, one.product))
        company = companies.get(one.company or (one.source, one.company_key))
        if product is None:
            results[no] = {"product": _("There is no product with this code or id.")}
        elif company is None and (one.company or one.company_key):
            results[no] = {"company": _("There is no such company.")}
        else:
            key = one.external_id or f"{product}/{one.serial}/{one.day}"
            found = (no, product, one.serial, company)
            rows.append((*found, one.day, one.usage, one.errors, one.version, one.source, key))
    if rows:
        _keep(rows, results)
    return results


def _keep(rows, results):
    with chunk() as cursor:
        cursor.execute(CREATE)
        copy_rows(cursor, STAGE, COLUMNS, rows)
        cursor.execute(UNITS.format(stage=STAGE, order="no"))
        cursor.execute(FIND.format(stage=STAGE))
        moved = f"""SELECT r.unit_id FROM pipeline_reading r JOIN {STAGE} s USING (source, external_id)"""
        cursor.execute(
            f"{moved} UNION SELECT unit_id FROM {STAGE} WHERE unit_id IS NOT NULL AND elsewhere IS NOT TRUE"
        )
        units = [row[0] for row in cursor.fetchall()]
        cursor.execute(UPSERT)
        if cursor.rowcount:
            cursor.execute(MARK, [units])
        cursor.execute(
            f"SELECT s.no, s.unit_id, s.elsewhere, r.id FROM {STAGE} s LEFT JOIN pipeline_reading r USING (source, external_id)"
        )
        for no, unit, elsewhere, reading in cursor.fetchall():
            results[no] = reading if unit and not elsewhere else _refusal(unit)
        cursor.execute(f"DROP TABLE {STAGE}")


def _refusal(unit):
    if unit is None:
        return {"company": _("This unit is not known yet: say at which company it stands.")}
    return {"company": _("This unit stands at another company: change that first.")}


def _products(told):
    """(source, code or the source's id) → key; a code goes before an id."""
    words = {one.product for one in told}
    rows = Product.objects.filter(Q(code__in=words) | Q(external_id__in=words)).values_list(
        "pk", "code", "source", "external_id"
    )
    by_code = {code: pk for pk, code, _source, _key in rows}
    by_key = {(source, key): pk for pk, _code, source, key in rows if key}
    found = {}
    for one in told:
        pair = (one.source, one.product)
        found[pair] = by_code.get(one.product) or by_key.get(pair)
    return found


def _companies(told):
    """Our key, and (source, the source's key) → the key of the company that survives."""
    ids, keys = (
        {one.company for one in told if one.company},
        {one.company_key for one in told if one.company_key},
    )
    rows = Company.objects.filter(Q(pk__in=ids) | Q(external_id__in=keys)).values_list(
        "pk", "source", "external_id", "merged_into"
    )
    found: dict[int | tuple[str, str], int] = {}
    for pk, source, key, merged in rows:
        found[pk] = merged or pk
        if key:
            found[source, key] = merged or pk
    return found


def forget_due(limit=5_000, at=None):
    """Forget readings older than the organisation keeps them, but for the last day on which a unit was used. Returns how many."""
    house = organisation.current()
    if not house.usage_days:
        return 0
    before = organisation.today(at or timezone.now()) - timedelta(days=house.usage_days)
    with chunk() as cursor:
        cursor.execute(FORGET, [before, limit])
        return cursor.rowcount
