"""What a rep does after dialling in vain, and what a rep writes down."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from leads import capture
from leads.models import Note, TouchKind
from pipeline.models import Step

AGAIN = timedelta(hours=2)


def call_again(contact, *, by, at, after=AGAIN, step=None):
    """Nobody answered: log the attempt, which stops the contact clock, and plan the next. Returns the new step.

    `step` (a Step) is what was tried just now: it is done.
    """
    with transaction.atomic():
        capture.log_touch(contact, TouchKind.CALL, by=by, at=at, outbound=True, reached=False)
        if step is not None:
            Step.objects.filter(pk=step.pk, done_at=None).update(done_at=at)
        return Step.objects.create(contact=contact, owner=by, what=_("Call again"), due_at=at + after)


def note(contact, text, *, by, at):
    """Write something down about a contact. Returns the Note."""
    return Note.objects.create(contact=contact, text=text, by=by, at=at)
