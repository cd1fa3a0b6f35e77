"""Who works on a lead at the desk."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('leads', '0099_boundary'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='lead',
            name='desk_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken at the desk by'),
        ),
        migrations.AddField(
            model_name='lead',
            name='desk_since',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last worked on at the desk'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('desk_by__isnull', False)), fields=['desk_by'], name='lead_desk_taken'),
        ),
    ]
