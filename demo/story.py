"""The whole story from a seed: rows for every table, told in the order of time."""

import heapq
import random
from dataclasses import dataclass
from datetime import timedelta

from demo import tables, twice
from demo.arrivals import arrivals
from demo.customers import Customers, deal_rows
from demo.dealing import Dealing
from demo.house import BACK_WEIGHT, COMES_BACK, House
from demo.market import Market
from demo.marketing import Marketing
from demo.offers import Offers
from demo.openings import Openings
from demo.passes import Pass
from demo.plan import CAMPAIGNS, SPAN
from demo.sales import Sales
from demo.spending import Spending, revenue_by_campaign
from pipeline.channels import Channel

RETURNS = 0.05  # share of arrivals that are people whose pass has ended


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    leads: int
    touches: int
    deals: int  # in all: what customers bought before the story begins is among them
    firms: int
    fresh: int  # leads of the last day that the desk has not looked at


FULL = Size(20_000, 120_000, 900, 6_500, 32)
SMALL = Size(1_000, 6_000, 60, 400, 10)


class Story:
    """Tells it. `rows` and `passes` hold what was told."""

    def __init__(self, world, seed, now, size, offices, reasons):
        self.size = size
        self.rng = random.Random(f"{world.language} {seed}")
        self.house = house = House(world, self.rng, now, offices, reasons)
        self.market = market = Market(world, house.rows, self.rng, size.firms)
        self.dealing = Dealing(house, market)
        self.offers = offers = Offers(house)
        self.marketing = Marketing(house, offers)
        offers.sales = sales = Sales(house, self.dealing, offers)
        offers.marketing = sales.marketing = self.dealing.marketing = self.marketing
        self.dealing.offers = offers
        self.customers = Customers(house, market, self.dealing)
        self.passes, self.ended = [], []
        self.rows = house.rows

    def tell(self):
        """Everything. Returns the rows."""
        self._campaigns_in_the_air()
        self._dealers()
        self.customers.settle(max(self.size.firms // 80, 6))
        for arrival in arrivals(self.house, self.size.leads - self.size.fresh):
            self.arrive(arrival)
        self.customers.buy_again(max(self.size.deals - len(self.dealing.bargains), 0))
        Openings(self).tell()
        twice.tell(self)
        self._newsletters()
        revenue = revenue_by_campaign(self.house, self.dealing.bargains)
        Spending(self.house, self.passes).tell(revenue)
        self._write()
        return self.rows

    def _campaigns_in_the_air(self):
        house, today = self.house, self.house.now.astimezone(self.house.zone).date()
        for number, plan in enumerate(CAMPAIGNS, 1):
            if plan.channel not in COMES_BACK or not plan.share:
                continue
            first, last = plan.days(today)
            for week in range(SPAN // 7 + 2):
                monday = house.start.date() + timedelta(days=7 * week)
                if first <= monday <= last:
                    house.in_the_air.setdefault(week, []).extend(
                        [(plan, number)] * BACK_WEIGHT.get(plan.channel, 2)
                    )

    def _dealers(self):
        for territory in (2, 2, 1):
            at = self.house.start - timedelta(days=90)
            self.market.dealers.append(
                self.market.company(territory, at, is_partner=True, sales_owner_id="head.sales")
            )

    def arrive(self, arrival):
        """Somebody comes: tell the pass and return it."""
        person = self._known(arrival) or self.market.person(arrival.territory, arrival.at, arrival.channel)
        person.passes += 1
        campaign = next((n for n, plan in enumerate(CAMPAIGNS, 1) if plan is arrival.plan), None)
        lead = Pass(
            len(self.passes) + 1, person, arrival.plan, campaign, arrival.channel, arrival.at, person.passes
        )
        if arrival.plan and arrival.plan.product:
            lead.product = arrival.plan.product
        self.passes.append(lead)
        self.marketing.tell(lead, arrival.asks)
        if lead.ended_at:
            heapq.heappush(self.ended, (lead.ended_at, lead.number))
        return lead

    def _known(self, arrival):
        """Somebody whose earlier pass has ended some weeks ago, now and then."""
        if (
            not self.ended
            or self.ended[0][0] > arrival.at - timedelta(days=20)
            or self.rng.random() > RETURNS
        ):
            return None
        lead = self.passes[heapq.heappop(self.ended)[1] - 1]
        return lead.person if not lead.person.student else None

    def _newsletters(self):
        """What the newsletter sends to fill the number of touches: automatic, so that it warms nobody."""
        rows, rng, now = self.rows.of[tables.Touch], self.rng, self.house.now
        mailed = [
            (lead.person.number, lead.at)
            for lead in self.passes
            if lead.person.email and not lead.person.student
        ]
        while len(rows) < self.size.touches:
            contact, since = rng.choice(mailed)
            at = since + (now - since) * rng.random()
            at = (at - timedelta(days=at.weekday() - 1)).replace(hour=8, minute=rng.randint(0, 25))
            if since < at < now:
                rows.append(
                    tables.Touch(contact, "mail", at, str(Channel.EMAIL), outbound=True, automatic=True)
                )
        rows.sort(key=lambda touch: touch.at.timestamp())  # moments of several zones compare slowly

    def _write(self):
        rows = self.rows
        for lead in self.passes:
            for row in lead.rows(self.house.world):
                rows.add(row)
            rows.add(tables.Score(lead.number, "in force", self.house.now, self.house.now))
        for row in deal_rows(self.house, self.dealing):
            rows.add(row)
        firms = rows.of[tables.Company]
        for firm in {firm.number: firm for firms in self.market.firms for firm in firms}.values():
            if firm.owner:
                firms[firm.number - 1] = firms[firm.number - 1]._replace(sales_owner_id=firm.owner)
