"""The companies that staged people and deals belong to: found by name without legal form, else made."""

from engine.copying import lock_key
from leads.importing import upserts
from pipeline.names import company_key

# More names than this are not locked one by one: the lock table is shared by the whole server.
MOST_LOCKS = 1_000
# One look by index for each name: a join of the whole sets goes wrong where the statistics of a growing table are old.
KNOWN = "(SELECT min(coalesce(c.merged_into_id, c.id)) FROM pipeline_company c WHERE c.key = named.key)"

FACTS = ("domain", "industry", "employees", "country")


def keys(names):
    """The key of each name, or None."""
    known = {None: None}
    return [
        known[name] if name in known else known.setdefault(name, company_key(name) or None) for name in names
    ]


def told(work):
    """The FACTS of companies that the batch tells anything of."""
    return [one for one in FACTS if any(work.batch.columns.get(one, ()))]


def settle(work, query):
    """The table import_firm (key, id): every company of `query`, which selects (line, key, name, domain, industry,
    employees, country) in the order of the file. Missing ones are made, and counted; of known ones what is empty is filled.
    """
    facts = told(work)
    first, nothing = "(array_agg({0} ORDER BY line) FILTER (WHERE {0} IS NOT NULL))[1]", "min({0})"
    columns = ", ".join(f"{(first if one in facts else nothing).format(one)} AS {one}" for one in FACTS)
    work.table(
        "import_firm",
        f"""SELECT {KNOWN} AS id, false AS fresh, named.* FROM (
              SELECT key, min(line) AS line, (array_agg(name ORDER BY line))[1] AS name, {columns}
              FROM ({query}) named (line, key, name, domain, industry, employees, country)
              WHERE key IS NOT NULL GROUP BY key) named""",
    )
    _make(work)
    if facts:
        _fill(work, facts)


def _make(work):
    missing = [row[0] for row in work.rows("SELECT key FROM import_firm WHERE id IS NULL")]
    if not missing:
        return
    if len(missing) <= MOST_LOCKS:
        # a capture makes the company of a name under the same lock
        locks = sorted(lock_key(f"company:{key}") for key in missing)
        work.rows("SELECT pg_advisory_xact_lock(k) FROM unnest(%s::bigint[]) k", [locks])
        work.execute(f"UPDATE import_firm named SET id = {KNOWN} WHERE id IS NULL")
    work.execute(
        "UPDATE import_firm SET id = nextval('pipeline_company_id_seq'), fresh = true WHERE id IS NULL"
    )
    made = work.execute(
        """INSERT INTO pipeline_company (id, name, key, domain, industry, employees, country)
           SELECT id, name, key, coalesce(domain, ''), coalesce(industry, ''), employees, coalesce(country, '')
           FROM import_firm WHERE fresh ORDER BY id"""
    )
    work.note("company", "SELECT line, id, NULL::jsonb FROM import_firm WHERE fresh")
    work.count("companies", made)


def _fill(work, facts):
    """What nobody knew of a known company is known now; what stands there stays (`leads.importing.told` keeps the other word)."""
    empty = {one: f"c.{one} IS NULL" if one == "employees" else f"c.{one} = ''" for one in facts}
    known = ", ".join(f"CASE WHEN {empty[one]} THEN f.{one} END AS {one}" for one in facts)
    work.table(
        "import_firm_fact",
        f"""SELECT DISTINCT ON (c.id) f.line, c.id AS row_id, {known}
            FROM import_firm f JOIN pipeline_company c ON c.id = f.id WHERE NOT f.fresh ORDER BY c.id, f.line""",
    )
    upserts.update(work, "company", "pipeline_company", facts, "import_firm_fact")
