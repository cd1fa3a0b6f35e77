"""What is open today: offers that wait, leads that will be routed before your eyes, steps that are due."""

from datetime import timedelta

from demo import tables
from demo.arrivals import Arrival
from demo.house import CALM
from demo.offers import ANSWER
from demo.plan import CAMPAIGNS
from leads import because

CALLERS = ("search", "website", "seo", "brandsearch", "email")


class Openings:
    """Arranges the open ends of a story."""

    def __init__(self, story):
        self.story, self.house, self.rng = story, story.house, story.rng

    def tell(self):
        """All of it."""
        fresh = [self._caller() for _ in range(self.story.size.fresh)]
        for lead in fresh[::8]:
            self._ready(lead, 40)
            lead.route_at = self.house.now
        for lead in fresh[1::3]:
            if lead.stage == "mql":
                self._offered(lead)
        for lead in self.story.passes:
            self._calm(lead)
            self._lead_step(lead)
        for bargain in self.story.dealing.bargains:
            self._deal_step(bargain)

    def _caller(self):
        """Somebody who has just asked for a price, so that the desk has work on a Sunday too."""
        plans = [plan for plan in CAMPAIGNS if plan.key in CALLERS]
        shares = [place.share for place in self.house.world.territories]
        territory = self.rng.choices(range(len(shares)), shares)[0]
        at = self.house.now - timedelta(minutes=self.rng.uniform(60, 900))
        plan = self.rng.choice(plans)
        return self.story.arrive(Arrival(at, territory, plan, str(plan.channel), asks=True))

    def _ready(self, lead, minutes):
        """Ready in the last working minutes."""
        at = self.house.office(0).add(self.house.now, -self.rng.uniform(0.2, minutes))
        at = max(at, lead.first["mql_at"])
        self.story.marketing.make_ready(lead, at)
        return at

    def _offered(self, lead):
        """Offered in the last minutes: whoever raised a hand is answered within the next half an hour."""
        at = self._ready(lead, 6) + timedelta(seconds=4)
        rep = self.house.rep_for(lead.person.territory, self.house.now)
        self.story.offers.open(lead, rep, min(at, self.house.now), "new", because.TURN)

    def _calm(self, lead):
        """Nothing falls due in the first minutes: it was offered later, or somebody has tried."""
        house, offer = self.house, lead.open_offer
        if offer is None:
            return
        soon, hours = house.now + CALM, house.hours_of(offer.rep)
        if offer.accepted_at is None and offer.due < soon:
            self._later(lead, offer, hours)
        elif offer.accepted_at and offer.contacted_at is None and offer.contact_due_at < soon:
            worked = hours.between(offer.accepted_at, min(offer.contact_due_at, house.now))
            at = hours.add(offer.accepted_at, worked * self.rng.uniform(0.3, 0.9))
            at = max(offer.accepted_at, min(at, house.now - timedelta(seconds=1)))
            house.attempt(lead, "call", at, offer.rep, False)

    def _later(self, lead, offer, hours):
        """Offered so late that its time runs out after the calm, or, where the agreed time is shorter, hardly ago."""
        now, allowed = self.house.now, ANSWER[lead.clock(offer.kind, offer.offered_at)]
        first = min(hours.add(now + CALM, 1 - allowed), now - timedelta(minutes=3))
        offer.offered_at = max(offer.offered_at, first + (now - first) * self.rng.random())
        offer.due = hours.add(offer.offered_at, allowed)

    def _lead_step(self, lead):
        offer = lead.open_offer
        if lead.stage == "sql" and offer and offer.contacted_at and self.rng.random() < 0.85:
            self._step(offer.rep, self.rng.choice((0, 0, 0, 1, 1, 2, 3, 5, 8)), contact=lead.person.number)
        if lead.stage in ("deal", "won") and self.rng.random() < 0.5:
            self._done(lead)

    def _deal_step(self, bargain):
        """Open deals have a next step, nearly all of them."""
        if bargain.outcome == "open" and self.rng.random() < 0.9:
            days = self.rng.choice((0, 0, 0, 0, 0, 1, 1, 1, 2, 3, 4, 6, 9, 14))
            self._step(bargain.owner, days, deal=bargain.number)

    def _step(self, owner, days, contact=None, deal=None):
        house = self.house
        local = (house.now + timedelta(days=days)).astimezone(house.zone)
        due = local.replace(
            hour=self.rng.randint(9, 17), minute=self.rng.choice((0, 30)), second=0, microsecond=0
        )
        if due < house.now + CALM:
            due = max(local.replace(hour=23, minute=0, second=0, microsecond=0), house.now + CALM)
        made = house.now - timedelta(days=self.rng.uniform(5, 9))
        house.rows.add(tables.Step(house.word("step"), owner, due, None, contact, deal, made))

    def _done(self, lead):
        offer = next(offer for offer in reversed(lead.offers) if offer.accepted_at)
        made = offer.accepted_at
        done = min(made + timedelta(days=self.rng.uniform(1, 6)), self.house.now)
        self.house.rows.add(
            tables.Step(self.house.word("step"), offer.rep, done, done, lead.person.number, None, made)
        )
