"""Duplicates within any table of people: what agreement says is learned from the table itself, without examples."""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations, islice
from math import log2

from leads.dedupe import lines
from pipeline import calling, identities
from pipeline.likeness import EXACT, Field, level, name_key, probability
from pipeline.names import company_key, folded

CERTAIN, DOUBTED, LIKELY = 0.99, 0.98, 0.5
MOST_IN_BLOCK = 30  # records that share a key; a key of more says too little
SAMPLE = 30_000  # pairs drawn by lot, to see what agrees by chance
ROUNDS = 15
PREFIX = 4
LOOKED_AT = 50  # values of a column, to see what it holds
MISSING = -1
EXPECTED = (0.8, 0.12, 0.08)  # how often a field of the same one is exact, close, far, before the table tells
TRUST = 0.2  # what that is worth, in pairs for each row


@dataclass(frozen=True)
class Found:
    """A pair of rows (numbers in the table) and the probability that both are the same."""

    one: int
    two: int
    probability: float


def find(rows):
    """[Found] of likely duplicates among `rows` (dicts of text with the same keys), most likely first."""
    _columns, values = values_of(rows)
    keys = [[name_key(value) for value in row] for row in values]
    pairs = candidates(keys)
    if not pairs:
        return []
    levels = {pair: _levels(values, *pair) for pair in pairs}
    fields, matches = learn(values, levels)
    bits = _prior(matches, len(rows))
    counts = [Counter(column) for column in zip(*keys, strict=True)]
    held, named = lines.shared(values), lines.names(list(zip(*values, strict=True)))

    def chance(one, two, of):
        """The probability; people of two names are not merged without asking by a line that many hold."""
        told = probability(bits + _evidence(fields, counts, keys[one], of))
        alone = [MISSING if (n, values[one][n]) in held else each for n, each in enumerate(of)]
        if told < CERTAIN or alone == list(of) or of[named] == EXACT:
            return told
        return told if probability(bits + _evidence(fields, counts, keys[one], alone)) >= CERTAIN else DOUBTED

    found = [Found(one, two, chance(one, two, of)) for (one, two), of in levels.items()]
    return sorted((one for one in found if one.probability >= LIKELY), key=lambda one: -one.probability)


def values_of(rows):
    """(the columns that are filled in, [[text of each]]); companies without their legal form, telephone numbers as +…."""
    columns = (
        [name for name in rows[0] if sum(bool(row[name]) for row in rows) > len(rows) / 20] if rows else []
    )
    values = [[str(row[name] or "").strip() for name in columns] for row in rows]
    for place in _firms(values):
        for row in values:
            row[place] = company_key(row[place]) if row[place] else ""
    for place in _numbers(values):
        for row in values:
            row[place] = _number(row[place])
    return columns, values


def _firms(values):
    """The places of columns that hold companies: every fourth value or more bears a legal form."""
    for place, column in enumerate(zip(*values, strict=True)):
        known = [value for value in column if value]
        if sum(company_key(value) != folded(value).strip() for value in known) * 4 >= len(known) > 0:
            yield place


def _numbers(values):
    """The places of columns that hold telephone numbers: of those that show first, every other one is in a country's plan."""
    for place, column in enumerate(zip(*values, strict=True)):
        shown = list(islice(filter(None, column), LOOKED_AT))
        if sum(_number(value) != value or identities.is_settled(value) for value in shown) * 2 > len(shown):
            yield place


def _number(text):
    """A telephone number with its calling code, whichever way it is written; any other text as it is."""
    found = calling.phone(text) if text else None
    return found[1] if found and identities.is_settled(found[1]) else text


def candidates(keys):
    """The pairs that share a value, or the beginnings of two, which not too many others share: never all pairs."""
    blocks: defaultdict[tuple, list[int]] = defaultdict(list)
    for number, row in enumerate(keys):
        known = [(place, key) for place, key in enumerate(row) if key]
        for place, key in known:
            blocks[place, key].append(number)
        for (place, key), (other, second) in combinations(known, 2):
            blocks[place, key[:PREFIX], other, second[:PREFIX]].append(number)
    return {
        pair for block in blocks.values() if len(block) <= MOST_IN_BLOCK for pair in combinations(block, 2)
    }


def learn(values, levels):
    """([Field], expected number of duplicates) by expectation and maximisation over the candidates' levels.

    What agrees by chance comes from pairs drawn by lot; the generator is seeded, so that a table gives one answer.
    """
    draw = random.Random(0)
    total = len(values)
    lots = [draw.sample(range(total), 2) for _ in range(SAMPLE)] if total > 2 else []
    by_chance = _shares([_levels(values, one, two) for one, two in lots], [1.0] * len(lots), len(values[0]))
    patterns = Counter(levels.values())
    fields = [Field(EXPECTED, u) for u in by_chance]
    most = min(0.9, total / len(levels))  # about one double for each record, where all have one
    share = most / 5
    weights = []
    for _round in range(ROUNDS):
        bits = _prior(share, 2)
        chances = [probability(bits + _evidence(fields, None, None, of)) for of in patterns]
        weights = [count * chance for count, chance in zip(patterns.values(), chances, strict=True)]
        others = [count - weight for count, weight in zip(patterns.values(), weights, strict=True)]
        m = _shares(list(patterns), weights, len(values[0]), [total * TRUST * part for part in EXPECTED])
        # Candidates that are not the same agree more often than pairs drawn by lot: that is how they were found.
        u = _shares(list(patterns), others, len(values[0]))
        fields = [Field(*each) for each in zip(m, u, strict=True)]
        share = min(max(sum(weights) / len(levels), 1e-6), most)
    return [Field(field.m, u) for field, u in zip(fields, by_chance, strict=True)], sum(weights)


def _prior(matches, total):
    """log2 odds that a pair drawn by lot is one of `matches` among all pairs of `total` rows."""
    chance = min(max(matches / (total * (total - 1) / 2), 1e-12), 0.9)
    return log2(chance / (1 - chance))


def _levels(values, one, two):
    return tuple(level(a, b) if a and b else MISSING for a, b in zip(values[one], values[two], strict=True))


def _shares(patterns, weights, width, start=(0.5, 0.5, 0.5)):
    """For each field the shares of exact, close and far among weighed patterns; `start` is counted beforehand."""
    sums = [list(start) for _ in range(width)]
    for of, weight in zip(patterns, weights, strict=True):
        for place, one in enumerate(of):
            if one != MISSING:
                sums[place][one] += weight
    return [tuple(one / sum(each) for one in each) for each in sums]


def _evidence(fields, counts, row, of):
    """The sum of what the fields say; agreement on a rare value says more where the counts are given."""
    bits = 0.0
    for place, one in enumerate(of):
        if one == MISSING:
            continue
        share = counts[place][row[place]] / counts[place].total() if counts and one == EXACT else None
        bits += fields[place].weight(one, share)
    return bits


def clusters(found, certain=CERTAIN):
    """{row: the lowest row that it is the same as}, by what is certain, across chains."""
    root = {}

    def top(one):
        while root.get(one, one) != one:
            one = root[one]
        return one

    for pair in found:
        if pair.probability >= certain:
            first, second = sorted((top(pair.one), top(pair.two)))
            root[second] = first
    return {one: top(one) for one in {*root, *root.values()}}
