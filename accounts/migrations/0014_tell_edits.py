"""Who edited people, teams and the house; an entry of a record is found at once."""

from django.db import migrations

from engine.edits import TellChoices, TellEdits

INDEX = "CREATE INDEX admin_log_record ON django_admin_log (content_type_id, object_id, id)"


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0013_turn_rest"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunSQL(INDEX, "DROP INDEX admin_log_record"),
        TellEdits("accounts_user", but=("last_login", "password")),
        TellEdits("accounts_repprofile", but=("open_n", "turn", "turn_rest")),
        TellChoices("accounts_repprofile", "regions", "repprofile_id"),
        TellChoices("accounts_repprofile", "segments", "repprofile_id"),
        *(TellEdits(f"accounts_{name}") for name in (
            "organisation", "team", "region", "segment", "workingcalendar", "calendarday",
        )),
    ]  # fmt: skip
