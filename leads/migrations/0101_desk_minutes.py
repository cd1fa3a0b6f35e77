"""What the desk promises: not agreed in the versions that are there, proposed from now on."""

from django.db import migrations, models

import leads.models.agreement


class Migration(migrations.Migration):

    dependencies = [
        ('leads', '0100_taken_at_the_desk'),
    ]

    operations = [
        migrations.AddField(
            model_name='agreement',
            name='desk_minutes',
            field=models.JSONField(blank=True, default=dict, verbose_name='the desk answers within (working minutes)'),
        ),
        migrations.AlterField(
            model_name='agreement',
            name='desk_minutes',
            field=models.JSONField(blank=True, default=leads.models.agreement.default_desk_minutes, verbose_name='the desk answers within (working minutes)'),
        ),
    ]
