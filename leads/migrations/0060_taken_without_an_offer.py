from django.db import migrations, models

# What is in a rep's hands at once was accepted at the moment at which it was offered.
KNOWN = "UPDATE leads_handoff SET unasked = true WHERE accepted_at = offered_at"


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0059_what_a_move_took"),
    ]

    operations = [
        migrations.AddField(
            model_name="handoff",
            name="unasked",
            field=models.BooleanField(db_default=False, default=False, verbose_name="taken without an offer"),
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
