"""Every lead is due for scoring when the organisation's time zone changes: touches fall on other days, under other ceilings."""

from django.db import migrations

MARK = """
CREATE FUNCTION accounts_organisation_zone_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE leads_leadscore s SET touched_at = greatest(clock_timestamp(), s.scored_at + interval '1 microsecond')
  FROM (SELECT id FROM leads_leadscore ORDER BY id FOR NO KEY UPDATE) due
  WHERE s.id = due.id;
  RETURN NULL;
END $$;
CREATE TRIGGER zone_changed AFTER UPDATE OF zone ON accounts_organisation FOR EACH ROW
  WHEN (OLD.zone IS DISTINCT FROM NEW.zone) EXECUTE FUNCTION accounts_organisation_zone_changed();
"""
REMOVE = """
DROP TRIGGER zone_changed ON accounts_organisation;
DROP FUNCTION accounts_organisation_zone_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0046_untouched_from_the_index"), ("accounts", "0001_initial")]

    operations = [migrations.RunSQL(MARK, REMOVE)]
