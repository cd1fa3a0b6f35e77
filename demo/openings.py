"""What is open today: offers that wait, leads that will be routed before your eyes, steps that are due."""

from datetime import timedelta

from demo import tables
from demo.arrivals import Arrival
from demo.passes import Offer
from demo.plan import CAMPAIGNS
from leads import because
from leads.models.agreement import default_answer_minutes

ANSWER = default_answer_minutes()
CALM = timedelta(minutes=50)  # in which nothing runs out
CALLERS = ("search", "website", "seo", "brandsearch", "email")


class Openings:
    """Arranges the open ends of a story."""

    def __init__(self, story):
        self.story, self.house, self.rng = story, story.house, story.rng

    def tell(self):
        """All of it."""
        fresh = [self._caller() for _ in range(self.story.size.fresh)]
        for lead in fresh[::8]:
            self._ready(lead)
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

    def _ready(self, lead):
        at = max(self.house.office(0).add(self.house.now, -self.rng.uniform(6, 40)), lead.first["mql_at"])
        self.story.marketing.make_ready(lead, at)
        return at

    def _offered(self, lead):
        """Offered in the last working hour; the answer is due some hours from now."""
        house = self.house
        at = self._ready(lead) + timedelta(seconds=4)
        rep = house.rep_for(lead.person.territory, house.now)
        grade = lead.grade_at(at)
        due = house.hours_of(rep).add(at, ANSWER[lead.clock("new", at)])
        lead.take(Offer(rep, "new", grade, at, due, because.TURN))

    def _calm(self, lead):
        """Nothing falls due in the first minutes."""
        house, offer = self.house, lead.open_offer
        if offer is None:
            return
        soon = house.now + CALM
        if offer.accepted_at is None and offer.due < soon:
            offer.due = max(house.hours_of(offer.rep).add(house.now, self.rng.uniform(60, 400)), soon)
        elif offer.accepted_at and offer.contacted_at is None and offer.contact_due_at < soon:
            offer.contact_due_at = max(house.hours_of(offer.rep).add(house.now, 60), soon)

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
