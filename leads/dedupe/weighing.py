"""What speaks for two records being the same one, in bits; and the words for it.

How much an agreement says depends on how often its value occurs: two of a common name are two people.
"""

import math
import re
from dataclasses import dataclass, field

from django.utils.translation import gettext_noop as _

from leads.dedupe import ways
from pipeline.likeness import (
    CLOSE,
    EXACT,
    FAR,
    HAN,
    Field,
    level,
    probability,
    shortened,
    similarity,
    words,
)

CERTAIN, LIKELY = 0.995, 0.5
DOUBLES = 0.2  # of the records that have a double, before anything is known of a pair
NAME = Field(m=(0.75, 0.2, 0.05), u=(1e-4, 5e-3, 0.995))
TITLE = Field(m=(0.5, 0.2, 0.3), u=(0.02, 0.05, 0.93))
CITY = Field(m=(0.8, 0.05, 0.15), u=(0.05, 0.01, 0.94))
SAME_FIRM, OTHER_FIRM = 0.85, 0.15
# How often it is written otherwise and not known to be the same; bits at most.
SIMILAR_FIRM, SIMILAR_MOST = 0.05, 8.0
SAME_HINT, SAME_MAILBOX = 8.0, 12.0  # bits at most
RIVALS = -2.0  # bits: a mailbox at the same firm is somebody's own, and so is a mobile
# Bits at most where each has something of their own and nothing but a name and what colleagues share speaks for one person:
# by judgement, since how often a firm has two of a name hangs on the name and the firm.
NAMESAKES = 3.0
HOLDS = 0.5  # how often the records of one person hold the same line
SWITCHBOARD = 0.3  # how often two colleagues do
AGREEMENTS = 2  # beside the name, to merge without asking
ALIKE_FIRM, CLOSE_FIRM, ALIKE_PERSON = 0.75, 0.85, 0.7  # share of grams in common

INNER_FORM = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|公司)(?=\s|$)")  # before a place in brackets

SAME_NAME, ALIKE_NAME = _("the same name"), _("a similar name")
FIRM, HINT = _("the same company"), _("a shared line or mailbox")
LIKE_FIRM = _("a similar company")
JOB, TOWN = _("the same position"), _("the same city")
MAILBOX = _("the same mailbox name elsewhere")
DOMAIN, TAX = _("the same web domain"), _("the same tax id")
OTHERWISE = {FIRM: _("another company"), JOB: _("another position"), TOWN: _("another city")}
OTHER_DOMAIN, OTHER_COUNTRY = _("another web domain"), _("another country")


@dataclass(frozen=True)
class Person:
    """A contact as the comparison sees one. `namesakes` and `colleagues` count those with this name and company."""

    pk: int
    name: str
    title: str
    city: str
    company: int | None
    hints: tuple
    emails: tuple
    mobiles: tuple
    namesakes: int
    colleagues: int


@dataclass(frozen=True)
class Firm:
    """A company as the comparison sees one; `key` is its name without legal form."""

    pk: int
    key: str
    domain: str
    tax_id: str
    country: str


@dataclass(frozen=True)
class Crowd:
    """Whom a pair is seen among: how many there are, how often positions and cities occur, and who holds a line.

    `alike` are the pairs (older, newer) of companies that are likely to be the same.
    """

    total: int
    titles: dict = field(default_factory=dict)
    cities: dict = field(default_factory=dict)
    holders: dict = field(default_factory=dict)
    alike: frozenset = frozenset()


@dataclass(frozen=True)
class Likeness:
    """How probably two contacts are one person, what speaks for it and `against`; `certain`: may be merged without asking."""

    probability: float
    why: list
    against: list = field(default_factory=list)
    certain: bool = False


def people(one, two, crowd) -> Likeness:
    """The Likeness of two contacts. What follows from the name or the company does not count a second time."""
    how = level(one.name, two.name)
    if how == FAR or (how == CLOSE and not _alike(one.name, two.name)):
        return Likeness(0.0, [])
    namesakes = max(one.namesakes, two.namesakes) / crowd.total if how == EXACT else None
    bits = _prior(crowd.total) + NAME.weight(how, namesakes)
    own = ways.rivals(one, two, crowd.holders)
    bits += RIVALS * len(set(own) - {ways.APART})
    named = SAME_NAME if how == EXACT else ALIKE_NAME
    said = {reason: say for reason, say in _beside(one, two, crowd) if say is not None}
    why = [reason for reason, (agrees, _bits) in said.items() if agrees]
    against = [
        OTHERWISE[reason] for reason, (_agrees, say) in said.items() if reason in OTHERWISE and say < 0
    ]
    told = bits + sum(say for _agrees, say in said.values())
    if own and not {HINT, MAILBOX}.intersection(why):
        told = min(told, NAMESAKES - len(own))
    certain = how == EXACT and not own and _certain(said, why, bits)
    return Likeness(probability(told), [named, *why], [*own, *against], certain)


