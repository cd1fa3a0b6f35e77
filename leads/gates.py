"""The gates of the table of moves: what must hold before a lead may pass, asked of whole sets.

Each gate takes the ids of locked leads and the Attempt, and returns {lead id: why not, in the reader's language}.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import User
from leads import terms
from pipeline.channels import Channel
from pipeline.stages import ENDED, Gate, Stage

# Where a lead may go while a rep holds it or has it on offer; for anything else the handoff ends first.
IN_HAND = (Stage.READY, Stage.SQL, Stage.DEAL, Stage.WON)


@dataclass(frozen=True)
class Attempt:
    """Who tries the move, why, and when; `marks` are the columns that the move would set beside the stage."""

    actor: User | None
    reason: str
    at: datetime
    marks: dict


def always(ids, attempt):
    return {}


def reason(ids, attempt):
    """A reason is given."""
    return {} if attempt.reason.strip() else dict.fromkeys(ids, _("Say why."))


def agreement(ids, attempt):
    """The agreement is met, or somebody says why not."""
    if attempt.actor and attempt.reason.strip():
        return {}
    why = (
        _("Say why: it does not meet the agreement.")
        if attempt.actor
        else _("It does not meet the agreement.")
    )
    return dict.fromkeys(set(ids) - set(terms.met(ids, attempt.at, anew=True)), why)


def ready(ids, attempt):
    """The agreed questions are answered and the grade is set."""
    return terms.unready(ids)


def accept(ids, attempt):
    """A rep holds the lead by an accepted handoff, or found it."""
    return _unless(ids, _("No rep has accepted it."), ACCEPTED, [Channel.SALES_OWN])


def deal(ids, attempt):
    """The lead's deal is open."""
    return _unless(ids, _("It has no open deal."), HAS_DEAL, ["open"])


def win(ids, attempt):
    """The lead's deal is won."""
    return _unless(ids, _("Its deal is not won."), HAS_DEAL, ["won"])


ACCEPTED = """
EXISTS (SELECT 1 FROM leads_handoff h WHERE h.lead_id = l.id AND h.ended_at IS NULL AND h.accepted_at IS NOT NULL)
OR (l.channel = %s AND l.owner_id IS NOT NULL)
"""
HAS_DEAL = "EXISTS (SELECT 1 FROM pipeline_deal d WHERE d.id = l.deal_id AND d.outcome = %s)"

GATES = {
    Gate.NONE: always,
    Gate.REASON: reason,
    Gate.AGREEMENT: agreement,
    Gate.READY: ready,
    Gate.ACCEPT: accept,
    Gate.DEAL: deal,
    Gate.WIN: win,
}


def released(ids, to):
    """Refusals of leads that somebody holds, where `to` lets go of them."""
    if to in IN_HAND:
        return {}
    return _unless(ids, _("A rep has it: take it back first."), NOBODY_HOLDS, [])


NOBODY_HOLDS = "NOT EXISTS (SELECT 1 FROM leads_handoff h WHERE h.lead_id = l.id AND h.ended_at IS NULL)"


def only_pass(ids, to):
    """Refusals of ended passes that `to` would open again beside another open pass of the same contact."""
    if to in ENDED:
        return {}
    return _unless(ids, _("The contact has another open pass: end that one first."), NO_OTHER_PASS, [ids])


NO_OTHER_PASS = """
NOT EXISTS (SELECT 1 FROM leads_lead o WHERE o.contact_id = l.contact_id AND o.id <> l.id AND o.merged_into_id IS NULL
  AND (o.ended_at IS NULL OR (o.id = ANY(%s) AND o.id < l.id)))
"""


def _unless(ids, why, condition, params):
    """{id: why} of the leads that do not meet the condition."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT l.id FROM leads_lead l WHERE l.id = ANY(%s) AND NOT ({condition})", [ids, *params]
        )
        return dict.fromkeys((row[0] for row in cursor.fetchall()), why)
