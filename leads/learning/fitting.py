"""Fitting: logistic regression on target-safe readings; a boosted model only where it wins clearly on rows not seen."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from leads.learning import encoding, measures
from leads.learning.portable import Portable

# Two models are compared on later rows, again and again: learned from the first share, compared up to the second.
LATER = ((0.8, 1.0), (0.6, 0.8), (0.4, 0.6))
CLEAR = 0.02  # AUC by which a boosted model must win, and by two standard errors, on each part
CLEAR_AT_RANDOM = 0.005  # the same on average over random parts, where no period carries over into the next
RANDOM_PARTS = 3
FEWEST = 100  # wins and losses on either side of that comparison
MOST_BOOSTED = 10_000  # newest rows that trees are grown on
MOST_AT_RANDOM = 30_000  # rows of any age where they are split at random


class Growing(NamedTuple):
    """How trees are grown: shallow and on the newest rows for what comes next, deeper on rows of any age at random."""

    rows: int
    newest: bool
    options: dict


LATER_GROWING = Growing(MOST_BOOSTED, True, {"n_estimators": 100, "max_depth": 3, "max_features": "sqrt"})
RANDOM_GROWING = Growing(
    MOST_AT_RANDOM, False, {"n_estimators": 200, "max_depth": 4, "max_features": 0.5, "learning_rate": 0.05}
)  # fmt: skip


@dataclass(frozen=True)
class Fitted:
    """A model and the choice behind it: how much more AUC the boosted one had on later rows (None: not compared)."""

    portable: Portable
    boosted: bool
    gain: float | None


def fit(table, won, known, seed, bands=False, boosted=None) -> Fitted:
    """The Fitted model of a table whose rows stand in order of time; `known` are the Kinds of its columns.

    `bands` says that the rows judged are drawn at random, `boosted` by which method, where that was chosen before. Raises ValueError when no column is left.
    """
    if not known:
        raise ValueError("No column is left to learn from.")
    compare = _compare_at_random if bands else _compare
    gained, clear = compare(table, won, known, seed) if boosted is None else (None, boosted)
    method = _boosted if clear else _logistic
    return Fitted(_fit(table, won, known, seed, method, bands), clear, gained)


def _compare(table, won, known, seed):
    """(least AUC gained by boosting on any of the later parts or None, whether it is a clear margin on each)."""
    gains, clear = [], True
    for start, end in LATER:
        rows = np.arange(table.n)
        gained, error = _gain(
            table,
            won,
            known,
            seed,
            rows[: int(start * table.n)],
            rows[int(start * table.n) : int(end * table.n)],
        )
        if gained is None:
            return None, False
        gains.append(gained)
        if gained < max(CLEAR, 2 * error):
            clear = False
            break
    return min(gains), clear


def _compare_at_random(table, won, known, seed):
    """(AUC gained by boosting on average over random parts or None, whether it is a clear margin)."""
    part, gains = encoding.folds(table.n, seed + 1), []
    for place in range(RANDOM_PARTS):
        gains.append(
            _gain(
                table,
                won,
                known,
                seed,
                np.flatnonzero(part != place),
                np.flatnonzero(part == place),
                bands=True,
            )
        )
        if gains[-1][0] is None:
            return None, False
    gained = sum(one for one, _error in gains) / len(gains)
    error = sum(error**2 for _one, error in gains) ** 0.5 / len(gains)
    return gained, gained >= max(CLEAR_AT_RANDOM, 2 * error)


def _gain(table, won, known, seed, learned, judged, bands=False):
    """(AUC that boosting has more than regression on the rows `judged`, its standard error); None where too few."""
    if any(min(part.sum(), (~part).sum()) < FEWEST for part in (won[learned], won[judged])):
        return None, None
    begun, rest = table.take(learned), table.take(judged)
    rival = [
        odds(_fit(begun, won[learned], known, seed, method, bands, calibrated=False), rest)
        for method in (_boosted, _logistic)
    ]
    return measures.gain(won[judged], *rival)


def _fit(table, won, known, seed, method, bands=False, calibrated=True):
    """A Portable; one that is only compared by its order of leads need not be calibrated."""
    fold = encoding.folds(table.n, seed)
    features, values = [], []
    for kind in known:
        column = table[kind.column]
        for unfitted in encoding.features_of(kind, column, bands):
            feature, read = encoding.learn(unfitted, column, won, fold)
            features.append(feature)
            values.append(np.nan_to_num(read))
    growing = RANDOM_GROWING if bands else LATER_GROWING
    return method(features, np.column_stack(values), won, fold if calibrated else None, seed, growing)


def _logistic(features, values, won, fold, seed, growing):
    told = _regression(values, won)
    slope, intercept = (1.0, 0.0) if fold is None else _line(_from_others(values, won, fold), won)
    return Portable(
        features,
        base=float(told.intercept_[0]),
        slope=slope,
        intercept=intercept,
        weights=[float(weight) for weight in told.coef_[0]],
        means=[float(mean) for mean in values.mean(axis=0)],
    )


def _from_others(values, won, fold):
    """(n,) log-odds of each row by a regression that has not seen its fold."""
    outside = np.empty(len(won))
    for place in range(encoding.FOLDS):
        inner = _regression(values[fold != place], won[fold != place])
        outside[fold == place] = inner.decision_function(values[fold == place])
    return outside


def _regression(values, won):
    return LogisticRegression(C=1.0, max_iter=2000).fit(values, won)


def _boosted(features, values, won, fold, seed, growing):
    rows = _grown_on(len(won), growing, seed)
    values, won = values[rows], won[rows]
    inside = np.ones(len(won), dtype=bool) if fold is None else fold[rows] != 0
    told = _forest(values[inside], won[inside], seed, growing)
    slope, intercept = 1.0, 0.0
    if not inside.all():  # calibrated on rows that the trees have not seen
        slope, intercept = _line(told.decision_function(values[~inside]), won[~inside])
    prior = np.clip(won[inside].mean(), 1e-6, 1 - 1e-6)
    trees = [_tree(one[0].tree_, told.learning_rate) for one in told.estimators_]
    roots = sum(tree["value"][0] for tree in trees)
    return Portable(
        features,
        base=float(np.log(prior / (1 - prior))) + roots,
        slope=slope,
        intercept=intercept,
        trees=trees,
    )


def _grown_on(n, growing, seed):
    """The rows that trees are grown on: all, or the newest, or some of any age."""
    if n <= growing.rows:
        return np.arange(n)
    if growing.newest:
        return np.arange(n - growing.rows, n)
    return np.sort(np.random.default_rng(seed).choice(n, growing.rows, replace=False))


def _forest(values, won, seed, growing):
    return GradientBoostingClassifier(
        subsample=0.5, random_state=seed, min_samples_leaf=max(5, len(won) // 200), **growing.options
    ).fit(values, won)


def _tree(tree, rate):
    return {
        "feature": [int(feature) if feature >= 0 else -1 for feature in tree.feature],
        # scikit-learn compares in 32 bits
        "threshold": [float(threshold) for threshold in tree.threshold],
        "left": [int(node) for node in tree.children_left],
        "right": [int(node) for node in tree.children_right],
        "value": [rate * float(value) for value in tree.value[:, 0, 0]],
    }


def _line(odds, won):
    """Slope and intercept of the calibration; a model without signal is flattened, never turned round."""
    slope, intercept = measures.logistic_line(odds, won)
    return (slope, intercept) if slope > 0.05 else (0.05, intercept)


def odds(portable, table):
    """(n,) log-odds of a table's rows."""
    values = encoding.read(portable.features, table)
    if portable.trees:
        raw = portable.base + sum(_leaves(tree, values) for tree in portable.trees)
    else:
        raw = portable.base + values @ np.asarray(portable.weights)
    return portable.slope * raw + portable.intercept


def _leaves(tree, values):
    """(n,) what a tree adds to the root's value for each row."""
    arrays = {name: np.asarray(tree[name]) for name in tree}
    node = np.zeros(len(values), dtype=int)
    for _ in range(len(arrays["feature"])):
        asked = arrays["feature"][node]
        below = values[np.arange(len(values)), asked] <= arrays["threshold"][node]
        step = np.where(below, arrays["left"][node], arrays["right"][node])
        if (asked < 0).all():
            break
        node = np.where(asked < 0, node, step)
    return arrays["value"][node] - arrays["value"][0]
