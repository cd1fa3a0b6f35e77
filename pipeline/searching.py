"""What people type into search, as conditions that an index serves: names by trigrams, Chinese by pairs of characters.

A word of two letters is the beginning of a word. Where nothing is called as typed, words of five letters or more may
be one error away: `corrected` takes them from the vocabulary of all names, so that the second look is by index too.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

from django.db import connection
from django.db.models import Q

from pipeline.models.words import Bigrams
from ui.spelling import SHORTEST_FORGIVEN, one_error

LONGEST, MOST_WORDS = 200, 6
MOST_ALTERNATIVES = 6
HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]+")
MARKS = re.compile(r"[\s,;()\"«»“”„、，。；（）《》]+")
# Words of the vocabulary that share a rest with one of those typed: all that are one error away, and some others.
NEAR = """
SELECT DISTINCT typed.word, known.word FROM unnest(%s::text[]) AS typed (word)
JOIN pipeline_searchword known ON known.near && tandem_near(upper(typed.word))
"""


@dataclass(frozen=True)
class Term:
    """One word of a search, and how it may be written in a name: as typed, or corrected."""

    word: str
    spellings: tuple[str, ...]


def terms(text):
    """The words of what somebody typed, at most six; Chinese stands apart from the letters around it."""
    words = []
    for piece in MARKS.split(text[:LONGEST]):
        words += [part for part in re.split(f"({HAN.pattern})", piece) if part.strip("·.-'&+/@_")]
    return [Term(word, (word,)) for word in words[:MOST_WORDS]]


def corrected(wanted):
    """The same terms with the words of the vocabulary that are one error away; None where there are none."""
    long = [term.word for term in wanted if len(term.word) >= SHORTEST_FORGIVEN and term.word.isalpha()]
    if not long:
        return None
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [long])
        pairs = cursor.fetchall()
    near = defaultdict(set)
    for typed, known in pairs:
        if one_error(typed.upper(), known):
            near[typed].add(known)
    if not near:
        return None
    return [Term(term.word, _spellings(term.word, near[term.word])) for term in wanted]


def _spellings(word, near):
    by_likeness = sorted(near, key=lambda other: (other != word.upper(), abs(len(other) - len(word)), other))
    return tuple(by_likeness[:MOST_ALTERNATIVES]) or (word,)


def named(rows, wanted, column):
    """Those of `rows` whose `column` (a path to a name) holds each term; each condition is one that an index serves."""
    for number, term in enumerate(wanted):
        if HAN.fullmatch(term.word) and len(term.word) > 1:
            pairs = f"pairs_{column}_{number}"
            first = [term.word[i : i + 2] for i in range(len(term.word) - 1)]
            rows = rows.alias(**{pairs: Bigrams(column)}).filter(**{f"{pairs}__contains": first})
            rows = rows.filter(**{f"{column}__contains": term.word}) if len(first) > 1 else rows
        else:
            rows = rows.filter(_spelled(term, column))
    return rows


def _spelled(term, column):
    found = Q()
    for spelling in term.spellings:
        if len(spelling) > 2 and not HAN.fullmatch(spelling):
            found |= Q(**{f"{column}__icontains": spelling})
        else:
            found |= Q(**{f"{column}__istartswith": spelling}) | Q(**{f"{column}__icontains": f" {spelling}"})
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
