"""What the squashed migration of pipeline puts beside the tables, in the form that the first nineteen left it in."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from engine.journals import ProtectJournal
from pipeline.search_sql import FUNCTIONS, NAMED, NO_FUNCTIONS, NO_WORDS_OF, WORDS_OF

# Spend is booked by the database, whatever writes it: to its month of service, or to the first month that is open.
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
CREATE TRIGGER pipeline_book_spend BEFORE INSERT OR UPDATE ON pipeline_spend
  FOR EACH ROW EXECUTE FUNCTION pipeline_book_spend();
"""
NOT_BOOKED = """
DROP TRIGGER pipeline_book_spend ON pipeline_spend;
DROP FUNCTION pipeline_book_spend();
DROP FUNCTION pipeline_booked(date);
"""
JOURNALS = ("consentevent", "dealchange", "monthclose", "monthreopening")

# Indexes of names ask these functions, so they come before the tables.
BEFORE = [TrigramExtension(), migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS)]
OPERATIONS = [
    *(ProtectJournal(f"pipeline_{journal}") for journal in JOURNALS),
    *(
        migrations.RunSQL(
            WORDS_OF.format(table=table, column=column), NO_WORDS_OF.format(table=table, column=column)
        )
        for table, column in NAMED.items()
    ),
    migrations.RunSQL(BOOKED, NOT_BOOKED),
]
