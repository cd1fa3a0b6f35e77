"""Fitting: logistic regression on target-safe readings; a boosted model only where it wins clearly on later rows."""

from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from leads.learning import encoding, measures
from leads.learning.portable import Portable

# Two models are compared on later rows, again and again: learned from the first share, compared up to the second.
LATER = ((0.8, 1.0), (0.6, 0.8), (0.4, 0.6))
CLEAR = 0.02  # AUC by which a boosted model must win, and by two standard errors, on each part
FEWEST = 100  # wins and losses on either side of that comparison
MOST_BOOSTED = 10_000  # newest rows that trees are grown on


@dataclass(frozen=True)
class Fitted:
    """A model and the choice behind it: how much more AUC the boosted one had on later rows (None: not compared)."""

    portable: Portable
    boosted: bool
    gain: float | None


def fit(table, won, known, seed, bands=False):
    """The Fitted model of a table whose rows stand in order of time; `known` are the Kinds of its columns.

    Raises ValueError when no column is left.
    """
    if not known:
        raise ValueError("No column is left to learn from.")
    gained, clear = _compare(table, won, known, seed)
    method = _boosted if clear else _logistic
    return Fitted(_fit(table, won, known, seed, method, bands and not clear), clear, gained)


def _compare(table, won, known, seed):
    """(least AUC gained by boosting on any of the later parts or None, whether it is a clear margin on each)."""
    gains, clear = [], True
    for start, end in LATER:
        earlier, later = slice(None, int(start * table.n)), slice(int(start * table.n), int(end * table.n))
        if any(min(part.sum(), (~part).sum()) < FEWEST for part in (won[earlier], won[later])):
            return None, False
        begun, rest = table.take(earlier), table.take(later)
        rival = [
            odds(_fit(begun, won[earlier], known, seed, method, calibrated=False), rest)
            for method in (_boosted, _logistic)
        ]
        gained, error = measures.gain(won[later], *rival)
        gains.append(gained)
        if gained < max(CLEAR, 2 * error):
            clear = False
            break
    return min(gains), clear


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
    return method(features, np.column_stack(values), won, fold if calibrated else None, seed)


def _logistic(features, values, won, fold, seed):
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


def _boosted(features, values, won, fold, seed):
    values, won = values[-MOST_BOOSTED:], won[-MOST_BOOSTED:]
    inside = np.ones(len(won), dtype=bool) if fold is None else fold[-MOST_BOOSTED:] != 0
    told = _forest(values[inside], won[inside], seed)
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


def _forest(values, won, seed):
    return GradientBoostingClassifier(
        n_estimators=100, max_depth=3, subsample=0.5, max_features="sqrt", random_state=seed,
        min_samples_leaf=max(5, len(won) // 200),
    ).fit(values, won)  # fmt: skip


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
