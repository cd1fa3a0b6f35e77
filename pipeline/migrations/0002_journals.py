"""The journals of the spine refuse UPDATE, DELETE and TRUNCATE."""

from django.db import migrations

from engine.journals import ProtectJournal


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0001_initial")]

    operations = [ProtectJournal("pipeline_consentevent"), ProtectJournal("pipeline_dealchange")]
