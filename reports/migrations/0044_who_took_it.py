"""A pass is of the rep who took it, not of who holds it today: passes are counted again, and closed months hold it so, too.

What was frozen before is told by the handoffs that there were at the close, in the team that the dates of memberships say.
"""

from django.db import migrations

PASSES = "('leads', 'mqls', 'sqls', 'offered', 'answered', 'accepted')"
FROZEN = f"""
SELECT set_config('tandem.erasing', 'on', true);
UPDATE reports_frozenitem i SET owner = told.rep, team = told.team FROM (
  SELECT taken.close, taken.item, taken.rep, coalesce(CASE WHEN m.user_id IS NULL THEN u.team_id ELSE m.team_id END, 0) AS team
  FROM (
    SELECT DISTINCT ON (c.id, h.lead_id) c.id AS close, c.closed_at, h.lead_id AS item, h.rep_id AS rep
    FROM pipeline_monthclose c JOIN leads_handoff h ON h.offered_at <= c.closed_at
    WHERE h.kind <> 'farmer' AND (NOT h.unasked OR h.kind IN ('own_find', 'claim', 'imported'))
    ORDER BY c.id, h.lead_id, CASE WHEN h.accepted_at <= c.closed_at THEN h.id END, h.id DESC
  ) AS taken JOIN accounts_user u ON u.id = taken.rep LEFT JOIN LATERAL (
    SELECT user_id, team_id FROM accounts_membership
    WHERE user_id = u.id AND since <= taken.closed_at ORDER BY since DESC LIMIT 1
  ) AS m ON true
) AS told
WHERE i.close_id = told.close AND i.item = told.item AND i.measure IN {PASSES} AND (i.owner, i.team) <> (told.rep, told.team);
DELETE FROM reports_frozencell WHERE measure IN {PASSES};
INSERT INTO reports_frozencell (close_id, measure, own, channel, segment, region, campaign, owner, team, n, amount, margin)
SELECT close_id, measure, own, channel, segment, region, campaign, owner, team, sum(n), sum(amount), sum(margin)
FROM reports_frozenitem WHERE measure IN {PASSES} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;
SELECT set_config('tandem.erasing', '', true);
"""
# What waits in nobody's hands is summed of no person and no team any more.
AGAIN = """
DELETE FROM reports_passday WHERE flow IN ('at_desk', 'not_offered') AND who IN ('owner', 'team');
INSERT INTO reports_dirtykey (kind, low, high)
SELECT 'lead', piece * 10000, piece * 10000 + 9999 FROM (SELECT DISTINCT lead_id / 10000 AS piece FROM reports_countedpass) AS pieces;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0043_platform_revenue_by_its_rate"),
        ("accounts", "0010_memberships"),
        ("leads", "0060_taken_without_an_offer"),
    ]

    operations = [migrations.RunSQL(FROZEN + AGAIN, migrations.RunSQL.noop)]
