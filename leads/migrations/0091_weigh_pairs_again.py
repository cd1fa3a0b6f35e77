"""Likely pairs of former releases are weighed again: their chance leaves out what speaks against them."""

from django.db import migrations

AGAIN = """
INSERT INTO leads_duplicatemark (kind, record_id)
SELECT DISTINCT kind, high_id FROM leads_duplicate WHERE dismissed_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0090_what_speaks_against_pairs")]

    operations = [migrations.RunSQL(AGAIN, migrations.RunSQL.noop)]
