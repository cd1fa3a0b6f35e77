"""Emptied totals of campaigns that are gone had stayed behind, after an import that had made them was taken back."""

from django.db import migrations

SUMS = {
    "campaignmonth": (
        "planned", "committed", "paid", "impressions", "clicks", "reported_leads", "reported_orders", "reported_revenue",
        "reported_spend", "leads", "mqls", "sqls", "deals", "wins", "pipeline",
    ),
    "campaignsegment": ("leads",),
    "creditmonth": ("deals", "unpriced", "uncosted", "revenue", "margin", "open_deals", "open_unpriced", "pipeline"),
}  # fmt: skip
FORGOTTEN = "".join(
    f"DELETE FROM reports_{table} told WHERE campaign <> 0 AND NOT ({' OR '.join(f'{one} <> 0' for one in sums)}) "
    "AND NOT EXISTS (SELECT 1 FROM pipeline_campaign c WHERE c.id = told.campaign);\n"
    for table, sums in SUMS.items()
)


class Migration(migrations.Migration):
    dependencies = [("reports", "0044_who_took_it"), ("pipeline", "0035_tell_edits")]

    operations = [migrations.RunSQL(FORGOTTEN, migrations.RunSQL.noop)]
