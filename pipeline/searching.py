"""What people type into search, as conditions that an index serves: names by trigrams, Chinese by pairs of characters.

A word of two letters is the beginning of a word. Letters with and without accents are one (`ui.spelling`). Where nothing is called as typed, words of five letters or more may
be one error away: `corrected` takes them from the vocabulary of all names, so that the second look is by index too.
Chinese knows no words: there the pairs beside the error are asked for, wherever it is (`_nearly`).
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

from django.db import connection
from django.db.models import Q

from pipeline.models.words import Bigrams
from ui.spelling import SHORTEST_FORGIVEN, folded, one_error

LONGEST, MOST_WORDS = 200, 6
LONGEST_LOOSE = 16  # Chinese characters; each place of an error is a condition of its own
MOST_ALTERNATIVES = 6
HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]+")
# A name as badges and letters write it: "周 洋".
SPACED = re.compile(r"([\u2e80-\u9fff])\s+([\u2e80-\u9fff]{1,2})")
MARKS = re.compile(r"[\s,;()\"«»“”„、，。；（）《》]+")
QUOTES = "'’‘ʼ´`"  # around a word; within, they are apostrophes
# Words of the vocabulary that share a rest with one of those typed: all that are one error away, and some others.
NEAR = """
SELECT DISTINCT typed.word, known.word FROM unnest(%s::text[]) AS typed (word)
JOIN pipeline_searchword known ON known.near && tandem_near(tandem_folded(typed.word))
"""


@dataclass(frozen=True)
class Term:
    """One word of a search, and how it may be written in a name: as typed, or corrected; `loose` Chinese one error away."""

    word: str
    spellings: tuple[str, ...]
    loose: bool = False


def terms(text):
    """The words of what somebody typed, at most six; Chinese stands apart from the letters around it."""
    words = []
    if spaced := SPACED.fullmatch(text.strip()):
        text = spaced[1] + spaced[2]
    for piece in MARKS.split(text[:LONGEST]):
        for part in re.split(f"({HAN.pattern})", piece):
            part = part.strip(QUOTES)
            words += _halves(part) if part.strip("·.-&+/@_") else []
    return [Term(word, (word,)) for word in words[:MOST_WORDS]]


def _halves(word):
    """A double-barrelled word as its parts, since people write it with a space as well: "Prommash-Pechat"; else itself."""
    parts = word.split("-")
    return parts if all(len(part) > 2 and "@" not in part for part in parts) else [word]


def corrected(wanted):
    """The same terms with the words of the vocabulary that are one error away; None where there are none."""
    long = [term.word for term in wanted if len(term.word) >= SHORTEST_FORGIVEN and term.word.isalpha()]
    loose = {word for word in long if HAN.fullmatch(word) and len(word) <= LONGEST_LOOSE}
    near = _near([word for word in long if not HAN.fullmatch(word)])
    if not near and not loose:
        return None
    return [
        Term(term.word, _spellings(term.word, near.get(term.word, ())), term.word in loose) for term in wanted
    ]


def _near(typed):
    """{word typed: the words of the vocabulary that are one error away}, of those that have any."""
    near = defaultdict(set)
    if typed:
        with connection.cursor() as cursor:
            cursor.execute(NEAR, [typed])
            for word, known in cursor.fetchall():
                if one_error(folded(word).upper(), known):
                    near[word].add(known)
    return near


def _spellings(word, near):
    said = folded(word).upper()
    by_likeness = sorted(near, key=lambda other: (other != said, abs(len(other) - len(said)), other))
    return tuple(by_likeness[:MOST_ALTERNATIVES]) or (word,)


def named(rows, wanted, column):
    """Those of `rows` whose `column` (a path to a name) holds each term; each condition is one that an index serves."""
    for number, term in enumerate(wanted):
        if HAN.fullmatch(term.word) and len(term.word) > 1:
            pairs = f"pairs_{column}_{number}"
            rows = rows.alias(**{pairs: Bigrams(column)})
            rows = rows.filter(
                _nearly(term.word, column, pairs) if term.loose else _holds(term.word, column, pairs)
            )
        else:
            rows = rows.filter(_spelled(term, column))
    return rows


def _pairs(word):
    return [word[i : i + 2] for i in range(len(word) - 1)]


def _holds(word, column, pairs):
    """The name holds the Chinese word: by its pairs, which an index serves, and as it stands."""
    found = Q(**{f"{pairs}__contains": _pairs(word)})
    return found & Q(**{f"{column}__contains": word}) if len(word) > 2 else found


def _nearly(word, column, pairs):
    """The name holds the Chinese word but for one character wrong, missing or too many, or two neighbours swapped."""
    found = Q()
    for at, one in enumerate(word):
        before, after = word[:at], word[at + 1 :]
        beside = Q(**{f"{pairs}__contains": _pairs(before) + _pairs(after)})
        found |= beside & Q(**{f"{column}__regex": f"{before}(.?|.{one}){after}"})
        if after:
            found |= _holds(before + after[0] + one + after[1:], column, pairs)
    return found


def _spelled(term, column):
    found = Q()
    for spelling in term.spellings:
        if len(spelling) > 2 and not HAN.fullmatch(spelling):
            found |= Q(**{f"{column}__named": spelling})
            continue
        found |= Q(**{f"{column}__named_from": spelling}) | Q(**{f"{column}__named": f" {spelling}"})
    return found


def split_in_two(wanted):
    """Every way to take some terms for one name and the others for another: (some, others), for at most three terms."""
    if not 1 < len(wanted) <= 3:
        return []
    whole = range(len(wanted))
    return [
        ([wanted[i] for i in some], [wanted[i] for i in whole if i not in some])
        for size in range(1, len(wanted))
        for some in combinations(whole, size)
    ]
