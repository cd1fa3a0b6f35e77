from django.db import migrations

# one row: a receipt whose amount in the report currency is not by the rate of its day: changing a rate converted all
# receipts of that currency by the newest rate of any currency.
HEAL = """
UPDATE pipeline_receipt t SET base_amount = healed.base
FROM (
  SELECT r.id, round(r.amount * CASE WHEN r.currency = o.currency THEN 1 ELSE coalesce(
    (SELECT e.rate FROM pipeline_exchangerate e WHERE e.currency = r.currency AND e."on" <= r."on" ORDER BY e."on" DESC LIMIT 1),
    (SELECT e.rate FROM pipeline_exchangerate e WHERE e.currency = r.currency ORDER BY e."on" LIMIT 1)) END, 4) AS base
  FROM pipeline_receipt r CROSS JOIN (SELECT currency FROM accounts_organisation LIMIT 1) AS o
) AS healed
WHERE healed.id = t.id AND t.base_amount <> healed.base
"""


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0026_numbers_by_part")]

    operations = [migrations.RunSQL(HEAL, migrations.RunSQL.noop)]
