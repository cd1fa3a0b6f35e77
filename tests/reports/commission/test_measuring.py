"""The incremental margin of many campaigns at once, against a naive reckoning in Python and the page of an effect."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from accounts import organisation
from accounts.models import Organisation
from leads.models import Audience, AudienceMember
from pipeline.models import Contact, Deal
from reports import baselines, lift, reading
from reports.commission import keeping, settling
from reports.commission.measuring import LOT, Scope, measure
from reports.effects import midnight
from reports.lift import Lot
from reports.models import CommissionLine
from reports.models.base import ALL
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.pages import queries
from tests.reports.attribution.test_credits import win
from tests.reports.commission.worlds import DRAWN, FIRST, agree, cancel, lot, told

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def naive(audience, since, until):
    """{held: (people, [margin of each], deals without one)} by loops over the records."""
    found, everybody = {}, list(audience.members.values_list("contact", flat=True))
    for held in (False, True):
        margins, unknown = [], Decimal()
        members = list(audience.members.filter(held=held).values_list("contact", flat=True))
        for member in members:
            margin = Decimal()
            for deal in Deal.objects.filter(outcome="won", contacts__in=kin(member)).distinct():
                if not since <= deal.signed_on < until:
                    continue
                parts = sum(deal.contacts.filter(pk__in=kin(other)).exists() for other in everybody)
                if deal.cost is None:
                    unknown += Decimal(1) / parts
                    continue
                off = Deal._base_manager.filter(cancels=deal)
                rows = [deal, *off]
                margin += sum(row.base_amount - row.cost for row in rows) / parts
            margins.append(margin)
        found[held] = (len(members), margins, unknown)
    return found


def kin(member):
    """A contact and all who were merged into them."""
    return [member, *Contact.objects.filter(merged_into=member).values_list("pk", flat=True)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_sides_of_every_lot_are_those_of_a_naive_reckoning(cast, seed):
    chance, contacts, lots = Random(seed), [make.contact() for _one in range(14)], []
    for number in range(3):
        audience = Audience.objects.create(campaign=make.campaign(), held_percent=40, days=60, drawn_on=DRAWN)
        for contact in chance.sample(contacts[:12], 9):
            AudienceMember.objects.create(audience=audience, contact=contact, held=chance.random() < 0.4)
        first = DRAWN + timedelta(days=number)
        lots.append(Lot(audience.pk, first, DRAWN + timedelta(days=60), midnight(first)))
    for _deal in range(25):
        people = chance.sample(contacts, chance.choice((1, 1, 2, 3)))
        cost = chance.choice((None, 10, 30, 150))
        signed = DRAWN + timedelta(days=chance.randint(-20, 80))
        deal = win(str(chance.randint(40, 400)), people, signed_on=signed, cost=cost)
        if chance.random() < 0.4:
            cancel(deal, cast, chance.randint(1, 39), on=signed + timedelta(days=chance.randint(0, 70)))
    for gone in contacts[12:]:
        Contact.objects.filter(pk=gone.pk).update(merged_into=chance.choice(contacts[:12]))
    found = lift.arms(reading.read({"arms": lift.arms_of(lots, midnight)})["arms"])
    for one in lots:
        expected = naive(Audience.objects.get(pk=one.audience), one.first, one.last)
        for held, arm in found[one.audience].items():
            people, margins, unknown = expected[held]
            assert arm.people == people
            assert float(arm.margin) == pytest.approx(float(sum(margins)), abs=1e-6)
            squares = float(sum(margin**2 for margin in margins))
            assert float(arm.margin_squares) == pytest.approx(squares, abs=1e-4)
            assert float(arm.uncosted) == pytest.approx(float(unknown), abs=1e-6)


def test_the_margin_of_a_lot_is_that_of_its_page():
    campaign, _deals = lot([140, 160, None, 120], [90, None])
    lot([500], [None, 70], "Other")
    found = measure([Scope(campaign.pk, LOT, campaign.audience.pk, DRAWN, DRAWN + timedelta(days=60))], TODAY)
    alone = lift.lift(campaign.audience, midnight, TODAY)
    # 300 of four against 50 of two: 75 − 25, by four
    assert found[campaign.pk].effect == alone.margin
    assert (alone.margin.estimate, alone.revenue.estimate) == (pytest.approx(200), pytest.approx(240))


def test_deals_without_a_cost_are_told_and_not_guessed():
    campaign, _deals = lot([140, 160], [90, None], cost=None)
    found = lift.lift(campaign.audience, midnight, TODAY)
    assert (found.uncosted, found.margin.estimate) == (3, 0)


def test_a_baseline_on_margin_and_what_was_cancelled_of_its_months(cast):
    """Ten a month more than a year before, at a margin of half; of one month's 20, 8 at a margin of 4 come off later."""
    north = make.region()
    campaign = make.campaign(region=north, starts_on=date(2026, 1, 5), ends_on=date(2026, 3, 20))
    Audience.objects.create(campaign=campaign, baseline="season", held_percent=0)
    company = make.company(region=north)
    for month in (1, 2, 3):
        win("10", company=company, signed_on=date(2025, month, 9), cost=5)
        last = win("20", company=company, signed_on=date(2026, month, 9), cost=10)
    win("77", company=company, signed_on=date(2026, 3, 9))
    cancel(last, cast, 8)
    roll_all()
    asked, names, _endless = keeping.kept(FIRST).measured(late=False)
    (scope,) = asked
    assert (scope.kind, scope.first, scope.last, scope.regions) == (
        "season",
        date(2026, 1, 1),
        date(2026, 4, 1),
        (north.pk,),
    )
    found = measure([scope], TODAY)[campaign.pk]
    alone = baselines.compared(campaign.audience, campaign, (north.pk,), TODAY)
    assert alone.margin.estimate == pytest.approx(15)
    assert found.effect == alone.lasting
    assert (found.effect.estimate, found.cancelled) == (pytest.approx(11), pytest.approx(Decimal(-4)))
    assert (found.uncosted, names) == (1, {campaign.pk: campaign.name})
    outside = make.company(region=make.region("south"))
    for month, amount in ((10, 10), (11, 12), (12, 8), (1, 10), (2, 12), (3, 8)):
        year = 2026 if month < 4 else 2025
        win(str(amount), company=outside, signed_on=date(year, month, 9), cost=0)
        if year == 2025:
            win(str(amount), company=company, signed_on=date(year, month, 9), cost=0)
    roll_all()
    by_regions = Scope(campaign.pk, "regions", 0, scope.first, scope.last, (north.pk,), ALL)
    # before as outside; since then 10 a month each, of which 4 came off, less 10, 12 and 8
    assert measure([by_regions], TODAY)[campaign.pk].effect.estimate == pytest.approx(30 - 4 - 30)


