from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("leads", "0098_grade_as_mql")]

    operations = [
        migrations.AddField(
            "agreement",
            "sales_from",
            models.CharField(
                "sales is responsible from",
                max_length=5,
                choices=[("mql", "MQL"), ("ready", "Ready"), ("sql", "SQL")],
                default="sql",
            ),
        ),
        migrations.AddConstraint(
            "agreement",
            models.CheckConstraint(
                condition=Q(sales_from__in=["mql", "ready", "sql"]),
                name="agreement_boundary_known",
                violation_error_message="Sales is responsible from MQL, from ready or from SQL on.",
            ),
        ),
    ]
