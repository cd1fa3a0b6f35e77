"""Deals, and what they mean for their lead: its steps to the deal and on, its contact, and the touch that they owe."""

from django.utils.translation import gettext_noop

from leads.importing import amounts, firms, persons, references, upserts
from leads.importing.kinds import following
from leads.importing.wording import gettext as _
from leads.importing.work import STAGE
from pipeline import cancellations
from pipeline.money import base_sql, rate_sql
from pipeline.receipts import NOT_YET

TYPES = {
    "name": "text", "lead_key": "text", "company": "text", "company_key": "text", "company_id": "bigint", "kind": "text",
    "stage_id": "bigint", "outcome": "text", "outcome_reason_id": "bigint", "owner_id": "bigint", "owner_text": "text",
    "amount": "numeric(18,4)", "currency": "text", "base_amount": "numeric(18,4)", "cost": "numeric(18,4)",
    "expected_close": "date", "opened_at": "timestamptz", "closed_at": "timestamptz", "signed_on": "date",
    "contract_until": "date", "product_id": "bigint", "partner": "text", "partner_key": "text", "partner_id": "bigint",
    "campaign_id": "bigint", "channel": "text", "attributes": "jsonb", "lead_id": "bigint", "contact_id": "bigint",
    "captured_at": "timestamptz", "told_at": "timestamptz", "row_id": "bigint", "fresh": "boolean",
    "collected": "numeric(18,4)", "collected_on": "date",
}  # fmt: skip
COLUMNS = {
    "name": "''", "company_id": "NULL", "kind": "'new'", "stage_id": "NULL", "outcome": "'open'", "outcome_reason_id": "NULL",
    "owner_id": "NULL", "owner_text": "''", "amount": "NULL", "currency": "NULL", "base_amount": "NULL", "cost": "NULL",
    "expected_close": "NULL", "closed_at": "NULL", "signed_on": "NULL", "contract_until": "NULL", "product_id": "NULL",
    "partner_id": "NULL", "attributes": "'{}'",
}  # fmt: skip
RECEIVED = {"deal_id": "NULL", "on": "NULL", "amount": "NULL", "currency": "NULL", "base_amount": "NULL"}
# as `leads.closing` keeps them in the journal
JOURNAL = {
    "stage": ("stage_id", "(SELECT code FROM pipeline_dealstage WHERE id = {}.stage_id)"),
    "amount": ("amount", "coalesce({}.amount::text, '')"),
    "outcome": ("outcome", "{}.outcome"),
    "expected_close": ("expected_close", "coalesce({}.expected_close::text, '')"),
}


def load(work):
    """Write the batch: match by external id, else by the row's content."""
    owners = references.people(work, "owner")
    work.batch.columns["owner_text"] = owners or work.batch.get("owner_text")
    references.deal_stages(work)
    references.reasons(work)
    references.products(work)
    references.campaigns(work)
    found = persons.collect(work)
    _stage(work)
    persons.stage(work, found)
    _whose(work)
    _settle(work)
    upserts.match_by_key(work, "pipeline_deal")
    _keep_cancelled(work)
    _journal_changes(work)
    opened = f"coalesce(s.opened_at, s.closed_at, '{work.at.isoformat()}')"
    inserts = {"opened_at": opened, "source": "%(source)s", "external_id": "s.key"}
    work.tell("deals", *upserts.upsert(work, "deal", "pipeline_deal", COLUMNS, inserts))
    work.execute(cancellations.COSTS.replace("%s", f"ARRAY(SELECT row_id FROM {STAGE})"))
    _journal_new(work)
    _receipts(work)
    _contacts(work)
    _touches(work)
    following.follow(work)


def _stage(work):
    batch = work.batch
    columns = {one: batch.columns[one] for one in TYPES if one in batch.columns}
    for one in ("owner", "product", "campaign", "stage", "outcome_reason"):
        columns[f"{one}_id"] = batch.get(one)
    columns["company_key"] = firms.keys(batch.get("company"))
    columns["partner_key"] = firms.keys(batch.get("partner"))
    columns["told_at"] = batch.get("opened_at")
    work.stage(TYPES, {one: values for one, values in columns.items() if any(values)})


