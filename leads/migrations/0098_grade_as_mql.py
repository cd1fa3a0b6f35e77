from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0097_kinds_of_notices")]

    operations = [
        migrations.AddField(
            "lead",
            "mql_grade",
            models.CharField(
                "grade proposed as MQL",
                max_length=1,
                choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")],
                blank=True,
                default="",
                db_default="",
                editable=False,
            ),
        ),
    ]
