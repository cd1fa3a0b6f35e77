"""The one statement that stores a capture, and what it changes about a pass that goes on."""

import json
from pathlib import Path

from django.db import connection

from leads.capture.finding import Raced
from leads.capture.person import is_own_find, track_of
from leads.models import HAND_RAISERS, Lead, LeadScore, ScoreModel

WRITE = (Path(__file__).parent.parent / "sql" / "capture.sql").read_text()
FILLED_IN = ("full_name", "given_name", "family_name", "job_title", "country", "city", "language")


def write(person, addresses, known, company_id, by, at):
    """The lead's id after the one statement that stores it all. Raises Raced."""
    named = {
        "contact": known.contact_id,
        "lead": known.lead_id,
        "cycle": known.cycle + 1,
        "company": company_id,
        "kinds": [kind for kind, _value in addresses],
        "values": [value for _kind, value in addresses],
        "raws": [written.strip()[:320] for written in addresses.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, {**named, **_of_the_person(person), **_of_the_touch(person, by, at)})
        lead_id, stored = cursor.fetchone()
    if lead_id is None or (known.contact_id is None and stored < len(addresses)):
        raise Raced
    return lead_id


def _of_the_person(person):
    """What the contact and the pass are filled with."""
    return {
        **{name: getattr(person, name) for name in FILLED_IN},
        "campaign": person.campaign and person.campaign.pk,
        "segment": person.segment and person.segment.pk,
        "region": person.region and person.region.pk,
        "product": person.product and person.product.pk,
        "channel": person.channel,
        "source_text": person.source_text,
        "attributes": json.dumps(person.attributes, ensure_ascii=False, default=str),
        "source": person.source,
        "external_id": person.external_id,
        "is_test": person.is_test,
        "consents": json.dumps([vars(consent) for consent in person.consents], default=str),
    }


def _of_the_touch(person, by, at):
    """Who had the dealing and when; a pass never begins in the future."""
    when = person.at or at
    return {
        "owner": by.pk if is_own_find(person, by) else None,
        "captured_at": min(when, at),
        "hand_raised_at": min(when, at) if person.kind in HAND_RAISERS else None,
        "kind": person.kind,
        "at": when,
        "now": at,
        "track": track_of(by),
        "actor": by and by.pk,
        "note": person.note,
    }


def join(known, person, at):
    """A touch of a pass that goes on: a hand raised, attributes not known yet, and imported history lives again."""
    news = {}
    if person.kind in HAND_RAISERS:
        news["hand_raised_at"] = min(person.at or at, at)
    if known.history:
        news["history"] = False
    if person.attributes.keys() - known.attributes.keys():
        news["attributes"] = person.attributes | known.attributes
    if news:
        Lead.objects.filter(pk=known.lead_id).update(**news)


def raise_hand(contact_id, kind, at):
    """A dealing that was logged raises the hand of the pass that goes on, as one that was captured does.

    None that was before the pass, nor an older one than is known.
    """
    if kind not in HAND_RAISERS:
        return
    goes_on = Lead.objects.filter(contact=contact_id, ended_at=None, merged_into=None, captured_at__lte=at)
    for lead in goes_on.exclude(hand_raised_at__gte=at).select_for_update(no_key=True):
        Lead.objects.filter(pk=lead.pk).update(hand_raised_at=at, history=False)
        model = ScoreModel.objects.get(in_force=True, line="")
        LeadScore.objects.bulk_create([LeadScore(lead=lead, model=model)], ignore_conflicts=True)
