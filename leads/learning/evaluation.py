"""Judging the pipeline on a table: learn from 70 %, be measured on the 30 % that it has not seen."""

from dataclasses import asdict, dataclass, field

import numpy as np
from sklearn.model_selection import train_test_split

from leads.learning import cells, encoding, fitting, guard, kinds, measures, outcomes
from leads.learning.fitting import Fitted
from leads.learning.kinds import Kind, LeftOut
from leads.learning.tables import Table

LEARNED = 0.7
FEWEST = 20  # wins, and losses, in either part
SEED = 42
RANDOM, TIME, AUTO = "random", "time", "auto"


@dataclass(frozen=True)
class Card:
    """What a model is worth, as it is printed, stored and shown. Shares are fractions.

    `rows` closed rows, `won` of them; `learned` and `judged` how many each part has; `split` random or time, by
    `time` (empty: the order of the rows). `shown`: whether the model is better than chance. `young` closed rows of the
    last `ripe_days` days are left out: wins among them are still missing.
    """

    rows: int
    won: int
    open_rows: int
    learned: int
    judged: int
    split: str
    time: str
    positive: str
    method: str
    boosted_gain: float | None
    auc: float
    auc_low: float
    auc_high: float
    shown: bool
    brier: float
    slope: float
    intercept: float
    calibration_error: float
    bins: list
    lift_10: float
    used: list[dict]
    left_out: list[LeftOut] = field(default_factory=list)
    young: int = 0
    ripe_days: int = 0

    def as_json(self):
        """As it is stored and written to a file."""
        return asdict(self)


@dataclass(frozen=True)
class Prepared:
    """Closed rows in order of time (or as they came), their outcome, and the time column if there is one."""

    table: Table
    won: np.ndarray
    start: np.ndarray | None
    time: str
    left_out: list[LeftOut]
    open_rows: int
    positive: str


def evaluate(table, outcome, time=None, split=AUTO, drop=(), positive=None, seed=SEED):
    """The Card of the pipeline on a tables.Table. Raises ValueError with what is wrong with the table.

    `split` auto: by time where a time column is named or found, at random otherwise; `time` without a time column:
    by the order of the rows.
    """
    ready = prepare(table, outcome, time, drop, positive)
    return judge(ready, split if split != AUTO else (TIME if ready.time else RANDOM), seed)


def judge(ready, split, seed=SEED):
    """The Card of Prepared rows. Raises ValueError where either part has too few wins or losses."""
    learned, judged = _both_parts(ready, split, seed)
    fitted, known, left_out = learn(ready, learned, seed, bands=split == RANDOM)
    return card(ready, fitted, known, left_out, learned, judged, split)


def judge_and_learn(ready, seed=SEED):
    """(Card, the Fitted that it speaks of): judged on the newest rows by the older ones, then learned from all, in the same way.

    Both know the same columns: those that the guard leaves in both of the older rows and of all. Raises as `judge` does.
    """
    learned, judged = _both_parts(ready, TIME, seed)
    older, whole = weigh(ready, learned, seed), weigh(ready, np.arange(ready.table.n), seed)
    names = {kind.column for kind in older.known} & {kind.column for kind in whole.known}
    told = {one.column: one for one in (*older.left_out, *whole.left_out)}
    first = older.learn(seed, names)
    left_out = [one for name, one in told.items() if name not in names]
    told_of = [kind for kind in whole.known if kind.column in names]
    fitted = whole.learn(seed, names, boosted=first.boosted)
    return card(ready, first, told_of, left_out, learned, judged, TIME), fitted


def _both_parts(ready, split, seed):
    """`_parts`, where each has wins and losses enough. Raises ValueError otherwise."""
    _insist_on(ready, np.arange(ready.table.n), fewest=2 * FEWEST)
    parts = _parts(ready, split, seed)
    for part in parts:
        _insist_on(ready, part, fewest=FEWEST)
    return parts


def _insist_on(ready, part, fewest):
    """Raise ValueError where these rows have fewer wins or fewer losses."""
    won, lost = int(ready.won[part].sum()), int((~ready.won[part]).sum())
    if min(won, lost) < fewest:
        raise ValueError(
            f"Too little history: each part needs {FEWEST} rows that were won and {FEWEST} that were not; "
            f"of {won + lost} closed rows {won} were won."
        )


def prepare(table, outcome, time=None, drop=(), positive=None):
    """The Prepared rows of a table: outcome read, open rows set aside, in order of time."""
    for name in [outcome, *([time] if time else []), *drop]:
        if name not in table:
            raise ValueError(f"There is no column “{name}”. There are: {', '.join(table)}.")
    if time in (outcome, *drop):
        raise ValueError(f"“{time}” orders the rows: it can be neither the outcome nor left out.")
    told = outcomes.read(table[outcome], positive)
    rest, left_out = [], [LeftOut(name, "asked") for name in drop]
    for name, column in table.items():
        if name == outcome or name in drop:
            continue
        found = guard.known_only_when_closed(column, told.closed) if name != time else None
        (left_out if found else rest).append(found or column)
    closed = Table(rest, table.n).take(told.closed)
    time, start = _time(closed, time)
    order = np.argsort(start, kind="stable") if time else np.arange(closed.n)
    if time:
        order = order[~np.isnan(start[order])]
        start = start[order]
    won = told.won[told.closed][order]
    open_rows = int((~told.closed).sum())
    return Prepared(closed.take(order), won, start, time, left_out, open_rows, told.positive)


