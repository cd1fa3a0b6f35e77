"""Passes count their win by the day of the signature: those of won deals that were entered later are counted again."""

from django.db import migrations

AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high)
SELECT 'lead', piece * 10000, piece * 10000 + 9999 FROM (
  SELECT DISTINCT l.id / 10000 AS piece FROM leads_lead l JOIN pipeline_deal d ON d.id = l.deal_id WHERE d.outcome = 'won'
) AS pieces;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0046_claims_are_final_answers"), ("leads", "0071_wins_in_force")]

    operations = [migrations.RunSQL(AGAIN, migrations.RunSQL.noop)]
