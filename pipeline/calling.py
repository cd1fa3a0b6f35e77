"""Which country a telephone number without a calling code belongs to: the person's, else the house's."""

from functools import cache, lru_cache

from babel.core import Locale, get_global
from phonenumbers import SUPPORTED_REGIONS

from accounts import organisation
from pipeline import identities

SPOKEN = ("en", "zh_Hans", "ru", "de")  # the languages in which people write names of countries
ALSO = {
    "russian federation": "RU", "российская федерация": "RU", "рф": "RU", "中华人民共和国": "CN", "prc": "CN",
    "great britain": "GB", "england": "GB", "u.s.": "US", "u.s.a.": "US", "сша": "US", "czech republic": "CZ",
    "hong kong": "HK", "香港": "HK", "гонконг": "HK", "macau": "MO", "澳门": "MO",
}  # fmt: skip


def phone(text, *countries, spoken="", claimed=identities.MOBILE):
    """`identities.phone` of a number as somebody wrote it: without a calling code it is one of the first of `countries`, in
    letters or words, that has such numbers, else of the house's. `spoken` is the country that a language hints at.
    """
    if not is_local(text):
        return identities.phone(text, claimed=claimed)
    regions = tuple(map(region_of, countries))
    return identities.phone(text, regions, claimed, home=organisation.country(), spoken=spoken)


def is_local(text):
    """Whether it is for a country to say which number `text` is."""
    return not text.lstrip().startswith(("+", "00", "＋"))


@lru_cache(maxsize=1000)
def region_of(country):
    """The two letters of a country written as a code or by its name; "" for any other word."""
    word = country.strip()
    code = word.upper() if len(word) == 2 and word.isascii() else _named().get(word.casefold(), "")
    found = code if code in SUPPORTED_REGIONS else _alias(word.upper())
    return found if found in SUPPORTED_REGIONS else ""


def _alias(code):
    """DEU, UK."""
    known = get_global("territory_aliases").get(code, []) if 2 <= len(code) <= 3 else []
    return known[0] if len(known) == 1 else ""


@cache
def _named():
    known = {
        name.casefold(): code
        for language in SPOKEN
        for code, name in Locale.parse(language).territories.items()
        if len(code) == 2
    }
    return known | ALSO
