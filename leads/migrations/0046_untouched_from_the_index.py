"""What the page asks of those who wait for a first word is all in the index."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("leads", "0045_handoffs_untouched"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='handoff',
            name='handoff_untouched',
        ),
        migrations.AddIndex(
            model_name='handoff',
            index=models.Index(condition=models.Q(('contacted_at__isnull', True), ('ended_at__isnull', True)), fields=['rep'], include=('id', 'accepted_at', 'offered_at'), name='handoff_untouched'),
        ),
    ]
