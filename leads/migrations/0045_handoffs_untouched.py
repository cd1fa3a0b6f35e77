"""Who waits for a first word is found without reading every offer that is in hand."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("leads", "0044_numbers_are_numbers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='handoff',
            index=models.Index(condition=models.Q(('contacted_at__isnull', True), ('ended_at__isnull', True)), fields=['rep'], name='handoff_untouched'),
        ),
    ]
