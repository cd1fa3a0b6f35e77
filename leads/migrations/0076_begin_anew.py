"""Whose kind or territory changes is asked for other leads, and begins anew in the turns of every rule, whoever changes it."""

from django.db import migrations

REP = """
CREATE FUNCTION leads_begin_anew() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM leads_ruleturn WHERE rep_id = NEW.user_id;
  RETURN NULL;
END $$;
CREATE TRIGGER begin_anew AFTER UPDATE OF kind ON accounts_repprofile FOR EACH ROW
  WHEN (OLD.kind <> NEW.kind) EXECUTE FUNCTION leads_begin_anew();
"""
TERRITORY = """
CREATE FUNCTION leads_begin_anew_there() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM leads_ruleturn t USING accounts_repprofile p
  WHERE p.id = coalesce(NEW.repprofile_id, OLD.repprofile_id) AND t.rep_id = p.user_id;
  RETURN NULL;
END $$;
CREATE TRIGGER begin_anew AFTER INSERT OR DELETE ON accounts_repprofile_regions FOR EACH ROW
  EXECUTE FUNCTION leads_begin_anew_there();
CREATE TRIGGER begin_anew AFTER INSERT OR DELETE ON accounts_repprofile_segments FOR EACH ROW
  EXECUTE FUNCTION leads_begin_anew_there();
"""
REMOVE = """
DROP TRIGGER begin_anew ON accounts_repprofile;
DROP TRIGGER begin_anew ON accounts_repprofile_regions;
DROP TRIGGER begin_anew ON accounts_repprofile_segments;
DROP FUNCTION leads_begin_anew(), leads_begin_anew_there();
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0075_rule_turns"), ("accounts", "0015_turns_are_of_rules")]

    operations = [migrations.RunSQL(REP + TERRITORY, REMOVE)]
