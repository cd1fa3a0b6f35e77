"""Whom we know already: the person by their addresses, the pass to join, and the company by its name or domain."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from engine.copying import lock_key
from leads.capture.person import addresses_of, domains_of
from pipeline import calling, identities
from pipeline.models import ConsentPurpose
from pipeline.names import company_key

SQL = Path(__file__).parent.parent / "sql"
FIND, PERSON, WHEREABOUTS = ((SQL / f"{name}.sql").read_text() for name in ("find", "person", "whereabouts"))
MAKE_COMPANY = """
WITH known AS (SELECT min(coalesce(merged_into_id, id)) AS id FROM pipeline_company WHERE key = %(key)s),
made AS (
  INSERT INTO pipeline_company (name, key, domain, country)
  SELECT %(name)s, %(key)s, %(domain)s, %(country)s FROM known WHERE known.id IS NULL
  RETURNING id
)
SELECT coalesce(made.id, known.id) FROM known LEFT JOIN made ON true
"""


class IdentityConflict(ValueError):
    """Addresses that belong to different people. `people`: {contact id: [address as written]}."""

    def __init__(self, people):
        self.people = people
        listed = "; ".join(", ".join(sorted(addresses)) for _contact, addresses in sorted(people.items()))
        super().__init__(_("These addresses belong to different people: %(listed)s.") % {"listed": listed})


class Suppressed(ValueError):
    """An address that asked not to be kept, of somebody we do not know any more."""

    def __init__(self):
        super().__init__(_("This address is on the suppression list: it must not be entered again."))


class Raced(Exception):
    """Somebody else captured the same person between our look and our write."""


@dataclass(frozen=True)
class Known:
    """What is known of the contact and the pass to join; nothing of a new one.

    `facts` are the contact's full_name, given_name, family_name, job_title, country and city, and the pass's source_text,
    product_id, segment_id and region_id.
    """

    contact_id: int | None = None
    company_id: int | None = None
    lead_id: int | None = None
    history: bool = False
    attributes: dict = field(default_factory=dict)
    cycle: int = 0
    facts: dict = field(default_factory=dict)


def country_of(person) -> str:
    """Where a person is whose number could be one of several countries: as they say, else as is known of them or the company."""
    if not person.phone.strip() or not calling.is_local(person.phone) or calling.region_of(person.country):
        return person.country
    others = addresses_of(replace(person, phone=""))
    with connection.cursor() as cursor:
        cursor.execute(
            WHEREABOUTS,
            {
                "kinds": [kind for kind, _value in others],
                "values": [value for _kind, value in others],
                "key": company_key(person.company) if person.company else "",
                "domains": domains_of(person, others),
            },
        )
        return cursor.fetchone()[0]


def find(person, addresses):
    """(known lead by source and key, known contact, company of that name, company of the web domain), an id or None each."""
    with connection.cursor() as cursor:
        cursor.execute(
            FIND,
            {
                "source": person.source,
                "external_id": person.external_id,
                "kinds": [kind for kind, _value in addresses],
                "values": [value for _kind, value in addresses],
                "digests": sorted(
                    {
                        one
                        for (kind, value), raw in addresses.items()
                        for one in identities.digests(kind, value, raw)
                    }
                ),
                "key": company_key(person.company) if person.company else "",
                "domains": domains_of(person, addresses),
            },
        )
        record, people, suppressed, named, at_home = cursor.fetchone()
    known = {}
    for contact_id, written in json.loads(people or "[]"):
        known.setdefault(contact_id, []).append(written)
    record = json.loads(record or "{}")
    if record:
        known.setdefault(record["contact"], []).append(person.external_id)
    if len(known) > 1:
        raise IdentityConflict(known)
    if suppressed and not known and not _asked_for_contact(person):
        raise Suppressed
    return record.get("lead"), next(iter(known), None), named, at_home


def _asked_for_contact(person):
    """A fresh consent to sales contact under a text: somebody who asks us by themselves is answered."""
    return any(
        consent.given and consent.purpose == ConsentPurpose.SALES and consent.text_version
        for consent in person.consents
    )


def read(contact_id, lead_id) -> Known:
    """What is Known of a contact and of the pass to join."""
    with connection.cursor() as cursor:
        cursor.execute(PERSON, {"contact": contact_id, "lead": lead_id})
        found = cursor.fetchone()
    if found is None:
        raise Raced
    company_id, lead_id, history, attributes, cycle, facts = found
    return Known(
        contact_id,
        company_id,
        lead_id,
        bool(history),
        json.loads(attributes or "{}"),
        cycle,
        json.loads(facts),
    )


def make_company(person, addresses):
    """The id of the company of this name, made if nobody made it meanwhile: its name's lock comes first."""
    key = company_key(person.company)
    domain = next(iter(domains_of(person, addresses)), "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_key(f"company:{key}")])
        cursor.execute(
            MAKE_COMPANY, {"name": person.company, "key": key, "domain": domain, "country": person.country}
        )
        return cursor.fetchone()[0]
