"""An import of which something stays is undone, but for that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0072_what_a_return_took"),
    ]

    operations = [
        migrations.AlterField(
            model_name="importrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Being mapped"),
                    ("queued", "Waiting"),
                    ("running", "Running"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                    ("undone", "Undone"),
                    ("partly", "Undone, but for what stays"),
                ],
                default="draft",
                max_length=10,
                verbose_name="state",
            ),
        ),
    ]
