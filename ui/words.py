"""Long words in narrow places: where a Cyrillic one may break, since browsers know it of few languages."""

import re

SOFT_HYPHEN = "\u00ad"
LONG = re.compile(r"[а-яё]{8,}", re.IGNORECASE)
# Before a consonant with its vowel (р and л go with the one before them), three letters from either end: Парт-нёрс-кая.
SYLLABLE = re.compile(
    r"(?<=\w{3})(?:(?=[бвгдкпт][рл][аеёиоуыэюя]\w)|(?<![бвгдкпт])(?=[рл][аеёиоуыэюя]\w)"
    r"|(?=[бвгджзкмнпстфхцчшщ][аеёиоуыэюя]\w))",
    re.IGNORECASE,
)


def breakable(text):
    """The text with soft hyphens in its long Cyrillic words; every other word as it stands."""
    return LONG.sub(lambda word: SYLLABLE.sub(SOFT_HYPHEN, word[0]), str(text))
