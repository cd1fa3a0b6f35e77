"""What the squashed migration of leads puts beside the tables, in the form that the first forty-four left it in."""

from django.db import migrations

from engine.journals import ProtectJournal
from engine.migrating import Settle

# Allowed moves only, and an unbroken chain.
CHAIN = """
ALTER TABLE leads_stagechange
  ADD CONSTRAINT stage_change_allowed FOREIGN KEY (from_stage, to_stage)
    REFERENCES leads_leadmove (from_stage, to_stage) DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT stage_change_unbroken FOREIGN KEY (lead_id, prev_seq, from_stage)
    REFERENCES leads_stagechange (lead_id, seq, to_stage) DEFERRABLE INITIALLY DEFERRED;
"""
LOOSE = """
ALTER TABLE leads_stagechange DROP CONSTRAINT stage_change_allowed, DROP CONSTRAINT stage_change_unbroken;
"""
# The score is updated far more often than anything else: leave room for HOT updates.
ROOM = (
    "ALTER TABLE leads_leadscore SET (fillfactor = 60)",
    "ALTER TABLE leads_leadscore RESET (fillfactor)",
)

# A lead is due for scoring whenever a fact that rules may ask for changes, whoever writes it and however many at once.
# Updates that name none of these columns, such as a move down the funnel, do not even ask.
# table: (columns that score rules read, the leads whose scores they touch)
FACTS = {
    "leads_lead": (
        "contact_id campaign_id channel source_text product_id segment_id region_id attributes",
        "l.id = NEW.id",
    ),
    "pipeline_contact": (
        "full_name job_title country city language region_id company_id merged_into_id",
        "l.contact_id = NEW.id",
    ),
    "pipeline_company": (
        "name domain industry employees country segment_id region_id",
        "l.contact_id IN (SELECT c.id FROM pipeline_contact c WHERE c.company_id = NEW.id)",
    ),
}
FACTS_CHANGED = """
CREATE FUNCTION {table}_facts_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE leads_leadscore s SET touched_at = greatest(clock_timestamp(), s.scored_at + interval '1 microsecond')
  FROM (
    SELECT marked.id FROM leads_leadscore marked JOIN leads_lead l ON l.id = marked.lead_id
    WHERE {leads} ORDER BY marked.id FOR NO KEY UPDATE OF marked
  ) due
  WHERE s.id = due.id;
  RETURN NULL;
END $$;
CREATE TRIGGER facts_changed AFTER UPDATE OF {columns} ON {table} FOR EACH ROW
  WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION {table}_facts_changed();
"""
NO_FACTS_CHANGED = """
DROP TRIGGER facts_changed ON {table};
DROP FUNCTION {table}_facts_changed();
"""
# So it is when its product changes the product line: another scorecard may decide.
LINE_CHANGED = """
CREATE FUNCTION pipeline_product_line_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE leads_leadscore s SET touched_at = greatest(clock_timestamp(), s.scored_at + interval '1 microsecond')
  FROM (
    SELECT marked.id FROM leads_leadscore marked JOIN leads_lead l ON l.id = marked.lead_id
    WHERE l.product_id = NEW.id ORDER BY marked.id FOR NO KEY UPDATE OF marked
  ) due
  WHERE s.id = due.id;
  RETURN NULL;
END $$;
CREATE TRIGGER line_changed AFTER UPDATE OF family ON pipeline_product FOR EACH ROW
  WHEN (OLD.family IS DISTINCT FROM NEW.family) EXECUTE FUNCTION pipeline_product_line_changed();
"""
NO_LINE_CHANGED = """
DROP TRIGGER line_changed ON pipeline_product;
DROP FUNCTION pipeline_product_line_changed();
"""

# Records that came or changed are compared with all others, for duplicates.
DUPLICATES = """
CREATE FUNCTION leads_mark_{kind}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO leads_duplicatemark (kind, record_id) SELECT '{kind}', id FROM new_rows ORDER BY id;
  ELSE
    INSERT INTO leads_duplicatemark (kind, record_id)
    SELECT '{kind}', id FROM (SELECT {columns} FROM new_rows EXCEPT SELECT {columns} FROM old_rows) AS changed ORDER BY id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER leads_mark_insert AFTER INSERT ON pipeline_{kind} REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION leads_mark_{kind}();
CREATE TRIGGER leads_mark_update AFTER UPDATE ON pipeline_{kind} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION leads_mark_{kind}();
"""
NO_DUPLICATES = """
DROP TRIGGER leads_mark_insert ON pipeline_{kind};
DROP TRIGGER leads_mark_update ON pipeline_{kind};
DROP FUNCTION leads_mark_{kind}();
"""
WATCHED = {"contact": "id, full_name, company_id", "company": "id, key, domain, tax_id"}
# Fresh touches of theirs, of a kind that some rule asks for, are noted. Old ones are history.
NEWS = """
CREATE FUNCTION leads_note_news() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO leads_news (touch_id)
  SELECT f.id FROM fresh f
  WHERE NOT f.outbound AND NOT f.automatic AND f.at > clock_timestamp() - interval '1 day'
    AND f.kind IN (SELECT r.kind FROM leads_momentrule r WHERE r.active)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER leads_note_news AFTER INSERT ON leads_touch
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION leads_note_news();
"""
NO_NEWS = """
DROP TRIGGER leads_note_news ON leads_touch;
DROP FUNCTION leads_note_news();
"""
# What a lead was captured with is kept when its attributes first change, whoever changes them.
KEEP = """
CREATE FUNCTION leads_lead_keep_captured() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.captured_attributes := OLD.attributes;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_captured BEFORE UPDATE OF attributes ON leads_lead FOR EACH ROW
  WHEN (OLD.captured_attributes IS NULL AND OLD.attributes IS DISTINCT FROM NEW.attributes)
  EXECUTE FUNCTION leads_lead_keep_captured();
"""
NOT_KEPT = """
DROP TRIGGER keep_captured ON leads_lead;
DROP FUNCTION leads_lead_keep_captured();
"""
JOURNALS = ("stagechange", "agreementsignature", "merge", "ruling")


def _sides(columns, row):
    return ", ".join(f"{row}.{column}" for column in columns)


def _facts(table, columns, leads):
    names = columns.split()
    mark = FACTS_CHANGED.format(
        table=table, leads=leads, columns=", ".join(names), old=_sides(names, "OLD"), new=_sides(names, "NEW")
    )
    return migrations.RunSQL(mark, NO_FACTS_CHANGED.format(table=table))


def _duplicates(kind, columns):
    return migrations.RunSQL(DUPLICATES.format(kind=kind, columns=columns), NO_DUPLICATES.format(kind=kind))


OPERATIONS = [
    Settle(),
    migrations.RunSQL(CHAIN, LOOSE),
    migrations.RunSQL(*ROOM),
    *(ProtectJournal(f"leads_{journal}") for journal in JOURNALS),
    *(_facts(table, *facts) for table, facts in FACTS.items()),
    migrations.RunSQL(LINE_CHANGED, NO_LINE_CHANGED),
    *(_duplicates(kind, columns) for kind, columns in WATCHED.items()),
    migrations.RunSQL(NEWS, NO_NEWS),
    migrations.RunSQL(KEEP, NOT_KEPT),
]
