"""A pass that one rep accepted and another returned is accepted for the first: each pass keeps the answer of whose it is."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0050_decisions_taken_back'),
    ]

    operations = [
        migrations.AddField(
            model_name='countedpass',
            name='own_answer',
            field=models.CharField(db_default='', max_length=10),
        ),
    ]
