"""What a lead was captured with is kept when its attributes first change, whoever changes them and however many at once."""

from django.db import migrations

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
REMOVE = """
DROP TRIGGER keep_captured ON leads_lead;
DROP FUNCTION leads_lead_keep_captured();
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0030_attributes_as_captured")]

    operations = [migrations.RunSQL(KEEP, REMOVE)]
