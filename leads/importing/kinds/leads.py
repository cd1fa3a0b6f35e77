"""Leads: people, their companies and addresses, and the passes that they went through."""

from leads.importing import dealings, firms, hands, passes, persons, references, steps, told, upserts
from leads.importing.problems import Problem
from leads.importing.wording import gettext as _
from leads.importing.work import STAGE
from leads.models import HAND_RAISERS
from pipeline import names
from pipeline.companies import bare_domain

TYPES = {
    "full_name": "text", "given_name": "text", "family_name": "text", "job_title": "text", "company": "text",
    "company_key": "text", "domain": "text", "industry": "text", "employees": "int", "country": "text", "city": "text",
    "language": "text", "region_id": "bigint", "segment_id": "bigint", "product_id": "bigint", "campaign_id": "bigint",
    "channel": "text", "source_text": "text", "owner_id": "bigint", "owner_text": "text", "captured_at": "timestamptz",
    "stage": "text", "mql_at": "timestamptz", "ready_at": "timestamptz", "sql_at": "timestamptz", "deal_at": "timestamptz",
    "won_at": "timestamptz", "touch_kind": "text", "note": "text", "attributes": "jsonb",
}  # fmt: skip
CONTACT = ("full_name", "given_name", "family_name", "job_title", "country", "city", "language")
LEAD = {
    "campaign_id": "bigint", "channel": "text", "source_text": "text", "owner_id": "bigint", "owner_text": "text",
    "product_id": "bigint", "segment_id": "bigint", "region_id": "bigint", "captured_at": "timestamptz", "attributes": "jsonb",
}  # fmt: skip
PASS_DATES = "s.mql_at, s.ready_at, s.sql_at, s.deal_at, s.won_at, NULL::timestamptz AS side_at"


def load(work):
    """Write the batch: match by external id first, then by the keys of the person."""
    owners = references.people(work, "owner")
    references.segments_and_regions(work)
    references.products(work)
    work.batch.columns["owner_text"] = owners or work.batch.get("owner_text")
    references.campaigns(work)
    _name(work)
    _refuse_nobody(work)
    found = persons.collect(work)
    _stage(work)
    persons.stage(work, found)
    persons.match(work, _known(work))
    passes.sort(work)
    firms.settle(
        work, f"SELECT line, company_key, company, domain, industry, employees, country FROM {STAGE}"
    )
    _write_contacts(work)
    persons.write_identities(work, "import_pass")
    _write_leads(work)
    dealings.write(work)
    _update(work)
    _give(work)


# -- staging -----------------------------------------------------------------------------------------------
def _name(work):
    """Full, given and family name, as far as the file tells one from the others."""
    batch = work.batch
    full, given, family = (batch.columns.get(one) for one in ("full_name", "given_name", "family_name"))
    if (given or family) and not (full and all(full)):
        told = zip(batch.get("full_name"), batch.get("given_name"), batch.get("family_name"), strict=True)
        batch.columns["full_name"] = [
            whole or names.full_name(one or "", other or "")[:300] or None for whole, one, other in told
        ]
    elif full and not (given or family):
        known = {name: names.split_name(name) for name in set(full) if name}
        batch.columns["given_name"] = [name and known[name][0][:150] for name in full]
        batch.columns["family_name"] = [name and known[name][1][:150] for name in full]


def _refuse_nobody(work):
    """A row without a name, an address, a company and an id of its own tells nobody's story."""
    batch = work.batch
    told = ("full_name", "email", "mobile", "phone", "wechat", "contact_key", "company", "given_key")
    columns = [batch.columns[one] for one in told if one in batch.columns]
    if any(None not in column for column in columns):
        return
    batch.refuse(
        [
            Problem(number, "", "", _("names nobody"))
            for number, *values in zip(batch.numbers, *columns, strict=True)
            if not any(values)
        ]
    )


def _stage(work):
    batch = work.batch
    columns = {one: batch.columns[one] for one in TYPES if one in batch.columns}
    columns |= {f"{one}_id": batch.get(one) for one in ("owner", "segment", "region", "product", "campaign")}
    columns["company_key"] = firms.keys(batch.get("company"))
    columns["domain"] = [text and bare_domain(text) for text in batch.get("domain")]
    work.stage(TYPES, {one: values for one, values in columns.items() if any(values)})


