"""A decision of both heads that a return does not count marks its lead."""

from django.db import migrations

MARK = """
CREATE FUNCTION reports_mark_leads_dispute() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO reports_dirtykey (kind, low, high)
  SELECT DISTINCT 'lead', h.lead_id, h.lead_id FROM new_rows JOIN leads_handoff h ON h.id = new_rows.handoff_id
  WHERE new_rows.counts IS NOT NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER reports_mark_insert AFTER INSERT ON leads_dispute REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_leads_dispute();
CREATE TRIGGER reports_mark_update AFTER UPDATE ON leads_dispute REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_leads_dispute();
INSERT INTO reports_dirtykey (kind, low, high)
SELECT DISTINCT 'lead', h.lead_id, h.lead_id FROM leads_dispute d JOIN leads_handoff h ON h.id = d.handoff_id WHERE NOT d.counts;
"""
FORGET = """
DROP TRIGGER reports_mark_insert ON leads_dispute;
DROP TRIGGER reports_mark_update ON leads_dispute;
DROP FUNCTION reports_mark_leads_dispute();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0022_quotas"), ("leads", "0038_sales_word")]

    operations = [migrations.RunSQL(MARK, FORGET)]
