"""The journals of the funnel: allowed moves only, an unbroken chain, nothing ever changed."""

from django.db import migrations

from engine.journals import ProtectJournal

CHAIN = """
ALTER TABLE leads_stagechange
  ADD CONSTRAINT stage_change_allowed FOREIGN KEY (from_stage, to_stage)
    REFERENCES leads_leadmove (from_stage, to_stage) DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT stage_change_unbroken FOREIGN KEY (lead_id, prev_seq, from_stage)
    REFERENCES leads_stagechange (lead_id, seq, to_stage) DEFERRABLE INITIALLY DEFERRED;
"""
LOOSE = """
ALTER TABLE leads_stagechange DROP CONSTRAINT stage_change_allowed, DROP CONSTRAINT stage_change_unbroken;
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0002_initial")]

    operations = [
        migrations.RunSQL(CHAIN, LOOSE),
        # The score is updated far more often than anything else: leave room for HOT updates.
        migrations.RunSQL(
            "ALTER TABLE leads_leadscore SET (fillfactor = 60)",
            "ALTER TABLE leads_leadscore RESET (fillfactor)",
        ),
        ProtectJournal("leads_stagechange"),
        ProtectJournal("leads_agreementsignature"),
    ]
