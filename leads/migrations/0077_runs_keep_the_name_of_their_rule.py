"""A removed rule's runs keep its name, so that they are not taken for everybody else's."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('leads', '0076_begin_anew'),
    ]

    operations = [
        migrations.AddField(
            model_name='assignmentrun',
            name='rule_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=100),
        ),
    ]
