"""Passes that were counted before the splits existed and have not changed since stand in them too."""

from django.db import migrations

COUNT = """
DELETE FROM reports_funnelsplit;
INSERT INTO reports_funnelsplit (axis, key, month, leads, to_mql, to_ready, to_sql, to_deal, to_won)
SELECT axis, key, date_trunc('month', captured_on)::date, count(*), count(mql_on), count(ready_on), count(sql_on),
  count(deal_on), count(won_on)
FROM reports_countedpass CROSS JOIN LATERAL (VALUES ('owner', owner::text), ('grade', grade)) AS s (axis, key)
GROUP BY 1, 2, 3;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0017_answer_minutes_of_all")]

    operations = [migrations.RunSQL(COUNT, migrations.RunSQL.noop)]
