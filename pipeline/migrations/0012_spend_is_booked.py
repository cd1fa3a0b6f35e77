from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0011_book_spend")]

    operations = [
        migrations.AlterField(
            model_name="spend",
            name="booked",
            field=models.DateField(editable=False, verbose_name="booked in"),
        ),
    ]
