"""The hottest offers that wait are found by an index of their own."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("leads", "0050_returned_to_the_desk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='handoff',
            index=models.Index(condition=models.Q(('accepted_at__isnull', True), ('ended_at__isnull', True)), fields=['grade', 'answer_due_at'], name='handoff_grade_due'),
        ),
    ]
