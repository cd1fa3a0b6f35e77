"""Promises of the desk mark their leads, so that the rollups work them out again."""

from django.db import migrations

from reports.migrations import _marks

TABLE = "leads_deskpromise"


class Migration(migrations.Migration):
    dependencies = [("reports", "0075_desk_promises"), ("leads", "0109_desk_promises")]

    operations = [
        migrations.RunSQL(
            _marks._function(TABLE, {"lead": ("lead_id",)}, "asked_at due_at answered_at ended_at") + _marks._triggers(TABLE),
            _marks._removal(TABLE),
        )
    ]
