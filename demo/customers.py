"""Customers from before the story, their renewals and expansions, and all deals as rows."""

from datetime import timedelta
from decimal import Decimal

from demo import tables
from demo.before import LOYAL, Before
from demo.dealing import YEAR
from demo.passes import NotYet
from demo.plan import PRODUCTS
from pipeline.money import STORED

ROLES = ("decides", "uses", "pays")
RENEWED, EXPANDED = 0.86, 0.46
RARELY = 0.5  # buys again who is known by name only
RENEWED_BY = timedelta(days=91)  # the story has told what became of contracts that end by then


class Customers:
    """Those who have bought: they renew, want more, and keep the farmer busy."""

    def __init__(self, house, market, dealing):
        self.house, self.rng, self.market, self.dealing = house, house.rng, market, dealing
        self.before = Before(house, dealing)
        self.old, self.past = [], 0  # who still buys; how many deals lie before the story

    def settle(self, firms):
        """Companies that were customers before the story begins."""
        house = self.house
        for _ in range(firms):
            territory = house.rng.choices(range(3), [place.share for place in house.world.territories])[0]
            first = self.before.first_purchase()
            met = first - timedelta(days=200)
            firm = self.market.company(territory, met, known=True, marketing_contact_id="marketer2")
            firm.won, firm.owner = 1, "farmer"
            self.market.firms[territory].append(firm)
            person = self.market.person(territory, met, "direct", firm)
            if due := self.before.tell(firm, person, first):
                self.old.append((firm, person, due))
        self.past = len(self.dealing.bargains)

    def buy_again(self, deals):
        """So many renewals and expansions over the span, of old customers and of those won since."""
        won = [b for b in self.dealing.bargains[self.past :] if b.outcome == "won" and b.kind == "new"]
        grown = [(b.firm, b.people[0], b.closed) for b in won]
        old = [(firm, person, self.house.start) for firm, person, _due in self.old]
        loyal = [LOYAL[firm.segment] ** 3 for firm, _person, _due in self.old]
        deals -= self._anniversaries(won, deals * 3 // 4)
        for n in range(deals):
            due = [row for row in grown if row[2] < self.house.now - timedelta(days=330)]
            if due and self.rng.random() < 0.3:
                firm, person, since = self.rng.choice(due)
            else:
                firm, person, since = self.rng.choices(old, loyal)[0] if old else self.rng.choice(grown)
            kind = "renewal" if n % 9 < 5 else "expansion"
            self._one(firm, person, since, kind)

    def _anniversaries(self, won, most):
        """Loyal customers buy again before each of their years is over. Returns how many deals, at most so many."""
        told = 0
        fresh = [(bargain.firm, bargain.people[0], bargain.closed + YEAR) for bargain in won]
        for firm, person, due in [*self.old, *fresh]:
            while due < self.house.now + timedelta(days=20) and told < most:
                if self.rng.random() > LOYAL.get(firm.segment, RARELY):
                    break
                opened = due - timedelta(days=self.rng.uniform(60, 110))
                self._play(firm, person, "renewal", max(opened, self.house.start), 0.97)
                due += YEAR
                told += 1
        return told

    def _one(self, firm, person, since, kind):
        rng, house = self.rng, self.house
        left = (house.now - since).days
        wait = (
            rng.uniform(300, max(left, 301))
            if kind == "renewal" and since > house.start
            else rng.uniform(0, left)
        )
        at = min(since + timedelta(days=wait), house.now - timedelta(days=rng.uniform(1, 25)))
        self._play(firm, person, kind, at, RENEWED if kind == "renewal" else EXPANDED)

    def _play(self, firm, person, kind, at, chance):
        house = self.house
        owner = firm.owner if firm.owner in ("farmer", "rep", "rep3", "rep4") else "farmer"
        at = house.hours_of(owner).add(at, -60)
        bargain = self.dealing.start(firm, kind, owner, at, person)
        try:
            if self.dealing.play(bargain, chance):
                firm.won += 1
        except NotYet:
            pass


def deal_rows(house, dealing):
    """Every deal with its lines, people and changes."""
    for bargain in dealing.bargains:
        yield _deal(house, bargain)
        won = bargain.outcome == "won"
        for product, quantity, price, discount in bargain.lines:
            cost = unit_cost(house, product, bargain.closed) if won else None
            yield tables.DealLine(
                bargain.number, product, quantity, in_currency(bargain, price), discount, cost
            )
        if won:
            yield from _receipts(house, bargain)
        for role, person in zip(ROLES, bargain.people, strict=False):
            yield tables.DealContact(bargain.number, person.number, role)
        for name, before, after, actor, reason, at in _changes(house, bargain):
            yield tables.DealChange(bargain.number, name, before, after, actor, reason, at)


def _receipts(house, bargain):
    """What has come in on a deal that is won: most pay within a month, each third in two parts, the last of them late."""
    signed, amount = bargain.closed.astimezone(house.zone).date(), amount_of(bargain)
    half = (amount / 2).quantize(STORED)
    parts = ((14, half), (75, amount - half)) if bargain.number % 3 == 0 else ((30, amount),)
    for days, part in parts:
        on = signed + timedelta(days=days + bargain.number % 11)
        if part and on <= house.now.astimezone(house.zone).date():
            rate = house.rate(bargain.foreign[0], on) if bargain.foreign else 1
            yield tables.Receipt(
                bargain.number, on, f"{part:.4f}", currency_of(house, bargain), tables.stored(part * rate)
            )


def _changes(house, bargain):
    """A deal's journal in the order of time, with the amount and currency of its opening."""
    for change in sorted(bargain.changes, key=lambda change: change[-1]):
        name, before, _, actor, reason, at = change
        if name == "currency":
            yield "amount", "", f"{amount_of(bargain):.4f}", actor, reason, at
            yield name, before, currency_of(house, bargain), actor, reason, at
        else:
            yield change


def currency_of(house, bargain):
    """The currency that the deal was agreed in."""
    return bargain.foreign[0] if bargain.foreign else house.world.currency


def amount_of(bargain):
    """The net amount in the deal's currency: the sum of its lines as they are shown."""
    return sum(
        Decimal(quantity * in_currency(bargain, price) * (100 - discount)) / 100
        for _, quantity, price, discount in bargain.lines
    )


def unit_cost(house, product, at):
    """What one unit cost us at a time, in whole units of the report currency."""
    price, _, old, new = PRODUCTS[product]
    return round(price * house.world.scale * (new if at.date() >= house.dearer else old))


def in_currency(bargain, amount):
    """An amount of the report currency in the deal's own."""
    return round(amount / bargain.foreign[1]) if bargain.foreign else amount


def _rival(world, bargain, amount):
    """Who got what went to a competitor, and of some also at what price."""
    if bargain.reason != "competitor":
        return {"rival": "", "rival_price": None}
    rivals = world.words["rivals"]
    price = f"{amount * (80 + bargain.number % 15) // 100:.4f}" if bargain.number % 3 else None
    return {"rival": rivals[bargain.number % len(rivals)], "rival_price": price}


def _deal(house, bargain):
    world, won = house.world, bargain.outcome == "won"
    product = world.products[bargain.product][0]
    patterns = dict(zip(("new", "expansion", "renewal"), world.words["deal"], strict=True))
    local = bargain.closed and bargain.closed.astimezone(house.zone).date()
    amount = amount_of(bargain)
    rate = house.rate(bargain.foreign[0], local if won else bargain.opened.date()) if bargain.foreign else 1
    cost = None
    if won:
        cost = sum(
            quantity * unit_cost(house, code, bargain.closed) for code, quantity, _, _ in bargain.lines
        )
    return tables.Deal(
        name=patterns[bargain.kind].format(company=bargain.firm.name, product=product),
        company_id=bargain.firm.number, kind=bargain.kind, stage_id=bargain.stage, owner_id=bargain.owner,
        amount=f"{amount:.4f}", currency=currency_of(house, bargain),
        base_amount=tables.stored(amount * rate), cost=cost, expected_close=bargain.expected.astimezone(house.zone).date(),
        opened_at=bargain.opened, signed_on=local if won else None, closed_at=bargain.closed, outcome=bargain.outcome,
        outcome_reason_id=bargain.reason, outcome_note=bargain.note,
        **_rival(world, bargain, amount),
        category="", product_id=bargain.product, partner_id=bargain.partner.number if bargain.partner else None,
        contract_until=local + YEAR if won else None,
        renewed=won and local + YEAR <= house.now.date() + RENEWED_BY, created_at=bargain.opened,
    )  # fmt: skip
