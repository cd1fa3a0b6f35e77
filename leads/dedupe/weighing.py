"""What speaks for two records being the same one, in bits; and the words for it."""

import math
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from pipeline.likeness import CLOSE, EXACT, FAR, Field, level, probability, shortened, similarity, words

CERTAIN, LIKELY = 0.995, 0.5
DOUBLES = 0.2  # of the records that have a double, before anything is known of a pair
NAME = Field(m=(0.75, 0.2, 0.05), u=(1e-4, 5e-3, 0.995))
TITLE = Field(m=(0.5, 0.2, 0.3), u=(0.02, 0.05, 0.93))
CITY = Field(m=(0.8, 0.05, 0.15), u=(0.05, 0.01, 0.94))
SAME_FIRM, OTHER_FIRM = 0.85, 0.15
SAME_HINT, SAME_MAILBOX, OTHER_MAILBOX = 8.0, 12.0, -2.0  # bits; a mailbox at the same firm is somebody's own
ALIKE_FIRM, ALIKE_PERSON = 0.75, 0.7  # share of grams in common

SAME_NAME, ALIKE_NAME = _("the same name"), _("a similar name")
FIRM, HINT = _("the same company"), _("a shared line or mailbox")
JOB, TOWN = _("the same position"), _("the same city")
DOMAIN, TAX = _("the same web domain"), _("the same tax id")


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


def people(one, two, total):
    """(probability, [reasons]) that two contacts are one person, among `total` contacts."""
    how = level(one.name, two.name)
    if how == FAR or (how == CLOSE and not _alike(one.name, two.name)):
        return 0.0, []
    bits = _prior(total) + NAME.weight(
        how, max(one.namesakes, two.namesakes) / total if how == EXACT else None
    )
    why = [SAME_NAME if how == EXACT else ALIKE_NAME]
    if one.company and two.company:
        same = one.company == two.company
        chance = max(one.colleagues, two.colleagues) / total
        bits += math.log2(SAME_FIRM / min(chance, 1)) if same else math.log2(OTHER_FIRM)
        why += [FIRM] if same else []
    for field, values, named in ((TITLE, (one.title, two.title), JOB), (CITY, (one.city, two.city), TOWN)):
        if all(values):
            said = level(*values)
            bits += field.weight(said)
            why += [named] if said == EXACT else []
    if set(one.hints) & set(two.hints):
        bits += SAME_HINT
        why.append(HINT)
    return probability(bits + _mailboxes(one, two)), why


def _alike(one, two):
    """Close enough for colleagues: a slip of the pen, or a part of the name left out."""
    return similarity(one, two) >= ALIKE_PERSON or shortened(words(one), words(two))


def _mailboxes(one, two):
    """Two mailboxes of one domain: writings of the same name, or two people."""
    bits = 0.0
    for first in one.emails:
        for second in two.emails:
            (box, _at, host), (other, _at, there) = first.partition("@"), second.partition("@")
            if host == there:
                return OTHER_MAILBOX
            if box == other and len(box) > 4:
                bits = SAME_MAILBOX
    return bits


def firms(one, two):
    """(probability, [reasons]) that two companies are one. By judgement: what a name alone says cannot be counted."""
    if one.tax_id and two.tax_id:
        return (0.99, [TAX]) if one.tax_id == two.tax_id else (0.0, [])
    exact, alike = one.key == two.key, _alike_firms(one.key, two.key)
    same_domain = bool(one.domain) and one.domain == two.domain
    if not (exact or alike or same_domain):
        return 0.0, []
    chance = 0.9 if exact else 0.6 if alike else 0.5
    if one.domain and two.domain:
        chance = 1 - (1 - chance) / 10 if same_domain else chance - 0.2
    if one.country and two.country and one.country != two.country:
        chance -= 0.2
    names = [SAME_NAME] if exact else [ALIKE_NAME] if alike else []
    return chance, names + ([DOMAIN] if same_domain else [])


def _alike_firms(one, two):
    """Works No. 3 is not works No. 4, however alike the names are."""
    numbers = [[word for word in words(key) if word.isdigit()] for key in (one, two)]
    return numbers[0] == numbers[1] and similarity(one, two) >= ALIKE_FIRM


def _prior(total):
    """log2 odds that two records drawn by lot are one."""
    return math.log2(DOUBLES / max(total, 2))
