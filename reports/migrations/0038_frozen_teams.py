"""The team a frozen item belonged to at the close: as the dates of memberships say, today's where they say nothing."""

from django.db import migrations, models

FIELD = models.BigIntegerField(db_default=0, default=0)
SHARED = ["close", "measure", "own", "channel", "segment", "region", "campaign", "owner"]
TEAMS = (
    "SELECT set_config('tandem.erasing', 'on', true);"
    + "".join(
        f"""
UPDATE {table} x SET team = known.team FROM (
  SELECT c.id AS close, u.id AS owner, coalesce(CASE WHEN m.user_id IS NULL THEN u.team_id ELSE m.team_id END, 0) AS team
  FROM pipeline_monthclose c CROSS JOIN accounts_user u LEFT JOIN LATERAL (
    SELECT user_id, team_id FROM accounts_membership
    WHERE user_id = u.id AND since <= c.closed_at ORDER BY since DESC LIMIT 1
  ) AS m ON true
) AS known WHERE known.close = x.close_id AND known.owner = x.owner AND known.team <> 0;
"""
        for table in ("reports_frozenitem", "reports_frozencell")
    )
    + "SELECT set_config('tandem.erasing', '', true);"
)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0037_deals_of_forecasts"),
        ("accounts", "0010_memberships"),
    ]

    operations = [
        migrations.AddField(model_name="frozencell", name="team", field=FIELD),
        migrations.AddField(model_name="frozenitem", name="team", field=FIELD),
        migrations.RemoveConstraint(model_name="frozencell", name="frozen_cell_once"),
        migrations.AddConstraint(
            model_name="frozencell",
            constraint=models.UniqueConstraint(fields=(*SHARED, "team"), name="frozen_cell_once"),
        ),
        migrations.RunSQL(TEAMS, migrations.RunSQL.noop),
    ]
