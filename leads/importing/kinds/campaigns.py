"""Campaigns with their plan; a cost in all becomes one paid spend on the campaign's first day."""

from leads.importing import amounts, codes, nesting, references, upserts
from leads.importing.codes import KEYLESS
from leads.importing.kinds import spend
from leads.importing.wording import gettext as _
from leads.importing.work import STAGE
from pipeline.models import Campaign

TYPES = {
    "external_id": "text", "name": "text", "code": "text", "channel": "text", "status": "text", "parent": "text",
    "parent_id": "bigint", "owner_id": "bigint", "owner_text": "text", "segment_id": "bigint", "region_id": "bigint",
    "product_id": "bigint", "starts_on": "date", "ends_on": "date", "budget": "numeric(18,4)", "currency": "text",
    "expected_leads": "int", "expected_mqls": "int", "expected_sqls": "int", "expected_pipeline": "numeric(18,4)", "expected_revenue": "numeric(18,4)", "for_existing": "boolean", "note": "text", "actual_cost": "numeric(18,4)",
    "row_id": "bigint", "fresh": "boolean",
}  # fmt: skip
COLUMNS = {
    "name": "NULL", "channel": "'other'", "status": "'planned'", "owner_id": "NULL", "owner_text": "''", "segment_id": "NULL",
    "region_id": "NULL", "product_id": "NULL", "starts_on": "NULL", "ends_on": "NULL", "budget": "NULL", "currency": "NULL",
    "expected_leads": "NULL", "expected_mqls": "NULL", "expected_sqls": "NULL", "expected_pipeline": "NULL", "expected_revenue": "NULL", "for_existing": "false", "note": "''",
}  # fmt: skip
COSTS = "import_costs"


def load(work):
    """Write the batch: match by external id, then by code, then by exact name (case decides)."""
    batch = work.batch
    owners = references.people(work, "owner")
    references.segments_and_regions(work)
    references.products(work)
    columns = {one: batch.columns[one] for one in TYPES if one in batch.columns}
    columns |= {f"{one}_id": batch.get(one) for one in ("owner", "segment", "region", "product")}
    columns["owner_text"] = owners or batch.get("owner_text")
    columns["external_id"] = batch.get("given_key")
    work.stage(TYPES, columns)
    _check(work)
    upserts.match_by_key(work, "pipeline_campaign")
    upserts.match_by(work, "pipeline_campaign", f"t.code = s.code AND {KEYLESS}")
    _refuse_unclear_names(work)
    upserts.match_by(work, "pipeline_campaign", f"t.name = s.name AND {KEYLESS}")
    codes.settle(work, Campaign, _("another campaign has this code"))
    inserts = {
        "code": "s.code",
        "source": "CASE WHEN s.external_id IS NULL THEN '' ELSE %(source)s END",
        "external_id": "coalesce(s.external_id, '')",
    }
    work.tell("campaigns", *upserts.upsert(work, "campaign", "pipeline_campaign", COLUMNS, inserts))
    _programmes(work)
    _costs(work)


def _check(work):
    work.execute(f"UPDATE {STAGE} SET currency = %s WHERE currency IS NULL", [work.currency])
    work.refuse(
        work.rows(f"SELECT no, 'ends_on', ends_on::text FROM {STAGE} WHERE ends_on < starts_on"),
        lambda one: _("the last day is before the first one"),
    )
    _check_rates(work)


def _check_rates(work):
    """A cost without a rate could not be counted; a plan without one is kept, as it is on the page."""
    day = "coalesce(s.starts_on, (%s AT TIME ZONE %s)::date)"
    unrated = work.rows(
        f"""SELECT no, 'currency actual_cost budget expected_pipeline expected_revenue', currency, {day}, actual_cost IS NOT NULL FROM {STAGE} s
            WHERE coalesce(actual_cost, budget, expected_pipeline, expected_revenue) IS NOT NULL AND currency <> %s
              AND NOT EXISTS (SELECT 1 FROM pipeline_exchangerate r WHERE r.currency = s.currency) ORDER BY no""",
        [work.at, work.zone, work.base_currency],
    )
    work.refuse([one for one in unrated if one[4]], amounts.unrated)
    work.warn(
        [one for one in unrated if not one[4]],
        lambda one: (
            _("no exchange rate of %(currency)s is known: reports leave the plan out") % {"currency": one[2]}
        ),
    )


def _refuse_unclear_names(work):
    """A name alone must mean one campaign, besides those that other rows of the file tell by key or code."""
    unclaimed = upserts.UNCLAIMED.format(stage=STAGE)
    work.refuse(
        work.rows(
            f"""SELECT s.no, 'name', s.name FROM {STAGE} s JOIN pipeline_campaign t ON t.name = s.name AND {unclaimed}
                WHERE s.row_id IS NULL AND s.external_id IS NULL AND s.code IS NULL
                GROUP BY s.no, s.name HAVING count(*) > 1 ORDER BY s.no"""
        ),
        lambda one: _("several campaigns bear this name"),
    )


def _programmes(work):
    """Programmes are found once all campaigns of the chunk are there; one that is not known is a warning."""
    work.execute(
        f"""UPDATE {STAGE} s SET parent_id = t.id FROM pipeline_campaign t
            WHERE s.parent IS NOT NULL AND t.id <> s.row_id AND s.parent IN (t.code, t.name, nullif(t.external_id, ''))"""
    )
    work.warn(
        work.rows(f"SELECT no, 'parent', parent FROM {STAGE} WHERE parent IS NOT NULL AND parent_id IS NULL"),
        lambda one: _("no such campaign is known: bring it in first, or correct its name"),
    )
    nesting.settle(work, "pipeline_campaign")


def _costs(work):
    """A cost in all: one paid spend on the first day, under a key of its own, so that it is never made twice.

    Of a campaign that is to begin it was paid by today.
    """
    if "actual_cost" not in work.mapping.targets:
        return
    work.table(
        COSTS,
        f"""SELECT s.no, s.line, 'cost:' || coalesce(s.external_id, t.code) AS key, t.id AS campaign_id, 'paid' AS kind,
              date_trunc('month', s.starts_on)::date AS month,
              CASE WHEN s.starts_on <= today.day THEN s.starts_on ELSE coalesce(o."on", today.day) END AS "on", s.actual_cost AS amount, s.currency, NULL::text AS vendor,
              NULL::text AS note, NULL::bigint AS impressions, NULL::bigint AS clicks, NULL::numeric AS reported_leads,
              NULL::numeric AS reported_orders, NULL::numeric AS reported_revenue, NULL::numeric(18,4) AS base_amount,
              NULL::bigint AS row_id, NULL::boolean AS fresh
            FROM {STAGE} s JOIN pipeline_campaign t ON t.id = s.row_id
            CROSS JOIN (SELECT (%s AT TIME ZONE %s)::date AS day) today
            LEFT JOIN pipeline_spend o ON o.source = %s AND o.external_id = 'cost:' || coalesce(s.external_id, t.code) AND o."on" <= today.day
            WHERE s.actual_cost IS NOT NULL AND s.starts_on IS NOT NULL""",
        [work.at, work.zone, work.source],
    )
    work.warn(
        work.rows(
            f"SELECT no, 'actual_cost', actual_cost::text FROM {STAGE} WHERE actual_cost IS NOT NULL AND starts_on IS NULL"
        ),
        lambda one: _("the cost is left out, because the campaign has no first day"),
    )
    created, updated = spend.write(work, COSTS)
    work.count("spends", created)
    work.count("spends_updated", updated)