def _time(table, name):
    """(name of the time column, (n,) its seconds); ("", None) where none is named and none found.

    Found is the earliest of the date columns that are filled in nearly everywhere.
    """
    if name:
        sample = table[name].texts[: kinds.SAMPLE]
        form = cells.date_form(sample) or cells.counted_form(sample)
        if form is None:
            raise ValueError(f"The column “{name}” holds no dates.")
        return name, kinds.moments(table[name], form)
    dated = []
    for column in table.values():
        kind = kinds.kind_of(column)
        if isinstance(kind, Kind) and kind.kind == kinds.DATE and column.filled.mean() >= 0.95:
            seconds = kinds.moments(column, kind.form)
            dated.append((float(np.nanmean(seconds)), column.name, seconds))
    return min(dated)[1:] if dated else ("", None)


def _parts(ready, split, seed):
    """(rows learned from, rows judged on): the first 70 % in order, or 70 % of wins and of losses at random."""
    n = ready.table.n
    if split == TIME:
        cut = int(LEARNED * n)
        return np.arange(cut), np.arange(cut, n)
    learned, judged = train_test_split(
        np.arange(n), test_size=1 - LEARNED, random_state=seed, stratify=ready.won
    )
    return np.sort(learned), np.sort(judged)


@dataclass(frozen=True)
class Weighed:
    """Some rows after the guard: their outcome, the Kinds that may be learned from, and the LeftOut columns."""

    table: Table
    won: np.ndarray
    known: list[Kind]
    left_out: list[LeftOut]

    def learn(self, seed, names, boosted=None):
        """The Fitted of the columns `names`; `boosted`: by which method, None for the better one."""
        known = [kind for kind in self.known if kind.column in names]
        return fitting.fit(self.table, self.won, known, seed, boosted=boosted)


def learn(ready, rows, seed=SEED, bands=False):
    """(Fitted, Kinds learned from, LeftOut columns) of some rows; the guard sees no other rows either.

    `bands`: numbers are also read by bands, which follow any shape, but carry the level of a period into the next.
    """
    weighed = weigh(ready, rows, seed)
    fitted = fitting.fit(weighed.table, weighed.won, weighed.known, seed, bands)
    return fitted, weighed.known, weighed.left_out


def weigh(ready, rows, seed=SEED) -> Weighed:
    """Some rows, and what the guard leaves of their columns; it sees no other rows."""
    table, won = ready.table.take(rows), ready.won[rows]
    start = ready.start[rows] if ready.time else None
    fold = encoding.folds(table.n, seed)
    known, left_out = [], list(ready.left_out)
    for name, column in table.items():
        kind = kinds.kind_of(column)
        if isinstance(kind, Kind):
            table[name] = column = kinds.without_stand_ins(column, kind)
            kind = _guarded(column, kind, won, fold, start, ready.time) or kind
        (known if isinstance(kind, Kind) else left_out).append(kind)
    return Weighed(table, won, known, left_out)


def _guarded(column, kind, won, fold, start, time):
    """The LeftOut of a column that leaks, or None. The time column itself is only read for its weekday."""
    if column.name == time:
        return None
    return (
        guard.one_outcome(column, won)
        or (guard.later(column, kind, start, time) if time else None)
        or guard.too_good_alone(column, kind, won, fold)
    )


def card(ready, fitted: Fitted, known, left_out, learned, judged, split):
    """The Card of a fitted model on the rows that it has not seen."""
    won = ready.won[judged]
    odds = fitting.odds(fitted.portable, ready.table.take(judged))
    probability = 1 / (1 + np.exp(-np.clip(odds, -35, 35)))
    reached, calibrated = measures.auc(won, odds), measures.calibration(won, probability)
    return Card(
        rows=ready.table.n,
        won=int(ready.won.sum()),
        open_rows=ready.open_rows,
        learned=len(learned),
        judged=len(judged),
        split=split,
        time=ready.time if split == TIME else "",
        positive=ready.positive,
        method="boosted" if fitted.boosted else "logistic",
        boosted_gain=fitted.gain,
        auc=reached.value,
        auc_low=reached.low,
        auc_high=reached.high,
        shown=reached.informs,
        brier=calibrated.brier,
        slope=calibrated.slope,
        intercept=calibrated.intercept,
        calibration_error=calibrated.error,
        bins=calibrated.bins,
        lift_10=measures.lift(won, odds),
        used=[{"column": kind.column, "kind": kind.kind} for kind in known],
        left_out=left_out,
    )
