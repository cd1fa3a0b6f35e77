"""Every change of a person's team is dated, whoever makes it; whoever is in a team today has been since they came."""

from django.db import migrations

DATE = """
CREATE FUNCTION accounts_user_team_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('tandem.dated', true), '') = 'on' THEN
    RETURN NULL;
  END IF;
  INSERT INTO accounts_membership (user_id, team_id, since) VALUES (NEW.id, NEW.team_id, now())
  ON CONFLICT (user_id, since) DO UPDATE SET team_id = excluded.team_id;
  RETURN NULL;
END $$;
CREATE TRIGGER team_dated_new AFTER INSERT ON accounts_user FOR EACH ROW
  WHEN (NEW.team_id IS NOT NULL) EXECUTE FUNCTION accounts_user_team_dated();
CREATE TRIGGER team_dated AFTER UPDATE OF team_id ON accounts_user FOR EACH ROW
  WHEN (OLD.team_id IS DISTINCT FROM NEW.team_id) EXECUTE FUNCTION accounts_user_team_dated();
"""
UNDATED = """
DROP TRIGGER team_dated ON accounts_user;
DROP TRIGGER team_dated_new ON accounts_user;
DROP FUNCTION accounts_user_team_dated();
"""
SO_FAR = """
INSERT INTO accounts_membership (user_id, team_id, since)
SELECT id, team_id, created_at FROM accounts_user WHERE team_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_memberships")]

    operations = [
        migrations.RunSQL(DATE, UNDATED),
        migrations.RunSQL(SO_FAR, migrations.RunSQL.noop),
    ]
