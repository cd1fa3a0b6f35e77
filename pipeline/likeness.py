"""How alike two records are: pure functions, for people and companies in any script.

Texts are compared by grams: pairs of characters in Chinese, threes in Latin and Cyrillic. What two agreeing fields say
is weighed after Fellegi and Sunter ("A theory for record linkage", JASA 1969): agreement on a rare value says more than
on a common one, and the sum is the binary logarithm of the odds that both are the same.
"""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.names import LEADING_FORMS, LEGAL_FORMS, TITLES, folded

EXACT, CLOSE, FAR = 0, 1, 2
CLOSE_FROM = 0.55  # share of grams in common (Dice) from which two writings are close
HAN = re.compile(r"[\u3400-\u9fff]+")
WORD = re.compile(r"[\u3400-\u9fff]+|[^\W_]+")
LATIN = dict(
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
            "i",
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
            "shch",
            "",
            "y",
            "",
            "e",
            "yu",
            "ya",
        ],
        strict=True,
    )
)
CYRILLIC = str.maketrans(LATIN)


@lru_cache(maxsize=200_000)
def words(text):
    """The words of a text, folded and in their order: "Д-р Пётр Ильин" → ("petr", "ilin"); Chinese in one piece."""
    found = WORD.findall(folded(text).translate(CYRILLIC))
    return tuple(word for word in found if word not in TITLES) or tuple(found)


def name_key(text):
    """One writing for a name whatever the order of its words: "Weber, Anna" and "Anna Weber" share it."""
    return " ".join(sorted(words(text)))


@lru_cache(maxsize=200_000)
def grams(text):
    """The grams of a text: pairs in Chinese, else threes of each word with its edges."""
    found = set()
    for word in words(text):
        if HAN.fullmatch(word):
            found.update(word[i : i + 2] for i in range(len(word) - 1)) if len(word) > 1 else found.add(word)
        else:
            padded = f"  {word} "
            found.update(padded[i : i + 3] for i in range(len(padded) - 2))
    return frozenset(found)


def similarity(one, two):
    """Share of grams in common, 0 to 1 (Dice)."""
    first, second = grams(one), grams(two)
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def level(one, two):
    """EXACT, CLOSE or FAR for two writings of one field; both are known."""
    if name_key(one) == name_key(two):
        return EXACT
    if one.isdigit() and two.isdigit():
        return CLOSE if _one_slip(one, two) else FAR
    if similarity(one, two) >= CLOSE_FROM or shortened(words(one), words(two)):
        return CLOSE
    return FAR


def _one_slip(one, two):
    """Numbers of one length that differ in one digit, or in two that changed places."""
    if len(one) != len(two) or len(one) < 3:
        return False
    wrong = [i for i, (a, b) in enumerate(zip(one, two, strict=True)) if a != b]
    return len(wrong) == 1 or (
        len(wrong) == 2 and one[wrong[0]] == two[wrong[1]] and one[wrong[1]] == two[wrong[0]]
    )


def shortened(one, two):
    """Every word of the shorter name stands in the longer one, whole or as an initial: "A. Weber", "Иванов Иван"."""
    short, long = sorted((one, two), key=lambda name: (len(name), sum(map(len, name))))
    if len(short) < 2:
        return False
    left = list(long)
    whole = 0
    for word in sorted(short, key=len, reverse=True):
        match = next(
            (other for other in left if other == word or (len(word) == 1 and other[0] == word)), None
        )
        if match is None:
            return False
        whole += match == word
        left.remove(match)
    return whole > 0


def company_words(name):
    """A company's words without its legal form, wherever it stands."""
    kept = [word for word in words(name) if word not in LEGAL_FORMS and word not in LEADING_FORMS]
    return kept or list(words(name))


@dataclass(frozen=True)
class Field:
    """What agreement on one field says. `m`: how often records of the same one are exact, close, far; `u`: of others."""

    m: tuple
    u: tuple

    def weight(self, level, share=None):
        """Bits of evidence; `share` is how often the agreeing value occurs, where that is known."""
        by_chance = self.u[level] if level != EXACT or share is None else min(max(share, 1e-9), 1.0)
        return math.log2(self.m[level] / by_chance)


def probability(bits):
    """The probability for log2 odds."""
    if bits > 60:
        return 1.0
    odds = 2.0 ** max(bits, -60)
    return odds / (1 + odds)
