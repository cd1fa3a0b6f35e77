"""Rules over attributes read lists, blanks in words and decimal commas: leads that such a rule asks are scored again."""

from django.db import migrations

AGAIN = """
UPDATE leads_leadscore s SET touched_at = greatest(clock_timestamp(), s.scored_at + interval '1 microsecond')
FROM leads_lead l
WHERE l.id = s.lead_id AND l.attributes <> '{}' AND EXISTS (
  SELECT 1 FROM leads_scorerule r JOIN leads_scoremodel m ON m.id = r.model_id
  WHERE m.in_force AND starts_with(r.field, 'attributes.'))
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0091_weigh_pairs_again")]

    operations = [migrations.RunSQL(AGAIN, migrations.RunSQL.noop)]
