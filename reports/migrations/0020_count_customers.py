"""Customers' years are counted from the source, campaigns by segment from the passes that are counted already."""

from django.db import migrations

FILL = """
INSERT INTO reports_campaignsegment (campaign, segment, leads)
SELECT campaign, segment, count(*) FROM reports_countedpass GROUP BY campaign, segment;
INSERT INTO reports_dirtykey (kind, low, high)
SELECT 'everything', 0, 0 WHERE EXISTS (SELECT 1 FROM reports_counteddeal);
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0019_customers")]

    operations = [migrations.RunSQL(FILL, "DELETE FROM reports_campaignsegment")]
