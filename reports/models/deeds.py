"""What people did, and what came in by itself, by day: touches, notes, steps done."""

from django.db import models

from reports.models.base import Tally

NOTE, STEP = "note", "step"  # beside the kinds of touch


class DeedDay(models.Model):
    """How often (`n`) somebody did something on a day of the house: `deed` is a kind of touch, NOTE or STEP (done).

    `person`: 0 where the machine kept it or nobody is named. `track` is that of a touch, which may have nobody; empty of notes and steps,
    whose side is that of the person. Touches that the machine sends are left out.
    """

    pk = models.CompositePrimaryKey("day", "deed", "track", "person")
    day = models.DateField()
    deed = models.CharField(max_length=15)
    track = models.CharField(max_length=10)
    person = models.BigIntegerField()
    n = Tally()

    def __str__(self):
        return f"{self.day} {self.deed} {self.track} {self.person}"
