"""Whether the probabilities of a model came true on the leads that judged it, and what changed meanwhile, in words."""

import math
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from leads import proportions
from ui import formats

FAR = 1 / 3  # of the share won: a calibration that misses by more does not hold
BY_CHANCE = 3  # times what chance alone makes of it
OTHER_TIMES = 1.5  # times as often, or as seldom, as before
Z = 2.576  # 99 %: a model is judged every week


@dataclass(frozen=True)
class Best:
    """The tenth of the leads with the highest probability, upon which people act: predicted, won, and the 99 % interval of that."""

    predicted: float
    came: float
    low: float
    high: float

    @property
    def holds(self):
        """Whether what was predicted is among what may have come true, or not far from what did."""
        return self.low <= self.predicted <= self.high or abs(self.came - self.predicted) <= FAR * self.came


@dataclass(frozen=True)
class Trust:
    """The share won of the leads it learned from and of those that judged it, what was predicted for these, how far off it
    was on average, and the `best` tenth; whether the calibration `holds`, on average and there, and whether wins have
    `changed` with time. `words` says what does not.
    """

    learned: float
    came: float
    predicted: float
    off: float
    holds: bool
    changed: bool
    best: Best
    on_average: bool

    @property
    def words(self) -> list[str]:
        """Sentences of what is wrong, none where nothing is."""
        told = {
            name: formats.percent(getattr(self, name)) for name in ("learned", "came", "predicted", "off")
        }
        often = (
            _("The newest leads win more often than those it learned from: %(came)s against %(learned)s.")
            if self.came > self.learned
            else _(
                "The newest leads win less often than those it learned from: %(came)s against %(learned)s."
            )
        )
        fails = _(
            "The calibration does not hold on the newest leads: %(predicted)s were predicted to win and %(came)s did, "
            "off by %(off)s on average. Go by the order of the leads, not by the number."
        )
        wrong = ((often, self.changed), (fails, not self.on_average))
        found = [words % told for words, is_so in wrong if is_so]
        return found if self.holds or not self.on_average else [*found, self._of_the_best()]

    def _of_the_best(self):
        told = {name: formats.percent(share) for name, share in asdict(self.best).items()}
        return (
            _(
                "The best tenth does not come true on the newest leads: %(predicted)s were predicted to win and %(came)s did "
                "(99%% interval %(low)s to %(high)s). Go by the order of the leads, not by the number."
            )
            % told
        )


def of(card) -> Trust:
    """The Trust in the model of a card, as evaluation.Card tells it (`as_json`)."""
    bins, judged = card["bins"], card["judged"]
    predicted = sum(chance * rows for chance, _won, rows in bins) / judged
    came = sum(won * rows for _chance, won, rows in bins) / judged
    learned = (card["won"] - came * judged) / card["learned"]
    by_chance = (
        sum(math.sqrt(2 / math.pi * chance * (1 - chance) * rows) for chance, _won, rows in bins) / judged
    )
    off = card["calibration_error"]
    on_average = off <= FAR * came or off <= BY_CHANCE * by_chance
    chance, won, rows = max(bins)
    best = Best(chance, won, *proportions.interval(won * rows, rows, Z))
    changed = card["split"] == "time" and _differ(learned, came, card)
    return Trust(learned, came, predicted, off, on_average and best.holds, changed, best, on_average)


def told(card):
    """The Trust as plain values with its words."""
    found = of(card)
    return {**asdict(found), "words": found.words}


def _differ(learned, came, card):
    """Whether two shares are apart by half and by more than chance."""
    if not OTHER_TIMES * min(learned, came) <= max(learned, came):
        return False
    whole = card["won"] / card["rows"]
    error = math.sqrt(whole * (1 - whole) * (1 / card["learned"] + 1 / card["judged"]))
    return abs(came - learned) > BY_CHANCE * error
