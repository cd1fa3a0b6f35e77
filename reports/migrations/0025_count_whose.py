"""Everything is counted from nothing once more, by the next rounds: what stood already would never come to the new sums."""

from django.db import migrations

TABLES = (
    "answerminutes", "answermonth", "campaignmonth", "campaignsegment", "countedcustomer", "counteddeal", "countedoffer",
    "countedpass", "credit", "creditmonth", "customermonth", "dealmonth", "funnelmonth", "funnelsplit", "stepdays", "stepmonth",
)  # fmt: skip
AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high) SELECT 'everything', 0, 0
WHERE EXISTS (SELECT 1 FROM reports_countedpass) OR EXISTS (SELECT 1 FROM reports_counteddeal)
  OR EXISTS (SELECT 1 FROM reports_campaignmonth);
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0024_whose")]

    operations = [
        migrations.RunSQL(
            AGAIN + "".join(f"DELETE FROM reports_{table};\n" for table in TABLES), migrations.RunSQL.noop
        )
    ]
