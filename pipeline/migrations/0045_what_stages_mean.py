from django.db import migrations

# Of the stages that were there from the start, where nobody has renamed them.
MEANS = {
    "Qualify": "There may be a need and money for it: we find out whether to go on.",
    "Discovery": "We know the need, who decides, and by when.",
    "Proposal": "They have an offer of ours with a price.",
    "Negotiation": "They want it; terms are being agreed.",
    "Won": "Signed by both sides.",
    "Lost": "They decided against it, or for nobody.",
}


def say(apps, schema_editor):
    stages = apps.get_model("pipeline", "DealStage").objects.using(schema_editor.connection.alias)
    for name, means in MEANS.items():
        stages.filter(code=name.lower(), name=name, definition="").update(definition=means)


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0044_stages_mean")]

    operations = [migrations.RunPython(say, migrations.RunPython.noop)]
