"""What was learned, as plain numbers: kept as JSON, read without any library, the same for one lead or a million."""

import math
from bisect import bisect_left
from dataclasses import asdict, dataclass, field

from leads.learning import cells

SURE = 35.0  # log-odds beyond which nothing can be told apart


@dataclass
class Feature:
    """One reading of a column as a number: log-odds of a word, weekday, hour or band, or a standardised amount.

    `nothing` are texts that stand for nothing in this column (999); `table` holds the log-odds against the average by
    key, `missing` those of nothing; a key never met before counts as average, 0. An amount is cut to `low`…`high`.
    """

    column: str
    reading: str
    form: str = ""
    nothing: tuple = ()
    edges: tuple = ()
    logs: bool = False
    low: float = 0.0
    high: float = 0.0
    center: float = 0.0
    scale: float = 1.0
    table: dict = field(default_factory=dict)
    missing: float = 0.0

    def key(self, text):
        """The key of the table for a text, None for nothing. For an amount: the standardised number."""
        if text is None or text in self.nothing:
            return None
        if self.reading == "word":
            return text.casefold()[:200]
        if self.reading in ("weekday", "hour"):
            when = cells.moment(text, self.form)
            return None if when is None else str(when.weekday() if self.reading == "weekday" else when.hour)
        number = cells.number(text)
        if number is None:
            return None
        return str(bisect_left(self.edges, number)) if self.reading == "band" else self._amount(number)

    def value(self, text):
        """The number that a model weighs."""
        key = self.key(text)
        if key is None:
            return self.missing
        return key if self.reading == "amount" else self.table.get(key, 0.0)

    def _amount(self, number):
        number = min(max(number, self.low), self.high)
        return ((math.log1p(number) if self.logs else number) - self.center) / self.scale


@dataclass(frozen=True)
class Reason:
    """A column that speaks for a win (`odds` above 0) or against it, with what stands in it (None: nothing)."""

    column: str
    text: str | None
    odds: float


@dataclass
class Portable:
    """A learned model. log-odds = slope·(base + Σ weight·value, or base + Σ of the trees' leaves) + intercept.

    A tree is {feature, threshold, left, right, value}, lists by node; feature −1 marks a leaf. `means` are the
    averages of the values, against which reasons are told.
    """

    features: list[Feature]
    base: float
    slope: float = 1.0
    intercept: float = 0.0
    weights: list[float] = field(default_factory=list)
    means: list[float] = field(default_factory=list)
    trees: list[dict] = field(default_factory=list)

    def as_json(self):
        """As it is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, told):
        """Out of the store again."""
        features = [
            Feature(**{**one, "nothing": tuple(one["nothing"]), "edges": tuple(one["edges"])})
            for one in told["features"]
        ]
        return cls(**{**told, "features": features})

    @property
    def columns(self):
        """The names of the columns that the model reads, each once."""
        return list(dict.fromkeys(feature.column for feature in self.features))

    def probability(self, row):
        """The probability of a win for a row {column: text or None}."""
        odds = self.slope * (self.base + sum(self._parts(row))) + self.intercept
        return 1 / (1 + math.exp(-min(max(odds, -SURE), SURE)))

    def reasons(self, row, most=5):
        """The columns that weigh most for this row, strongest first, in log-odds against the average lead."""
        sums = dict.fromkeys(self.columns, 0.0)
        averages = self._averages()
        for feature, part, average in zip(self.features, self._parts(row), averages, strict=True):
            sums[feature.column] += self.slope * (part - average)
        told = [
            Reason(name, cells.text(row.get(name)), odds) for name, odds in sums.items() if abs(odds) > 0.005
        ]
        return sorted(told, key=lambda reason: -abs(reason.odds))[:most]

    def _parts(self, row):
        """What each feature adds to the log-odds of a row."""
        said = {name: cells.text(row.get(name)) for name in self.columns}
        values = [feature.value(said[feature.column]) for feature in self.features]
        if not self.trees:
            return [weight * value for weight, value in zip(self.weights, values, strict=True)]
        parts = [0.0] * len(values)
        for tree in self.trees:
            _walk(tree, values, parts)
        return parts

    def _averages(self):
        if self.trees:
            return [0.0] * len(self.features)
        return [weight * mean for weight, mean in zip(self.weights, self.means, strict=True)]


def _walk(tree, values, parts):
    """Add what each step down a tree changes to the feature that was asked (Saabas' way of telling reasons)."""
    node = 0
    while (asked := tree["feature"][node]) >= 0:
        side = "left" if values[asked] <= tree["threshold"][node] else "right"
        below = tree[side][node]
        parts[asked] += tree["value"][below] - tree["value"][node]
        node = below
