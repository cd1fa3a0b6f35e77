"""A turn for each rep and rule.

Every rule begins even, with no row: the one turn that reps had for the whole house told the total of each, not the part of
each rule, and what it was off by rounding (less than a lead) belongs to no rule. So nobody gets a backlog or a burst of what
was before; the ledger keeps what it told of that time.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('leads', '0074_what_stays_of_imports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RuleTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fair', models.FloatField()),
                ('owed', models.FloatField()),
                ('shared', models.BooleanField()),
                ('rep', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rule', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='leads.assignmentrule')),
            ],
            options={
                'verbose_name': 'turn by a rule',
                'verbose_name_plural': 'turns by rules',
                'constraints': [models.UniqueConstraint(fields=('rule', 'rep'), name='rule_turn_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('fair__lt', float("inf"))), name='rule_turn_fair_is_number'), models.CheckConstraint(condition=models.Q(('owed__lt', float("inf"))), name='rule_turn_owed_is_number')],
            },
        ),
    ]
