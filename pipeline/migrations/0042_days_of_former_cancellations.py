"""The journal tells the day of cancellations of former releases too, where they still stand."""

from django.db import migrations

TELL = """
SELECT set_config('tandem.erasing', 'on', true);
UPDATE pipeline_dealchange c SET of_day = gone.signed_on FROM pipeline_deal gone
WHERE gone.cancels_id = c.deal_id AND gone.opened_at = c.at AND c.field = 'cancels' AND c.of_day IS NULL AND c.after <> '';
SELECT set_config('tandem.erasing', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0041_steps_done")]

    operations = [migrations.RunSQL(TELL, migrations.RunSQL.noop)]
