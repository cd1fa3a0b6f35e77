"""Handing a book over, and bringing it back: leads by the one path of ownership, deals with their journal."""

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg2.extras import DateTimeTZRange

from accounts import organisation, people
from accounts.models import Absence, RepProfile
from engine.copying import unhurried
from leads import agreement, because, notices, ownership
from leads.books.gathering import ASLEEP, KINDS, Book, book_of, share, stamp
from leads.books.lending import reached
from leads.clocks import clocks_of
from leads.handoffs.changes import hand_deals
from leads.models import BookMove, Handoff, HandoffKind, Lead
from leads.models.handoffs import HandoffEnd
from pipeline.models import Company, Deal, Step
from pipeline.stages import Stage


class Refused(ValueError):
    """The book cannot be handed over like that; the text says why, in the reader's language."""


def hand_over(user, heirs, *, by, at, until=None, seen=""):
    """Give a user's book to `heirs`, for good or until a moment. Returns the BookMove. Raises Refused.

    An offer is offered anew, what was accepted is taken over as accepted, what sleeps sleeps on; clocks and protection begin anew, but where it is
    only lent nothing that was extended is forgotten. `seen` is the
    stamp of the shares that somebody looked at: when the book has changed since, nothing is done. Routing offers the
    user nothing meanwhile.
    """
    _insist(user, heirs, at, until)
    with unhurried():
        book = book_of(user)
        _hold_leads(book.leads + book.asleep)
        shares = share(user, heirs)  # of what is still there, now that nobody else moves it
        if seen and seen != stamp(shares):
            raise Refused(
                _("The book has changed since you looked. Look at the new shares, then hand it over.")
            )
        if not any(book for _heir, book in shares):
            raise Refused(_("This book is empty: there is nothing to hand over."))
        if until and BookMove.objects.filter(rep=user, until__isnull=False, back_at=None).exists():
            raise Refused(_("This book is with colleagues already. Bring it back first."))
        given = {str(heir.pk): book.ids() for heir, book in shares}
        why = because.AWAY if until else _for_good(user)
        for heir, book in shares:
            give(book, heir, why, by, at)
        absence, stopped = _keep_routing_away(user, at, until)
        move = BookMove.objects.create(
            rep=user, by=by, at=at, until=until, given=given, absence=absence, stopped=stopped
        )
        for heir, book in shares:
            _tell(move, heir, book, at)
    return move


def bring_back(move, *, by, at):
    """Give back what the colleagues still have of it, or whoever got their books since. Returns the Book that came back.

    What they finished or passed on by itself stays as it is. Raises Refused.
    """
    whole = Book()
    with unhurried():
        if not BookMove.objects.filter(pk=move.pk, back_at=None).update(back_at=at):
            raise Refused(_("This book has come back already."))
        if move.rep.is_active:
            given = [part.get(kind, []) for part in move.given.values() for kind in ("leads", ASLEEP)]
            _hold_leads([pk for ids in given for pk in ids])
            held = reached(move)
            notices.gone_back(move, at)
            still = [_still(held[user], user) for user in sorted(held) if user != move.rep_id]
            whole = Book(
                **{kind: sorted(pk for book in still for pk in getattr(book, kind)) for kind in KINDS}
            )
            give(whole, move.rep, because.BACK, by, at, _as_lent(move))
            _tell(move, move.rep, whole, at, "back")
            _let_routing_come(move, at)
    return whole


def back_due(at=None):
    """Bring back the books whose time has come, 50 at most. Returns how many. Each in a transaction of its own."""
    at = at or timezone.now()
    due = BookMove.objects.filter(until__lte=at, back_at=None).select_related("rep").order_by("until")
    count = 0
    for move in due[:50]:
        try:
            bring_back(move, by=None, at=at)
        except Refused:  # somebody brought it back by hand at this very moment
            continue
        count += 1
    return count


def _for_good(user):
    """Why the heirs of a book have it: who handed it over may have left, or be here and do something else."""
    return because.HEIR if user.is_active and not user.left_at else because.SUCCESSOR


def _hold_leads(lead_ids):
    """Leads come first, in the order of their ids, as with every change of hands."""
    with connection.cursor() as cursor:
        ownership.lock_leads(cursor, sorted(lead_ids))


def _insist(user, heirs, at, until):
    if not heirs:
        raise Refused(_("Choose at least one colleague."))
    if user in heirs:
        raise Refused(_("A book goes to somebody else."))
    if any(not heir.is_active for heir in heirs):
        raise Refused(_("A colleague who has left cannot take a book over."))
    if until and until <= at:
        raise Refused(_("Choose a day to come."))


