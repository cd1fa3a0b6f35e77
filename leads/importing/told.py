"""What a row tells of a person or firm that we know otherwise: kept beside what stands there, never dropped.

A row that makes or has a lead keeps it among the lead's attributes, one that joins an open pass in the note of its touch.
"""

from django.utils.translation import gettext as _

from leads.importing import firms
from leads.importing.work import STAGE

FACTS = ("full_name", "job_title", "country", "city", "language")
# A row: a staged row that joins a pass, with what that pass has: the open one, or the one that another row of the chunk makes.
JOINED = f"""
SELECT p.no, coalesce(l.attributes, o.attributes, '{{}}') AS attributes, coalesce(l.source_text, o.source_text) AS source_text,
  CASE WHEN l.id IS NULL THEN o.product_id ELSE l.product_id END AS product_id,
  CASE WHEN l.id IS NULL THEN o.segment_id ELSE l.segment_id END AS segment_id,
  CASE WHEN l.id IS NULL THEN o.region_id ELSE l.region_id END AS region_id,
  CASE WHEN l.id IS NULL THEN o.owner_id ELSE l.owner_id END AS owner_id, coalesce(l.owner_text, o.owner_text) AS owner_text
FROM import_pass p LEFT JOIN leads_lead l ON l.id = p.open_lead
LEFT JOIN import_pass m ON p.open_lead IS NULL AND m.contact_id = p.contact_id AND m.makes AND NOT m.ended
LEFT JOIN {STAGE} o ON o.no = m.no
WHERE p.lead_id IS NULL AND NOT p.makes AND NOT p.noted
"""
# A row: a fact that a staged row tells unlike what stands there, with the lead that the row has.
TOLD = f"""
SELECT p.no, p.lead_id, NOT p.makes AND p.lead_id IS NULL AS joins, told.*
FROM import_pass p JOIN {STAGE} s ON s.no = p.no JOIN pipeline_contact c ON c.id = p.contact_id
LEFT JOIN import_firm f ON f.key = s.company_key
CROSS JOIN LATERAL (
  VALUES ('company', CASE WHEN f.id <> c.company_id THEN s.company END),
         {", ".join(f"('{one}', CASE WHEN lower(s.{one}) <> lower(c.{one}) THEN s.{one} END)" for one in FACTS)}
) told (name, value)
WHERE NOT (p.fresh AND p.no = p.anchor) AND NOT p.noted AND told.value IS NOT NULL
UNION ALL
SELECT s.no, NULL, true, told.*
FROM ({JOINED}) j JOIN {STAGE} s ON s.no = j.no
CROSS JOIN LATERAL (
  SELECT 'product', name FROM pipeline_product WHERE id = s.product_id AND id IS DISTINCT FROM j.product_id
  UNION ALL SELECT 'segment', name FROM accounts_segment WHERE id = s.segment_id AND id IS DISTINCT FROM j.segment_id
  UNION ALL SELECT 'region', name FROM accounts_region WHERE id = s.region_id AND id IS DISTINCT FROM j.region_id
  UNION ALL SELECT 'owner', s.owner_text WHERE s.owner_text <> '' AND s.owner_text IS DISTINCT FROM j.owner_text
    AND (s.owner_id = j.owner_id) IS NOT TRUE
  UNION ALL SELECT 'source', s.source_text WHERE s.source_text <> '' AND s.source_text IS DISTINCT FROM j.source_text
  UNION ALL SELECT own.key, own.value FROM jsonb_each_text(s.attributes) own WHERE j.attributes ->> own.key IS DISTINCT FROM own.value
) told (name, value)
"""
# A row: a fact of its firm that a staged row tells unlike what stands there.
OF_FIRM = f"""
SELECT p.no, p.lead_id, NOT p.makes AND p.lead_id IS NULL AS joins, told.*
FROM import_pass p JOIN {STAGE} s ON s.no = p.no JOIN import_firm f ON f.key = s.company_key AND (f.line <> s.line OR NOT f.fresh)
JOIN pipeline_company c ON c.id = f.id
CROSS JOIN LATERAL (
  VALUES ('domain', CASE WHEN lower(s.domain) <> lower(c.domain) THEN s.domain END),
         ('industry', CASE WHEN lower(s.industry) <> lower(c.industry) THEN s.industry END),
         ('employees', CASE WHEN s.employees <> c.employees THEN s.employees::text END)
) told (name, value)
WHERE NOT p.noted AND told.value IS NOT NULL
"""
# The key is the fact's own name, or one with the source where that stands for something else.
AS_ATTRIBUTES = f"""
UPDATE {STAGE} s SET attributes = coalesce(s.attributes, '{{}}') || t.told
FROM (
  SELECT t.no, jsonb_object_agg(
           t.name || CASE WHEN coalesce(known.facts ->> t.name, t.value) = t.value THEN '' ELSE ' (' || %s || ')' END, t.value
         ) AS told
  FROM import_told t JOIN {STAGE} s ON s.no = t.no LEFT JOIN leads_lead l ON l.id = t.lead_id
  CROSS JOIN LATERAL (SELECT coalesce(l.attributes, '{{}}') || coalesce(s.attributes, '{{}}') AS facts) known
  WHERE NOT t.joins GROUP BY t.no
) t WHERE t.no = s.no
"""
AS_NOTE = f"""
UPDATE {STAGE} s SET note = concat_ws(E'\\n', nullif(s.note, ''), t.told)
FROM (
  SELECT t.no, string_agg(coalesce(labels.label, t.name) || ': ' || t.value, E'\\n' ORDER BY t.name) AS told
  FROM import_told t LEFT JOIN unnest(%s::text[], %s::text[]) labels (name, label) USING (name)
  WHERE t.joins GROUP BY t.no
) t WHERE t.no = s.no
"""


def keep(work, known):
    """Put what would have no place into the staged rows' attributes and notes; contacts and firms are written by now.

    `known`: whether any row is of a person whom we know, or who stood in an earlier row.
    """
    of_firm = set(firms.told(work)) - {"country"}
    queries = [*([TOLD] if known else []), *([OF_FIRM] if of_firm else [])]
    labels = {
        "company": _("Company"), "full_name": _("Full name"), "job_title": _("Job title"), "country": _("Country"),
        "city": _("City"), "language": _("Language"), "product": _("Product"), "segment": _("Segment"),
        "region": _("Region"), "source": _("Source"), "owner": _("Owner"), "domain": _("Web domain"),
        "industry": _("Industry"), "employees": _("Employees"),
    }  # fmt: skip
    if queries and work.table("import_told", " UNION ALL ".join(queries)):
        work.execute(AS_ATTRIBUTES, [work.source])
        work.execute(AS_NOTE, [list(labels), list(map(str, labels.values()))])
