"""Spend is booked by the database, whatever writes it: to its month of service, or to the first month that is open.

The closed months are journals: what was closed is only ever added to.
"""

from django.db import migrations

from engine.journals import ProtectJournal

BOOKED = """
CREATE FUNCTION pipeline_booked(service date) RETURNS date LANGUAGE sql STABLE AS $$
  WITH shut AS (
    SELECT month FROM pipeline_monthclose c
    WHERE NOT EXISTS (SELECT 1 FROM pipeline_monthreopening r WHERE r.close_id = c.id)
  )
  SELECT CASE WHEN EXISTS (SELECT 1 FROM shut WHERE month = service)
    THEN (SELECT (max(month) + interval '1 month')::date FROM shut) ELSE service END
$$;
CREATE FUNCTION pipeline_book_spend() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW.month IS DISTINCT FROM OLD.month THEN
    NEW.booked := pipeline_booked(NEW.month);
  ELSIF NEW.booked IS NULL THEN
    NEW.booked := OLD.booked;
  END IF;
  RETURN NEW;
END $$;
UPDATE pipeline_spend SET booked = month;
CREATE TRIGGER pipeline_book_spend BEFORE INSERT OR UPDATE ON pipeline_spend
  FOR EACH ROW EXECUTE FUNCTION pipeline_book_spend();
"""
REMOVAL = """
DROP TRIGGER pipeline_book_spend ON pipeline_spend;
DROP FUNCTION pipeline_book_spend();
DROP FUNCTION pipeline_booked(date);
"""


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0010_closed_months")]

    operations = [
        ProtectJournal("pipeline_monthclose"),
        ProtectJournal("pipeline_monthreopening"),
        migrations.RunSQL(BOOKED, REMOVAL),
    ]
