"""Companies, contacts, their identities and consent: the people of the story as they come."""

import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import count

from demo import tables
from pipeline.names import company_key

CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "sch",
            "_",
            "y",
            "_",
            "e",
            "yu",
            "ya",
        ],
        strict=True,
    )
)
PLAIN = {"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "_": "", **{k: v.strip("_") for k, v in CYRILLIC.items()}}
TEXT_VERSION = "2025-1"


@dataclass
class Firm:
    """A company of the story. `bare` ones are known by name only."""

    number: int
    name: str
    domain: str
    territory: int
    country: str
    city: str
    segment: str | None
    employees: int | None
    bare: bool
    owner: str | None = None
    holder: str | None = None
    won: int = 0
    people: list = field(default_factory=list)


@dataclass
class Person:
    """A contact of the story with the points that the standard scorecard gives for what is known."""

    number: int
    name: str
    territory: int
    firm: Firm | None
    fit: int
    student: bool
    email: str = ""
    passes: int = 0


@cache
def latin(text):
    """A word in the letters of an e-mail address."""
    text = "".join(PLAIN.get(letter, letter) for letter in text.casefold())
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isascii() and c.isalnum())


@cache
def both(word):
    """A word and its Latin writing, which may follow it after a bar: "王|wang"."""
    native, _, letters = word.partition("|")
    return native, letters or latin(native)


class Market:
    """Makes companies and people on demand; every draw comes from `rng`."""

    def __init__(self, world, rows, rng, firms):
        self.world, self.rows, self.rng = world, rows, rng
        self.wanted = firms
        self.firms = [[] for _ in world.territories]
        self.domains, self.emails = set(), set()
        self.mobiles = [count() for _ in world.territories]
        self.landlines = [count() for _ in world.territories]
        self.dealers = []

    # -- companies -------------------------------------------------------------------------------------
    def company(self, index, at, known=False, **fixed):
        """A new company of a territory, first heard of at a time; of some only the name is known, unless they are `known`."""
        rng, place = self.rng, self.world.territories[index]
        country, city = rng.choice(place.places)
        industry, trades = rng.choice(self.world.industries)
        name, domain = self._company_name(place, city, rng.choice(trades))
        bare = rng.random() < 0.36 and not known
        employees = None if bare else self._employees()
        segment = self._segment(employees)
        fields = {"is_partner": False, "sales_owner_id": None, "marketing_contact_id": None, **fixed}
        number = self.rows.add(
            tables.Company(
                name=name, key=company_key(name), domain=domain, segment_id=segment, region_id=place.code,
                country=country, industry="" if bare else industry, employees=employees, created_at=at, **fields,
            )
        )  # fmt: skip
        return Firm(number, name, domain, index, country, city, segment, employees, bare)

    def _company_name(self, place, city, trade):
        rng = self.rng
        while True:
            (head, a), (tail, b) = both(rng.choice(place.heads)), both(rng.choice(place.tails))
            trade, c = both(trade)
            city, _ = both(city)
            domain = f"{a}{b}-{c}.example" if c else f"{a}{b}.example"
            if domain in self.domains:
                domain = f"{a}{b}{rng.randint(2, 99)}-{c}.example"
            if domain not in self.domains:
                self.domains.add(domain)
                pattern = rng.choice(place.firm)
                return pattern.format(head=head, tail=tail, trade=trade, city=city), domain

    def _employees(self):
        size = self.rng.lognormvariate(4.3, 1.25)
        return max(4, min(int(size), 12_000))

    def _segment(self, employees):
        if employees is None:
            return None
        return "enterprise" if employees >= 500 else "midsize" if employees >= 50 else "small"

    def _firm_for(self, index, at):
        known, share = self.firms[index], self.wanted * self.world.territories[index].share
        if known and self.rng.random() > (share - len(known)) / max(share, 1) * 0.75 + 0.1:
            return known[int(len(known) * self.rng.random() ** 1.5)]
        firm = self.company(index, at)
        known.append(firm)
        return firm

    # -- people ----------------------------------------------------------------------------------------
    def person(self, index, at, channel, firm=None):
        """A new contact of a territory with identities and consent, who came by a channel."""
        rng, place = self.rng, self.world.territories[index]
        firm = firm or (self._firm_for(index, at) if rng.random() < 0.8 else None)
        full, given, family, address = self._name(place)
        title = self._title(firm)
        student = title == self.world.titles[-1][0]
        country, city = (firm.country, firm.city) if firm else rng.choice(place.places)
        number = self.rows.add(
            tables.Contact(
                full_name=full, given_name=given, family_name=family, job_title=title,
                company_id=firm and firm.number, country=country, city=both(city)[0], region_id=place.code,
                language=place.language, created_at=at,
            )
        )  # fmt: skip
        person = Person(number, full, index, firm, self._fit(firm, title), student)
        self._identities(person, place, address, at, channel)
        if firm:
            firm.people.append(person)
        return person

    def _name(self, place):
        names = self.rng.choice(place.names)
        given, a = both(self.rng.choice(names.given))
        family, b = both(self.rng.choice(names.family))
        parts = (family, given) if names.family_first else (given, family)
        return names.joint.join(parts), given, family, f"{a}.{b}"

    def _title(self, firm):
        if self.rng.random() < (0.12 if firm else 0.55):
            return ""
        titles, weights = zip(*self.world.titles, strict=True)
        return self.rng.choices(titles, weights)[0]

    def _fit(self, firm, title):
        points = 10 + 10 * bool(title)
        if firm:
            points += 10 + 20 * (not firm.bare)
            points += 0 if firm.bare or firm.employees < 50 else 30 if firm.employees >= 500 else 20
        return points

    def _identities(self, person, place, address, at, channel):
        rng = self.rng
        phone_only = rng.random() < (0.3 if channel in ("inbound_call", "cold_call") else 0.04)
        if not phone_only:
            person.email = self._email(person.firm, address)
            self._identity(person, "email", person.email, at)
        if phone_only or rng.random() < 0.42:
            number = next(self.mobiles[person.territory])
            self._identity(person, "mobile", place.mobile.format(n=number), at)
        if rng.random() < 0.06:
            number = next(self.landlines[person.territory]) % 90
            self._identity(person, "phone", place.landline.format(n=number), at)
        if self.world.language == "zh" and rng.random() < 0.55:
            self._identity(person, "wechat", f"{address.replace('.', '_')}_{person.number}", at)
        if person.email and rng.random() < 0.7:
            self._consent(person, at, channel)

    def _email(self, firm, address):
        domain = firm.domain if firm else f"post{self.rng.randint(1, 9)}.example"
        email, n = f"{address}@{domain}", 1
        while email in self.emails:
            n += 1
            email = f"{address}{n}@{domain}"
        self.emails.add(email)
        return email

    def _identity(self, person, kind, value, at):
        self.rows.add(tables.Identity(person.number, kind, value, value, at))

    def _consent(self, person, at, channel):
        language = self.world.language
        evidence = {"by": channel}
        common = ("marketing", "email")
        self.rows.add(
            tables.Consent(person.number, *common, True, "consent", TEXT_VERSION, language, evidence, at)
        )
        if self.rng.random() < 0.05:
            later = at + timedelta(days=self.rng.uniform(3, 120))
            evidence = {"by": "email"}
            self.rows.add(
                tables.Consent(
                    person.number, *common, False, "consent", TEXT_VERSION, language, evidence, later
                )
            )