def _certain(said, why, bits):
    """Whether people of one name may be merged without asking. A company that is only similar is another one here."""
    firm = {LIKE_FIRM: (False, math.log2(OTHER_FIRM))} if LIKE_FIRM in said else {}
    beside = [reason for reason in why if reason != LIKE_FIRM]
    chance = probability(bits + sum(say for _agrees, say in (said | firm).values()))
    return (MAILBOX in beside or len(beside) >= AGREEMENTS) and chance >= CERTAIN


def _beside(one, two, crowd):
    """(reason, (whether it agrees, bits) or None where nothing is known) for all but the name."""
    same_firm = bool(one.company) and one.company == two.company
    similar = not same_firm and _pair(one.company, two.company) in crowd.alike
    yield LIKE_FIRM if similar else FIRM, _firm(one, two, same_firm, similar, crowd)
    yield JOB, _field(TITLE, one.title, two.title, crowd.titles)
    # Colleagues sit in one city, and share the line of their firm.
    yield TOWN, None if same_firm else _field(CITY, one.city, two.city, crowd.cities)
    yield HINT, _line(set(one.hints) & set(two.hints), one, two, same_firm, crowd)
    yield MAILBOX, (True, SAME_MAILBOX) if ways.own_mailbox(one, two) else None


def _line(shared, one, two, same_firm, crowd):
    """A line that few hold says much, the switchboard of a firm next to nothing."""
    if not shared:
        return None
    around = max(one.colleagues, two.colleagues) if same_firm else crowd.total
    rarest = min(min(crowd.holders.get(hint, 2) for hint in shared) / around, SWITCHBOARD)
    bits = min(math.log2(HOLDS / rarest), SAME_HINT)
    return bits > 1, bits


def _pair(one, two):
    return (min(one, two), max(one, two)) if one and two else None


def _firm(one, two, same, similar, crowd):
    if not (one.company and two.company):
        return None
    chance = min(max(one.colleagues, two.colleagues) / crowd.total, 1)
    if similar:
        return True, min(math.log2(SIMILAR_FIRM / min(chance, SIMILAR_FIRM)), SIMILAR_MOST)
    return same, math.log2(SAME_FIRM / chance if same else OTHER_FIRM)


def _field(field, one, two, shares):
    if not (one and two):
        return None
    said = level(one, two)
    share = max(shares.get(one, 0), shares.get(two, 0)) or None
    return said == EXACT, field.weight(said, share)


def _alike(one, two):
    """Close enough for colleagues: a slip of the pen, or a part of the name left out."""
    return similarity(one, two) >= ALIKE_PERSON or shortened(words(one), words(two))


def firms(one, two) -> Likeness:
    """The Likeness of two companies. By judgement: what a name alone says cannot be counted."""
    if one.tax_id and two.tax_id:
        return Likeness(0.99, [TAX]) if one.tax_id == two.tax_id else Likeness(0.0, [])
    exact, alike = one.key == two.key, _alike_firms(one.key, two.key)
    same_domain = bool(one.domain) and one.domain == two.domain
    if not (exact or alike or same_domain):
        return Likeness(0.0, [])
    chance, against = 0.9 if exact else 0.6 if alike else 0.5, []
    if one.domain and two.domain:
        # One firm has several domains more often than two firms have all but one name: those stay on the worklist.
        close = not exact and _close_firms(one.key, two.key)
        chance = 1 - (1 - chance) / 10 if same_domain else chance - (0.1 if close else 0.2)
        against += [] if same_domain else [OTHER_DOMAIN]
    if one.country and two.country and one.country != two.country:
        chance -= 0.2
        against.append(OTHER_COUNTRY)
    names = [SAME_NAME] if exact else [ALIKE_NAME] if alike else []
    return Likeness(chance, names + ([DOMAIN] if same_domain else []), against)


def _alike_firms(one, two):
    """Works No. 3 is not works No. 4, however alike the names are."""
    numbers = [[word for word in words(key) if word.isdigit()] for key in (one, two)]
    if numbers[0] != numbers[1]:
        return False
    bare = _bare(one, two)
    return similarity(*bare) >= ALIKE_FIRM or bare[0].replace(" ", "") == bare[1].replace(" ", "")


def _close_firms(one, two):
    """One name, but for a slip of the pen, or for a place before a Chinese one."""
    bare = sorted(_bare(one, two), key=len)
    return similarity(*bare) >= CLOSE_FIRM or (bool(HAN.search(bare[0])) and bare[1].endswith(bare[0]))


def _bare(*keys):
    return [INNER_FORM.sub("", key) for key in keys]


def _prior(total):
    """log2 odds that two records drawn by lot are one."""
    return math.log2(DOUBLES / max(total, 2))
