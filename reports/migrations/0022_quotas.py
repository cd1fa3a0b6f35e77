import django.db.models.deletion
import django.db.models.functions.comparison
import pipeline.models.base
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_views_and_first_run'),
        ("reports", "0021_shifts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Quota',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='month')),
                ('measure', models.CharField(choices=[('won', 'Won revenue'), ('margin', 'Margin'), ('sqls', 'Accepted SQLs'), ('pipeline', 'Pipeline created')], max_length=10, verbose_name='measure')),
                ('amount', pipeline.models.base.MoneyField(decimal_places=4, max_digits=18, verbose_name='quota')),
                ('set_at', models.DateTimeField(verbose_name='set')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'quota',
                'verbose_name_plural': 'quotas',
                'constraints': [models.UniqueConstraint(fields=('month', 'measure', 'team', 'person'), name='quota_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('team__isnull', True)), models.Q(('person__isnull', True), ('team__isnull', False)), _connector='OR'), name='quota_of_team_or_person'), models.CheckConstraint(condition=models.Q(('amount__isnull', True), models.Q(('amount', django.db.models.functions.comparison.Cast(models.Value('NaN', models.TextField()), models.DecimalField(decimal_places=4, max_digits=18))), _negated=True), _connector='OR'), name='quota_is_number'), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='quota_first_of_month'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='quota_not_negative')],
            },
        ),
    ]
