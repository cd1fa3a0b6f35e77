"""What a rep does after dialling in vain, and what a rep writes down."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from leads import capture
from leads.models import Note, TouchKind
from pipeline.models import Step

AGAIN = timedelta(hours=2)
TWICE = timedelta(seconds=30)  # nobody dials, waits in vain and dials again within that


def call_again(contact, *, by, at, after=AGAIN, step=None):
    """Nobody answered: log the attempt, which stops the contact clock, and plan the next. Returns the new step.

    `step` (a Step) is what was tried just now: it is done, and the next is about the same deal or company. The same said
    twice within TWICE, as from a second tab, is one attempt.
    """
    what, due_at = _("Call again"), at + after
    with transaction.atomic():
        same = Step.objects.filter(contact=contact, owner=by, what=what, done_at=None)
        said = same.filter(due_at__gt=due_at - TWICE, due_at__lte=due_at).first()
        if said and said != step:
            return said
        capture.log_touch(contact, TouchKind.CALL, by=by, at=at, outbound=True, reached=False, tapped=at)
        if step is not None:
            Step.objects.filter(pk=step.pk, done_at=None).update(done_at=at)
        about = {"deal_id": step.deal_id, "company_id": step.company_id} if step else {}
        planned = Step.objects.create(contact=contact, owner=by, what=what, due_at=due_at, **about)
        capture.keep(by, at, planned=planned, tried=step)
        return planned


def note(contact, text, *, by, at):
    """Write something down about a contact. Returns the Note."""
    with transaction.atomic():
        written = Note.objects.create(contact=contact, text=text, by=by, at=at)
        capture.keep(by, at, note=written)
        return written
