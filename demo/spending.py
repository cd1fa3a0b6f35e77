"""Campaigns with their plans, and what they cost: told last, so that what a campaign returned fits the story."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from decimal import Decimal

from demo import tables
from demo.plan import CAMPAIGNS
from pipeline.channels import ONLINE

LEAST = 9_000  # euros that even a campaign without revenue costs
CLICK = 2.4  # euros
EURO = ("ads", "tools")


class Spending:
    """Writes campaign rows and their spend."""

    def __init__(self, house, leads):
        self.house, self.rng, self.leads = house, house.rng, leads
        self.today = house.now.astimezone(house.zone).date()
        self.numbers = {plan.key: number for number, plan in enumerate(CAMPAIGNS, 1)}

    def tell(self, revenue):
        """`revenue`: campaign number → what was won through it, in the report currency."""
        for plan in CAMPAIGNS:
            number = self.numbers[plan.key]
            brought = sum(1 for lead in self.leads if lead.campaign == number)
            paid = self._cost(plan, revenue[number])
            self._campaign(plan, paid, brought, revenue[number])
            if paid:
                self._spend(plan, number, paid)
        self._overhead()
        self._selling()

    def _cost(self, plan, revenue):
        if plan.roi is None:
            return 0
        return max(revenue / (1 + plan.roi), LEAST * self.house.world.scale * self.rng.uniform(1, 2))

    def _campaign(self, plan, paid, brought, revenue):
        house, world, rng = self.house, self.house.world, self.rng
        first, last = plan.days(self.today)
        last = last if plan.window[1] or plan.fair else self.today + timedelta(days=120)
        running = first <= self.today <= last
        family = [other for other in CAMPAIGNS if other.parent == plan.key]
        place = world.territories[plan.territory].code if plan.territory is not None else None
        expected = round(brought * rng.uniform(0.75, 1.2), -1)
        leads = 0 if family else int(expected)
        budget = nice(paid * rng.uniform(0.82, 1.18)) if paid else 0
        earned = nice(max(revenue, paid) * rng.uniform(0.8, 1.5))
        steps = {"expected_leads": leads, "expected_mqls": leads // 2, "expected_sqls": leads // 4}
        steps |= {"expected_pipeline": nice(earned * 3), "expected_revenue": earned}
        house.rows.add(
            tables.Campaign(
                name=world.campaigns[plan.key], code=f"K{first:%y%m}-{plan.key.upper()}",
                status="active" if running else "done" if last < self.today else "planned", channel=plan.channel,
                track=plan.track, parent_id=self.numbers.get(plan.parent), owner_id=plan.owner,
                segment_id=plan.segment, region_id=place, product_id=plan.product, starts_on=first, ends_on=last,
                budget=budget, currency=world.currency, **steps, for_existing=plan.for_existing, note=house.word("campaign"),
            )
        )  # fmt: skip
        if first <= self.today:
            self._launch(plan, (first, last), place, budget, steps)

    def _launch(self, plan, days, place, budget, steps):
        """The plan as it was launched, which is what it still is: what was changed since is told later."""
        at = datetime.combine(days[0], time(9), self.house.zone)
        where = (plan.channel, plan.segment, place, *days, budget, self.house.world.currency)
        months = self._planned(plan, budget)
        self.house.rows.add(tables.LaunchPlan(self.numbers[plan.key], at, *where, **steps, months=months))

    def _planned(self, plan, budget):
        """The budget in even parts, by the months of the plan so far."""
        months = self._months(plan)
        return (
            {f"{month:%Y-%m}": tables.stored(Decimal(budget) / len(months)) for month in months}
            if budget
            else {}
        )

    def _spend(self, plan, number, paid):
        """By month of service; the invoices of some come months later."""
        months = self._months(plan)
        weights = [self.rng.uniform(0.7, 1.3) for _ in months]
        for month, weight in zip(months, weights, strict=True):
            share = paid * weight / sum(weights)
            self._month(plan, number, month, share)
        if plan.window[1] == 0 and not plan.fair:
            ahead = next_month(self.today.replace(day=1))
            self._row(plan, number, "planned", ahead, self.today, nice(paid / len(months)))

    def _month(self, plan, number, month, share):
        on = min(next_month(month), self.today)
        for _ in range(plan.late):
            on = next_month(on)
        late = on + timedelta(days=self.rng.randint(2, 20))
        kind = "paid" if late <= self.today and month < self.today.replace(day=1) else "committed"
        self._row(plan, number, kind, month, late if kind == "paid" else min(month, self.today), round(share))

    def _row(self, plan, number, kind, month, on, amount):
        house, world = self.house, self.house.world
        currency, rate = world.currency, Decimal(1)
        if plan.foreign and world.foreign:
            currency = world.foreign[0][0]
            rate = house.rate(currency, on)
        amount = round(Decimal(amount) / rate)
        online = kind == "paid" and plan.channel in ONLINE and plan.vendor == "ads"
        clicks = int(amount * rate / Decimal(CLICK * world.scale)) if online else None
        house.rows.add(
            tables.Spend(
                number, kind, month, on, amount, currency, tables.stored(amount * rate), world.vendors[plan.vendor],
                impressions=clicks and int(clicks * self.rng.uniform(38, 90)), clicks=clicks,
                reported_leads=clicks and clicks // self.rng.randint(28, 60),
            )
        )  # fmt: skip

    def _months(self, plan):
        first, last = plan.days(self.today)
        month, months = first.replace(day=1), []
        while month <= min(last, self.today):
            months.append(month)
            month = next_month(month)
        return months

    def _selling(self):
        """People and travel of each territory, tools and partners of the whole house; the running month is committed."""
        world, month, number = self.house.world, self.house.start.date().replace(day=1), 0
        running = self.today.replace(day=1)
        while month <= running:
            kind = "paid" if month < running else "committed"
            on = next_month(month) if kind == "paid" else month
            for of, euros, local in SELLING:
                for place in world.territories if local else (None,):
                    number += 1  # a little more or less each month, the same in every telling
                    amount = nice(euros * world.scale * (1 + (number * 7 % 11 - 5) / 60))
                    row = (of, kind, month, on, amount, world.currency, tables.stored(Decimal(amount)))
                    self.house.rows.add(tables.SalesCost(*row, place and place.code, ""))
            month = next_month(month)

    def _overhead(self):
        """Tools that no campaign pays for."""
        world, month = self.house.world, self.house.start.date().replace(day=1)
        while month < self.today.replace(day=1):
            amount = round(2_900 * world.scale)
            row = (None, "paid", month, next_month(month), amount, world.currency, f"{amount}.0000")
            self.house.rows.add(tables.Spend(*row, world.vendors["tools"]))
            month = next_month(month)


# What selling costs in a month, in euros: what for, how much, of the territory or of the whole house
SELLING = (
    ("people", 24_000, True),
    ("travel", 3_100, True),
    ("tools", 1_900, False),
    ("commission", 2_600, False),
)


def revenue_by_campaign(house, bargains):
    """Campaign → revenue of new and expansion deals, shared evenly over all touches of their people."""
    touches = defaultdict(list)
    for touch in house.rows.of[tables.Touch]:
        if not touch.automatic and not (touch.outbound and touch.track == "sales"):
            touches[touch.contact_id].append(touch)
    revenue = defaultdict(float)
    for bargain in bargains:
        if bargain.outcome != "won" or bargain.kind == "renewal":
            continue
        since = bargain.opened - timedelta(days=365)
        path = [
            touch.campaign_id
            for person in bargain.people
            for touch in touches[person.number]
            if since <= touch.at <= bargain.closed
        ]
        for campaign in path:
            if campaign:
                revenue[campaign] += bargain.amount / len(path)
    return revenue


def next_month(day):
    """The first day of the next month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def nice(amount):
    """An amount as people plan: two figures that count."""
    digits = max(len(str(int(amount))) - 2, 0)
    return int(round(amount / 10**digits) * 10**digits)
