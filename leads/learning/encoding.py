"""Columns into numbers without letting the outcome through: each row's log-odds come from the other rows only."""

from dataclasses import replace

import numpy as np

from leads.learning import kinds
from leads.learning.portable import Feature

FOLDS = 5
SMOOTHING = 20.0  # rows of the average that each key begins with
BANDS = 8
RAREST = 3  # rows below which a key is not worth keeping
MOST_KEYS = 20_000


def folds(n, seed):
    """(n,) which fold each row belongs to."""
    return np.random.default_rng(seed).permutation(n) % FOLDS


def features_of(kind, column, bands=True):
    """The unfitted Features that a column of this Kind is read by; a number also by `bands`, or only along a line."""
    plain = Feature(kind.column, "word", form=kind.form, nothing=kind.nothing)
    if kind.kind == kinds.WORD:
        return [plain]
    if kind.kind == kinds.DATE:
        seconds = kinds.moments(column, kind.form) % 86_400
        hourly = np.unique(seconds[~np.isnan(seconds)] // 3600).size > 3
        return [replace(plain, reading=reading) for reading in ("weekday", "hour")[: 1 + hourly]]
    return _number_features(plain, column)[0 if bands else 1 :]


def _number_features(plain, column):
    unread = replace(plain, reading="amount", low=-np.inf, high=np.inf)
    values = column.spread(_keys(unread, column), None).astype(float)
    values = values[~np.isnan(values)]
    if not values.size:
        return []
    edges = np.unique(np.quantile(values, np.linspace(0, 1, BANDS + 1)[1:-1], method="higher"))
    low, high = (float(edge) for edge in np.quantile(values, [0.01, 0.99]))
    logs = bool(values.min() >= 0 and high > 20 * max(np.median(values), 1e-9))
    cut = np.clip(values, low, high)
    cut = np.log1p(cut) if logs else cut
    amount = replace(
        plain,
        reading="amount",
        low=low,
        high=high,
        logs=logs,
        center=float(cut.mean()),
        scale=float(cut.std()) or 1.0,
    )
    return [replace(plain, reading="band", edges=tuple(map(float, edges))), amount]


def _keys(feature, column):
    return np.array([feature.key(text) for text in column.texts] or [None], dtype=object)[: len(column.texts)]


def learn(feature, column, won, fold):
    """(fitted Feature, (n,) values of the rows it was fitted on, each learned from the other folds)."""
    if feature.reading == "amount":
        return feature, column.spread(_keys(feature, column), None).astype(float, copy=False).copy()
    names, places = _groups(feature, column)
    groups = np.append(places, len(names))[column.codes]
    size = len(names) + 1
    rows = np.bincount(groups * FOLDS + fold, minlength=size * FOLDS).reshape(size, FOLDS)
    wins = np.bincount(groups * FOLDS + fold, weights=won, minlength=size * FOLDS).reshape(size, FOLDS)
    others_rows = rows.sum(axis=1, keepdims=True) - rows
    others_wins = wins.sum(axis=1, keepdims=True) - wins
    values = _odds(others_wins, others_rows)[groups, fold]
    final = _odds(wins.sum(axis=1), rows.sum(axis=1))
    often = rows.sum(axis=1)
    kept = sorted(range(len(names)), key=lambda place: -often[place])[:MOST_KEYS]
    table = {names[place]: float(final[place]) for place in kept if often[place] >= RAREST}
    return replace(feature, table=table, missing=float(final[-1])), values


def _groups(feature, column):
    """(distinct keys, for each text the place of its key; what has no key goes with nothing)."""
    found, places = {}, []
    for text in column.texts:
        key = feature.key(text)
        places.append(-1 if key is None else found.setdefault(key, len(found)))
    names = list(found)
    return names, np.asarray([len(names) if place < 0 else place for place in places], dtype=np.int64)


def _odds(wins, rows):
    """Smoothed log-odds of each group against the average of all; wins and rows summed over axis 0 are the whole."""
    total = np.clip(wins.sum(axis=0) / np.maximum(rows.sum(axis=0), 1), 1e-6, 1 - 1e-6)
    share = (wins + SMOOTHING * total) / (rows + SMOOTHING)
    return np.log(share / (1 - share)) - np.log(total / (1 - total))


def read(features, table):
    """(n, features) values of a table's rows under fitted features."""
    read = np.empty((table.n, len(features)))
    for place, feature in enumerate(features):
        column = table[feature.column]
        read[:, place] = column.spread([feature.value(text) for text in column.texts], feature.missing)
    return read
