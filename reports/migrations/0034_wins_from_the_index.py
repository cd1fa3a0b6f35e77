"""The biggest win of a week is found in the index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0020_receipts'),
        ("reports", "0033_collected"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='counteddeal',
            name='counted_deal_closed',
        ),
        migrations.AddIndex(
            model_name='counteddeal',
            index=models.Index(fields=['closed_on'], include=('owner', 'segment', 'region', 'channel', 'campaign', 'outcome', 'kind', 'amount', 'deal'), name='counted_deal_closed'),
        ),
    ]
