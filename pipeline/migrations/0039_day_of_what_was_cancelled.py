"""The journal of a deal tells the day of a cancellation that came or was taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pipeline", "0038_names_folded"),
    ]

    operations = [
        migrations.AddField(
            model_name="dealchange",
            name="of_day",
            field=models.DateField(blank=True, null=True),
        ),
    ]
