"""What was frozen before owners were: nobody wrote down whose it was, so it counts as whoever's it is now."""

from django.db import migrations

OWNERS = """
SELECT set_config('tandem.erasing', 'on', true);
UPDATE reports_frozenitem i SET owner = d.owner FROM reports_counteddeal d
WHERE i.measure IN ('won', 'lost', 'created', 'credit') AND d.deal_id = i.item;
UPDATE reports_frozenitem i SET owner = p.owner FROM reports_countedpass p
WHERE i.measure IN ('leads', 'mqls', 'sqls', 'offered', 'answered', 'accepted') AND p.lead_id = i.item;
DELETE FROM reports_frozencell;
INSERT INTO reports_frozencell (close_id, measure, own, channel, segment, region, campaign, owner, n, amount, margin)
SELECT close_id, measure, own, channel, segment, region, campaign, owner, sum(n), sum(amount), sum(margin)
FROM reports_frozenitem GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
SELECT set_config('tandem.erasing', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0026_frozen_owners")]

    operations = [migrations.RunSQL(OWNERS, migrations.RunSQL.noop)]
