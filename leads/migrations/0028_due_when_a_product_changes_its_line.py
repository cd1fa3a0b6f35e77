"""A lead is due for scoring when its product changes the product line: another scorecard may decide."""

from django.db import migrations

MARK = """
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
REMOVE = """
DROP TRIGGER line_changed ON pipeline_product;
DROP FUNCTION pipeline_product_line_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0027_scorecards_of_product_lines"), ("pipeline", "0001_initial")]

    operations = [migrations.RunSQL(MARK, REMOVE)]
