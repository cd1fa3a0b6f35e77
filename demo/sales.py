"""What comes of an accepted lead: first contact, talks, a deal, or back it goes."""

from datetime import timedelta

from demo.house import WORKERS
from demo.passes import PROTECTION
from leads import because
from leads.models.agreement import default_attempts, default_contact_minutes

CONTACT, ATTEMPTS = default_contact_minutes(), default_attempts()
DEALS = {"A": 0.22, "B": 0.15, "C": 0.095, "D": 0.05}


class Sales:
    """Tells what a rep does with a lead; `dealing` closes, `marketing` and `offers` take back."""

    def __init__(self, house, dealing, offers):
        self.house, self.rng, self.dealing, self.offers = house, house.rng, dealing, offers
        self.marketing = None

    def accept(self, lead, offer, at):
        """Take it, make contact, work it."""
        house, rep = self.house, offer.rep
        offer.accepted_at = at
        lead.move("sql", at, rep)
        lead.rounds = 0
        if lead.person.firm:
            lead.person.firm.holder = rep
        allowed = CONTACT[lead.clock(offer.kind)]
        hours, start = house.hours_of(rep), max(at, offer.begins or at)
        offer.contact_due_at = hours.add(start, allowed)
        slow = 0.27 + 0.6 * WORKERS[rep].pace
        first = house.until(hours.add(start, house.some(allowed * slow, 0.7)))
        reached = self._attempts(lead, offer, first)
        if reached is None:
            self._let_go(lead, house.until(hours.add(first, 5 * 480)))
        else:
            self._work(lead, offer, reached)

    def _attempts(self, lead, offer, first):
        """Try until somebody answers. Returns when that was, or None."""
        house, at = self.house, first
        hours = house.hours_of(offer.rep)
        for number in range(ATTEMPTS[offer.grade] + 1):
            reached = self.rng.random() < 0.52 or self._gone(offer.rep, at)
            house.attempt(lead, "call" if number % 3 != 1 else "mail", at, offer.rep, reached)
            if reached:
                return at
            at = house.until(hours.add(at, house.some(700, 0.6)))
        return None

    def _gone(self, rep, at):
        return rep == "leaver" and at > self.house.left - timedelta(days=9)

    def _work(self, lead, offer, at):
        """Talk for days or weeks, then decide."""
        house = self.house
        decided = house.hours_of(offer.rep).add(at, min(house.some(9, 0.6), 32) * 480)
        if offer.rep == "leaver" and at < house.left <= decided:
            self._keep_in_touch(lead, offer.rep, at, house.left)
            self._pass_on(lead, offer)
            return
        self._keep_in_touch(lead, offer.rep, at, decided)
        house.until(decided)
        chance = DEALS[offer.grade] * (0.6 + 0.4 * lead.quality)
        if lead.person.firm and self.rng.random() < chance * 0.8:
            self.dealing.open(lead, offer, decided)
        else:
            self._let_go(lead, decided)

    def _keep_in_touch(self, lead, rep, start, end):
        house, at = self.house, start
        while True:
            at = house.hours_of(rep).add(at, house.some(5, 0.5) * 480)
            if at >= min(end, house.now):
                return
            kind = house.pick({"call": 5, "mail": 5, "meeting": 2})
            house.attempt(lead, kind, at, rep, kind != "call" or self.rng.random() < 0.7)

    def _pass_on(self, lead, offer):
        """The rep left: the lead goes back and on to another."""
        house, left = self.house, self.house.left
        lead.leave(left, "released")
        lead.move("ready", left, "admin", because.LEFT)
        rep = house.rep_for(lead.person.territory, left)
        taken, start, allowed = self.offers.open(lead, rep, left + timedelta(seconds=4), "new", because.TURN)
        minutes = min(house.some(120), allowed * 0.9)
        self.accept(lead, taken, house.until(house.hours_of(rep).add(start, minutes)))

    def _let_go(self, lead, at):
        """No deal for now: nurture, out, or the pool after a rest."""
        house, chance, rep = self.house, self.rng.random(), lead.owner
        lead.leave(at, "released")
        if chance < 0.16:
            lead.because = house.pick({"spam": 1, "competitor": 2, "student": 1, "no_need": 6})
            lead.move("disqualified", at, rep, house.reasons.get(lead.because) or house.word("stay"))
            return
        lead.move("nurture", at, rep, house.word("stay"))
        if chance < 0.28 and lead.grade != "A":
            self.offers.pool(lead, at + PROTECTION)
        elif chance < 0.72:
            self.marketing.wake(lead, at, self.rng.choice((90, 120, 180)))
