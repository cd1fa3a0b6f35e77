"""Deals of the story: from a lead, for a customer who wants more, and renewals; through dealers too."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from demo.house import WORKERS
from demo.passes import PROTECTION, NotYet, Offer
from demo.plan import MAIN, PRODUCTS
from leads import because
from leads.models.agreement import default_answer_minutes

OPEN = ("qualify", "discovery", "proposal", "negotiation")
FARMER_MINUTES = default_answer_minutes()["inquiry"]
WIN = {"A": 0.35, "B": 0.27, "C": 0.19, "D": 0.12}
WON_BECAUSE = {"best_fit": 5, "relationship": 3, "speed": 2, "price_won": 2}
LOST_BECAUSE = {"price_lost": 5, "competitor": 5, "no_decision": 6, "no_budget": 3, "missing_feature": 2}
LATER = {"no_decision", "no_budget"}
YEAR = timedelta(days=365)


@dataclass
class Bargain:
    """A deal while it is told. Amounts in whole units of the report currency."""

    number: int
    firm: object
    kind: str
    owner: str
    product: str
    lines: list
    opened: datetime
    people: list
    partner: object = None
    stage: str = "qualify"
    outcome: str = "open"
    closed: datetime | None = None
    reason: str | None = None
    note: str = ""
    expected: datetime | None = None
    foreign: tuple | None = None
    changes: list = field(default_factory=list)

    @property
    def amount(self):
        """Net of tax."""
        return sum(quantity * price * (100 - discount) // 100 for _, quantity, price, discount in self.lines)


class Dealing:
    """Opens deals and brings them to an end, or to today."""

    def __init__(self, house, market):
        self.house, self.rng, self.market = house, house.rng, market
        self.marketing = self.offers = None
        self.bargains = []

    # -- opening -----------------------------------------------------------------------------------------
    def open(self, lead, offer, at):
        """A deal from an accepted lead, and where both of them end."""
        kind = "expansion" if lead.person.firm.won else "new"
        bargain = self.start(lead.person.firm, kind, offer.rep, at, lead.person, lead.product)
        if lead.channel == "dealer" or (lead.person.territory == 2 and self.rng.random() < 0.15):
            bargain.partner = self.rng.choice(self.market.dealers)
        lead.deal, lead.product = bargain.number, bargain.product
        lead.move("deal", at, offer.rep)
        chance = WIN[offer.grade] * (0.6 + 0.4 * lead.quality) * WORKERS[offer.rep].win
        try:
            won = self.play(bargain, chance, lead)
        except NotYet:
            return
        (self._win if won else self._lose)(lead, bargain)

    def start(self, firm, kind, owner, at, person, product=None):
        """A new deal in its first stage."""
        product = product if product in dict(MAIN) else self.house.pick(dict(MAIN))
        people = [person, *self._others(firm, person, at)]
        bargain = Bargain(
            len(self.bargains) + 1, firm, kind, owner, product, self._lines(firm, kind, product), at, people
        )
        foreign = self.house.world.foreign
        if kind == "new" and foreign and self.rng.random() < (0.35 if firm.territory == 2 else 0.02):
            bargain.foreign = self.rng.choice(foreign)
        bargain.expected = at + timedelta(days=self.house.some(65, 0.35))
        self.bargains.append(bargain)
        day = bargain.expected.date().isoformat()
        opening = {
            "stage": "qualify",
            "currency": None,
            "expected_close": day,
            "owner": owner,
            "outcome": "open",
        }
        for name, value in opening.items():
            self._change(bargain, name, "", value, owner, at)
        return bargain

    def _others(self, firm, person, at):
        others = [other for other in firm.people if other is not person][-2:]
        if not others and self.rng.random() < 0.45:
            others = [self.market.person(firm.territory, at, "direct", firm)]
        return others

    def _lines(self, firm, kind, product):
        """Product, quantity, price and discount of each line."""
        rng = self.rng
        size = 1 if firm.bare or firm.employees < 250 else 2 if firm.employees < 2000 else 3
        if kind == "renewal":
            return [self._line("support", size + rng.randint(0, 2), (0, 0, 5))]
        lines = [self._line(product, rng.randint(1, size), (0, 0, 0, 5, 8, 10, 12, 15))]
        if rng.random() < 0.4:
            lines.append(self._line("edge", rng.randint(2, 6 * size), (0, 0, 5, 10)))
        return [*lines, self._line("support", 1, (0,)), self._line("rollout", rng.randint(3, 8 * size), (0,))]

    def _line(self, product, quantity, discounts):
        return (
            product,
            quantity,
            int(PRODUCTS[product][0] * self.house.world.scale),
            self.rng.choice(discounts),
        )

    def _change(self, bargain, name, before, after, actor, at, reason=""):
        bargain.changes.append((name, before, after, actor, reason, at))

    # -- playing it out ----------------------------------------------------------------------------------
    def play(self, bargain, chance, lead=None):
        """Through the stages. Returns whether it was won; raises NotYet where today comes first."""
        rng, house = self.rng, self.house
        won = rng.random() < chance
        median = {"renewal": 28, "expansion": 40}.get(bargain.kind, 62)
        days = min(house.some(median, 0.5), 260)
        last = len(OPEN) if won else rng.choice((1, 2, 3, 3, 4))
        at = bargain.opened
        for step in range(last):
            then = at
            at = house.hours_of(bargain.owner).add(at, days / last * rng.uniform(0.6, 1.4) / 7 * 5 * 480)
            self._owner_leaves(bargain, lead, then, at)
            self._talk(bargain, lead, then, at)
            if at >= house.now:
                self._still_open(bargain)
                raise NotYet
            if step + 1 < last:
                self._change(bargain, "stage", bargain.stage, OPEN[step + 1], bargain.owner, at)
                bargain.stage = OPEN[step + 1]
        self.end(bargain, won, at)
        return won

    def _owner_leaves(self, bargain, lead, then, at):
        """Deals of somebody who leaves go to the team lead, and from there to another rep."""
        left = self.house.left
        if bargain.owner != "leaver" or not then < left <= at:
            return
        heir = self.house.rep_for(bargain.firm.territory, left)
        for before, after, when in (
            ("leaver", "manager", left),
            ("manager", heir, left + timedelta(hours=5)),
        ):
            self._change(
                bargain,
                "owner",
                before,
                after,
                "admin" if after == "manager" else "manager",
                when,
                because.LEFT,
            )
            if lead:
                lead.leave(when, "released" if after == "manager" else "reassigned")
                why = because.SUCCESSOR if after == "manager" else because.CHOSEN
                by = "admin" if after == "manager" else "manager"
                lead.take(
                    Offer(after, "new", lead.offers[-1].grade, when, None, why, by=by, accepted_at=when)
                )
        bargain.owner = heir

    def _talk(self, bargain, lead, start, end):
        if lead is None:
            return
        at = start
        while True:
            at = self.house.hours_of(bargain.owner).add(at, self.house.some(6, 0.4) * 480)
            if at >= min(end, self.house.now):
                return
            kind = self.house.pick({"meeting": 3, "call": 5, "mail": 5})
            self.house.attempt(lead, kind, at, bargain.owner, True)

    def _still_open(self, bargain):
        """Some close dates have moved, some are behind us: things a head of sales wants to see."""
        rng, now = self.rng, self.house.now
        while bargain.expected < now - timedelta(days=4) and rng.random() < 0.93:
            moved = bargain.expected + timedelta(days=rng.choice((14, 30, 45)))
            at = min(bargain.expected - timedelta(days=rng.uniform(0, 2)), now - timedelta(hours=2))
            before, after = (day.date().isoformat() for day in (bargain.expected, moved))
            self._change(bargain, "expected_close", before, after, bargain.owner, max(at, bargain.opened))
            bargain.expected = moved

    def end(self, bargain, won, at):
        """Won or lost at a time, for a reason."""
        house = self.house
        stage = "won" if won else "lost"
        bargain.reason = house.pick(WON_BECAUSE if won else LOST_BECAUSE)
        bargain.note = house.word(stage)
        words = house.reasons[bargain.reason]
        self._change(bargain, "stage", bargain.stage, stage, bargain.owner, at, words)
        self._change(bargain, "outcome", "open", stage, bargain.owner, at, words)
        bargain.stage = bargain.outcome = stage
        bargain.closed = at

    # -- ends --------------------------------------------------------------------------------------------
    def _win(self, lead, bargain):
        firm, at = lead.person.firm, bargain.closed
        lead.move("won", at, bargain.owner)
        lead.leave(at, "finished")
        firm.won += 1
        firm.owner = firm.owner or bargain.owner
        if WORKERS[bargain.owner].kind == "hunter":
            self._to_farmer(lead, firm, at + timedelta(days=30))

    def _to_farmer(self, lead, firm, at):
        """The account goes to the farmer a month later; until the farmer accepts it stays the hunter's."""
        house = self.house
        if at >= house.now:
            lead.wake_at = at
            return
        hours = house.hours_of("farmer")
        offered = at + timedelta(seconds=3)
        due = hours.add(offered, FARMER_MINUTES)
        handoff = Offer("farmer", "farmer", lead.offers[-1].grade, offered, due, because.FARMER)
        lead.offers.append(handoff)
        accepted = hours.add(offered, self.rng.uniform(3, FARMER_MINUTES))
        if accepted >= house.now:
            return
        handoff.accepted_at, handoff.contact_due_at = accepted, hours.add(accepted, 2 * FARMER_MINUTES)
        lead.owner = firm.owner = "farmer"
        contacted = hours.add(accepted, house.some(60))
        if contacted < house.now:
            house.attempt(lead, "call", contacted, "farmer", True)
            handoff.finish(contacted)

    def _lose(self, lead, bargain):
        at, later = bargain.closed, bargain.reason in LATER
        lead.leave(at, "finished")
        lead.move("nurture", at, bargain.owner, self.house.reasons[bargain.reason])
        if later:
            self.marketing.wake(lead, at, self.rng.choice((90, 180)))
        elif lead.grade != "A":
            self.offers.pool(lead, at + PROTECTION)
        else:
            lead.owner = None
            self.marketing.wake(lead, at, 30)
