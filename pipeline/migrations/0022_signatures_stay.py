"""Signatures under statements refuse UPDATE, DELETE and TRUNCATE."""

from django.db import migrations

from engine.journals import ProtectJournal


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0021_one_voice")]

    operations = [ProtectJournal("pipeline_statementsignature")]
