"""More models of attribution: the half-life of time decay changes every figure, and what is credited is credited again."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION reports_mark_accounts_organisation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO reports_dirtykey (kind, low, high)
    SELECT 'everything', 0, 0 FROM old_rows HAVING count(*) > 0;
  ELSE
    INSERT INTO reports_dirtykey (kind, low, high) SELECT 'everything', 0, 0 FROM (
      (SELECT id, {watched} FROM old_rows EXCEPT SELECT id, {watched} FROM new_rows)
      UNION ALL
      (SELECT id, {watched} FROM new_rows EXCEPT SELECT id, {watched} FROM old_rows)
    ) AS changed HAVING count(*) > 0;
  END IF;
  RETURN NULL;
END $$;
"""
BEFORE = "zone, lookback_days, currency"
AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high)
SELECT 'everything', 0, 0 WHERE EXISTS (SELECT 1 FROM reports_credit);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0005_marks_of_platform_figures"),
        ("accounts", "0002_half_life"),
    ]

    operations = [
        migrations.RunSQL(
            FUNCTION.format(watched=f"{BEFORE}, half_life_days"), FUNCTION.format(watched=BEFORE)
        ),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]
