"""What the bench tells: figures, each beside its limit measured in the same run, the median of three."""

from dataclasses import asdict, dataclass
from statistics import median

RUNS = 3


@dataclass(frozen=True)
class Figure:
    """One line of the table. `ratio` is what `goal` speaks of; `wall` and `limit_wall` are in the figure's unit.

    `ours` is None for what could not be measured here: the name says why.
    """

    name: str
    ours: float | None
    limit: float | None = None
    unit: str = ""
    ratio: float | None = None
    goal: str = ""
    wall: float | None = None
    limit_wall: float | None = None

    def as_dict(self):
        """As the JSON has it."""
        return asdict(self)


def speed(name, ours, limit, goal, scale=1.0, unit="s CPU"):
    """How near we come to a limit: ratio = CPU of the limit ÷ ours. Both are lists of clock.Spent, one for each run."""
    return _between(name, ours, limit, goal, scale, unit, lambda mine, bare: bare / mine)


def times(name, ours, limit, goal, scale=1.0, unit="s CPU"):
    """How many times as much as a limit: ratio = our CPU ÷ that of the limit."""
    return _between(name, ours, limit, goal, scale, unit, lambda mine, bare: mine / bare)


def _between(name, ours, limit, goal, scale, unit, ratio):
    mine, bare = middle(ours), middle(limit)
    return Figure(
        name,
        mine.cpu * scale,
        bare.cpu * scale,
        unit,
        median(ratio(one.cpu, other.cpu) for one, other in zip(ours, limit, strict=True)),
        goal,
        mine.wall * scale,
        bare.wall * scale,
    )


def middle(runs):
    """The Spent in the middle, by CPU."""
    return sorted(runs, key=lambda one: one.cpu)[len(runs) // 2]


def alternate(ours, *limits):
    """Measure functions in turn, so that all meet the same machine: a list of what each returns, ours first."""
    rounds = [([limit() for limit in limits], ours()) for _ in range(RUNS)]
    bare = zip(*(found for found, _mine in rounds), strict=True)
    return [[mine for _found, mine in rounds], *map(list, bare)]
