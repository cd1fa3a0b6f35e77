"""How good a probability is: AUC with its interval, calibration, lift. All over arrays of one length."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata
from sklearn.linear_model import LogisticRegression

Z95 = 1.959963984540054


@dataclass(frozen=True)
class Auc:
    """The chance that a won row is ranked above a lost one, with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def informs(self):
        """Better than chance: the interval lies above one half, and the gain is worth showing."""
        return self.low > 0.5 and self.value >= 0.55


def auc(won, score) -> Auc:
    """The Auc of `score` for `won` (bool); the variance is DeLong's (1988), by ranks (Sun and Xu, 2014).

    The interval is taken on the logit scale, so that it stays within 0 and 1.
    """
    ours, theirs = _placements(won, score)
    value = float(ours.mean()) if ours.size else math.nan
    if ours.size < 2 or theirs.size < 2:
        return Auc(value, 0.0, 1.0)
    variance = ours.var(ddof=1) / ours.size + theirs.var(ddof=1) / theirs.size
    if not 0 < value < 1:
        return Auc(value, value, value)
    around, width = math.log(value / (1 - value)), Z95 * math.sqrt(variance) / (value * (1 - value))
    return Auc(value, _sigmoid(around - width), _sigmoid(around + width))


def gain(won, one, other):
    """(AUC of `one` − AUC of `other`, its standard error): DeLong's paired comparison."""
    (ours, theirs), (ours2, theirs2) = _placements(won, one), _placements(won, other)
    error = (ours - ours2).var(ddof=1) / ours.size + (theirs - theirs2).var(ddof=1) / theirs.size
    return float(ours.mean() - ours2.mean()), math.sqrt(error)


def _placements(won, score):
    """For each won row the share of lost rows below it, for each lost row the share of won rows above it."""
    won = np.asarray(won, dtype=bool)
    score = np.asarray(score, dtype=float)
    ranks = rankdata(score)
    wins, losses = int(won.sum()), int((~won).sum())
    if not wins or not losses:
        return np.empty(0), np.empty(0)
    ours = (ranks[won] - rankdata(score[won])) / losses
    theirs = 1 - (ranks[~won] - rankdata(score[~won])) / wins
    return ours, theirs


@dataclass(frozen=True)
class Calibration:
    """Brier score; slope and intercept of a logistic fit to the predicted log-odds (1 and 0 are perfect);
    expected calibration error over ten groups of equal size; bins as (mean predicted, share won, rows)."""

    brier: float
    slope: float
    intercept: float
    error: float
    bins: list[tuple[float, float, int]]


def calibration(won, probability) -> Calibration:
    """The Calibration of `probability` (n,) for `won` (n,) bool."""
    won, probability = np.asarray(won, dtype=float), np.clip(probability, 1e-6, 1 - 1e-6)
    groups = [rows for rows in np.array_split(np.argsort(probability, kind="stable"), 10) if rows.size]
    bins = [(float(probability[rows].mean()), float(won[rows].mean()), int(rows.size)) for rows in groups]
    slope, intercept = logistic_line(np.log(probability / (1 - probability)), won)
    return Calibration(
        brier=float(((probability - won) ** 2).mean()),
        slope=slope,
        intercept=intercept,
        error=sum(abs(p - share) * n for p, share, n in bins) / won.size,
        bins=bins,
    )


def logistic_line(odds, won):
    """(slope, intercept) of won ~ sigmoid(slope·odds + intercept), with a hair of ridge; flat where all are alike."""
    won = np.asarray(won, dtype=bool)
    if won.all() or not won.any():
        share = np.clip(won.mean(), 1e-6, 1 - 1e-6)
        return 0.0, float(np.log(share / (1 - share)))
    line = LogisticRegression(C=1e4, max_iter=1000).fit(np.asarray(odds)[:, None], won)
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def lift(won, score, share=0.1):
    """How many times the average share of wins the best-scored `share` of rows has."""
    won = np.asarray(won, dtype=float)
    best = np.argsort(-np.asarray(score), kind="stable")[: max(1, round(share * won.size))]
    return float(won[best].mean() / won.mean()) if won.any() else math.nan


def _sigmoid(value):
    return 1 / (1 + math.exp(-value))
