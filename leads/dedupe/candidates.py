"""Which records may be the same: found by index, a bounded number for each."""

CLAIM = """
DELETE FROM leads_duplicatemark WHERE id = ANY (ARRAY(
  SELECT id FROM leads_duplicatemark WHERE kind = %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
RETURNING record_id
"""
RARE = 5  # holders of a name from which on it says too little beside another company
# Colleagues, people of companies that may be the same, namesakes of no company, namesakes of any where the name is rare,
# and whoever shares a landline or a shared mailbox.
CONTACTS = f"""
SELECT DISTINCT least(b.id, o.id), greatest(b.id, o.id)
FROM pipeline_contact b CROSS JOIN LATERAL (
  (SELECT c.id FROM pipeline_contact c
   WHERE c.company_id = b.company_id AND c.merged_into_id IS NULL
   ORDER BY left(upper(c.full_name), 2) = left(upper(b.full_name), 2) DESC, c.id LIMIT 200)
  UNION
  (SELECT c.id FROM (
     (SELECT d.low_id AS id FROM leads_duplicate d
      WHERE d.kind = 'company' AND d.high_id = b.company_id AND d.dismissed_at IS NULL LIMIT 10)
     UNION ALL
     (SELECT d.high_id FROM leads_duplicate d
      WHERE d.kind = 'company' AND d.low_id = b.company_id AND d.dismissed_at IS NULL LIMIT 10)
   ) alike JOIN pipeline_contact c ON c.company_id = alike.id
   WHERE c.merged_into_id IS NULL
   ORDER BY left(upper(c.full_name), 2) = left(upper(b.full_name), 2) DESC, c.id LIMIT 50)
  UNION
  (SELECT n.id FROM (
     SELECT c.id, count(*) OVER () AS holders FROM (
       SELECT c.id FROM pipeline_contact c
       WHERE upper(c.full_name) = upper(b.full_name) AND c.merged_into_id IS NULL LIMIT {RARE}
     ) c
   ) n WHERE n.holders < {RARE})
  UNION
  (SELECT c.id FROM pipeline_contact c
   WHERE upper(c.full_name) = upper(b.full_name) AND c.merged_into_id IS NULL AND b.company_id IS NULL LIMIT 50)
  UNION
  (SELECT c.id FROM pipeline_contact c
   WHERE upper(c.full_name) = upper(b.full_name) AND c.merged_into_id IS NULL AND c.company_id IS NULL LIMIT 50)
  UNION
  (SELECT c.id FROM pipeline_identity i JOIN pipeline_identity s ON s.kind = i.kind AND s.value = i.value
   JOIN pipeline_contact c ON c.id = s.contact_id
   WHERE i.contact_id = b.id AND i.kind IN ('role_email', 'phone') AND s.kind IN ('role_email', 'phone')
     AND c.merged_into_id IS NULL LIMIT 50)
) o
WHERE b.id = ANY(%s) AND b.merged_into_id IS NULL AND b.full_name <> '' AND o.id <> b.id
"""
PEOPLE = """
SELECT c.id, c.full_name, c.job_title, c.city, c.company_id,
  array_agg(i.value) FILTER (WHERE i.kind IN ('role_email', 'phone')) AS hints,
  array_agg(i.value) FILTER (WHERE i.kind = 'email') AS emails,
  array_agg(i.value) FILTER (WHERE i.kind = 'mobile') AS mobiles,
  (SELECT count(*) FROM (SELECT FROM pipeline_contact n WHERE upper(n.full_name) = upper(c.full_name) LIMIT 1000) x),
  (SELECT count(*) FROM (SELECT FROM pipeline_contact n WHERE n.company_id = c.company_id LIMIT 1000) x)
FROM pipeline_contact c LEFT JOIN pipeline_identity i ON i.contact_id = c.id
WHERE c.id = ANY(%s) GROUP BY c.id
"""
# By the core of the key (without place and blanks), its beginning and its ending. The pattern operators serve a beginning
# that is only known row by row from an index; each look is bounded, so that a frequent one costs no more than a rare one.
COMPANIES = """
WITH due AS MATERIALIZED (
  SELECT id, key, domain, tandem_core(key) AS core FROM pipeline_company
  WHERE id = ANY(%s) AND merged_into_id IS NULL AND key <> ''
), b AS MATERIALIZED (
  SELECT *, left(core, 4) AS start, left(core, 8) AS longer,
    left(reverse(core), CASE WHEN core ~ '[㐀-鿿]' THEN 4 ELSE 8 END) AS ending
  FROM due
)
SELECT DISTINCT least(b.id, o.id), greatest(b.id, o.id)
FROM b CROSS JOIN LATERAL (
  (SELECT c.id FROM pipeline_company c WHERE c.key = b.key AND c.merged_into_id IS NULL LIMIT 50)
  UNION
  (SELECT c.id FROM pipeline_company c
   WHERE b.domain <> '' AND c.domain <> '' AND c.domain = b.domain AND c.merged_into_id IS NULL LIMIT 50)
  UNION
  (SELECT c.id FROM pipeline_company c
   WHERE tandem_core(c.key) ~>=~ b.longer AND tandem_core(c.key) ~<~ (b.longer || chr(1114111))
     AND c.merged_into_id IS NULL LIMIT 25)
  UNION
  (SELECT c.id FROM pipeline_company c
   WHERE tandem_core(c.key) ~>=~ b.start AND tandem_core(c.key) ~<~ (b.start || chr(1114111))
     AND c.merged_into_id IS NULL LIMIT 50)
  UNION
  (SELECT c.id FROM pipeline_company c
   WHERE reverse(tandem_core(c.key)) ~>=~ b.ending AND reverse(tandem_core(c.key)) ~<~ (b.ending || chr(1114111))
     AND c.merged_into_id IS NULL LIMIT 25)
) o
WHERE o.id <> b.id
"""
ALIKE = """
SELECT low_id, high_id FROM leads_duplicate
WHERE kind = 'company' AND low_id = ANY(%s) AND high_id = ANY(%s) AND dismissed_at IS NULL
"""
# Whoever has a namesake at a company that may be the same is compared (again), however long both have been here.
NAMESAKES = """
INSERT INTO leads_duplicatemark (kind, record_id)
SELECT DISTINCT 'contact', c.id FROM unnest(%s::bigint[], %s::bigint[]) AS pair (low, high)
JOIN pipeline_contact c ON c.company_id = pair.high AND c.merged_into_id IS NULL
JOIN pipeline_contact o ON o.company_id = pair.low AND o.merged_into_id IS NULL AND upper(o.full_name) = upper(c.full_name)
"""
FIRMS = "SELECT id, key, domain, tax_id, country FROM pipeline_company WHERE id = ANY(%s)"
SMALL = 10_000  # people, below which a table is looked at itself: a sample then is all of it
TOTAL = "SELECT reltuples::float8 FROM pg_class WHERE oid = %s::regclass"
FEW = "SELECT count(*) FROM (SELECT FROM {table} LIMIT %s) few"
# As the planner reckons: as many rows in each page as there were when it looked last; NULL where it never has.
DENSE = """
SELECT reltuples::float8 / nullif(relpages, 0) * pg_relation_size(oid) / current_setting('block_size')::int
FROM pg_class WHERE oid = %s::regclass AND reltuples > 0
"""
# What the planner knows of frequent values; whatever it does not name is rarer than those.
FREQUENT = """
SELECT attname, most_common_vals::text::text[], most_common_freqs FROM pg_stats
WHERE schemaname = current_schema() AND tablename = 'pipeline_contact' AND attname IN ('job_title', 'city')
"""
SAMPLE = """
SELECT {column}, count(*) / sum(count(*)) OVER ()::float8 FROM (SELECT {column} FROM pipeline_contact LIMIT 10000) AS seen
GROUP BY {column}
"""
HOLDERS = """
SELECT value, count(*) FROM pipeline_identity WHERE kind IN ('role_email', 'phone') AND value = ANY(%s) GROUP BY value
"""


