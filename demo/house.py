"""What every part of the story shares: today, chance, words, offices, campaigns in the air, and touches."""

import math
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from demo import tables
from demo.passes import NotYet
from demo.plan import LEFT, REPS, SPAN
from demo.rows import Rows
from leads.reference import WEIGHTS
from pipeline.channels import Channel

CALM = timedelta(minutes=50)  # after today in which nothing runs out
WORKERS = {worker.key: worker for worker in REPS}
# How people come back once they know us: channel of a campaign in the air → kinds of touches
COMES_BACK = {
    Channel.EMAIL: ("click", "mail"),
    Channel.WEBINAR: ("event",),
    Channel.CONTENT: ("form", "visit"),
    Channel.SEM: ("click", "visit"),
    Channel.SEO: ("visit",),
    Channel.WEBSITE: ("visit", "visit", "form"),
    Channel.FEED_ADS: ("click",),
    Channel.DISPLAY: ("click",),
    Channel.SOCIAL: ("click", "feedback"),
    Channel.OWN_EVENT: ("event",),
}
BACK_WEIGHT = {
    Channel.EMAIL: 7,
    Channel.SEO: 7,
    Channel.SEM: 7,
    Channel.WEBINAR: 5,
    Channel.CONTENT: 8,
    Channel.WEBSITE: 16,
    Channel.OWN_EVENT: 3,
}


class House:
    """The firm of the story between `start` and `now`."""

    def __init__(self, world, rng, now, offices, reasons):
        """`offices` are the working hours of each territory, `reasons` the words for the codes of reasons."""
        self.world, self.rng, self.now, self.offices, self.reasons = world, rng, now, offices, reasons
        self.start = now - timedelta(days=SPAN)
        self.left = now - timedelta(days=LEFT, hours=3)
        self.rows = Rows()
        self.zone = ZoneInfo(world.zone)
        self.dearer = (now - timedelta(days=320)).date()  # from that day products cost us more
        self.rates = self._rates()
        self.in_the_air = {}
        self.turns = {}

    def _rates(self):
        """What one unit of each foreign currency is worth, quarter by quarter."""
        days = [self.start.date() - timedelta(days=100 - 92 * quarter) for quarter in range(8)]
        return {
            currency: [(day, Decimal(f"{value * self.rng.uniform(0.96, 1.04):.4f}")) for day in days]
            for currency, value in self.world.foreign
        }

    def rate(self, currency, on):
        """The newest rate that is not after a day."""
        return [rate for day, rate in self.rates[currency] if day <= on][-1]

    # -- chance and words --------------------------------------------------------------------------------
    def word(self, kind):
        """One of the world's phrases of a kind."""
        return self.rng.choice(self.world.words[kind])

    def some(self, median, sigma=0.7):
        """A positive number around `median`, with a long tail."""
        return median * math.exp(self.rng.gauss(0, sigma))

    def pick(self, weights):
        """A key of {key: weight}."""
        return self.rng.choices(tuple(weights), tuple(weights.values()))[0]

    def until(self, at):
        """Pass `at` on, unless it lies after today."""
        if at >= self.now:
            raise NotYet
        return at

    # -- people and their hours --------------------------------------------------------------------------
    def office(self, territory):
        """The working hours of a territory."""
        return self.offices[territory]

    def hours_of(self, rep):
        """The working hours of a rep (anybody else works at the headquarters)."""
        return self.offices[WORKERS[rep].territories[0] if rep in WORKERS else 0]

    def fair_over(self, plan, rep):
        """When the clocks of a fair's leads start for a rep, a working day after its last day; None for any other plan."""
        if plan is None or not plan.fair:
            return None
        _first, last = plan.days(self.now.astimezone(self.zone).date())
        over = datetime.combine(last + timedelta(days=1), time(), self.zone)
        return self.hours_of(rep).add(over, 480)

    def rep_for(self, territory, at, tried=()):
        """The hunter who is next in turn for a territory at a time."""
        able = [
            worker for worker in REPS
            if territory in worker.territories and worker.kind == "hunter"
            and (worker.key != "leaver" or at < self.left - timedelta(days=25))
        ]  # fmt: skip
        fresh = [worker for worker in able if worker.key not in tried] or able
        worker = min(fresh, key=lambda worker: self.turns.get(worker.key, 0))
        self.turns[worker.key] = self.turns.get(worker.key, 0) + 1 / worker.weight
        return worker.key

    # -- touches -----------------------------------------------------------------------------------------
    def touch(self, lead, kind, at, channel=None, campaign=None, **more):
        """Note a touch, and its warmth, unless we only tried."""
        if at >= self.now:
            return
        if not more.get("outbound") or more.get("reached"):
            lead.warmth.append((at, WEIGHTS.get(kind, (0, 0))[0]))
        self.rows.add(tables.Touch(lead.person.number, kind, at, channel or lead.channel, campaign, **more))

    def attempt(self, lead, kind, at, rep, reached):
        """A rep's try to reach somebody."""
        if at < self.now and lead.open_offer:
            lead.open_offer.tried(at)
        note = self.word({"call": "call", "mail": "mail"}.get(kind, "meeting") if reached else "missed")
        channel = {"call": Channel.DIRECT, "mail": Channel.EMAIL}.get(kind, Channel.DIRECT)
        self.touch(
            lead, kind, at, channel, track="sales", outbound=True, reached=reached, actor_id=rep, note=note
        )

    def come_back(self, lead, first, times, spread=6.0):
        """The person meets us again, by whatever campaign is in the air then."""
        at = first
        for _ in range(times):
            at = at + timedelta(days=self.rng.expovariate(1 / spread) + 0.02)
            if at >= self.now:
                return
            choices = self.in_the_air.get((at.date() - self.start.date()).days // 7)
            if not choices:
                continue
            plan, campaign = self.rng.choice(choices)
            kind = self.rng.choice(COMES_BACK[plan.channel])
            self.touch(lead, kind, at, plan.channel, campaign)
