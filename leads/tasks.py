"""Celery tasks: fetch, call, stop. A message only says "look now"; what is due stands in the database."""

from celery import shared_task

from accounts import dated
from leads import (
    assignment,
    books,
    cases,
    closing,
    dedupe,
    desk_promises,
    disputes,
    handoffs,
    importing,
    moments,
    notices,
    scoring,
    usage,
)
from leads.learning import chances
from pipeline import readings


@shared_task
def score():
    """Score what was touched, and tell of what matters."""
    scoring.score_due()
    moments.detect_due()


@shared_task
def assign():
    """Offer ready leads to reps."""
    while assignment.assign_due():
        pass


@shared_task
def expire():
    """Warn of offers and protections that end soon; send on those that did, and whatever else has come to its day."""
    notices.warn_due()
    notices.tell_voice_due()
    handoffs.warn_due()
    handoffs.expire_due()
    books.back_due()
    dated.put_in_force()


@shared_task
def promise():
    """Write down what the desk owes an answer, and when it gave one."""
    desk_promises.keep_due()


@shared_task
def settle():
    """Pass disputes on that the heads have not agreed on, and close what nobody decides."""
    disputes.close_due()
    cases.close_due()


@shared_task
def renew():
    """Open the renewals of contracts that come to their end."""
    while closing.renew_due():
        pass


@shared_task
def watch():
    """Look at what was reported of units at customers, and tell of what it says."""
    while usage.judge_due():
        pass


@shared_task
def forget():
    """Forget readings of use that are older than the organisation keeps them."""
    while readings.forget_due():
        pass


@shared_task
def remind():
    """Remind of next year's holidays."""
    notices.remind_due()


@shared_task
def import_files():
    """Work on imports that wait; a long file goes on in the next round."""
    importing.run_due(seconds=30)


@shared_task
def look_ahead():
    """Say of drafts what they would do."""
    while importing.look_due():
        pass


@shared_task
def compare():
    """Read numbers whose country is news; compare new and renamed people and companies with their likes."""
    dedupe.read_due()
    dedupe.compare_due()


@shared_task
def judge():
    """Tell the probability of a win of new leads."""
    chances.judge_due()


@shared_task(time_limit=1200, soft_time_limit=900)
def train():
    """Learn anew from closed leads, once a week."""
    chances.train_due()
