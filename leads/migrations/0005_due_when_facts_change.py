"""A lead is due for scoring whenever a fact that rules may ask for changes, whoever writes it and however many at once.

Updates that name none of these columns, such as a move down the funnel, do not even ask.
"""

from django.db import migrations

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

MARK = """
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
REMOVE = """
DROP TRIGGER facts_changed ON {table};
DROP FUNCTION {table}_facts_changed();
"""


def _sides(columns, row):
    return ", ".join(f"{row}.{column}" for column in columns)


def _operation(table, columns, leads):
    names = columns.split()
    mark = MARK.format(
        table=table, leads=leads, columns=", ".join(names), old=_sides(names, "OLD"), new=_sides(names, "NEW")
    )
    return migrations.RunSQL(mark, REMOVE.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("leads", "0004_handoff_protection"), ("pipeline", "0002_journals")]

    operations = [_operation(table, *facts) for table, facts in FACTS.items()]
