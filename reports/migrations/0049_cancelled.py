"""What was cancelled of won deals is counted apart, and marks the deal that it stands with."""

import reports.models.base
from django.db import migrations, models

from reports.migrations import _marks

COMPANY, WATCHED = {"company": ("company_id",)}, _marks.SOURCES["pipeline_deal"][1]


def marking(*columns):
    """The function that marks what a change of deals touches: the deals named by these columns, and their companies."""
    made = _marks._function("pipeline_deal", {"deal": columns, **COMPANY}, WATCHED)
    return made.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0037_cancellations'),
        ('reports', '0048_shared_counts_of_platforms'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='counteddeal',
            name='counted_deal_earned',
        ),
        migrations.AddField(
            model_name='credit',
            name='cancelled',
            field=models.BooleanField(db_default=False, default=False, verbose_name='cancelled'),
        ),
        migrations.AddField(
            model_name='dealmonth',
            name='cancelled',
            field=reports.models.base.Tally(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='dealmonth',
            name='cancelled_amount',
            field=reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22),
        ),
        migrations.AddField(
            model_name='dealmonth',
            name='cancelled_margin',
            field=reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22),
        ),
        migrations.AddField(
            model_name='whosedeals',
            name='cancelled',
            field=reports.models.base.Tally(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='whosedeals',
            name='cancelled_amount',
            field=reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22),
        ),
        migrations.AddField(
            model_name='whosedeals',
            name='cancelled_margin',
            field=reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22),
        ),
        migrations.AlterField(
            model_name='counteddeal',
            name='opened_on',
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name='counteddeal',
            name='outcome',
            field=models.CharField(max_length=9),
        ),
        migrations.AddIndex(
            model_name='counteddeal',
            index=models.Index(condition=models.Q(('outcome__in', ('won', 'cancelled'))), fields=['closed_on'], include=('owner', 'campaign', 'channel', 'region', 'segment', 'amount', 'margin'), name='counted_deal_earned'),
        ),
        migrations.RunSQL(marking("id", "cancels_id"), marking("id")),
    ]
