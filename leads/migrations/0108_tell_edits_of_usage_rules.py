"""Who edited the rules of use."""

from django.db import migrations

from engine.edits import TellEdits


class Migration(migrations.Migration):

    dependencies = [("leads", "0107_readings_are_imported")]

    operations = [TellEdits("leads_usagerule")]
