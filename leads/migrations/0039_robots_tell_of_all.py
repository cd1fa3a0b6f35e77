"""Robots that told of everything there was tell of the kinds of notices that came since, too."""

from django.db import migrations

FIRST = '["offered", "moment", "handed"]'  # all there were when robots came
SINCE = ("word", "expiring", "expired", "disputed", "fading", "calendar", "review")
TELL = f"""
UPDATE leads_robot SET kinds = (
  SELECT jsonb_agg(kind ORDER BY place) FROM (
    SELECT kind, min(place) AS place FROM jsonb_array_elements_text(kinds || '{str(list(SINCE)).replace("'", chr(34))}'::jsonb)
      WITH ORDINALITY AS told (kind, place) GROUP BY kind
  ) AS once
) WHERE kinds @> '{FIRST}'
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0038_sales_word")]

    operations = [migrations.RunSQL(TELL, migrations.RunSQL.noop)]