def _whose(work):
    """The lead by its external id, and the contact: the lead's, or the one that the addresses tell."""
    persons.match(work, persons.of_lead(work))
    work.execute(
        f"""UPDATE {STAGE} s SET lead_id = coalesce(l.merged_into_id, l.id), contact_id = p.contact_id, captured_at = l.captured_at
            FROM import_person p LEFT JOIN leads_lead l ON l.id = p.lead_id WHERE p.no = s.no AND p.contact_id IS NOT NULL"""
    )
    work.refuse(
        work.rows(
            f"SELECT no, 'lead_key', lead_key FROM {STAGE} WHERE lead_key IS NOT NULL AND lead_id IS NULL ORDER BY no"
        ),
        lambda one: _("no lead with this external id is known"),
    )
    named = persons.named(work)
    nobody = work.rows(f"SELECT no FROM {STAGE} WHERE lead_key IS NULL AND contact_id IS NULL ORDER BY no")
    work.warn(
        [(no, *named[no]) for (no,) in nobody if no in named],
        lambda one: _("nobody is known by this: the deal has no person"),
    )
    work.rows(
        f"SELECT id FROM leads_lead WHERE id IN (SELECT lead_id FROM {STAGE}) ORDER BY id FOR NO KEY UPDATE"
    )


def _settle(work):
    """Companies, the stage and its outcome, what the one date of closing means, and money in the report currency."""
    firms.settle(
        work,
        f"""SELECT line, company_key, company, NULL, NULL, NULL::int, NULL FROM {STAGE}
            UNION ALL SELECT line, partner_key, partner, NULL, NULL, NULL::int, NULL FROM {STAGE} ORDER BY 1""",
    )
    work.execute(
        f"""UPDATE {STAGE} s SET company_id = (SELECT id FROM import_firm f WHERE f.key = s.company_key),
              partner_id = (SELECT id FROM import_firm f WHERE f.key = s.partner_key)
            WHERE company_key IS NOT NULL OR partner_key IS NOT NULL"""
    )
    work.execute(
        f"""UPDATE {STAGE} s SET company_id = c.company_id FROM pipeline_contact c
            WHERE c.id = s.contact_id AND s.company_id IS NULL"""
    )
    work.execute(
        f"""UPDATE {STAGE} s SET stage_id = g.id, outcome = g.outcome, name = coalesce(s.name, s.company, %s),
              currency = coalesce(s.currency, %s), kind = coalesce(s.kind, CASE WHEN s.row_id IS NULL THEN 'new' END)
            FROM pipeline_dealstage g WHERE g.id = coalesce(s.stage_id, (
              SELECT id FROM pipeline_dealstage WHERE outcome = coalesce(s.outcome, 'open') ORDER BY position LIMIT 1))""",
        [_("Imported deal"), work.currency],
    )
    work.execute(
        f"""UPDATE {STAGE} SET
              signed_on = CASE WHEN outcome = 'won' THEN coalesce(signed_on, (closed_at AT TIME ZONE %s)::date) END,
              expected_close = coalesce(expected_close, (closed_at AT TIME ZONE %s)::date),
              closed_at = CASE WHEN outcome <> 'open' THEN coalesce(closed_at, signed_on::timestamp AT TIME ZONE %s) END""",
        [work.zone] * 3,
    )
    told = "closed_at" if "closed_at" in work.batch.places else "signed_on outcome stage"
    work.refuse(
        work.rows(
            f"SELECT no, '{told}', '' FROM {STAGE} WHERE outcome <> 'open' AND closed_at IS NULL ORDER BY no"
        ),
        lambda one: _("a deal that is won or lost needs the day on which it closed"),
    )
    _money(work)


CANCELLED = gettext_noop("%(amount)s of this deal was cancelled: take that back on its page first")
SIGNED_LATER = gettext_noop(
    "is after %(day)s, when %(amount)s of this deal was cancelled: take that back on its page first"
)


