from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0018_registration_history")]

    operations = [
        migrations.AddIndex(
            model_name="company",
            index=models.Index(fields=["-created_at", "-id"], name="company_newest"),
        ),
    ]
