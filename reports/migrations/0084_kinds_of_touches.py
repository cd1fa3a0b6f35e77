"""A touch set right to another kind shares its deals out again: what service hears brings nothing in."""

from importlib import import_module

from django.db import migrations

from reports.migrations import _marks

TOUCH = "leads_touch"
before = import_module("reports.migrations.0068_what_service_hears")


def _watching(more=""):
    kinds, watched = _marks.SOURCES[TOUCH]
    made = _marks._function(TOUCH, kinds, f"{watched} {more}")
    return made.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


class Migration(migrations.Migration):
    dependencies = [("reports", "0083_biggest_by_key"), ("leads", "0094_chats_and_complaints")]

    operations = [
        migrations.RunSQL(_watching("kind"), _watching()),
        migrations.RunSQL(before.AGAIN, migrations.RunSQL.noop),
    ]
