"""What each buying stage means: the first rung that holds for the facts of a company or person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pipeline.models import DealKind
from pipeline.stages import Stage

SOON = timedelta(days=30)
SILENCE = timedelta(days=180)
YEAR = timedelta(days=365)
TALKING = (Stage.SQL, Stage.DEAL)
WITH_US = (Stage.NEW, Stage.MQL, Stage.READY, *TALKING)


class BuyingStage(models.TextChoices):
    """From nobody known to a customer; each is explained by the fact that decides it."""

    UNKNOWN = "unknown", pgettext_lazy("of a customer", "Unknown")
    KNOWN = "known", pgettext_lazy("of a customer", "Known")
    ENGAGED = "engaged", pgettext_lazy("of a customer", "Engaged")
    IN_TALKS = "in_talks", _("In talks")
    ABOUT_TO_BUY = "about_to_buy", _("About to buy")
    CUSTOMER = "customer", _("Customer")
    RENEWAL_DUE = "renewal_due", _("Renewal due")
    QUIET = "quiet", pgettext_lazy("of a customer", "Quiet")
    LOST = "lost", pgettext_lazy("of a customer", "Lost")


Fact = dict[str, Any] | None


@dataclass(frozen=True)
class Facts:
    """The strongest fact of each kind about one company or person at the moment `at`; None where there is none.

    `deal` is open, `ending` a contract to be renewed, `bought` the latest win that was not cancelled in full, `gone` the
    latest loss, `running` a pass, `hand` an unanswered one of grade A; `lasting`: something bought within a year or under
    contract still; `heard_at`: they did something themselves, or we reached them.
    """

    id: int
    at: datetime
    owner: str
    deal: Fact
    ending: Fact
    bought: Fact
    lasting: bool
    gone: Fact
    lost_at: datetime | None
    won_at: datetime | None
    running: Fact
    hand: Fact
    heard_at: datetime | None
    dealer: Fact
    known: bool

    @property
    def is_heard_lately(self):
        return self.heard_at is not None and self.heard_at >= self.at - SILENCE

    @property
    def is_lost(self):
        """Lost, with nothing heard of them and nothing won since."""
        since = [at for at in (self.heard_at, self.won_at) if at is not None]
        return self.lost_at is not None and all(at <= self.lost_at for at in since)

    @property
    def stage(self) -> BuyingStage:
        """The first rung that holds."""
        return next((stage for stage, holds in RUNGS.items() if holds(self)), BuyingStage.UNKNOWN)


# listing.py says the same as an expression, for lists that are narrowed to one stage.
RUNGS = {
    BuyingStage.ABOUT_TO_BUY: lambda its: (its.deal and its.deal["firm"]) or its.hand,
    BuyingStage.IN_TALKS: lambda its: (
        (its.deal and its.deal["kind"] != DealKind.RENEWAL)
        or (its.running and its.running["stage"] in TALKING)
    ),
    BuyingStage.RENEWAL_DUE: lambda its: its.deal or its.ending,
    BuyingStage.CUSTOMER: lambda its: its.lasting or (its.bought and its.is_heard_lately),
    BuyingStage.LOST: lambda its: its.is_lost and not its.running,
    BuyingStage.ENGAGED: lambda its: its.running or its.is_heard_lately,
    BuyingStage.QUIET: lambda its: its.heard_at or its.bought or its.gone,
    BuyingStage.KNOWN: lambda its: its.known,
}
