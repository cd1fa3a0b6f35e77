"""Notices of time: to the rep that an offer runs out soon, to the team's head that one has run out, or that somebody stands in."""

from django.db import connection, transaction
from django.utils import timezone

from accounts import organisation
from accounts.models import User
from engine.copying import try_lock
from leads.models import Handoff
from leads.models.notices import NoticeKind
from leads.notices.offers import news_of
from leads.notices.sending import announce

# The rep is told when a quarter of the clock is left, half an hour before its end at the earliest.
RUNNING_OUT = """
-- one row: an offer that runs out soon and whose rep has not been told so
SELECT h.id FROM leads_handoff h
WHERE h.ended_at IS NULL AND h.accepted_at IS NULL AND h.answer_due_at > %(at)s
  AND h.answer_due_at <= %(at)s + interval '30 minutes'
  AND h.answer_due_at - (h.answer_due_at - h.offered_at) / 4 <= %(at)s
  AND NOT EXISTS (SELECT 1 FROM leads_notice n
                  WHERE n.user_id = h.rep_id AND n.kind = 'expiring' AND n.subject = 'handoff:' || h.id)
ORDER BY h.answer_due_at LIMIT %(limit)s
"""


def warn_due(limit=1000, at=None):
    """Warn reps of offers that run out soon, at most `limit`. Returns how many offers."""
    at = at or timezone.now()
    if organisation.in_shadow(at):
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        if not try_lock(cursor, "notices.warn"):
            return 0
        cursor.execute(RUNNING_OUT, {"at": at, "limit": limit})
        found = [row[0] for row in cursor.fetchall()]
        if found:
            announce(NoticeKind.EXPIRING, [news_of(one, one.rep_id, at) for one in _of(found)])
    return len(found)


def expired(handoff_ids, at):
    """Tell the heads of the reps that offers ran out unanswered; a rep without a team's head has the head of sales."""
    found = list(_of(handoff_ids)) if handoff_ids else []
    if not found:
        return
    chief = User.objects.filter(head_of="sales", is_active=True).order_by("pk").first()
    heads = [(one, _head(one.rep, chief)) for one in found]
    announce(NoticeKind.EXPIRED, [news_of(one, head.pk, at) for one, head in heads if head])


def stood_in(pairs, at):
    """Tell the heads of absent account owners of leads that were offered to somebody else: [(lead id, the owner's id)]."""
    if not pairs:
        return
    owner_of = dict(pairs)
    people = User.objects.select_related("team__head").in_bulk(set(owner_of.values()))
    chief = User.objects.filter(head_of="sales", is_active=True).order_by("pk").first()
    offers = Handoff.objects.open().filter(lead__in=owner_of).order_by("pk")
    offers = offers.select_related("lead__contact", "lead__region")
    heads = [(one, _head(people[owner_of[one.lead_id]], chief)) for one in offers]
    announce(NoticeKind.STOOD_IN, [news_of(one, head.pk, at) for one, head in heads if head])


def _of(handoff_ids):
    found = Handoff.objects.filter(pk__in=handoff_ids).order_by("rep", "answer_due_at", "pk")
    return found.select_related("lead__contact", "lead__region", "rep__team__head")


def _head(rep, chief):
    head = rep.team.head if rep.team else None
    return head if head and head.is_active and head.pk != rep.pk else chief
