"""Complaints that are open: of whom, and closing one with what was done about it."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import Track
from leads.models import ComplaintAnswer, Touch, TouchKind
from leads.models.moments import Moment, Outcome

MOST = 8


def open_ones(people, by):
    """The newest complaints of `people` (a condition on touches) that nobody closed, or looked after in person since.

    A call about something else leaves it open, and so does whatever marketing does.
    """
    met = (Q(kind=TouchKind.SERVICE_VISIT) | Q(kind=TouchKind.MEETING, track=Track.SALES)) & ~Q(reached=False)
    answered = Touch.objects.filter(
        met, contact=OuterRef("contact"), at__gt=OuterRef("at"), outbound=True, automatic=False
    )
    found = Touch.objects.visible_to(by).filter(people, ~Exists(answered), kind=TouchKind.COMPLAINT)
    found = found.filter(outbound=False, answer__isnull=True)
    return list(found.select_related("contact").order_by("-at", "-pk")[:MOST])


def close(complaint, done, *, by, at):
    """Close a complaint with what was done; its moments are over too. Returns whether this call closed it."""
    with transaction.atomic():
        _answer, made = ComplaintAnswer.objects.get_or_create(
            touch=complaint, defaults={"done": done, "by": by, "at": at}
        )
        if made:
            Moment.objects.filter(touch=complaint, closed_at=None).update(
                closed_at=at, outcome=Outcome.NOTHING
            )
    return made
