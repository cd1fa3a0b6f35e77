"""How far back the Markov model of attribution looks is a setting of the house, as the half-life of time decay is."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_numbers_are_numbers")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="markov_order",
            field=models.PositiveSmallIntegerField(
                db_default=1,
                default=1,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(3),
                ],
                verbose_name="channels that the Markov model looks back",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(markov_order__range=(1, 3)), name="organisation_markov_order"
            ),
        ),
    ]
