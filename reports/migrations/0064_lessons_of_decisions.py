"""What was learned of an opportunity to grow may be learned of a decision about spend, too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0063_months_not_compared")]

    operations = [
        migrations.RenameModel("GrowthLesson", "Lesson"),
        migrations.AlterField(
            "lesson",
            "growth",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lessons",
                to="reports.growth",
            ),
        ),
        migrations.AddField(
            "lesson",
            "shift",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lessons",
                to="reports.shift",
            ),
        ),
        migrations.AddConstraint(
            "lesson",
            models.CheckConstraint(
                condition=models.Q(growth__isnull=False, shift__isnull=True)
                | models.Q(growth__isnull=True, shift__isnull=False),
                name="lesson_of_one_thing",
            ),
        ),
    ]
