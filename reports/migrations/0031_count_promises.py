"""Everything is counted from nothing once more, by the next rounds: what stood already would never come to the new sums."""

from importlib import import_module

from django.db import migrations

whose = import_module("reports.migrations.0025_count_whose")
flows = import_module("reports.migrations.0029_count_flows")
TABLES = (*flows.TABLES, "dealday", "offerday", "passday", "reasonmonth")


class Migration(migrations.Migration):
    dependencies = [("reports", "0030_promises_and_dues")]

    operations = [
        migrations.RunSQL(
            whose.AGAIN + "".join(f"DELETE FROM reports_{table};\n" for table in TABLES), migrations.RunSQL.noop
        )
    ]
