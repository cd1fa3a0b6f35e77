"""What was frozen when a month was closed refuses UPDATE, DELETE and TRUNCATE."""

from django.db import migrations

from engine.journals import ProtectJournal


class Migration(migrations.Migration):
    dependencies = [("reports", "0012_frozen_months")]

    operations = [
        ProtectJournal("reports_frozenmonth"),
        ProtectJournal("reports_frozenitem"),
        ProtectJournal("reports_frozencell"),
        ProtectJournal("reports_monthcomment"),
    ]