def test_months_without_a_year_before_are_named_and_kept(cast, client):
    """Sixteen months of which the first four have no year before, and the last ones only months of the campaign itself."""
    Organisation.objects.update(level=3)
    organisation.forget()
    agree(cast, baselines=True, unproven=True)
    campaign = make.campaign(starts_on=date(2025, 5, 3), ends_on=date(2026, 1, 20))
    Audience.objects.create(campaign=campaign, baseline="season", held_percent=0)
    for year, month in [(2024, 7), *((2025, one) for one in range(5, 13)), (2026, 1)]:
        win("10", company=make.company(), signed_on=date(year, month, 9), cost=5)
    roll_all()
    asked, _names, _endless = keeping.kept(FIRST).measured(late=False)
    months = (date(2025, 5, 1), date(2025, 6, 1))
    assert measure(asked, TODAY)[campaign.pk].left_out == months
    client.force_login(cast.finance)

    def said():
        page = client.get("/dashboard/commission/2026-01/").content.decode()
        return "no year before to compare with: May 2025 – Jun 2025" in page

    assert said()
    settling.settle(FIRST, cast.finance, NOON)
    assert said()
    assert [tuple(one.left_out) for one in CommissionLine.objects.all()] == [months]
    body = Api(cast.finance).get("/reports/commission/2026-01/")[1]
    assert body["lines"][0]["left_out"] == ["2025-05-01", "2025-06-01"]


def test_a_campaign_without_a_last_day_ends_in_no_quarter(cast):
    agree(cast)
    for name, ends in (("Endless", None), ("Over", date(2026, 2, 9)), ("Next", date(2026, 4, 9))):
        campaign = make.campaign(name, starts_on=date(2026, 1, 5), ends_on=ends)
        Audience.objects.create(campaign=campaign, baseline="season", held_percent=0)
    Audience.objects.create(campaign=make.campaign("Nothing measures it"), held_percent=0)
    found = told()
    assert ([line.name for line in found.lines], [name for _pk, name in found.endless]) == (
        ["Over"],
        ["Endless"],
    )
    assert [line.why for line in found.lines] == ["unknown"]


def test_many_campaigns_take_as_many_statements_as_one(client, cast):
    agree(cast)
    client.force_login(cast.finance)

    def add():
        lot([140, 160], [90, None])
        campaign = make.campaign(starts_on=date(2026, 1, 5), ends_on=date(2026, 3, 20))
        Audience.objects.create(campaign=campaign, baseline="season", held_percent=0)

    add()
    queries(client, "/dashboard/commission/2026-01/")
    one = queries(client, "/dashboard/commission/2026-01/")
    add()
    add()
    assert queries(client, "/dashboard/commission/2026-01/") == one <= 2 + 5
