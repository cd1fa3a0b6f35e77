"""Precision and recall of found duplicates against a table that says which rows are the same."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

from leads.dedupe.tables import CERTAIN, clusters


@dataclass(frozen=True)
class Measured:
    """Pairs found, pairs that are true, and those that are both."""

    found: int
    true: int
    right: int

    @property
    def precision(self):
        """Share of the found pairs that are true; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self):
        """Share of the true pairs that were found; 1 where there are none."""
        return self.right / self.true if self.true else 1.0


def merged(found, certain=CERTAIN):
    """The pairs of rows that become one when every certain pair is merged, chains included."""
    return pairs(clusters(found, certain).items())


def measure(found, truth, among=None) -> Measured:
    """Measured of the pairs `found` against `truth`, a label for each row; `among` keeps to some rows."""
    rows = range(len(truth)) if among is None else among
    true = pairs((row, truth[row]) for row in rows)
    inside = set(rows)
    told = {pair for pair in found if inside.issuperset(pair)}
    return Measured(len(told), len(true), len(told & true))


def pairs(labelled):
    """The pairs (lower, higher) of those of (item, label) that bear one label."""
    groups = defaultdict(list)
    for row, label in labelled:
        groups[label].append(row)
    return {pair for rows in groups.values() for pair in combinations(sorted(rows), 2)}
