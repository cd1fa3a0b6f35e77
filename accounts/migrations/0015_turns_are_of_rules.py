"""A rep has a turn by each rule (`leads.RuleTurn`), no longer one for the whole house."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0014_tell_edits'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='repprofile',
            name='rep_turn_is_number',
        ),
        migrations.RemoveConstraint(
            model_name='repprofile',
            name='rep_turn_rest_is_number',
        ),
        migrations.RemoveField(
            model_name='repprofile',
            name='turn',
        ),
        migrations.RemoveField(
            model_name='repprofile',
            name='turn_rest',
        ),
    ]