def _as_lent(move):
    """{lead id: the handoff that ended when the book was lent} of what the rep had in hand."""
    ended = Handoff.objects.filter(rep=move.rep, end=HandoffEnd.REASSIGNED, ended_at=move.at)
    return {one.lead_id: one for one in ended} if move.until else {}


def give(book, heir, why, by, at, lent=None):
    """Everything of a Book into one user's hands. `lent`: {lead id: the heir's own handoff before it was lent}."""
    _give_leads(book.leads, heir, why, by, at, lent or {})
    Lead.objects.filter(pk__in=book.asleep, stage=Stage.NURTURE).update(owner=heir, updated_at=at)
    hand_deals(Deal.objects.open().filter(pk__in=book.deals), heir, by, why, at)
    Step.objects.filter(pk__in=book.steps, done_at=None).update(owner=heir)
    Company.objects.filter(pk__in=book.companies).update(sales_owner=heir, updated_at=at)


def _give_leads(lead_ids, heir, why, by, at, lent):
    """End what is open of these leads and open it anew for the heir: one rep's hands full, a hundred at most."""
    if not lead_ids:
        return
    in_force = agreement.in_force()
    clocks = clocks_of(heir, in_force, at)
    with connection.cursor() as cursor:
        ownership.lock_leads(cursor, lead_ids)
        held = {one.lead_id: one for one in Handoff.objects.open().filter(lead__in=lead_ids)}
        ownership.lock_reps(cursor, [heir.pk, *(one.rep_id for one in held.values())])
        ownership.end(cursor, [one.pk for one in held.values()], HandoffEnd.REASSIGNED, at=at)
        for lead in Lead.objects.filter(pk__in=lead_ids).order_by("pk"):
            was = held.get(lead.pk)
            made = ownership.take_one(
                cursor,
                lead,
                heir,
                kind=was.kind if was else HandoffKind.NEW,
                because=why,
                agreement=in_force,
                at=at,
                clocks=clocks,
                accepted=was.accepted_at is not None if was else lead.stage != Stage.READY,
                by=by,
            )
            if was and was.accepted_at and why in (because.AWAY, because.BACK):
                ownership.go_on(cursor, made, was, protected=_protected(was, lent.get(lead.pk), at))


def _protected(was, own, at):
    """Until when a lead that comes back is protected: where nobody followed up, the days for which it was lent do not count.

    `was` is the colleague's handoff, `own` that of before. None: as what it was begins anew.
    """
    if own is None or None in (was.protected_until, own.protected_until):
        return None
    kept = (own.attempts, own.extended, own.contacted_at) == (was.attempts, was.extended, was.contacted_at)
    return (
        min(was.protected_until, own.protected_until + (at - own.ended_at)) if kept else was.protected_until
    )


def _still(given, heir):
    """The Book of what a colleague still has of what was given."""
    held = Handoff.objects.open().filter(lead__in=given["leads"], rep=heir)
    return Book(
        leads=list(held.values_list("lead", flat=True)),
        deals=_ids(Deal.objects.open().filter(pk__in=given["deals"], owner=heir)),
        steps=_ids(Step.objects.filter(pk__in=given["steps"], owner=heir, done_at=None)),
        companies=_ids(Company.objects.surviving().filter(pk__in=given["companies"], sales_owner=heir)),
        asleep=_ids(Lead.objects.filter(pk__in=given[ASLEEP], owner=heir, stage=Stage.NURTURE)),
    )


def _ids(found):
    return list(found.values_list("pk", flat=True))


def _keep_routing_away(user, at, until):
    """(the absence until then, whether the rep took new leads and now does not)."""
    profile = RepProfile.objects.filter(user=user).first()
    if profile is None:
        return None, False
    if until:
        return Absence.objects.create(rep=profile, during=DateTimeTZRange(at, until)), False
    return None, bool(RepProfile.objects.filter(pk=profile.pk, accepting=True).update(accepting=False))


def _let_routing_come(move, at):
    """The rep is here again: the absence ends now, and who took new leads before takes them again.

    Back on the day on which it began, nobody was away: the absence goes.
    """
    if move.absence_id and move.until and at < move.until:
        absence = Absence.objects.filter(pk=move.absence_id)
        if organisation.today(move.at) == organisation.today(at):
            absence.delete()
        else:
            absence.update(during=DateTimeTZRange(move.at, at))
    if move.stopped:
        people.take_again(move.rep)


def _tell(move, heir, book, at, way="given"):
    if book:
        subject = f"book:{move.pk}:{way}"
        notices.handed(
            heir,
            subject,
            leads=book.leads,
            deals=book.deals,
            steps=len(book.steps),
            companies=len(book.companies),
            asleep=len(book.asleep),
            at=at,
        )