def _known(work):
    """Rows whose external id is that of a lead."""
    return (
        f"""SELECT s.no, l.id AS lead_id, coalesce(c.merged_into_id, c.id) AS contact_id
            FROM {STAGE} s JOIN leads_lead l ON l.source = %s AND l.external_id = s.key AND l.external_id <> ''
            JOIN pipeline_contact c ON c.id = l.contact_id""",
        [work.source],
    )


# -- writing -------------------------------------------------------------------------------------------------
def _write_contacts(work):
    columns = ", ".join(CONTACT)
    values = ", ".join(f"coalesce(s.{one}, '')" for one in CONTACT)
    made = work.execute(
        f"""INSERT INTO pipeline_contact (id, company_id, region_id, {columns})
            SELECT p.contact_id, f.id, s.region_id, {values}
            FROM import_pass p JOIN {STAGE} s ON s.no = p.no LEFT JOIN import_firm f ON f.key = s.company_key
            WHERE p.fresh AND p.no = p.anchor ORDER BY p.contact_id"""
    )
    work.count("contacts", made)
    known = work.rows("SELECT EXISTS (SELECT 1 FROM import_pass WHERE NOT (fresh AND no = anchor))")[0][0]
    if known:
        _fill_contacts(work)
    told.keep(work, known)


def _fill_contacts(work):
    """What was not known of a known contact; the file's word wins where the row is the contact's only lead."""
    columns = [*CONTACT, "company_id", "region_id"]
    texts = ", ".join(
        f"CASE WHEN p.wins OR c.{one} = '' THEN s.{one} END AS {one}"
        if one not in {"given_name", "family_name"}
        else f"CASE WHEN p.wins OR c.full_name = '' THEN s.{one} END AS {one}"
        for one in CONTACT
    )
    work.table(
        "import_contact",
        f"""SELECT p.line, p.contact_id AS row_id, {texts},
              CASE WHEN p.wins OR c.company_id IS NULL THEN f.id END AS company_id,
              CASE WHEN p.wins OR c.region_id IS NULL THEN s.region_id END AS region_id
            FROM (SELECT DISTINCT ON (contact_id) *, lead_id IS NOT NULL AND NOT EXISTS (
                      SELECT 1 FROM leads_lead o WHERE o.contact_id = r.contact_id AND o.id <> r.lead_id) AS wins
                  FROM import_pass r WHERE NOT (fresh AND no = anchor) AND NOT noted ORDER BY contact_id, no) p
            JOIN {STAGE} s ON s.no = p.no JOIN pipeline_contact c ON c.id = p.contact_id
            LEFT JOIN import_firm f ON f.key = s.company_key""",
    )
    work.count(
        "contacts_updated", upserts.update(work, "contact", "pipeline_contact", columns, "import_contact")
    )


def _write_leads(work):
    """New leads, their chain of steps, and scores for those that the machine shall look at."""
    work.table(
        "import_new",
        f"""SELECT p.new_lead AS lead_id, '' AS done, s.stage, p.captured_at, {PASS_DATES}
            FROM import_pass p JOIN {STAGE} s ON s.no = p.no WHERE p.makes""",
    )
    steps.plan(work, "import_new")
    steps.leave(work)
    raisers = ", ".join(f"'{kind}'" for kind in HAND_RAISERS)
    # routing decides whose a live pass is, but for what was in a rep's hands before
    theirs = f"(p.history OR (d.stage IN ('sql', 'deal', 'won') AND s.owner_id IN ({hands.SELLERS})))"
    made = work.execute(
        f"""INSERT INTO leads_lead (id, contact_id, cycle, source, external_id, campaign_id, channel, source_text, owner_id,
              owner_text, product_id, segment_id, region_id, attributes, captured_at, history, hand_raised_at, route_at, wake_at,
              stage, seq, mql_at, ready_at, sql_at, deal_at, won_at, ended_at)
            SELECT p.new_lead, p.contact_id, p.pass, %s, s.key, s.campaign_id, coalesce(s.channel, 'unknown'),
              coalesce(s.source_text, ''), CASE WHEN {theirs} THEN s.owner_id END,
              CASE WHEN {theirs} AND s.owner_id IS NOT NULL THEN '' ELSE coalesce(s.owner_text, '') END,
              s.product_id, s.segment_id, s.region_id, coalesce(s.attributes, '{{}}'), p.captured_at, p.history,
              CASE WHEN NOT p.history AND coalesce(s.touch_kind, %s) IN ({raisers}) THEN p.captured_at END,
              CASE WHEN NOT p.history AND d.stage = 'ready' THEN %s END,
              CASE WHEN NOT p.history AND d.stage = 'nurture' THEN %s END,
              d.stage, d.seq, d.mql_at, d.ready_at, d.sql_at, d.deal_at, d.won_at, d.ended_at
            FROM import_pass p JOIN {STAGE} s ON s.no = p.no JOIN import_passed d ON d.lead_id = p.new_lead
            ORDER BY p.new_lead""",
        [work.source, work.mapping.touch, work.at, steps.wakes(work)],
    )
    steps.begin(work)
    work.execute(
        """INSERT INTO leads_leadscore (lead_id, model_id, touched_at)
           SELECT p.new_lead, m.id, clock_timestamp() FROM import_pass p JOIN leads_scoremodel m ON m.in_force AND m.line = ''
           WHERE p.makes AND NOT p.history ORDER BY p.new_lead"""
    )
    # with its contact, where the row made both: one line of the ledger then stands for both
    for name, condition in (("lead", "NOT (fresh AND no = anchor)"), ("person", "fresh AND no = anchor")):
        work.note(name, f"SELECT line, new_lead, NULL::jsonb FROM import_pass WHERE makes AND {condition}")
    work.count("leads", made)
    work.count("created", made)
    _warn_early_wins(work)