def claim(cursor, kind, limit):
    """The ids of records to compare; their marks are gone with this transaction."""
    cursor.execute(CLAIM, [kind, limit])
    return sorted({row[0] for row in cursor.fetchall()})


def contact_pairs(cursor, ids):
    """[(older, newer)] of people who may be the same."""
    cursor.execute(CONTACTS, [ids])
    return cursor.fetchall()


def company_pairs(cursor, ids):
    """[(older, newer)] of companies that may be the same: by key, domain, or how the core of the key begins or ends."""
    cursor.execute(COMPANIES, [ids])
    return cursor.fetchall()


def alike(cursor, companies):
    """{(older, newer)} of those of these companies that are likely to be the same."""
    cursor.execute(ALIKE, [companies, companies])
    return frozenset(cursor.fetchall())


def mark_namesakes(cursor, pairs):
    """Have the namesakes at these pairs of companies compared."""
    lows, highs = zip(*pairs, strict=True)
    cursor.execute(NAMESAKES, [list(lows), list(highs)])


def total(cursor, table):
    """About how many rows a table has: counted where the planner's statistics call it small, as they may be of before an import.

    Counted only as far as "small" goes: beyond it every look at a chunk of a large import would count the whole table.
    """
    cursor.execute(TOTAL, [table])
    known = cursor.fetchone()[0]
    if known >= SMALL:
        return known
    cursor.execute(FEW.format(table=table), [SMALL])
    known = cursor.fetchone()[0]
    if known < SMALL:
        return known
    cursor.execute(DENSE, [table])
    reckoned = cursor.fetchone()
    if reckoned and reckoned[0]:
        return max(reckoned[0], known)
    cursor.execute(f"SELECT count(*) FROM {table}")
    return cursor.fetchone()[0]


def frequent(cursor, people):
    """{column: {value: share of all contacts}} of positions and cities that occur often, where there are so many `people`.

    From a sample where these are few, or statistics are still to come.
    """
    known = {}
    if people >= SMALL:
        cursor.execute(FREQUENT)
        known = {
            column: dict(zip(values or (), shares or (), strict=True))
            for column, values, shares in cursor.fetchall()
        }
    for column in ("job_title", "city"):
        if column not in known:
            cursor.execute(SAMPLE.format(column=column))
            known[column] = dict(cursor.fetchall())
    return known


def holders(cursor, hints):
    """{line or shared mailbox: how many hold it}."""
    cursor.execute(HOLDERS, [list(hints)])
    return dict(cursor.fetchall())
