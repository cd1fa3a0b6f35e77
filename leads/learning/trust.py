"""Whether the probabilities of a model came true on the leads that judged it, and what changed meanwhile, in words."""

import math
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from ui import formats

FAR = 1 / 3  # of the share won: a calibration that misses by more does not hold
BY_CHANCE = 3  # times what chance alone makes of it
OTHER_TIMES = 1.5  # times as often, or as seldom, as before


@dataclass(frozen=True)
class Trust:
    """The share won of the leads it learned from and of those that judged it, what was predicted for these, how far off it
    was on average; whether the calibration `holds`, and whether wins have `changed` with time. `words` says what does not.
    """

    learned: float
    came: float
    predicted: float
    off: float
    holds: bool
    changed: bool

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
        return [words % told for words, wrong in ((often, self.changed), (fails, not self.holds)) if wrong]


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
    fails = off > FAR * came and off > BY_CHANCE * by_chance
    return Trust(
        learned, came, predicted, off, not fails, card["split"] == "time" and _differ(learned, came, card)
    )


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
