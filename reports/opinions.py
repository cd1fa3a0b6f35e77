"""What every model of attribution says of the same deals, side by side: nobody should mistake a model for the truth."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

MEASURES = {
    "revenue": _("Revenue"),
    "margin": _("Margin"),
    "credited": _("Won deals"),
    "open_pipeline": _("Open pipeline"),
    "open_credited": _("Open deals"),
}  # of reports.money.Money
OPEN = {"open_pipeline", "open_credited"}  # of deals that are open
COUNTS = {"credited", "open_credited"}  # shares of deals; the rest is money


@dataclass(frozen=True)
class Opinions:
    """What each model gives one channel or campaign; None where it gives nothing."""

    key: object
    said: dict[str, Decimal | None]

    @property
    def least(self):
        """The smallest of what is said, a model that says nothing saying 0."""
        return min(value or Decimal(0) for value in self.said.values())

    @property
    def most(self):
        """The largest of what is said."""
        return max(value or Decimal(0) for value in self.said.values())

    @property
    def spread(self):
        """How far they lie apart, as a share of the most; None where the most is nothing."""
        return (self.most - self.least) / self.most if self.most > 0 else None


def by_channel(found, measure):
    """The Opinions of every credited channel, the most of the first model first; `found` is {model: Returns}."""
    return _side_by_side({model: one.channels() for model, one in found.items()}, measure)


def by_campaign(found, measure):
    """The Opinions of every credited campaign, by its Line."""
    lines = {line.campaign: line for one in found.values() for line in one.lines if line.campaign}
    money = {
        model: {line.campaign: line.money for line in one.lines if line.campaign}
        for model, one in found.items()
    }
    return [Opinions(lines[one.key], one.said) for one in _side_by_side(money, measure)]


def _side_by_side(monies, measure):
    keys = dict.fromkeys(key for money in monies.values() for key in money)
    rows = [
        Opinions(
            key,
            {
                model: getattr(money[key], measure) if key in money else None
                for model, money in monies.items()
            },
        )
        for key in keys
    ]
    return sorted((row for row in rows if row.most or row.least), key=lambda row: (-row.most, str(row.key)))
