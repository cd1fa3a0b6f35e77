"""Steps that a pass went the other way round have no days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0053_cancelled_of_its_purchase")]

    operations = [migrations.AlterField("countedpass", "inferred", models.CharField(max_length=100))]
