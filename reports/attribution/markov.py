"""Markov removal effect: how many conversions would be lost if a channel led nowhere.

The chain is counted from all paths, lost ones included: its states are the last `order` channels met, between a start
and two ends, conversion and null. Removing a channel sends every step to it to null. The probability of conversion
with and without each channel is exact, by solving the chain's linear equations; nothing is simulated.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, eye_array
from scipy.sparse.linalg import spsolve

ORDERS = (1, 2, 3)


@dataclass(frozen=True)
class Effects:
    """`probability` of conversion from the start; `removal` holds the share of it that each channel's removal takes."""

    probability: float
    removal: dict[str, float]

    def shares(self):
        """Each channel's part of all removal effects; all 0 where nothing converts."""
        whole = sum(self.removal.values())
        return {name: effect / whole if whole else 0.0 for name, effect in self.removal.items()}


@dataclass(frozen=True)
class Chain:
    """A chain of n states, the start first: steps between them (n × n), steps to conversion, and each state's channel."""

    moves: csr_array
    converts: np.ndarray
    channel: list[str | None]

    def converted(self, without=None):
        """The probability of conversion from the start, with or without a channel."""
        kept = np.array([name is None or name != without for name in self.channel])
        inner = self.moves[kept][:, kept]
        solved = spsolve((eye_array(inner.shape[0], format="csc") - inner.tocsc()), self.converts[kept])
        return float(np.atleast_1d(solved)[0])


def removal_effects(paths, order=1) -> Effects:
    """The Effects of all channels on `paths` (reports.attribution.paths.Path). Raises ValueError for another order."""
    if order not in ORDERS:
        raise ValueError(f"A chain looks back 1 to {ORDERS[-1]} channels, not {order}.")
    walked = [path for path in paths if path.channels and path.conversions + path.nulls > 0]
    names = list(dict.fromkeys(name for path in walked for name in path.channels))
    made = chain(walked, order) if walked else None
    whole = made.converted() if made else 0.0
    if made is None or not whole > 0:
        return Effects(0.0, dict.fromkeys(names, 0.0))
    return Effects(whole, {name: 1 - made.converted(name) / whole for name in names})


def chain(paths, order) -> Chain:
    """The Chain of paths that are not empty."""
    steps, ends, seen = Counter(), Counter(), Counter()
    for path in paths:
        weight, state = path.conversions + path.nulls, ()
        for name in path.channels:
            following = (*state, name)[-order:]
            steps[state, following] += weight
            seen[state] += weight
            state = following
        ends[state] += path.conversions
        seen[state] += weight
    states = {
        state: place for place, state in enumerate(sorted(seen, key=lambda state: (state != (), state)))
    }
    moves = csr_array(
        (
            [count / seen[one] for (one, _other), count in steps.items()],
            ([states[one] for one, _other in steps], [states[other] for _one, other in steps]),
        ),
        shape=(len(states), len(states)),
    )
    converts = np.array([ends[state] / seen[state] for state in states])
    return Chain(moves, converts, [state[-1] if state else None for state in states])
