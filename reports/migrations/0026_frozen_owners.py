from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0025_count_whose")]

    operations = [
        migrations.AddField(
            model_name="frozencell",
            name="owner",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="frozenitem",
            name="owner",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.RemoveConstraint(model_name="frozencell", name="frozen_cell_once"),
        migrations.AddConstraint(
            model_name="frozencell",
            constraint=models.UniqueConstraint(
                fields=("close", "measure", "own", "channel", "segment", "region", "campaign", "owner"),
                name="frozen_cell_once",
            ),
        ),
    ]
