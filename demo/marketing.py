"""The first half of the story: people come, warm up, become MQLs, and the desk makes them ready."""

from datetime import timedelta

from demo.house import CALM
from demo.passes import NotYet
from leads import because, terms
from leads.models import HAND_RAISERS
from pipeline.channels import Channel

# channel: chance of raising a hand, kind of the hand, kinds by which the others come in (warm, cold)
ENTRY = {
    Channel.WEBSITE: (0.2, "demo_request", ("form",), ("visit",)),
    Channel.SEO: (0.07, "quote_request", ("form",), ("visit",)),
    Channel.SEM: (0.12, "quote_request", ("form",), ("click", "visit")),
    Channel.FEED_ADS: (0.03, "demo_request", ("form",), ("click",)),
    Channel.DISPLAY: (0.01, "demo_request", ("form",), ("click",)),
    Channel.CONTENT: (0.03, "demo_request", ("form",), ("visit", "click")),
    Channel.SOCIAL: (0.02, "callback", ("form",), ("click",)),
    Channel.EMAIL: (0.08, "demo_request", ("form",), ("click", "mail")),
    Channel.EXHIBITION: (0.17, "hot_at_booth", ("event",), ("visit",)),
    Channel.OWN_EVENT: (0.2, "demo_request", ("event",), ("visit",)),
    Channel.WEBINAR: (0.06, "demo_request", ("event",), ("click",)),
    Channel.MEDIA_RELATIONS: (0.04, "callback", ("form",), ("visit",)),
    Channel.PR: (0.04, "callback", ("form",), ("visit",)),
    Channel.PARTNER_SWAP: (0.04, "callback", ("form",), ("click",)),
    Channel.DEALER: (0.45, "quote_request", ("form",), ("mail",)),
    Channel.TENDER: (0.85, "quote_request", ("form",), ("mail",)),
    Channel.REFERRAL: (0.4, "callback", ("form",), ("mail",)),
    Channel.DIRECT: (0.15, "demo_request", ("form",), ("visit",)),
    Channel.DIRECT_MAIL: (0.05, "callback", ("form",), ("visit",)),
    Channel.AFFILIATE: (0.05, "quote_request", ("form",), ("click",)),
    Channel.INBOUND_CALL: (0.5, "callback", ("call", "form"), ("visit",)),
    Channel.COLD_CALL: (0.03, "callback", ("form",), ("mail",)),
    Channel.OTHER: (0.02, "callback", ("form",), ("visit",)),
    Channel.UNKNOWN: (0.01, "callback", ("form",), ("mail",)),
}
DROPS = {"student": 3, "spam": 4, "competitor": 2, "duplicate": 3}


