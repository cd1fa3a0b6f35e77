"""Deals tell whether they were the first win of their company, and whether a campaign had touched their people before."""

from django.db import migrations, models
from django.db.models import Q

TRACKS = """
CREATE FUNCTION reports_mark_campaign_track() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO reports_dirtykey (kind, low, high) SELECT 'everything', 0, 0
  FROM (SELECT id, track FROM new_rows EXCEPT SELECT id, track FROM old_rows) AS changed HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE TRIGGER reports_mark_track AFTER UPDATE ON pipeline_campaign REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_campaign_track();
"""
NO_TRACKS = """
DROP TRIGGER IF EXISTS reports_mark_track ON pipeline_campaign;
DROP FUNCTION IF EXISTS reports_mark_campaign_track();
"""
AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high) SELECT 'everything', 0, 0 WHERE EXISTS (SELECT 1 FROM reports_counteddeal);
"""
COVERED = ["owner", "segment", "region", "channel", "campaign"]


def _flag(name):
    return migrations.AddField(
        "counteddeal", name, models.BooleanField(default=False), preserve_default=False
    )


class Migration(migrations.Migration):
    dependencies = [("reports", "0014_forecast_calls")]

    operations = [
        _flag("first_win"),
        _flag("influenced"),
        migrations.AddIndex(
            "counteddeal",
            models.Index(
                fields=["opened_on"], include=[*COVERED, "opening", "influenced"], name="counted_deal_opened"
            ),
        ),
        migrations.AddIndex(
            "counteddeal",
            models.Index(fields=["-amount"], condition=Q(outcome="open"), name="counted_deal_biggest"),
        ),
        migrations.AddIndex(
            "countedpass", models.Index(fields=["captured_on"], name="counted_pass_captured")
        ),
        migrations.AddIndex(
            "countedpass",
            models.Index(fields=["mql_on"], condition=Q(mql_on__isnull=False), name="counted_pass_mql"),
        ),
        migrations.AddIndex(
            "countedpass",
            models.Index(fields=["sql_on"], condition=Q(sql_on__isnull=False), name="counted_pass_sql"),
        ),
        migrations.AddIndex(
            "countedoffer", models.Index(fields=["offered_on"], name="counted_offer_offered")
        ),
        migrations.RunSQL(TRACKS, NO_TRACKS),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]
