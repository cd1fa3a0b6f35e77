"""A person as they came: their texts as they are stored, their addresses, and the company that these tell."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from accounts.models import Region, Role, Segment, Track
from leads.models import TouchKind
from pipeline import calling, identities
from pipeline.channels import Channel
from pipeline.companies import bare_domain
from pipeline.mailboxes import PUBLIC_DOMAINS
from pipeline.models import Campaign, ConsentPurpose, Product
from pipeline.names import split_name

SALES_ROLES = (Role.SALES, Role.MANAGER)


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

    `phone_region` is the two-letter country that the language hints at for numbers without a calling code, where neither
    the person's country nor ours makes one of them; `person_key` the person's own key in `source`, while `external_id` is
    the key of this inquiry there.
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


def cleaned(captured):
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


def addresses_of(person, country=""):
    """{(kind, value): as written}, sorted. What cannot be read as an address is no key.

    `country` is where the person is, by whose plan a number without a calling code is read first.
    """
    number = calling.phone(person.phone, country, spoken=person.phone_region)
    found = {
        identities.email(person.email) if person.email.strip() else None: person.email,
        number if person.phone.strip() else None: person.phone,
        identities.wechat(person.wechat) if person.wechat.strip() else None: person.wechat,
        identities.external(person.source, person.person_key) if person.person_key else None: "",
    }
    found.pop(None, None)
    return dict(sorted(found.items()))


def domains_of(person, addresses):
    """The web domains that tell the company: the one given, and that of a business mailbox."""
    mailboxes = (value.partition("@")[2] for kind, value in addresses if kind.endswith("email"))
    domains = [bare_domain(person.company_domain), *mailboxes]
    return [domain for domain in domains if domain and domain not in PUBLIC_DOMAINS]


def is_own_find(person, by):
    """Whether a rep brings somebody they found themselves."""
    return by is not None and person.channel == Channel.SALES_OWN and by.role in SALES_ROLES


def track_of(by):
    """The track of whoever had the dealing; marketing's where a machine did."""
    return Track.SALES if by is not None and by.role in SALES_ROLES else Track.MARKETING
