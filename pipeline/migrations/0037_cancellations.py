"""A won deal may be cancelled, whole or in part: a row below nothing that names the deal; nothing else is below it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("pipeline", "0036_shared_counts_of_platforms")]

    operations = [
        migrations.AddField(
            model_name='deal',
            name='cancels',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pipeline.deal', verbose_name='cancels'),
        ),
        migrations.AddIndex(
            model_name='deal',
            index=models.Index(condition=models.Q(('cancels__isnull', False)), fields=['cancels'], name='deal_cancellations'),
        ),
        migrations.AddConstraint(
            model_name='deal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__isnull', True), ('cancels__isnull', True)), models.Q(('amount__gte', 0), ('cancels__isnull', True)), models.Q(('amount__isnull', False), ('amount__lt', 0), ('cancels__isnull', False), ('company__isnull', True), ('outcome', 'won'), ('owner__isnull', True)), _connector='OR'), name='deal_below_nothing_cancels'),
        ),
    ]
