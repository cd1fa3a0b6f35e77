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
    return _pairs(clusters(found, certain).items())


def measure(pairs, truth, among=None) -> Measured:
    """Measured of `pairs` against `truth`, a label for each row; `among` keeps to some rows."""
    rows = range(len(truth)) if among is None else among
    true = _pairs((row, truth[row]) for row in rows)
    inside = set(rows)
    found = {pair for pair in pairs if inside.issuperset(pair)}
    return Measured(len(found), len(true), len(found & true))


def _pairs(labelled):
    groups = defaultdict(list)
    for row, label in labelled:
        groups[label].append(row)
    return {pair for rows in groups.values() for pair in combinations(sorted(rows), 2)}
