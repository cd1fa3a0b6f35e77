"""Runs of a rule that is still there keep its name, too; of former ones nobody knows it any more."""

from django.db import migrations

NAMES = "UPDATE leads_assignmentrun r SET rule_name = a.name FROM leads_assignmentrule a WHERE a.id = r.rule_id"


class Migration(migrations.Migration):
    dependencies = [("leads", "0077_runs_keep_the_name_of_their_rule")]

    operations = [migrations.RunSQL(NAMES, migrations.RunSQL.noop)]
