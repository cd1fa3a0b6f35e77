"""What the demo wrote, so that it can be taken away again, and only that."""

from django.db import models
from django.db.models import F, Q


class Demo(models.Model):
    """The one demo of this database. `before` holds the organisation as it was, to put it back."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    language = models.CharField(max_length=10)
    seed = models.BigIntegerField()
    made_at = models.DateTimeField()
    before = models.JSONField(default=dict)

    def __str__(self):
        return f"{self.language} {self.seed}"


class DemoRange(models.Model):
    """Keys from `low` to `high`, both included, of rows that the demo wrote into `table`."""

    demo = models.ForeignKey(Demo, models.CASCADE, related_name="ranges")
    table = models.CharField(max_length=63)
    low = models.BigIntegerField()
    high = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(low__lte=F("high")), name="demo_range_in_order")]

    def __str__(self):
        return f"{self.table} {self.low}–{self.high}"


class DemoWish(models.Model):
    """What an administrator asked for on the page of the first run; done in the background, found by looking.

    `stage` says what is being done, for the page that waits; `error` why it could not be done.
    """

    only = models.BooleanField(default=True, unique=True, editable=False)
    remove = models.BooleanField(default=False)
    language = models.CharField(max_length=10)
    small = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=20, default="waiting")
    stage_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, default="")

    class Meta:
        indexes = [models.Index(fields=["asked_at"], condition=Q(done_at=None), name="demo_wish_due")]

    def __str__(self):
        return f"{self.language} {self.stage}"
