from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0047_due_when_the_zone_changes")]

    operations = [
        migrations.AddField("agreement", "questions", models.JSONField(editable=False, null=True)),
        migrations.AddField("agreement", "reasons", models.JSONField(editable=False, null=True)),
    ]
