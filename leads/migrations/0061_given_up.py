from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0060_taken_without_an_offer"),
    ]

    operations = [
        migrations.AddField(
            model_name="handoff",
            name="gave_up",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="given up unreached"),
        ),
    ]
