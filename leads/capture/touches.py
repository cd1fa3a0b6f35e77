"""One dealing with a contact, logged by hand or by a program."""

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Track
from engine.hints import hint
from leads import handoffs, scoring
from leads.capture import taps
from leads.capture.person import track_of
from leads.capture.writing import raise_hand
from leads.models import HAND_RAISERS, HUMAN_ATTEMPTS, Touch
from pipeline.channels import Channel
from pipeline.models import Contact

HOLD = "SELECT merged_into_id FROM pipeline_contact WHERE id = %s FOR KEY SHARE"


def log_touch(contact, kind, *, by, at, channel=Channel.UNKNOWN, campaign=None, outbound=False, automatic=False,
              reached=None, note="", source="", external_id="", corrects=True, tapped=None):  # fmt: skip
    """Log one dealing with a contact at the time `at` (None: now, or when a touch that is corrected was); returns the Touch.

    The same (source, external id) again corrects the touch, or changes nothing where `corrects` is off. Its leads
    become due for scoring, and a hand-raiser's dealing raises the hand; a human attempt of ours stops the contact clock, and one that was none after all does not.
    `tapped` is when somebody logged it by hand, who may take it back for a while; not so what has a key or raised a hand.
    """
    facts = {
        "contact": contact, "kind": kind, "at": at, "channel": channel, "campaign": campaign, "outbound": outbound,
        "automatic": automatic, "reached": reached, "note": note, "actor": by, "track": track_of(by),
    }  # fmt: skip
    with transaction.atomic():
        facts["contact"] = contact = held(contact)
        touch, before = _store(facts, source, external_id, corrects)
        if touch == before and not corrects:
            return touch
        if not outbound and not automatic:
            raise_hand(contact.pk, kind, touch.at)  # leads are locked before their scores, everywhere
        scoring.mark_touched({one.contact_id for one in (before, touch) if one})
        did = {}
        if before and is_attempt(before):
            handoffs.recount({before.contact_id, touch.contact_id})
        elif is_attempt(touch):
            did = _attempted(touch, by, tapped)
        if tapped and not external_id and kind not in HAND_RAISERS:
            taps.keep(by, tapped, touch=touch, **did)
        hint("leads.tasks.score")
    return touch


def _attempted(touch, by, tapped):
    """Count it for what is in hand. Returns what a tap keeps of that."""
    handoff = taps.in_hand(touch.contact_id) if tapped else None
    handoffs.contacted([touch.contact_id], touch.at, by)
    if handoff is None:
        return {}
    before, warned = handoff.protected_until, handoff.warned_at
    handoff.refresh_from_db(fields=["protected_until"])
    return {
        "handoff": handoff, "protected_before": before, "protected_after": handoff.protected_until, "warned_before": warned,
    }  # fmt: skip


def held(contact):
    """The contact, or whom it was merged into: held against merges, which lock the person before the passes, as we do."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [contact.pk])
        (merged,) = cursor.fetchone() or (None,)
    return contact if merged is None else held(Contact.objects.get(pk=merged))


def is_attempt(touch):
    """Whether it was a person of sales who tried."""
    human = touch.outbound and not touch.automatic and touch.kind in HUMAN_ATTEMPTS
    return human and touch.track == Track.SALES


def _store(facts, source, external_id, corrects):
    """(touch, how it stood before, or None): the same twice where it was stored and stays."""
    key = {"source": source, "external_id": external_id}
    before = Touch.objects.filter(**key).first() if external_id else None
    facts["at"] = facts["at"] or (before.at if before else timezone.now())
    if not external_id:
        return Touch.objects.create(source=source, **facts), None
    if not corrects:
        touch, created = Touch.objects.get_or_create(**key, defaults=facts)
        return touch, None if created else touch
    return Touch.objects.update_or_create(**key, defaults=facts)[0], before
