import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0017_key_account_sellers")]

    operations = [
        migrations.CreateModel(
            name="Reorganisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("since", models.DateTimeField(verbose_name="since")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("changes", models.JSONField(default=list)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ("planned_at", models.DateTimeField(editable=False, null=True, verbose_name="planned")),
                ("called_off_at", models.DateTimeField(editable=False, null=True, verbose_name="called off")),
                ("by", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "reorganisation",
                "verbose_name_plural": "reorganisations",
                "ordering": ["-since", "-id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("planned_at__isnull", True), ("planned_at__lt", models.F("since")), _connector="OR"), name="reorganisation_planned_ahead"),
                    models.CheckConstraint(condition=models.Q(("called_off_at__isnull", True), ("called_off_at__lt", models.F("since")), _connector="OR"), name="reorganisation_off_before"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DatedFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=20, verbose_name="what")),
                ("subject", models.BigIntegerField()),
                ("value", models.JSONField(null=True)),
                ("since", models.DateTimeField(verbose_name="since")),
                ("pending", models.BooleanField(db_default=False, default=False)),
                ("noted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ("by", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("reorganisation", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="facts", to="accounts.reorganisation", verbose_name="reorganisation")),
            ],
            options={
                "verbose_name": "fact with a date",
                "verbose_name_plural": "facts with a date",
                "ordering": ["what", "subject", "-since"],
                "indexes": [models.Index(condition=models.Q(("pending", True)), fields=["since"], name="dated_fact_pending")],
                "constraints": [models.UniqueConstraint(fields=("what", "subject", "since"), name="dated_fact_one_at_a_time")],
            },
        ),
    ]
