"""Capture: somebody came to us. Known again by identities, once however often they come; and touches logged by hand."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from accounts.models import Region, Role, Segment, Track
from engine.copying import lock_key
from engine.hints import hint
from leads import handoffs, scoring
from leads.models import HAND_RAISERS, HUMAN_ATTEMPTS, Lead, Touch, TouchKind
from pipeline import identities
from pipeline.channels import Channel
from pipeline.models import Campaign, ConsentPurpose, Product
from pipeline.names import company_key, split_name

SQL = Path(__file__).parent / "sql"
FIND, PERSON, WRITE = ((SQL / f"{name}.sql").read_text() for name in ("find", "person", "capture"))
ATTEMPTS = 5
DEADLOCK = "40P01"  # an import of the same people crossed our way
SALES_ROLES = (Role.SALES, Role.MANAGER)
FILLED_IN = ("full_name", "given_name", "family_name", "job_title", "country", "city", "language")
# Domains of mailboxes that say nothing about where somebody works.
MAILBOX_HOSTS = (
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com aol.com "
    "proton.me protonmail.com gmx.de gmx.net gmx.at web.de t-online.de freenet.de mail.ru inbox.ru list.ru bk.ru "
    "internet.ru yandex.ru yandex.com ya.ru rambler.ru qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn "
    "sohu.com 139.com 189.cn aliyun.com"
)
PUBLIC_DOMAINS = frozenset(MAILBOX_HOSTS.split())


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
class Consent:
    """Consent given or withdrawn with a capture: an own tick under an own text, with what proves it."""

    purpose: str = ConsentPurpose.MARKETING
    channel: str = ""
    given: bool = True
    basis: str = "consent"
    text_version: str = ""
    language: str = ""
    evidence: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Captured:
    """A person as they came to us. `at` is when they came (now where it is left out), `kind` the kind of touch.

    `phone_region` is the two-letter country of numbers without a calling code; `person_key` the person's own key in
    `source`, while `external_id` is the key of this inquiry there.
    """

    full_name: str = ""
    given_name: str = ""
    family_name: str = ""
    job_title: str = ""
    email: str = ""
    phone: str = ""
    wechat: str = ""
    person_key: str = ""
    company: str = ""
    company_domain: str = ""
    country: str = ""
    city: str = ""
    language: str = ""
    phone_region: str = ""
    campaign: Campaign | None = None
    channel: str = Channel.UNKNOWN
    source_text: str = ""
    segment: Segment | None = None
    region: Region | None = None
    product: Product | None = None
    kind: str = TouchKind.FORM
    at: datetime | None = None
    note: str = ""
    attributes: dict = field(default_factory=dict)
    consents: list[Consent] = field(default_factory=list)
    source: str = ""
    external_id: str = ""
    is_test: bool = False


def capture(captured, *, by, at):
    """Find or make the contact, join the open pass or begin the next one, and log the touch. Returns the Lead.

    The same (source, external id) again changes nothing. A rep's own find (channel sales_own) is the rep's at once.
    Raises IdentityConflict where the addresses belong to several people, Suppressed where nobody is known by a
    suppressed address and no consent to sales contact came with it. At most eight statements (a rep's own find aside);
    safe beside others.
    """
    person = _clean(captured)
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                lead_id = _capture(person, by, at)
                hint("leads.tasks.score")
            return Lead.objects.get(pk=lead_id)
        except Raced:
            continue
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) != DEADLOCK:
                raise
    raise Raced


def _capture(person, by, at):
    """The lead's id. Raises Raced."""
    addresses = _addresses(person)
    lead_id, contact_id, company_id = _find(person, addresses)
    known = _read(contact_id, lead_id) if contact_id is not None else Known()
    if known.company_id is None and company_id is None and person.company:
        company_id = _make_company(person, addresses)
    if known.lead_id is not None:
        _join(known, person, at)  # leads are locked before their scores, everywhere
    lead_id = _write(person, addresses, known, company_id, by, at)
    if known.lead_id is None and _own_find(person, by):
        handoffs.own_find(lead_id, by=by, at=at)
    return lead_id


def _clean(captured):
    """The same with texts as they are stored: NFC, no invisible characters, no longer than their columns."""
    longest = {"full_name": 300, "given_name": 150, "family_name": 150, "job_title": 200, "company": 300,
               "country": 100, "city": 100, "language": 10, "source_text": 200, "company_domain": 253}  # fmt: skip
    texts = {name: identities.clean_text(getattr(captured, name))[:most] for name, most in longest.items()}
    if texts["full_name"] and not (texts["given_name"] or texts["family_name"]):
        given, family = split_name(texts["full_name"])
        texts |= {"given_name": given[:150], "family_name": family[:150]}
    elif not texts["full_name"]:
        texts["full_name"] = f"{texts['given_name']} {texts['family_name']}".strip()
    return replace(captured, **texts)


def _addresses(person):
    """{(kind, value): as written}, sorted. What cannot be read as an address is no key."""
    region = person.phone_region or (person.country.upper() if len(person.country) == 2 else "")
    found = {
        identities.email(person.email) if person.email.strip() else None: person.email,
        identities.phone(person.phone, region) if person.phone.strip() else None: person.phone,
        identities.wechat(person.wechat) if person.wechat.strip() else None: person.wechat,
        identities.external(person.source, person.person_key) if person.person_key else None: "",
    }
    found.pop(None, None)
    return dict(sorted(found.items()))


def _find(person, addresses):
    """(known lead by source and key, known contact, known company), each an id or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            FIND,
            {
                "source": person.source,
                "external_id": person.external_id,
                "kinds": [kind for kind, _value in addresses],
                "values": [value for _kind, value in addresses],
                "digests": [identities.digest(*address) for address in addresses],
                "key": company_key(person.company) if person.company else "",
                "domains": _domains(person, addresses),
            },
        )
        record, people, suppressed, company_id = cursor.fetchone()
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
    return record.get("lead"), next(iter(known), None), company_id


def _asked_for_contact(person):
    """A fresh consent to sales contact under a text: somebody who asks us by themselves is answered."""
    return any(
        consent.given and consent.purpose == ConsentPurpose.SALES and consent.text_version
        for consent in person.consents
    )


def _domains(person, addresses):
    """The web domains that tell the company: the one given, and that of a business mailbox."""
    mailboxes = (value.partition("@")[2] for kind, value in addresses if kind.endswith("email"))
    domains = [person.company_domain.lower().removeprefix("www."), *mailboxes]
    return [domain for domain in domains if domain and domain not in PUBLIC_DOMAINS]


def _make_company(person, addresses):
    """The id of the company of this name, made if nobody made it meanwhile: its name's lock comes first."""
    key = company_key(person.company)
    domain = next(iter(_domains(person, addresses)), "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_key(f"company:{key}")])
        cursor.execute(
            MAKE_COMPANY, {"name": person.company, "key": key, "domain": domain, "country": person.country}
        )
        return cursor.fetchone()[0]


MAKE_COMPANY = """
WITH known AS (SELECT min(coalesce(merged_into_id, id)) AS id FROM pipeline_company WHERE key = %(key)s),
made AS (
  INSERT INTO pipeline_company (name, key, domain, country)
  SELECT %(name)s, %(key)s, %(domain)s, %(country)s FROM known WHERE known.id IS NULL
  RETURNING id
)
SELECT coalesce(made.id, known.id) FROM known LEFT JOIN made ON true
"""


@dataclass(frozen=True)
class Known:
    """What is known of the contact and the pass to join; nothing of a new one."""

    contact_id: int | None = None
    company_id: int | None = None
    lead_id: int | None = None
    history: bool = False
    attributes: dict = field(default_factory=dict)
    cycle: int = 0


def _read(contact_id, lead_id):
    with connection.cursor() as cursor:
        cursor.execute(PERSON, {"contact": contact_id, "lead": lead_id})
        company_id, lead_id, history, attributes, cycle = cursor.fetchone()
    return Known(contact_id, company_id, lead_id, bool(history), json.loads(attributes or "{}"), cycle)


def _write(person, addresses, known, company_id, by, at):
    """The lead's id after the one statement that stores it all. Raises Raced."""
    when = person.at or at
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE,
            {
                **{name: getattr(person, name) for name in FILLED_IN},
                "contact": known.contact_id,
                "lead": known.lead_id,
                "cycle": known.cycle + 1,
                "company": company_id,
                "kinds": [kind for kind, _value in addresses],
                "values": [value for _kind, value in addresses],
                "raws": [written.strip()[:320] for written in addresses.values()],
                "campaign": person.campaign and person.campaign.pk,
                "segment": person.segment and person.segment.pk,
                "region": person.region and person.region.pk,
                "product": person.product and person.product.pk,
                "channel": person.channel,
                "source_text": person.source_text,
                "owner": by.pk if _own_find(person, by) else None,
                "attributes": json.dumps(person.attributes, ensure_ascii=False, default=str),
                "captured_at": min(when, at),
                "hand_raised_at": min(when, at) if person.kind in HAND_RAISERS else None,
                "source": person.source,
                "external_id": person.external_id,
                "is_test": person.is_test,
                "kind": person.kind,
                "at": when,
                "now": at,
                "track": _track(by),
                "actor": by and by.pk,
                "note": person.note,
                "consents": json.dumps([vars(consent) for consent in person.consents], default=str),
            },
        )
        lead_id, stored = cursor.fetchone()
    if lead_id is None or (known.contact_id is None and stored < len(addresses)):
        raise Raced
    return lead_id


def _join(known, person, at):
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


def log_touch(contact, kind, *, by, at, channel=Channel.UNKNOWN, campaign=None, outbound=False, automatic=False,
              reached=None, note="", source="", external_id=""):  # fmt: skip
    """Log one dealing with a contact at the time `at`; returns the Touch.

    The same (source, external id) again corrects the touch. Its leads become due for scoring; a human attempt of
    ours stops the contact clock.
    """
    facts = {
        "contact": contact, "kind": kind, "at": at, "channel": channel, "campaign": campaign, "outbound": outbound,
        "automatic": automatic, "reached": reached, "note": note, "actor": by, "track": _track(by),
    }  # fmt: skip
    with transaction.atomic():
        touch, contacts = _store(facts, source, external_id)
        scoring.mark_touched(contacts)
        if outbound and not automatic and kind in HUMAN_ATTEMPTS and touch.track == Track.SALES:
            handoffs.contacted([touch.contact_id], at)
        hint("leads.tasks.score")
    return touch


def _store(facts, source, external_id):
    """(touch, the contacts whose engagement it changes)."""
    if not external_id:
        return Touch.objects.create(source=source, **facts), [facts["contact"].pk]
    key = {"source": source, "external_id": external_id}
    before = list(Touch.objects.filter(**key).values_list("contact", flat=True))
    touch, _created = Touch.objects.update_or_create(**key, defaults=facts)
    return touch, [*before, touch.contact_id]


def _own_find(person, by):
    return by is not None and person.channel == Channel.SALES_OWN and by.role in SALES_ROLES


def _track(by):
    return Track.SALES if by is not None and by.role in SALES_ROLES else Track.MARKETING
