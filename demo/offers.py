"""Offers: whom a ready lead goes to, what they answer, and the pool."""

from datetime import timedelta

from demo.house import WORKERS
from demo.passes import Offer
from leads import because
from leads.models.agreement import default_answer_minutes
from leads.reference import RETURN_REASONS

ANSWER = default_answer_minutes()
ACCEPTS = {"A": 0.62, "B": 0.48, "C": 0.36, "D": 0.24}
WHY = {
    "not_ready": 26, "no_budget": 18, "wrong_person": 12, "bad_data": 9, "wrong_region": 6, "wrong_product": 7,
    "duplicate": 5, "customer": 4, "spam": 4, "competitor": 4, "student": 2,
}  # fmt: skip
GOES_TO = {code: str(destination) for code, _, destination, _ in RETURN_REASONS}
DESK = 2 * 480  # working minutes in which the desk puts right what came back
OFFERS = 3  # to reps in turn; then the team lead is asked


class Offers:
    """Tells who is offered what; `sales` goes on from an acceptance, `marketing` takes back what is returned."""

    def __init__(self, house):
        self.house, self.rng = house, house.rng
        self.sales = self.marketing = None

    def offer(self, lead, at):
        """Offer a ready lead until somebody takes it, somebody returns it, or the pool has it."""
        firm = lead.person.firm
        if firm and firm.won and firm.owner and self.rng.random() < 0.8:
            self._unless_answered(lead, self._ask(lead, firm.owner, at, "inquiry", because.ACCOUNT))
            return
        tried = set()
        while lead.rounds < OFFERS:
            same = self._same_rep(lead, tried)
            rep = same or self.house.rep_for(lead.person.territory, at, tried)
            tried.add(rep)
            at = self._ask(lead, rep, at, "new", because.JOINED if same else because.TURN)
            if at is None:
                return
        self._team_lead(lead, at)

    def _unless_answered(self, lead, at):
        """An account's owner who did not answer by `at` leaves the lead to the team lead."""
        if at is not None:
            self._team_lead(lead, at)

    def _same_rep(self, lead, tried):
        """A second lead of a company in somebody's hands goes to the same rep."""
        holder = lead.person.firm and lead.person.firm.holder
        again = holder and holder not in tried and holder != "leaver"
        return holder if again and self.rng.random() < 0.8 else None

    def open(self, lead, rep, at, kind, why, **more):
        """Put an offer into a rep's hands. Returns it, when its clock starts and its minutes."""
        grade = lead.grade_at(at)
        allowed = ANSWER[lead.clock(kind, at)]
        hours, begins = self.house.hours_of(rep), self.house.fair_over(lead.plan, rep)
        start = max(at, begins) if begins else at
        offer = Offer(
            rep, kind, grade, at, hours.add(start, allowed), why, round=lead.rounds + 1, begins=begins, **more
        )
        lead.take(offer)
        return offer, start, allowed

    def _ask(self, lead, rep, at, kind, why):
        """One offer. Returns when the next one is due, or None when the story went on elsewhere."""
        house = self.house
        offer, start, allowed = self.open(lead, rep, at, kind, why)
        minutes = house.some(allowed * WORKERS[rep].pace, 0.65)
        if minutes >= allowed:
            return self._expire(lead, offer)
        answered = house.until(house.hours_of(rep).add(start, max(minutes, 0.5)))
        if kind == "inquiry" or self.rng.random() < ACCEPTS[offer.grade] * (0.8 + 0.2 * lead.quality):
            self.sales.accept(lead, offer, answered)
            return None
        return self._return(lead, offer, answered)

    def _expire(self, lead, offer):
        at = self.house.until(offer.due) + timedelta(seconds=self.rng.uniform(1, 5))
        lead.leave(at, "expired")
        lead.rounds += 1
        return at + timedelta(seconds=2)

    # -- returned ----------------------------------------------------------------------------------------
    def _return(self, lead, offer, at):
        """Give it back with a reason. Returns as `_ask` does."""
        bought = lead.person.firm and lead.person.firm.won
        reason = "student" if lead.person.student else self.house.pick(WHY)
        if bought or reason == "customer":
            reason = "customer" if bought else "not_ready"
        lead.leave(at, "returned")
        offer.reason = reason
        offer.note = self.house.word("return") if self.rng.random() < 0.5 else ""
        if GOES_TO[reason] == "route":
            return at + timedelta(seconds=3)
        if GOES_TO[reason] == "account_owner":
            owner = lead.person.firm.owner or "farmer"
            again = self._ask(lead, owner, at + timedelta(seconds=3), "inquiry", because.ACCOUNT)
            self._unless_answered(lead, again)
        else:
            self._send_back(lead, offer, at)
        return None

    def _send_back(self, lead, offer, at):
        house, goes, words = self.house, GOES_TO[offer.reason], self.house.reasons[offer.reason]
        lead.rounds = 0
        if goes == "nurture":
            lead.move("nurture", at, offer.rep, words)
            self.marketing.wake(lead, at, 90)
        elif goes == "disqualify":
            lead.because = offer.reason
            lead.move("disqualified", at, offer.rep, words)
        else:
            lead.move("mql", at, offer.rep, words)
            lead.desk_due_at = house.office(0).add(at, DESK)
            if goes == "merge":
                self.marketing.drop(lead, self.marketing.in_time(lead, at, house.some(200)), "duplicate")
            else:
                self.marketing.enrich(lead, at)

    # -- nobody answered ---------------------------------------------------------------------------------
    def _team_lead(self, lead, at):
        """The team lead gives it to somebody, or lets it run out too: then the pool has it, unless it is too good."""
        house = self.house
        head = "head.sales" if lead.person.territory == 2 else "manager"
        offer, start, allowed = self.open(lead, head, at, "new", because.UNANSWERED)
        if offer.grade != "A" and self.rng.random() < 0.4:
            at = self._expire(lead, offer)
            self.pool(lead, at)
            return
        at = house.until(house.hours_of(head).add(start, allowed * self.rng.uniform(0.1, 0.9)))
        lead.leave(at, "reassigned")
        rep = house.rep_for(lead.person.territory, at)
        offer, start, allowed = self.open(lead, rep, at, "new", because.CHOSEN, by=head)
        self.sales.accept(lead, offer, house.until(house.hours_of(rep).add(start, allowed * 0.3)))

    def pool(self, lead, at):
        """Wait in the pool (from `at`, which may lie ahead) until a rep claims it or the desk takes it back."""
        house = self.house
        lead.pooled_at, lead.rounds, lead.owner = at, 0, None
        house.until(at)
        if self.rng.random() < 0.5:
            claimed = house.until(house.office(0).add(at, self.rng.uniform(1, 25) * 480))
            self.own(lead, house.rep_for(lead.person.territory, claimed), claimed, "claim", because.CLAIMED)
            return
        back = house.until(at + timedelta(days=self.rng.uniform(20, 70)))
        lead.pooled_at = None
        if lead.stage == "ready":
            lead.move("nurture", back, "marketer", house.word("cold"))

    def own(self, lead, rep, at, kind, why):
        """Take a lead without being asked."""
        offer = Offer(rep, kind, lead.grade_at(at), self.house.until(at), None, why, by=rep)
        lead.take(offer)
        self.sales.accept(lead, offer, at)
