"""What the two sides say of signals: a journal."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from engine.journals import ProtectJournal


class Migration(migrations.Migration):

    dependencies = [
        ('leads', '0087_voice_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SignalVerdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signal', models.CharField(max_length=300, verbose_name='signal')),
                ('track', models.CharField(choices=[('marketing', 'Marketing'), ('sales', 'Sales')], max_length=10, verbose_name='track')),
                ('worth', models.CharField(choices=[('useful', 'Useful'), ('less', 'Ask it less'), ('useless', 'Not useful')], max_length=10, verbose_name='worth')),
                ('why', models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='why')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'word on a signal',
                'verbose_name_plural': 'words on signals',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['signal', 'track', '-id'], name='signal_last_word')],
            },
        ),
        ProtectJournal("leads_signalverdict"),
    ]
