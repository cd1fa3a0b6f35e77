"""What customers bought before the story begins: years of history, so that a customer's worth can be told."""

from datetime import timedelta

from demo import tables
from demo.dealing import YEAR
from demo.house import WORKERS

LOYAL = {"enterprise": 0.92, "midsize": 0.76, "small": 0.45}  # the chance to buy again in a year
YEARS = 4
# How they came to us then: by no channel that campaigns pay for today.
MET = {
    "new": (("visit", "unknown"), ("visit", "direct"), ("call", "direct")),
    "expansion": (("meeting", "direct"), ("call", "direct")),
    "renewal": (("meeting", "direct"), ("call", "direct")),
}
WANTS_MORE, REFUSES = 0.35, 0.8  # of customers in a year that they stay


class Before:
    """Tells it for one customer after another; their deals were ours to win then, and nobody touched them by a campaign."""

    def __init__(self, house, dealing):
        self.house, self.rng, self.dealing = house, house.rng, dealing

    def first_purchase(self):
        """When somebody became a customer."""
        return self.house.start - timedelta(days=self.rng.uniform(70, YEARS * 365))

    def tell(self, firm, person, first):
        """From the first purchase to the beginning of the story, or until the customer stays away.

        Returns when the next year of a customer who still buys is over, None for one who does not.
        """
        hunters = [
            one.key for one in WORKERS.values() if one.kind == "hunter" and firm.territory in one.territories
        ]
        self._deal(firm, person, "new", self.rng.choice(hunters), first, True)
        due = first
        while True:
            due += YEAR
            at = due - timedelta(days=self.rng.uniform(5, 60))
            if at >= self.house.start - timedelta(days=3):
                return due
            if self.rng.random() > LOYAL[firm.segment]:
                return None
            self._deal(firm, person, "renewal", "farmer", at, True)
            for chance, won in ((WANTS_MORE, True), (REFUSES, False)):
                if self.rng.random() < chance:
                    later = at + timedelta(days=self.rng.uniform(5, 200))
                    if later < self.house.start:
                        self._deal(firm, person, "expansion", "farmer", later, won)

    def _deal(self, firm, person, kind, owner, closed, won):
        opened = closed - timedelta(days=min(self.house.some(45, 0.4), 150))
        bargain = self.dealing.start(firm, kind, owner, opened, person)
        bargain.foreign, bargain.partner = None, None
        met = opened - timedelta(days=self.rng.uniform(2, 60))
        how, channel = self.rng.choice(MET[kind])
        self.house.rows.add(tables.Touch(person.number, how, met, channel))
        self.dealing.end(bargain, won, closed)
