"""Which country a row's telephone numbers are of, where they are written without a calling code: as captures find it."""

from leads.importing.cells import telephone
from leads.models.imports import ImportKind
from pipeline import calling, identities
from pipeline.companies import bare_domain
from pipeline.mailboxes import PUBLIC_DOMAINS
from pipeline.names import company_key

CLAIMED = {
    "mobile": identities.MOBILE,
    "phone": identities.PHONE,
}  # what a number is that its country does not tell
LEAD, FIRM, DOMAIN = "lead", "firm", "domain"  # kinds of hints beside those of identities
# A row: a row of the file with the country of its person, else of their company, as it is known here already.
KNOWN = """
SELECT no, (array_agg(country ORDER BY rank, id))[1] FROM (
  SELECT h.no, 1 AS rank, l.id, coalesce(nullif(c.country, ''), f.country) AS country
  FROM hinted h JOIN leads_lead l ON h.kind = 'lead' AND l.source = %(source)s AND l.external_id = h.value
  JOIN pipeline_contact given ON given.id = l.contact_id
  JOIN pipeline_contact c ON c.id = coalesce(given.merged_into_id, given.id) LEFT JOIN pipeline_company f ON f.id = c.company_id
  UNION ALL
  SELECT h.no, 2, i.id, coalesce(nullif(c.country, ''), f.country)
  FROM hinted h JOIN pipeline_identity i ON i.kind = h.kind AND i.value = h.value
  JOIN pipeline_contact given ON given.id = i.contact_id
  JOIN pipeline_contact c ON c.id = coalesce(given.merged_into_id, given.id) LEFT JOIN pipeline_company f ON f.id = c.company_id
  WHERE i.kind IN ('email', 'mobile', 'wechat', 'external')
  UNION ALL
  SELECT h.no, 3, f.id, f.country FROM hinted h JOIN pipeline_company f ON h.kind = 'firm' AND f.key = h.value
  UNION ALL
  SELECT h.no, 4, f.id, f.country FROM hinted h JOIN pipeline_company f ON h.kind = 'domain' AND f.domain = h.value
) told WHERE country <> '' GROUP BY no
"""
HINTED = "WITH hinted AS MATERIALIZED (SELECT * FROM unnest(%(nos)s::int[], %(kinds)s::text[], %(values)s::text[]) h (no, kind, value))"


def settle(work, found):
    """Read numbers without a calling code as those of the country that their own row tells, else of what is known of its person.

    `found` has the columns of addresses; those of numbers are written anew in the batch.
    """
    batch, usual = work.batch, work.mapping.region
    numbers = [batch.columns[target] for target in CLAIMED if target in batch.columns]
    told = [calling.region_of(word) if word else "" for word in batch.get("country")]
    asking = [
        not country and any(one and calling.is_local(one[2] or one[1]) for one in cells)
        for country, *cells in zip(told, *numbers, strict=True)
    ]
    if numbers and any(asking):
        known = _known(work, found, asking)
        told = [country or known.get(no, "") for no, country in zip(batch.numbers, told, strict=True)]
    if not any(country not in ("", usual) for country in told):
        return
    for target in CLAIMED.keys() & batch.columns.keys():
        batch.columns[target] = [
            telephone(one[2] or one[1], (country, usual), CLAIMED[target])
            if one and country not in ("", usual) and calling.is_local(one[2] or one[1])
            else one
            for one, country in zip(batch.columns[target], told, strict=True)
        ]


def _known(work, found, asking):
    """{number of a row: the country of its person or company} of the rows that ask for one."""
    hints = [
        (no, kind, value)
        for no, wanted, row in zip(work.batch.numbers, asking, _hints(work, found), strict=True)
        if wanted
        for kind, value in row
    ]
    nos, kinds, values = map(list, zip(*hints, strict=True)) if hints else ([], [], [])
    facts = {"nos": nos, "kinds": kinds, "values": values, "source": work.source}
    return dict(work.rows(HINTED + KNOWN, facts))


def _hints(work, found):
    """By what each row of the batch may be known: [(kind, value)], but for its numbers."""
    batch = work.batch
    addresses = [values for target, values in found.items() if target not in CLAIMED]
    leads = batch.keys if work.mapping.kind == ImportKind.LEADS else batch.get("lead_key")
    columns = zip(batch.get("company"), batch.get("domain"), leads, strict=True)
    for row, (company, domain, lead) in enumerate(columns):
        known = [values[row][:2] for values in addresses if values[row]]
        mailboxes = [value.partition("@")[2] for kind, value in known if kind.endswith("email")]
        known += [(LEAD, lead)] if lead else []
        known += [(FIRM, key)] if (key := company_key(company or "")) else []
        domains = {bare_domain(domain or ""), *mailboxes}
        yield known + [(DOMAIN, one) for one in sorted(domains - PUBLIC_DOMAINS) if one]
