"""One dealing with a contact, logged by hand or by a program."""

from django.db import transaction

from accounts.models import Track
from engine.hints import hint
from leads import handoffs, scoring
from leads.capture.person import track_of
from leads.models import HUMAN_ATTEMPTS, Touch
from pipeline.channels import Channel


def log_touch(contact, kind, *, by, at, channel=Channel.UNKNOWN, campaign=None, outbound=False, automatic=False,
              reached=None, note="", source="", external_id="", corrects=True):  # fmt: skip
    """Log one dealing with a contact at the time `at`; returns the Touch.

    The same (source, external id) again corrects the touch, or changes nothing where `corrects` is off. Its leads
    become due for scoring; a human attempt of ours stops the contact clock.
    """
    facts = {
        "contact": contact, "kind": kind, "at": at, "channel": channel, "campaign": campaign, "outbound": outbound,
        "automatic": automatic, "reached": reached, "note": note, "actor": by, "track": track_of(by),
    }  # fmt: skip
    with transaction.atomic():
        touch, contacts = _store(facts, source, external_id, corrects)
        if not contacts:
            return touch
        scoring.mark_touched(contacts)
        if outbound and not automatic and kind in HUMAN_ATTEMPTS and touch.track == Track.SALES:
            handoffs.contacted([touch.contact_id], at)
        hint("leads.tasks.score")
    return touch


def _store(facts, source, external_id, corrects):
    """(touch, the contacts whose engagement it changes: none where it was stored and stays)."""
    if not external_id:
        return Touch.objects.create(source=source, **facts), [facts["contact"].pk]
    key = {"source": source, "external_id": external_id}
    if not corrects:
        touch, created = Touch.objects.get_or_create(**key, defaults=facts)
        return touch, [touch.contact_id] if created else []
    before = list(Touch.objects.filter(**key).values_list("contact", flat=True))
    touch, _created = Touch.objects.update_or_create(**key, defaults=facts)
    return touch, [*before, touch.contact_id]
