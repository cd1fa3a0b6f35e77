"""Marks: which keys a change has touched since the rollups were last worked out."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MarkKind(models.TextChoices):
    """What a mark's numbers are ids of; `everything` asks for all of it and has no number."""

    LEAD = "lead"
    DEAL = "deal"
    CONTACT = "contact"
    COMPANY = "company"
    CUSTOMER = "customer"  # ids of companies whose years as a customer are counted
    CAMPAIGN = "campaign"
    SPEND = "spend"  # ids of campaigns whose spend changed, 0 for spend without one
    REP = "rep"
    DAY = "day"  # numbers of days, counted from 1 January of the year 1, on which something was or is done
    RUN = "run"  # ids of campaigns that somebody else runs, or somebody of another team
    EVERYTHING = "everything"


class DirtyKey(models.Model):
    """The ids from `low` to `high` have changed. Written by triggers in the changing transaction, never unique.

    A unique key would lose marks (DO NOTHING sees a mark that is just being worked off) and make live captures wait
    behind a long import.
    """

    kind = models.CharField(max_length=10, choices=MarkKind)
    low = models.BigIntegerField()
    high = models.BigIntegerField()

    class Meta:
        verbose_name = _("mark of a change")
        verbose_name_plural = _("marks of changes")

    def __str__(self):
        return f"{self.kind} {self.low}–{self.high}"
