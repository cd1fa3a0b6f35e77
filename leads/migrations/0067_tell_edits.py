"""Who edited the agreement, rules, forms and what else is set up for leads."""

from django.db import migrations

from engine.edits import TellChoices, TellEdits

TOLD = (
    "agreement", "assignmentrule", "audience", "campaigntemplate", "handoverrule", "momentrule", "question",
    "returnreason", "robot", "trackinglink", "webform",
)  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [
        ("leads", "0066_names_once"),
        ("accounts", "0014_tell_edits"),
    ]

    operations = [
        *(TellEdits(f"leads_{name}") for name in TOLD),
        TellEdits("leads_mapping", but=("used_at",)),
        *(TellChoices("leads_assignmentrule", name, "assignmentrule_id") for name in (
            "segments", "regions", "reps", "preferred",
        )),
    ]  # fmt: skip
