"""What the derived tables share: links without constraints, and the cell in which a row stands."""

from datetime import date

from django.db import models

ALL_CHANNELS = "*"  # a cell over every channel; "" is "no channel"
ALL = -1  # a cell over every segment or region; 0 is "none"
NONE = 0
EVERYBODY = "all"  # of Whose: the rows of all
ALL_MONTHS = date.min  # in a histogram: every month


def derived_from(model, **options):
    """A link to a source row, without a constraint: a derived row never holds its source back."""
    return models.ForeignKey(
        model, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False, **options
    )


def counted(model):
    """The same link as primary key: one derived row for one source row."""
    return models.OneToOneField(
        model, models.DO_NOTHING, related_name="+", db_constraint=False, primary_key=True
    )


class Tally(models.BigIntegerField):
    """A count that starts at nothing."""

    def __init__(self, *args, **options):
        super().__init__(*args, **{"default": 0, "db_default": 0, **options})


class Sum(models.DecimalField):
    """An amount in report currency that starts at nothing; wider than one deal's."""

    def __init__(self, *args, **options):
        options = {"max_digits": 22, "decimal_places": 4, "default": 0, "db_default": 0, **options}
        super().__init__(*args, **options)


class Standing(models.Model):
    """Where a counted row stands: channel ("" unknown), segment and region (0 none)."""

    channel = models.CharField(max_length=20)
    segment = models.BigIntegerField()
    region = models.BigIntegerField()

    class Meta:
        abstract = True


class CountedRow(Standing):
    """What every counted row tells beside it: the campaign that brought it and whose it is (0: none, nobody): whose deal, whom an
    offer was made to, and of a pass the rep who took it, whoever holds it now.

    `team` is the owner's of today, `crew` that of whoever runs the campaign.
    """

    campaign = models.BigIntegerField()
    owner = models.BigIntegerField()
    team = models.BigIntegerField()
    crew = models.BigIntegerField()

    class Meta:
        abstract = True


class Cell(Standing):
    """A month in a cell of the cube channel × segment × region, of which each may be "all"."""

    month = models.DateField()

    class Meta:
        abstract = True


class Whose(models.Model):
    """A sum over the rows of one campaign, person, team …: `who` names the column that tells it, `whose` is its value.
    Where a table has no cube beside it, EVERYBODY, as both, sums all.

    Beside the cube, not in it: a cell for every campaign and person would be a hundred times the size of what is asked of it.
    """

    who = models.CharField(max_length=8)
    whose = models.CharField(max_length=20)

    class Meta:
        abstract = True


class Flow(Whose):
    """What happened on a day, by `flow`: how many (`n`), for how much, and how many of them or how much is `special`."""

    flow = models.CharField(max_length=12)
    day = models.DateField()
    n = Tally()

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.day} {self.flow} {self.who} {self.whose}"
