"""The language that is spoken, and words in it: lists, phones, names of languages."""

from functools import lru_cache

import phonenumbers
from babel import Locale
from babel.core import UnknownLocaleError
from django.utils.translation import get_language

EMPTY = "–"
LOCALES = {"en": "en", "zh-hans": "zh_Hans_CN", "ru": "ru_RU"}
BETWEEN = {"zh-hans": "、"}


def language() -> str:
    """The active language code, reduced to one that Tandem speaks."""
    return _spoken(get_language())


@lru_cache(maxsize=64)
def _spoken(code):
    code = (code or "en").lower()
    if code.startswith("zh"):
        return "zh-hans"
    return "ru" if code.startswith("ru") else "en"


@lru_cache(maxsize=8)
def locale(code):
    """Babel's tables of a language that Tandem speaks."""
    return Locale.parse(LOCALES[code])


def absent(value):
    """None, or not a number."""
    return value is None or value != value


def listed(words) -> str:
    """Words one after the other: "12 leads, 4 deals", "12 条线索、4 个商机"."""
    return BETWEEN.get(language(), ", ").join(map(str, words))


def phone(value) -> str:
    """A number as people read it: "+49 1540 003784"; as it is where it is none."""
    try:
        parsed = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def country_name(code) -> str:
    """A country in the reader's language, by its two letters: "CN" → "China", «Китай»."""
    return locale(language()).territories.get(code, code)


def language_name(code) -> str:
    """A language in its own words: "zh-hans" → "简体中文"."""
    own = {"en": "English", "zh-hans": "简体中文", "ru": "Русский"}
    try:
        return own.get(code) or Locale.parse(code, sep="-").get_display_name() or code
    except (UnknownLocaleError, ValueError):
        return code
