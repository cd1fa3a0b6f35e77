"""A slip of the thumb: whoever made it takes back what one tap logged, a short while after, as though it had not been made."""

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from engine.hints import hint
from leads import handoffs, ownership, scoring
from leads.capture.touches import held, is_attempt
from leads.handoffs.undoing import WITHIN
from leads.models import ComplaintAnswer, Handoff, Notice, Tap, Touch, UsageSign
from leads.models.moments import Moment
from pipeline.models import Step


def take_back(tap_id, *, by, at):
    """Undo what `by` did by one tap: what was logged goes, its attempt counts no more and protects nothing, a step that was
    planned goes and one that was done is to do again, and what was answered is open again. Raises handoffs.Refused.

    What somebody has built on it since stays, and so does a protection that was moved on since.
    """
    with transaction.atomic():
        tap = _locked(tap_id, by)
        if why := _hindrance(tap, at):
            raise handoffs.Refused(why)
        Step.objects.filter(pk=tap.planned_id, done_at=None).delete()
        Step.objects.filter(pk=tap.tried_id, done_at=tap.at).update(done_at=None)
        _open_again(tap)
        if tap.touch:
            _unlog(tap, tap.touch)
        if tap.note:
            tap.note.delete()
        Tap.objects.filter(pk=tap.pk).delete()


def _locked(tap_id, by):
    """The tap of this user, with people locked before their leads and these before their handoffs, as everywhere; or None."""
    taps = Tap.objects.select_for_update(of=("self",)).select_related("touch__contact", "note", "handoff")
    tap = taps.filter(pk=tap_id, by=by).first()
    if tap and tap.touch:
        held(tap.touch.contact)
    if tap and tap.handoff:
        with connection.cursor() as cursor:
            ownership.lock_leads(cursor, [tap.handoff.lead_id])
        tap.handoff.refresh_from_db()
    return tap


def _hindrance(tap, at):
    """Why this tap cannot be taken back now; empty where it can."""
    if tap is None:
        return _("There is nothing to take back: it was taken back already, or it was not you who logged it.")
    if at - tap.at > WITHIN:
        return _("That is too long ago to be taken back. Write a note that says how it was.")
    if tap.handoff and tap.handoff.ended_at:
        return _("The lead is not in these hands any more: what was logged for it stays.")
    answered = Moment.objects.filter(touch=tap.touch_id).exclude(outcome="")
    if tap.touch_id and (answered.exists() or ComplaintAnswer.objects.filter(touch=tap.touch_id).exists()):
        return _("Somebody has answered it already: it stays.")
    return ""


def _open_again(tap):
    """The moment and the signs that were answered are open; not beside a newer card about the same."""
    same = Moment.objects.filter(
        contact=OuterRef("contact"), rule=OuterRef("rule"), owner=OuterRef("owner"), closed_at=None
    )
    closed = Moment.objects.filter(~Exists(same), pk=tap.moment_id, closed_at=tap.at)
    closed.update(closed_at=None, outcome="")
    signs = UsageSign.objects.filter(unit__company=tap.company_id, closed_by=tap.by_id, closed_at=tap.at)
    signs.update(closed_at=None, closed_by=None, outcome="")


def _unlog(tap, touch):
    """The touch goes; what was derived from it is derived anew, and its attempt does not protect."""
    _forget_moments(touch)
    scoring.mark_touched([touch.contact_id])
    attempt, contact_id = is_attempt(touch), touch.contact_id
    touch.delete()
    if attempt:
        _protect_as_before(tap)
        handoffs.recount([contact_id])
    hint("leads.tasks.score")


def _forget_moments(touch):
    """Cards that it began go with it, unread notices of them too; those that it only counted for fall back on the touch before."""
    for moment in Moment.objects.filter(touch=touch):
        theirs = Touch.objects.filter(
            contact=moment.contact_id, kind=touch.kind, outbound=False, automatic=False
        )
        before = theirs.exclude(pk=touch.pk).order_by("-at", "-pk").first() if moment.times > 1 else None
        if before:
            Moment.objects.filter(pk=moment.pk).update(touch=before, at=before.at, times=moment.times - 1)
        else:
            told = Notice.objects.filter(user=moment.owner_id, subject=f"moment:{moment.pk}", read_at=None)
            told.delete()


def _protect_as_before(tap):
    """Until the day before the tap, unless something has moved that on since; a later tap then began from there."""
    if tap.handoff is None:
        return
    stands = Handoff.objects.filter(pk=tap.handoff_id, protected_until=tap.protected_after)
    stands.update(protected_until=tap.protected_before, warned_at=tap.warned_before)
    later = Tap.objects.filter(handoff=tap.handoff_id, protected_before=tap.protected_after, pk__gt=tap.pk)
    later.update(protected_before=tap.protected_before, warned_before=tap.warned_before)
