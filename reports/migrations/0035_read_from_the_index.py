"""What a team or a campaign won by segment, and its answer times, are read from an index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0023_bounds_of_numbers'),
        ("reports", "0034_wins_from_the_index"),
    ]

    operations = [
        migrations.AddIndex(
            model_name='counteddeal',
            index=models.Index(condition=models.Q(('outcome', 'won')), fields=['closed_on'], include=('owner', 'campaign', 'channel', 'region', 'segment', 'amount', 'margin'), name='counted_deal_earned'),
        ),
        migrations.AddIndex(
            model_name='whoseminutes',
            index=models.Index(condition=models.Q(('who', 'owner'), _negated=True), fields=['who', 'whose', 'clock', 'month'], include=('minutes', 'offers'), name='whose_minutes_beside'),
        ),
    ]
