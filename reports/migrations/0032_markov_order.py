"""A weight tells by which order of chain it was learned."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0031_count_promises")]

    operations = [
        migrations.AddField(
            model_name="channelweight",
            name="order",
            field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name="order"),
        ),
    ]
