import django.contrib.postgres.indexes
import django.db.models.functions
from django.db import migrations, models

import pipeline.models.words
from pipeline.core_sql import FUNCTION, NO_FUNCTION


class Migration(migrations.Migration):

    dependencies = [
        ("pipeline", "0030_campaign_history_of_closes"),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, NO_FUNCTION),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(django.contrib.postgres.indexes.OpClass(pipeline.models.words.Core("key"), name="text_pattern_ops"), name="company_core"),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.Reverse(pipeline.models.words.Core("key")), name="text_pattern_ops"), name="company_core_ending"),
        ),
    ]
