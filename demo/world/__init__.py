"""The invented worlds: one for each language, all told by the same story."""

from dataclasses import dataclass, field
from importlib import import_module

CODES = {"en": "en", "zh": "zh-hans", "ru": "ru"}
LANGUAGES = tuple(CODES)


@dataclass(frozen=True)
class Names:
    """Given and family names that go together; a word may carry its Latin writing after a blank: "王 wang"."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    family_first: bool = False
    joint: str = " "


@dataclass(frozen=True)
class Territory:
    """A region of sales: where its companies are, what they and their people are called."""

    code: str
    name: str
    zone: str
    holidays: str  # country of the working calendar
    share: float
    places: tuple[tuple[str, str], ...]  # country, city
    names: tuple[Names, ...]
    heads: tuple[str, ...]  # first part of a company's name
    tails: tuple[str, ...]  # second part
    firm: tuple[str, ...]  # patterns of {head} {tail} {trade} {city}
    mobile: str  # with {n}: a range in which nobody is called
    landline: str
    language: str


@dataclass(frozen=True)
class World:
    """All the words of one language's demo. Amounts are told in thousands of euros and turned by `scale`."""

    language: str
    organisation: str
    currency: str
    foreign: tuple[tuple[str, float], ...]  # other currencies and what one unit is worth in `currency`
    scale: float  # units of `currency` for one euro of the story
    zone: str
    fiscal_year_start: int
    territories: tuple[Territory, ...]
    industries: tuple[tuple[str, tuple[str, ...]], ...]  # industry, trades in company names
    segments: tuple[tuple[str, str], ...]
    titles: tuple[tuple[str, int], ...]  # job title, weight
    staff: dict[str, str]
    teams: dict[str, str]
    reorganisation: tuple[str, str]  # what it is called, why
    products: dict[str, tuple[str, str]]  # name, family
    campaigns: dict[str, str]
    vendors: dict[str, str]
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # kind, to whom, words, proof; claims stand on the pillar before them, the last is another wording of the one before
    voice: tuple[tuple[str, str, str, str], ...] = ()


def words(text, between=None):
    """The words of a text as a tuple."""
    return tuple(text.split(between))


def world(language):
    """The world of a language: en, zh or ru."""
    return import_module(f"demo.world.{language}").WORLD