def _keep_cancelled(work):
    """A deal of which something was cancelled stays won, before that and for no less, in its currency: told is the cell that says otherwise."""
    work.refuse(
        work.rows(
            f"""SELECT s.no, said.targets, said.cell, gone.amount, t.currency, gone.since
                FROM {STAGE} s JOIN pipeline_deal t ON t.id = s.row_id JOIN (
                  SELECT cancels_id, round(-sum(amount), 2) AS amount, min(signed_on) AS since FROM pipeline_deal
                  WHERE cancels_id IS NOT NULL GROUP BY cancels_id) gone ON gone.cancels_id = t.id
                CROSS JOIN LATERAL (SELECT * FROM (VALUES
                  (1, s.outcome <> 'won', 'outcome stage', s.outcome),
                  (2, s.currency <> t.currency, 'currency amount', s.currency),
                  (3, s.amount < gone.amount, 'amount', s.amount::text),
                  (4, s.signed_on > gone.since, 'signed_on closed_at', s.signed_on::text)) one (rank, wrong, targets, cell)
                  WHERE wrong ORDER BY rank LIMIT 1) said ORDER BY s.no"""
        ),
        lambda one: (
            _(SIGNED_LATER if one[1].startswith("signed_on") else CANCELLED)
            % {"amount": f"{one[3]} {one[4]}", "day": str(one[5])}
        ),
    )


def _money(work):
    work.execute(
        f"UPDATE {STAGE} SET outcome_reason_id = (SELECT id FROM pipeline_outcomereason WHERE code = 'imported') "
        "WHERE outcome = 'lost' AND outcome_reason_id IS NULL"
    )
    work.refuse(
        work.rows(
            f"""SELECT no, 'collected_on signed_on closed_at', coalesce(collected_on, signed_on)::text FROM {STAGE}
                WHERE collected <> 0 AND outcome = 'won' AND coalesce(collected_on, signed_on) > (%s AT TIME ZONE %s)::date ORDER BY no""",
            [work.at, work.zone],
        ),
        lambda one: _(NOT_YET),
    )
    priced = f"""(SELECT no, amount, currency, coalesce(signed_on, (coalesce(opened_at, closed_at, %s) AT TIME ZONE %s)::date) AS day
                  FROM {STAGE} WHERE amount IS NOT NULL OR collected <> 0) s"""
    work.refuse(
        work.rows(
            f"""SELECT no, 'currency amount collected', currency, day FROM {priced}
                WHERE {rate_sql("s.currency", "s.day")} IS NULL ORDER BY no""",
            [work.at, work.zone, work.base_currency],
        ),
        amounts.unrated,
    )
    base = base_sql("s.amount", "s.currency", "s.day")
    work.execute(
        f"UPDATE {STAGE} t SET base_amount = s.base FROM (SELECT no, {base} AS base FROM {priced}) s WHERE s.no = t.no",
        [work.base_currency, work.at, work.zone],
    )


def _receipts(work):
    """What the file says has been received on deals that are won: one receipt a row, which a later file corrects."""
    work.table(
        "import_receipt",
        f"""SELECT no, line, key, row_id AS deal_id, coalesce(collected_on, signed_on) AS "on", collected AS amount, currency,
              NULL::numeric(18,4) AS base_amount, NULL::bigint AS row_id, NULL::boolean AS fresh
            FROM {STAGE} WHERE collected <> 0 AND outcome = 'won'""",
    )
    base = base_sql("amount", "currency", '"on"')
    work.execute(f"UPDATE import_receipt SET base_amount = {base}", [work.base_currency])
    upserts.match_by_key(work, "pipeline_receipt", "import_receipt")
    inserts = {"source": "%(source)s", "external_id": "s.key"}
    made, changed = upserts.upsert(work, "receipt", "pipeline_receipt", RECEIVED, inserts, "import_receipt")
    work.count("receipts", made)
    work.count("receipts_updated", changed)
    work.warn(
        work.rows(
            f"SELECT no, 'collected', collected::text FROM {STAGE} WHERE collected <> 0 AND outcome <> 'won' ORDER BY no"
        ),
        lambda one: _("money is received on deals that are won: left out"),
    )


