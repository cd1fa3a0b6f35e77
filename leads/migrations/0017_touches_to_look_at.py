"""A statement trigger that notes fresh touches of theirs, of a kind that some rule asks for. Old ones are history."""

from django.db import migrations

FORWARD = """
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
BACKWARD = """
DROP TRIGGER leads_note_news ON leads_touch;
DROP FUNCTION leads_note_news();
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0016_moments")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
