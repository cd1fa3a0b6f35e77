"""Shapley values: the mean of what a channel adds to every set of others, over all orders in which they could join.

Two games. `conversions`: a set of channels is worth the conversions of the paths that use nothing else; that is a sum
of games that need all their players, so that each path's conversions fall to its channels in equal parts, exactly and
at any number of channels. `rate`: a set is worth the conversion rate of those paths, lost ones included; that needs
every set, exactly up to EXACT channels and sampled above, with the standard error.
"""

from dataclasses import dataclass
from math import factorial
from random import Random

import numpy as np

EXACT = 12
SAMPLES = 20_000  # orders drawn; half of them are the other half backwards


@dataclass(frozen=True)
class Values:
    """Each channel's value, and its standard error: 0 where nothing was sampled."""

    values: dict[str, float]
    errors: dict[str, float]


def conversions(paths) -> Values:
    """Values of the game of conversions."""
    values = {}
    for path in paths:
        used = dict.fromkeys(path.channels)
        for name in used:
            values[name] = values.get(name, 0.0) + path.conversions / len(used)
    return Values(values, dict.fromkeys(values, 0.0))


def rate(paths, samples=SAMPLES, seed=1) -> Values:
    """Values of the game of rates, which sum to the conversion rate of all paths. `seed` fixes the orders drawn."""
    walked = [path for path in paths if path.channels and path.conversions + path.nulls > 0]
    names = list(dict.fromkeys(name for path in walked for name in path.channels))
    bit = {name: 1 << place for place, name in enumerate(names)}
    won, all_of_them = {}, {}
    for path in walked:
        used = 0
        for name in path.channels:
            used |= bit[name]
        won[used] = won.get(used, 0.0) + path.conversions
        all_of_them[used] = all_of_them.get(used, 0.0) + path.conversions + path.nulls
    if len(names) <= EXACT:
        found = exact(_rates(won, all_of_them, len(names)), len(names))
        return Values(dict(zip(names, found, strict=True)), dict.fromkeys(names, 0.0))
    found, errors = sampled(won, all_of_them, len(names), samples, Random(seed))
    return Values(dict(zip(names, found, strict=True)), dict(zip(names, errors, strict=True)))


def exact(worth, count):
    """Shapley values of `count` players from the worth of each of the 2^count sets (bit i: player i is in it)."""
    sets = np.arange(1 << count)
    sizes = np.array([int(one).bit_count() for one in sets])
    weight = np.array(
        [
            factorial(size) * factorial(max(count - size - 1, 0)) / factorial(count)
            for size in range(count + 1)
        ]
    )
    found = []
    for player in range(count):
        without = sets[(sets >> player) & 1 == 0]
        added = worth[without | (1 << player)] - worth[without]
        found.append(float(np.dot(weight[sizes[without]], added)))
    return found


def sampled(won, all_of_them, count, samples, rng):
    """(values, standard errors) over drawn orders, each followed by its reverse, which evens out early and late places."""
    used = np.array(list(all_of_them), dtype=object)
    wins, walks = np.array([won[one] for one in used]), np.array(list(all_of_them.values()))
    missing = np.array([[not (one >> player) & 1 for player in range(count)] for one in used])
    sums, squares, pairs = np.zeros(count), np.zeros(count), max(2, samples // 2)
    for _pair in range(pairs):
        order = rng.sample(range(count), count)
        mean = (_added(order, missing, wins, walks) + _added(order[::-1], missing, wins, walks)) / 2
        sums += mean
        squares += mean**2
    spread = np.maximum(squares - sums**2 / pairs, 0) / (pairs - 1)
    return list(map(float, sums / pairs)), list(map(float, np.sqrt(spread / pairs)))


def _added(order, missing, wins, walks):
    """What each player adds to the rate when they join in this order."""
    count = len(order)
    place = np.empty(count, dtype=int)
    place[order] = np.arange(count)
    joined = np.where(missing, -1, place).max(axis=1)  # a path counts once its last channel has joined
    won, walked = (np.bincount(joined, weights=of, minlength=count).cumsum() for of in (wins, walks))
    rates = np.divide(won, walked, out=np.zeros(count), where=walked > 0)
    added = np.empty(count)
    added[order] = np.diff(rates, prepend=0.0)
    return added


def _rates(won, all_of_them, count):
    """The conversion rate of each set's paths, by summing over subsets one channel at a time."""
    sums = []
    for of in (won, all_of_them):
        table = np.zeros(1 << count)
        for used, number in of.items():
            table[used] = number
        for player in range(count):
            table = table.reshape(-1, 2, 1 << player)
            table[:, 1] += table[:, 0]
            table = table.reshape(-1)
        sums.append(table)
    return np.divide(sums[0], sums[1], out=np.zeros(1 << count), where=sums[1] > 0)