def _warn_early_wins(work):
    if work.mapping.targets & {"won_at"}:
        work.warn(
            work.rows(
                f"""SELECT s.no, 'won_at', s.won_at::text FROM {STAGE} s JOIN import_pass p ON p.no = s.no
                    WHERE s.won_at < p.captured_at"""
            ),
            lambda one: _("the win is dated before the first contact"),
        )


def _update(work):
    """Known leads: facts that differ, and further steps."""
    work.count("unchanged", len(work.batch) - work.counts["leads"] - work.counts["joined"])
    if not work.rows("SELECT EXISTS (SELECT 1 FROM import_pass WHERE lead_id IS NOT NULL)")[0][0]:
        return
    # whom the file names, where the lead does not say so itself
    unsaid = "s.owner_id IS NULL OR (NOT l.history AND l.owner_id IS DISTINCT FROM s.owner_id)"
    columns = ", ".join(
        f"CASE WHEN l.history THEN s.{one} END AS {one}"
        if one == "owner_id"
        else f"CASE WHEN {unsaid} THEN s.owner_text END AS owner_text"
        if one == "owner_text"
        else "l.attributes || s.attributes AS attributes"
        if one == "attributes"
        else f"s.{one}"
        for one in LEAD
    )
    work.table(
        "import_lead",
        f"""SELECT p.line, p.lead_id AS row_id, {columns} FROM import_pass p JOIN {STAGE} s ON s.no = p.no
            JOIN leads_lead l ON l.id = p.lead_id""",
    )
    upserts.update(work, "lead", "leads_lead", list(LEAD), "import_lead")
    work.table(
        "import_known",
        f"""SELECT p.line, p.lead_id, l.stage AS done, s.stage, p.captured_at, {PASS_DATES}
            FROM import_pass p JOIN {STAGE} s ON s.no = p.no JOIN leads_lead l ON l.id = p.lead_id""",
    )
    steps.plan(work, "import_known")
    if work.rows("SELECT EXISTS (SELECT 1 FROM import_step)")[0][0]:
        steps.replay(work, "import_known")
        hands.let_go(work, "import_known")
    changed = _changed(work)
    work.count("updated", changed)
    work.count("unchanged", -changed)


def _changed(work):
    """How many rows of known leads changed something of the lead, its person or the person's addresses."""
    return work.rows(
        """SELECT count(*) FROM import_pass p WHERE p.lead_id IS NOT NULL AND (
             p.lead_id IN (SELECT lead_id FROM import_step) OR p.line IN (
               SELECT line FROM leads_importedrow WHERE run_id = %s AND "table" IN ('contact', 'identity', 'lead')))""",
        [work.run.pk],
    )[0][0]


def _give(work):
    """Live passes that are in sales already go to the rep whom the file names; those of nobody are told."""
    nobodys = hands.give(
        work,
        f"""SELECT p.no, p.line, coalesce(p.new_lead, p.lead_id) AS lead_id, s.owner_id
            FROM import_pass p JOIN {STAGE} s ON s.no = p.no WHERE p.makes OR p.lead_id IS NOT NULL""",
    )
    work.warn(
        [(no, "stage", "") for no in nobodys],
        lambda one: _("no rep holds it: the file names nobody who sells here"),
    )
