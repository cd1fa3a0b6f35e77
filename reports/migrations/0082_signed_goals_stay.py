"""Signatures under goals of programmes are a journal: nobody rewrites them."""

from django.db import migrations

from engine.journals import ProtectJournal


class Migration(migrations.Migration):
    dependencies = [("reports", "0081_who_asks_in_rounds")]

    operations = [ProtectJournal("reports_keepsignature")]
