import django.db.models.deletion
import reports.models.base
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pipeline", "0012_spend_is_booked"),
        ("reports", "0011_owners_and_forecast"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FrozenMonth",
            fields=[
                (
                    "close",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="frozen",
                        serialize=False,
                        to="pipeline.monthclose",
                    ),
                ),
                ("model", models.CharField(max_length=20, verbose_name="model")),
                ("currency", models.CharField(max_length=3, verbose_name="report currency")),
                ("figures", models.JSONField(default=dict)),
                ("pack", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "frozen month",
                "verbose_name_plural": "frozen months",
            },
        ),
        migrations.CreateModel(
            name="FrozenCell",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=20)),
                ("segment", models.BigIntegerField()),
                ("region", models.BigIntegerField()),
                ("measure", models.CharField(max_length=10)),
                ("own", models.DateField()),
                ("campaign", models.BigIntegerField()),
                ("n", models.DecimalField(decimal_places=12, max_digits=22)),
                ("amount", reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22)),
                ("margin", reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22)),
                (
                    "close",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="pipeline.monthclose",
                    ),
                ),
            ],
            options={
                "verbose_name": "frozen sum",
                "verbose_name_plural": "frozen sums",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("close", "measure", "own", "channel", "segment", "region", "campaign"),
                        name="frozen_cell_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FrozenItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=20)),
                ("segment", models.BigIntegerField()),
                ("region", models.BigIntegerField()),
                ("measure", models.CharField(max_length=10)),
                ("own", models.DateField()),
                ("campaign", models.BigIntegerField()),
                ("n", models.DecimalField(decimal_places=12, max_digits=22)),
                ("amount", reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22)),
                ("margin", reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22)),
                ("item", models.BigIntegerField()),
                (
                    "close",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="pipeline.monthclose",
                    ),
                ),
            ],
            options={
                "verbose_name": "frozen item",
                "verbose_name_plural": "frozen items",
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "close",
                            "measure",
                            "item",
                            "own",
                            "channel",
                            "segment",
                            "region",
                            "campaign",
                        ),
                        name="frozen_item_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                (
                    "track",
                    models.CharField(
                        choices=[("marketing", "Marketing"), ("sales", "Sales")],
                        max_length=10,
                        verbose_name="track",
                    ),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="comment")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment on a month",
                "verbose_name_plural": "comments on months",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["month", "track", "-id"], name="month_comment_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="month_comment_first_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="month_comment_says_something"
                    ),
                ],
            },
        ),
    ]
