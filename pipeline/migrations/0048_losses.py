"""Lost deals tell to whom, and at what price."""

import django.core.validators
import django.db.models.functions.comparison
import pipeline.models.base
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("pipeline", "0047_account_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='deal',
            name='deal_money_is_number',
        ),
        migrations.AddField(
            model_name='deal',
            name='rival',
            field=models.CharField(blank=True, db_default='', default='', max_length=100, verbose_name='who got it instead'),
        ),
        migrations.AddField(
            model_name='deal',
            name='rival_price',
            field=pipeline.models.base.MoneyField(blank=True, decimal_places=4, max_digits=18, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='at what price, net of tax'),
        ),
        migrations.AddConstraint(
            model_name='deal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__isnull', True), models.Q(('amount', django.db.models.functions.comparison.Cast(models.Value('NaN', models.TextField()), models.DecimalField(decimal_places=4, max_digits=18))), _negated=True), _connector='OR'), models.Q(('base_amount__isnull', True), models.Q(('base_amount', django.db.models.functions.comparison.Cast(models.Value('NaN', models.TextField()), models.DecimalField(decimal_places=4, max_digits=18))), _negated=True), _connector='OR'), models.Q(('cost__isnull', True), models.Q(('cost', django.db.models.functions.comparison.Cast(models.Value('NaN', models.TextField()), models.DecimalField(decimal_places=4, max_digits=18))), _negated=True), _connector='OR'), models.Q(('rival_price__isnull', True), models.Q(('rival_price', django.db.models.functions.comparison.Cast(models.Value('NaN', models.TextField()), models.DecimalField(decimal_places=4, max_digits=18))), _negated=True), _connector='OR')), name='deal_money_is_number'),
        ),
    ]