# -- the journal -------------------------------------------------------------------------------------------------
def _journal_changes(work):
    """What the file changes in known deals, as text before and after."""
    for field, (column, text) in JOURNAL.items():
        work.execute(
            f"""INSERT INTO pipeline_dealchange (deal_id, field, before, after, reason, at)
                SELECT t.id, '{field}', {text.format("t")}, {text.format("s")}, '', %s
                FROM {STAGE} s JOIN pipeline_deal t ON t.id = s.row_id
                WHERE s.{column} IS NOT NULL AND t.{column} IS DISTINCT FROM s.{column} ORDER BY t.id""",
            [work.at],
        )


def _journal_new(work):
    """Where each new deal stood, and how it ended."""
    work.execute(
        f"""INSERT INTO pipeline_dealchange (deal_id, field, before, after, reason, at)
            SELECT s.row_id, v.field, v.before, v.after, '', coalesce(s.closed_at, s.opened_at, %s)
            FROM {STAGE} s JOIN pipeline_dealstage g ON g.id = s.stage_id
            CROSS JOIN LATERAL (VALUES ('stage', '', g.code), ('outcome', 'open', s.outcome)) v (field, before, after)
            WHERE s.fresh AND v.before <> v.after ORDER BY s.row_id""",
        [work.at],
    )


# -- people and passes -----------------------------------------------------------------------------------------
def _contacts(work):
    work.execute(
        f"""INSERT INTO pipeline_dealcontact (deal_id, contact_id)
            SELECT row_id, contact_id FROM {STAGE} WHERE contact_id IS NOT NULL ORDER BY row_id
            ON CONFLICT DO NOTHING"""
    )


def _touches(work):
    """The one touch that a deal owes to its campaign: on the day of its lead or of itself, whichever came first."""
    if not work.mapping.touch:
        return
    wanted = f"""SELECT s.line, s.contact_id, s.key, s.campaign_id, coalesce(s.channel, c.channel) AS channel,
                   coalesce(least(s.captured_at, s.opened_at), s.closed_at, %s) AS at
                 FROM {STAGE} s JOIN pipeline_campaign c ON c.id = s.campaign_id WHERE s.contact_id IS NOT NULL"""
    work.table("import_touch", wanted, [work.at])
    known = "FROM import_touch w JOIN leads_touch t ON t.source = %s AND t.external_id = 'deal:' || w.key"
    work.execute(
        f"""UPDATE leads_touch o SET campaign_id = w.campaign_id, channel = w.channel, at = w.at, contact_id = w.contact_id
            {known} WHERE o.id = t.id AND (t.campaign_id, t.channel, t.at, t.contact_id)
              IS DISTINCT FROM (w.campaign_id, w.channel, w.at, w.contact_id)""",
        [work.source],
    )
    began = work.clock()
    made = work.execute(
        """INSERT INTO leads_touch (contact_id, kind, at, channel, campaign_id, source, external_id)
            SELECT w.contact_id, %s, w.at, w.channel, w.campaign_id, %s, 'deal:' || w.key FROM import_touch w
            WHERE NOT EXISTS (SELECT 1 FROM leads_touch t WHERE t.source = %s AND t.external_id = 'deal:' || w.key)
            ORDER BY w.contact_id, w.at""",
        [work.mapping.touch, work.source, work.source],
    )
    work.note(
        "touch",
        f"SELECT w.line, t.id, NULL::jsonb {known} WHERE t.created_at >= %s",
        [work.source, began],
    )
    work.count("touches", made)
    work.mark_touched("SELECT contact_id FROM import_touch")
    work.warn(
        work.rows(
            f"SELECT no, 'campaign_key campaign', '' FROM {STAGE} WHERE campaign_id IS NOT NULL AND contact_id IS NULL ORDER BY no"
        ),
        lambda one: _("the campaign gets no credit, because the deal names no person"),
    )
