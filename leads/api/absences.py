"""Absences in the REST API, with what follows for the offers of the rep: as on the page of a person."""

from django.utils import timezone

from accounts.api import absences
from leads import handoffs


class AbsenceResource(absences.AbsenceResource):
    """Absences, the latest first. Reps note their own, and whoever may set up a rep those of the rep.

    Once an absence has begun, offers without an answer go on to the next rep. What was accepted stays.
    """

    def noted(self, rep):
        """What waits for an answer of theirs goes on, where the absence has begun."""
        handoffs.pass_on(at=timezone.now(), rep=rep)
