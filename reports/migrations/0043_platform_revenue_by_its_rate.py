"""What a platform reports is converted by the rate of its day, not by what the spend beside it came to: a rate marks it, too."""

from django.db import migrations

WATCHED = (
    'campaign_id, kind, month, "on", currency, base_amount, amount, impressions, clicks, reported_leads, reported_orders, '
    "reported_revenue"
)
KEYS = """
    INSERT INTO reports_dirtykey (kind, low, high)
    SELECT kind, min(key), max(key) FROM (
      SELECT kind, key, key - row_number() OVER (PARTITION BY kind ORDER BY key) AS run
      FROM (SELECT DISTINCT 'spend'::varchar AS kind, coalesce(campaign_id, 0)::bigint AS key FROM {rows}) AS once
    ) AS runs GROUP BY kind, run, key / 10000;
"""
SPEND = """
CREATE OR REPLACE FUNCTION reports_mark_pipeline_spend() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN {insert}
  ELSIF TG_OP = 'DELETE' THEN {delete}
  ELSE {update}
  END IF;
  RETURN NULL;
END $$;
"""
CHANGED = (
    "((SELECT {columns} FROM old_rows EXCEPT SELECT {columns} FROM new_rows) UNION ALL "
    "(SELECT {columns} FROM new_rows EXCEPT SELECT {columns} FROM old_rows)) AS changed"
)


def spend(columns):
    """The function that marks the campaigns whose spend changed in one of these columns."""
    rows = {"insert": "new_rows", "delete": "old_rows", "update": CHANGED.format(columns=columns)}
    return SPEND.format(**{event: KEYS.format(rows=source) for event, source in rows.items()})


IN_CURRENCIES = "pipeline_spend WHERE reported_revenue IS NOT NULL AND currency IN (SELECT currency FROM {rows})"
RATES = "CREATE FUNCTION reports_mark_pipeline_exchangerate() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n" + (
    "  IF TG_OP <> 'INSERT' THEN {old} END IF;\n  IF TG_OP <> 'DELETE' THEN {new} END IF;\n  RETURN NULL;\nEND $$;\n"
).format(
    old=KEYS.format(rows=IN_CURRENCIES.format(rows="old_rows")),
    new=KEYS.format(rows=IN_CURRENCIES.format(rows="new_rows")),
)
TRIGGERS = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}
TRIGGER = (
    "CREATE TRIGGER reports_mark_{event} AFTER {EVENT} ON pipeline_exchangerate REFERENCING {rows} "
    "FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_pipeline_exchangerate();\n"
)
ADDED = RATES + "".join(
    TRIGGER.format(event=event, EVENT=event.upper(), rows=rows) for event, rows in TRIGGERS.items()
)
REMOVED = (
    "".join(f"DROP TRIGGER reports_mark_{event} ON pipeline_exchangerate;\n" for event in TRIGGERS)
    + "DROP FUNCTION reports_mark_pipeline_exchangerate();\n"
)
FOREIGN = "pipeline_spend WHERE reported_revenue IS NOT NULL AND currency <> (SELECT currency FROM accounts_organisation LIMIT 1)"


class Migration(migrations.Migration):
    dependencies = [("reports", "0042_frozen_regions"), ("pipeline", "0034_names_once")]

    operations = [
        migrations.RunSQL(
            spend(WATCHED), spend(WATCHED.replace('"on", currency, ', ""))
        ),
        migrations.RunSQL(ADDED, REMOVED),
        migrations.RunSQL(KEYS.format(rows=FOREIGN), migrations.RunSQL.noop),
    ]
