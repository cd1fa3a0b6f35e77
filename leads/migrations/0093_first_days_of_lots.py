"""The first day of a lot whose days are over stays, whatever first day its campaign gets afterwards, and whoever gives it."""

from django.db import migrations, models

KEEP = """
CREATE FUNCTION leads_audience_keep_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE leads_audience a SET kept_first = greatest(a.drawn_on, OLD.starts_on)
  FROM accounts_organisation organisation
  WHERE a.campaign_id = NEW.id AND a.kept_first IS NULL AND a.drawn_on IS NOT NULL
    AND greatest(a.drawn_on, OLD.starts_on) + a.days <= (now() AT TIME ZONE organisation.zone)::date;
  RETURN NULL;
END $$;
CREATE TRIGGER first_day_kept AFTER UPDATE OF starts_on ON pipeline_campaign FOR EACH ROW
  WHEN (OLD.starts_on IS DISTINCT FROM NEW.starts_on) EXECUTE FUNCTION leads_audience_keep_first();
"""
REMOVE = """
DROP TRIGGER first_day_kept ON pipeline_campaign;
DROP FUNCTION leads_audience_keep_first();
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0092_score_attributes_again"), ("pipeline", "0040_for_existing")]

    operations = [
        migrations.AddField(
            model_name="audience",
            name="kept_first",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.RunSQL(KEEP, REMOVE),
    ]
