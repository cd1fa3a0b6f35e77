"""Returns of campaigns: ROI, ROAS and what is not known."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from accounts import organisation
from leads.models import Lead, Touch
from pipeline.models import ExchangeRate, Spend
from pipeline.money import rebase
from reports.choice import Axes, parse
from reports.models import CampaignMonth, CampaignSegment, CreditMonth
from reports.money import NOT_AVAILABLE
from reports.returns import returns, side_by_side
from reports.rollups import roll_all
from reports.verify import differences
from tests import cast as make
from tests.cast import NOON
from tests.reports.attribution.test_credits import DAY, win

pytestmark = pytest.mark.django_db
NOTHING = Axes({}, {})


def choose(**data):
    """A Choice over all time, as on the day of the cast."""
    return parse({"period": "all", **data}, NOTHING, NOON)


def spend(campaign, amount, kind="paid", month=date(2026, 6, 1)):
    """Spend in report currency."""
    return Spend.objects.create(
        campaign=campaign, kind=kind, month=month, on=month, amount=amount, base_amount=amount
    )


def won_by(campaign, amount, **fields):
    """A deal that one touch of the campaign won."""
    contact = make.contact()
    make.touch(contact, NOON - DAY, campaign=campaign)
    return win(amount, [contact], **fields)


def money_of(campaign, **data):
    """The money of a campaign, rolled up."""
    roll_all()
    return {line.campaign: line.money for line in returns(choose(**data)).lines}.get(campaign and campaign.pk)


def test_roi_and_roas_on_paid_and_committed_spend():
    campaign = make.campaign()
    spend(campaign, 60)
    spend(campaign, 40, kind="committed")
    spend(campaign, 500, kind="planned")
    won_by(campaign, 300, cost=150)
    money = money_of(campaign)
    assert (money.revenue_roi, money.margin_roi, money.roas) == (2, Decimal("0.5"), 3)
    assert (money.spend, money.planned) == (100, 500)


def test_without_spend_there_is_no_return_and_without_win_all_is_lost():
    free, barren = make.campaign(), make.campaign()
    won_by(free, 300)
    spend(barren, 10)
    assert money_of(free).revenue_roi is None
    assert money_of(barren).revenue_roi == -1


def test_what_is_not_known_is_not_available():
    campaign = make.campaign()
    spend(campaign, 10)
    won_by(campaign, None)
    money = money_of(campaign)
    assert {money.revenue_roi, money.margin_roi, money.roas} == {NOT_AVAILABLE}
    won_by(campaign, 30)
    money = money_of(campaign)
    assert (money.revenue_roi, money.margin_roi) == (2, NOT_AVAILABLE)


def test_renewals_earn_a_campaign_nothing():
    campaign = make.campaign()
    spend(campaign, 10)
    won_by(campaign, 300, kind="renewal")
    assert money_of(campaign).revenue_roi == -1


def test_the_period_picks_campaigns_and_the_money_is_to_date():
    old, running = make.campaign(), make.campaign()
    spend(old, 10, month=date(2024, 1, 1))
    spend(running, 10, month=date(2024, 1, 1))
    spend(running, 5)
    assert money_of(old, period="month") is None
    money = money_of(running, period="month")
    assert (money.spend, money.period_spend) == (15, 5)


def test_programmes_sum_what_is_under_them():
    programme = make.campaign("Programme")
    first, second = make.campaign("First", parent=programme), make.campaign("Second", parent=programme)
    for campaign, amount in ((programme, 1), (first, 2), (second, 4)):
        spend(campaign, amount)
    won_by(second, 10)
    roll_all()
    tree = [(line.name, line.depth, line.money.spend) for line in returns(choose()).tree()]
    assert tree == [("Programme", 0, 7), ("Second", 1, 4), ("First", 1, 2)]


def test_a_programme_without_money_of_its_own_stands_above_its_campaigns_with_all_they_ever_cost():
    programme, apart = make.campaign("Programme", budget=9), make.campaign("Apart")
    fairs = make.campaign("Fairs", parent=programme)
    old, new = make.campaign("Old", parent=fairs), make.campaign("New", parent=fairs)
    make.campaign("Empty", parent=make.campaign("Nothing yet"))
    for campaign, amount, month in (
        (old, 2, date(2024, 1, 1)),
        (new, 4, date(2026, 6, 1)),
        (apart, 8, date(2024, 1, 1)),
    ):
        spend(campaign, amount, month=month)
    won_by(old, 10)
    roll_all()

    def told(**data):
        found = side_by_side(choose(**data), ["linear", "first"], whole=True)
        assert {one.total.spend for one in found.values()} == {returns(choose(**data)).total.spend}
        return [
            [(line.name, line.depth, line.money.spend, line.money.revenue) for line in one.tree()]
            for one in found.values()
        ]

    june = [
        ("Programme", 0, 6, 10),
        ("Fairs", 1, 6, 10),
        ("New", 2, 4, 0),
    ]  # the fair of 2024 counts above, and is not listed
    assert told(period="month") == [june] * 2
    ever = [*june[:2], ("Old", 2, 2, 10), june[2], ("Apart", 0, 8, 0)]
    assert told() == [ever] * 2
    assert told(channel="webinar") == [[], []]


def test_channels_keep_unattributed_and_campaignless_apart():
    campaign = make.campaign(channel="webinar")
    spend(campaign, 10)
    spend(None, 7)
    won_by(campaign, 30)
    won_by(None, 20)
    win("5")
    roll_all()
    found = returns(choose())
    assert {name: (money.spend, money.revenue) for name, money in found.channels().items()} == {
        "webinar": (10, 30),
        "sem": (0, 20),
        "": (0, 5),
        "none": (7, 0),
    }
    assert (found.total.spend, found.total.revenue) == (10, 30)
    assert (found.whole.spend, found.whole.revenue, found.whole.revenue_roi) == (17, 55, Decimal(38) / 17)
    alone = found.channels()["none"]  # no deal can be credited to it
    assert {alone.revenue_roi, alone.margin_roi, alone.roas} == {NOT_AVAILABLE}
    assert alone.cost_per["lead"] is None
    assert returns(choose(period="custom", **{"from": "2024-01", "to": "2024-05"})).channels() == {}


def test_what_a_platform_reports_goes_by_the_rate_of_its_day_even_where_nothing_was_spent():
    campaign = make.campaign()
    ExchangeRate.objects.create(currency="CNY", on=date(2026, 1, 1), rate=Decimal("0.1289"))
    paid, late = spend(campaign, 1_000), spend(campaign, 0)  # conversions that came after the last cost
    Spend.objects.filter(pk=paid.pk).update(
        currency="CNY", base_amount=Decimal("128.9"), reported_revenue=2_000
    )
    Spend.objects.filter(pk=late.pk).update(currency="CNY", reported_revenue=2_000)
    money = money_of(campaign)
    assert (money.reported_revenue, money.reported_spend, money.reported_roi) == (
        Decimal("515.6"), Decimal("128.9"), 3,
    )  # fmt: skip
    ExchangeRate.objects.create(currency="CNY", on=date(2026, 5, 1), rate=Decimal("0.2"))
    assert rebase("CNY") == 1  # the amount of nothing stays; what is reported beside it does not
    money = money_of(campaign)
    assert (money.reported_revenue, money.reported_roi) == (800, 3)
    Spend.objects.filter(pk=late.pk).update(on=date(2026, 4, 30))
    assert money_of(campaign).reported_revenue == 400 + Decimal("257.8")
    Spend.objects.filter(pk=late.pk).update(currency=organisation.current().currency)
    assert money_of(campaign).reported_revenue == 2_400
    ExchangeRate.objects.filter(on=date(2026, 5, 1)).delete()
    assert money_of(campaign).reported_revenue == 2_000 + Decimal("257.8")
    rebase("CNY")
    roll_all()
    with connection.cursor() as cursor:
        assert not any(differences(cursor).found.values())


def test_cost_of_a_lead_counts_the_passes_a_campaign_created():
    campaign = make.campaign()
    spend(campaign, 100)
    leads = [make.lead(campaign=campaign) for _ in range(4)]
    make.lead()
    Lead.objects.filter(pk=leads[0].pk).update(mql_at=NOON)
    assert money_of(campaign).cost_per == {"lead": 25, "mql": 100, "sql": None, "deal": None}


@pytest.mark.parametrize("at_once", [True, False])
def test_a_campaign_that_is_gone_leaves_nothing_behind(at_once):
    gone = make.campaign("Gone", channel="webinar")
    key, cost = gone.pk, spend(gone, 10)
    make.lead(campaign=gone)
    won_by(gone, 10)
    spend(None, 10)
    roll_all()
    totals = [CampaignMonth, CampaignSegment, CreditMonth]
    assert all(model.objects.filter(campaign=key).exists() for model in totals)
    cost.delete()
    for model in (Lead, Touch):
        model.objects.filter(campaign=gone).update(campaign=None)
    if not at_once:
        roll_all()
    gone.delete()
    # not told before the round already, nor stored after it
    assert None not in returns(choose()).channels()
    assert {line.campaign for line in returns(choose()).lines} == {None}
    roll_all()
    assert not any(model.objects.filter(campaign=key).exists() for model in totals)
    with connection.cursor() as cursor:
        assert not any(differences(cursor).found.values())