class Marketing:
    """Tells what marketing does with a pass; `offers` goes on from a ready lead."""

    def __init__(self, house, offers):
        self.house, self.rng, self.offers = house, house.rng, offers

    def tell(self, lead, asks=False):
        """Tell a pass from its first touch to its end, or to today; one that just `asks` waits for the desk."""
        lead.move("new", lead.at)
        try:
            if asks:
                self._raise_hand(lead, ENTRY[lead.channel][1])
            elif lead.channel == Channel.SALES_OWN:
                self._own_find(lead)
            elif self._warms_up(lead):
                self.desk(lead, lead.first["mql_at"])
            else:
                self._stays_cold(lead)
        except NotYet:
            pass

    # -- coming in ---------------------------------------------------------------------------------------
    def _own_find(self, lead):
        rep = self.house.rep_for(lead.person.territory, lead.at)
        self.house.touch(lead, "call", lead.at, campaign=lead.campaign, track="sales", actor_id=rep)
        self.offers.own(lead, rep, lead.at, "own_find", because.FOUND)

    def _warms_up(self, lead):
        """Bring the person in; True when that makes an MQL."""
        house, good = self.house, lead.letter in "AB"
        hand, raised, warm, cold = ENTRY[lead.channel]
        chance = self.rng.random()
        known = bool(lead.person.firm and lead.person.firm.won) and self.rng.random() < 0.18
        if chance < hand * (0.6 + 0.4 * lead.quality) * (1.15 if good else 0.6) or known:
            self._raise_hand(lead, raised)
        elif good and chance < hand + 0.36 * lead.quality:
            self._note_touch(lead, self.rng.choice(warm))
            self._become_mql(lead, terms.MEETS)
        else:
            self._note_touch(lead, self.rng.choice(cold if good else (*cold, *warm)))
            if not good and self.rng.random() < 0.02 * lead.quality:
                marketer = "marketer3"
                at = house.office(0).add(lead.at, house.some(300))
                lead.move("mql", house.until(at), marketer, house.word("qualified"))
                return True
            return False
        house.come_back(lead, lead.at, int(house.some(4.2, 0.7)), 9)
        return True

    def _raise_hand(self, lead, kind):
        self._note_touch(lead, kind)
        lead.hand_raised_at = lead.at
        self._become_mql(lead, terms.RAISED_A_HAND)

    def _become_mql(self, lead, why):
        """The machine sees it within seconds."""
        at = self.house.until(lead.at + timedelta(seconds=self.rng.uniform(0.6, 5)))
        lead.move("mql", at, None, why)

    def _note_touch(self, lead, kind):
        word = {"form": "form", "callback": "callback", "quote_request": "form", "demo_request": "form"}
        word = "booth" if lead.channel == Channel.EXHIBITION else word.get(kind)
        note = self.house.word(word) if word else ""
        self.house.touch(lead, kind, lead.at, campaign=lead.campaign, note=note)
        if note and kind in (*HAND_RAISERS, "form"):
            lead.attributes["message"] = note

    # -- those who stay cold -----------------------------------------------------------------------------
    def _stays_cold(self, lead):
        """Known but not yet good enough: the desk tidies up now and then."""
        house, rng = self.house, self.rng
        if lead.letter in "CD":
            house.come_back(lead, lead.at, int(house.some(1.6, 0.8)), 25)
        elif rng.random() < 0.5:
            house.touch(lead, "click", lead.at + timedelta(hours=rng.uniform(1, 30)), campaign=lead.campaign)
        at = house.until(house.office(0).add(lead.at, rng.uniform(12, 45) * 480))
        chance = rng.random()
        if lead.person.student or chance < 0.11:
            self.drop(lead, at, "student" if lead.person.student else None)
        elif chance < 0.72:
            lead.move("nurture", at, "marketer3", house.word("cold"))

    def drop(self, lead, at, because=None):
        """Disqualify, with a reason that teaches the rule."""
        because = because or self.house.pick(DROPS)
        lead.because = because
        lead.move("disqualified", at, self.rng.choice(("marketer", "marketer3")), self.house.reasons[because])

    # -- the desk ----------------------------------------------------------------------------------------
    def desk(self, lead, since):
        """Look into an MQL: ready, nurture or out."""
        house, rng = self.house, self.rng
        hand = lead.hand_raised_at is not None
        pile = not hand and rng.random() < 0.35  # the pile that a busy desk gets to days later
        minutes = 24 if hand else 2200 if pile else 150
        at = house.until(house.office(0).add(since, house.some(minutes, 0.8)))
        chance = rng.random() * (1.6 if hand else 1)
        if chance < 0.05 or (lead.person.student and chance < 0.8):
            self.drop(lead, at)
        elif chance < 0.13:
            lead.move("nurture", at, "marketer", house.word("cold"))
            self.wake(lead, at, rng.choice((60, 90, 120)))
        else:
            self.make_ready(lead, at)
            self.offers.offer(lead, at + timedelta(seconds=rng.uniform(1, 6)))

    def make_ready(self, lead, at):
        """Answer the agreed questions and set the grade."""
        house = self.house
        lead.answers = {"need": house.word("need"), "when": house.word("when")}
        lead.desk_due_at, lead.rounds = None, 0
        lead.grade = lead.grade_at(at)
        if self.rng.random() < 0.07:
            lead.grade = {"A": "B", "B": "A", "C": "B", "D": "C"}[lead.grade]
            lead.grade_reason = house.word("grade")
        marketer = self.rng.choice(("marketer", "marketer", "marketer2", "marketer3"))
        lead.move("ready", at, marketer)

    def enrich(self, lead, at):
        """Back from sales to put right: wrong person or bad data."""
        house = self.house
        done = self.in_time(lead, at, house.some(1300, 0.6))
        if self.rng.random() < 0.3:
            lead.desk_due_at = None
            self.drop(lead, done, "bad_data")
        else:
            self.make_ready(lead, done)
            self.offers.offer(lead, done + timedelta(seconds=3))

    def in_time(self, lead, at, minutes):
        """When the desk puts right what came back at `at`: nothing of that is late when the story ends."""
        house, office = self.house, self.house.office(0)
        done = office.add(at, minutes)
        if done >= house.now and lead.desk_due_at < house.now + CALM:
            done = office.add(at, office.between(at, house.now) * self.rng.uniform(0.4, 0.9))
        return house.until(done)

    def wake(self, lead, at, days):
        """Sleep for some days; then the desk looks again."""
        lead.wake_at = at + timedelta(days=days, hours=self.rng.uniform(-3, 3))
        if lead.wake_at >= self.house.now:
            raise NotYet
        woken, lead.wake_at = lead.wake_at, None
        if self.rng.random() < 0.35:
            self.house.touch(lead, "mail", woken, Channel.EMAIL)
            lead.move("mql", woken + timedelta(minutes=2), None, terms.WOKE_UP)
            self.desk(lead, woken)
        elif self.rng.random() < 0.4:
            self.drop(lead, self.house.until(self.house.office(0).add(woken, 900)))
