"""The leakage guard: columns that know the outcome because they were filled in after it."""

import numpy as np
from scipy.stats import binomtest

from leads.learning import encoding, kinds, measures
from leads.learning.kinds import LeftOut

PURE = 0.95  # of the filled rows, or of the empty ones, have the same outcome
TIMES_MORE = 10  # and the other outcome has such rows so much more rarely
CHANCE = 1e-4
FILLED_ALONE = 0.75  # AUC of the mere fact that something stands there
ALONE = 0.80  # AUC of one column
LATER = 0.95  # of the dates lie after the time column, hardly any before it


def one_outcome(column, won) -> LeftOut | None:
    """LeftOut when the column is filled in almost only for one outcome (or empty almost only for one), else None."""
    filled = column.filled
    if filled.all() or not filled.any():
        return None
    rates = {True: filled[won].mean(), False: filled[~won].mean()}
    for outcome in (True, False):
        if _almost_only(filled, won == outcome):
            return LeftOut(
                column.name,
                "only_won" if outcome else "only_lost",
                {"share": float((won == outcome)[filled].mean())},
            )
    alone = 0.5 + abs(rates[True] - rates[False]) / 2
    if alone >= FILLED_ALONE:
        return LeftOut(column.name, "filled_tells", {"won": float(rates[True]), "lost": float(rates[False])})
    return None


def _almost_only(filled, mine):
    """Whether nearly all filled rows are `mine`, far more than by chance."""
    rows, hits = int(filled.sum()), int(mine[filled].sum())
    ours, theirs = filled[mine].mean(), filled[~mine].mean()
    if hits < PURE * rows or ours < TIMES_MORE * theirs:
        return False
    return binomtest(hits, rows, float(mine.mean()), alternative="greater").pvalue < CHANCE


def too_good_alone(column, kind, won, fold) -> LeftOut | None:
    """LeftOut when one reading of the column predicts the outcome too well by itself, else None."""
    for feature in encoding.features_of(kind, column):
        if feature.reading == "amount":
            continue
        values = encoding.learn(feature, column, won, fold)[1]
        reached = measures.auc(won, values)
        if reached.value >= ALONE and reached.low >= FILLED_ALONE:
            return LeftOut(column.name, "alone", {"auc": reached.value})
    return None


def known_only_when_closed(column, closed) -> LeftOut | None:
    """LeftOut when the column is empty for rows that are still open, and filled in for closed ones; else None."""
    still_open = ~closed
    if still_open.sum() < 20 or column.filled[still_open].mean() > 0.02 or column.filled[closed].mean() < 0.2:
        return None
    return LeftOut(column.name, "when_closed")


def later(column, kind, start, name) -> LeftOut | None:
    """LeftOut when the column's dates nearly all lie after those of the time column (n,) `start`, else None."""
    if kind.kind != kinds.DATE:
        return None
    gap = kinds.moments(column, kind.form) - start
    gap = gap[~np.isnan(gap)]
    if gap.size < 10 or (gap >= 0).mean() < LATER or (gap > 0).mean() < 0.3:
        return None
    return LeftOut(column.name, "later", {"time": name})
