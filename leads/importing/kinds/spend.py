"""Spend: money by month of service, and what the platform reports beside it."""

from leads.importing import amounts, references, upserts
from leads.importing.keys import BY_CONTENT
from leads.importing.wording import gettext as _
from leads.importing.work import STAGE
from pipeline.models.campaigns import NOT_PAID_YET, ONLY_PAID_COMES_BACK
from pipeline.money import base_sql

TYPES = {
    "campaign_id": "bigint", "kind": "text", "month": "date", '"on"': "date", "amount": "numeric(18,4)", "currency": "text",
    "vendor": "text", "note": "text", "impressions": "bigint", "clicks": "bigint", "reported_leads": "numeric(14,2)",
    "reported_orders": "numeric(14,2)", "reported_revenue": "numeric(18,4)", "base_amount": "numeric(18,4)", "row_id": "bigint",
    "fresh": "boolean", "campaign_key": "text",
}  # fmt: skip
COLUMNS = {
    "campaign_id": "NULL", "kind": "'paid'", "month": "NULL", "on": "NULL", "amount": "NULL", "currency": "NULL",
    "base_amount": "NULL", "vendor": "''", "note": "''", "impressions": "NULL", "clicks": "NULL", "reported_leads": "NULL",
    "reported_orders": "NULL", "reported_revenue": "NULL",
}  # fmt: skip


# A row that came under the id of all its cells, before its mapping said by which of them it is known: its campaign, which
# the file names by its id, and its day are those.
SAME_DAY = f"""t.campaign_id = s.campaign_id AND t."on" = s."on" AND t.external_id LIKE '{BY_CONTENT}%' AND EXISTS (
  SELECT 1 FROM pipeline_campaign c WHERE c.id = s.campaign_id AND c.source = t.source AND c.external_id = s.campaign_key)"""


def load(work):
    """Write the batch: match by external id, else by the row's content."""
    batch = work.batch
    batch.columns["named_by"] = batch.get("campaign_key")  # stays beside the campaign that it finds
    references.campaigns(work)
    columns = {one: batch.columns[one] for one in COLUMNS if one in batch.columns and one != "on"}
    found = {
        '"on"': batch.get("on"),
        "campaign_id": batch.get("campaign"),
        "campaign_key": batch.get("named_by"),
    }
    work.stage(TYPES, {**columns, **found})
    if _is_a_day(work.mapping):
        upserts.match_by_key(work, "pipeline_spend")
        upserts.match_by(work, "pipeline_spend", SAME_DAY)
        work.execute(
            f"UPDATE pipeline_spend t SET external_id = s.key FROM {STAGE} s WHERE t.id = s.row_id AND t.external_id <> s.key"
        )
    work.tell("spends", *write(work))


def _is_a_day(mapping):
    """Is a row known by its campaign and its day alone?"""
    named = {target for column in mapping.known_by for target in mapping.columns.get(column, ())}
    return named >= {"campaign_key", "on"} and named <= {"campaign_key", "campaign", "on"}


def write(work, stage=STAGE):
    """Spend rows of a staging table, which has a `key`, into the table."""
    work.execute(
        f"""UPDATE {stage} s SET currency = coalesce(currency, %s), kind = coalesce(kind, 'paid'), "on" = coalesce("on", month),
              month = date_trunc('month', coalesce(month, "on"))::date""",
        [work.currency],
    )
    base = base_sql("s.amount", "s.currency", 's."on"')
    work.execute(f"UPDATE {stage} s SET base_amount = {base}", [work.base_currency])
    _refuse_what_cannot_be(work, stage)
    upserts.match_by_key(work, "pipeline_spend", stage)
    _warn_of_another_amount(work, stage)
    inserts = {
        "source": "%(source)s",
        "external_id": "s.key",
        "entered_by_id": f"{work.run.by_id or 'NULL'}::bigint",
    }
    counts = upserts.upsert(work, "spend", "pipeline_spend", COLUMNS, inserts, stage)
    _warn_of_closed_months(work, stage)
    return counts


def _refuse_what_cannot_be(work, stage):
    """Amounts without a rate, below nothing where nothing was paid, or paid on a day to come."""
    work.refuse(
        work.rows(
            f"SELECT no, 'currency amount', currency, \"on\" FROM {stage} WHERE base_amount IS NULL ORDER BY no"
        ),
        amounts.unrated,
        stage,
    )
    work.refuse(
        work.rows(
            f"SELECT no, 'amount kind', amount::text FROM {stage} WHERE amount < 0 AND kind <> 'paid' ORDER BY no"
        ),
        lambda one: str(ONLY_PAID_COMES_BACK),
        stage,
    )
    work.refuse(
        work.rows(
            f"""SELECT no, 'on month kind', "on"::text FROM {stage}
                WHERE kind = 'paid' AND "on" > (%s AT TIME ZONE %s)::date ORDER BY no""",
            [work.at, work.zone],
        ),
        lambda one: _(NOT_PAID_YET),
        stage,
    )


def _warn_of_another_amount(work, stage):
    """Rows under an id of their own beside what an earlier import brought for the same campaign, day and vendor."""
    work.warn(
        work.rows(
            f"""SELECT s.no, 'amount on', s.amount::text, t.amount::text, to_char(s."on", 'YYYY-MM-DD')
                FROM {stage} s CROSS JOIN LATERAL (
                  SELECT amount FROM pipeline_spend t WHERE t.campaign_id = s.campaign_id AND t."on" = s."on" AND t.kind = s.kind
                    AND t.vendor = coalesce(s.vendor, '') AND t.source = %s AND t.external_id <> ''
                    AND NOT EXISTS (SELECT FROM leads_importedrow w WHERE w.run_id = %s AND w."table" = 'spend' AND w.row_id = t.id)
                  ORDER BY t.id DESC LIMIT 1) t
                WHERE s.row_id IS NULL AND s.key LIKE '{BY_CONTENT}%%' ORDER BY s.no""",
            [work.source, work.run.pk],
        ),
        lambda one: (
            _(
                "%(before)s of the same campaign stands under %(day)s already: both count; take one back if they are the same"
            )
            % {"before": one[3], "day": one[4]}
        ),
    )


def _warn_of_closed_months(work, stage):
    work.warn(
        work.rows(
            f"""SELECT s.no, 'month on', to_char(s.month, 'YYYY-MM'), to_char(t.booked, 'YYYY-MM')
                FROM {stage} s JOIN pipeline_spend t ON t.id = s.row_id WHERE t.booked <> t.month ORDER BY s.no"""
        ),
        lambda one: (
            _("%(month)s is closed: booked to %(booked)s; month of service and date are kept")
            % {"month": one[2], "booked": one[3]}
        ),
    )
