"""The protection of a lead in a rep's hands: a warning before it ends, and extensions as far as the agreement allows."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import organisation
from engine.copying import chunk
from leads import agreement, handover, notices
from leads.handoffs.answers import locked
from leads.handoffs.refusals import Refused
from leads.models import Destination, Event
from pipeline.stages import Stage

# What a deal or its finder protects for good leaves the queue without a word. By the order of the index: sorted by id the
# whole table was read wherever statistics still told of many that were due.
WARN = """
WITH due AS MATERIALIZED (
  SELECT h.id, l.stage = 'sql' AND (h.kind <> 'own_find' OR %(finds_too)s) AS fades
  FROM leads_handoff h JOIN leads_lead l ON l.id = h.lead_id
  WHERE h.ended_at IS NULL AND h.accepted_at IS NOT NULL AND h.warned_at IS NULL AND h.protected_until <= %(until)s
  ORDER BY h.protected_until LIMIT %(limit)s FOR NO KEY UPDATE OF h SKIP LOCKED
)
UPDATE leads_handoff h SET warned_at = %(at)s FROM due WHERE h.id = due.id RETURNING h.id, due.fades
"""


def warn_due(limit=1000, at=None):
    """Warn the holders of leads whose protection is about to end, once. Returns how many handoffs were looked at."""
    at = at or timezone.now()
    if organisation.in_shadow(at):
        return 0
    until = at + timedelta(days=agreement.in_force().warning_days)
    finds_too = handover.row(Event.OWN_FIND_IDLE).way() == Destination.LIKE_OTHERS
    with chunk() as cursor:
        cursor.execute(WARN, {"at": at, "until": until, "limit": limit, "finds_too": finds_too})
        found = cursor.fetchall()
        notices.fading([handoff for handoff, fades in found if fades], at)
    return len(found)


def extensions_left(handoff):
    """How often the protection of this handoff may still be extended."""
    if handoff.ended_at or not handoff.accepted_at or handoff.lead.stage != Stage.SQL:
        return 0
    return max(handoff.agreement.extensions - handoff.extended, 0)


def extend(handoff_id, *, at):
    """Protect an accepted lead for the days that the agreement gives, from its end on. Returns the handoff.

    Raises Refused where the agreement's extensions are used up or the lead is not protected; AlreadyAnswered for none.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        handoff = locked(cursor, handoff_id)
        if handoff.ended_at or not handoff.accepted_at or handoff.lead.stage != Stage.SQL:
            raise Refused(
                _("Only a lead that a rep works on, without a deal yet, has a protection to extend.")
            )
        if not extensions_left(handoff):
            raise Refused(_("Its protection has been extended as often as the agreement allows."))
        handoff.protected_until = max(handoff.protected_until or at, at) + timedelta(
            days=handoff.agreement.extension_days
        )
        handoff.extended += 1
        handoff.warned_at = None
        handoff.save(update_fields=["protected_until", "extended", "warned_at"])
    return handoff
