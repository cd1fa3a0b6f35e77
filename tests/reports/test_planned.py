"""Plan against actual, cost of each step and the payback month, against a naive walk through the months."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts import organisation
from pipeline.models import Deal, DealContact
from reports import planned
from reports.money import Money
from reports.returns import returns
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.pages import queries
from tests.reports.test_returns import choose, spend, won_by

pytestmark = pytest.mark.django_db
MONTHS = [date(2026, month, 1) for month in (3, 4, 5, 6)]


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


def won_in(campaign, month, amount, **fields):
    """A deal that the campaign won in a month."""
    deal = won_by(campaign, amount, **fields)
    Deal.objects.filter(pk=deal.pk).update(
        signed_on=month.replace(day=20), opened_at=f"{month:%Y-%m}-02T00:00Z"
    )
    make.touch(deal.deal_contacts.get().contact, f"{month:%Y-%m}-10T00:00Z", campaign=campaign)


def naive_payback(spent, earned):
    """The first month since which the sum earned has covered the sum spent up to today."""
    covered = [sum(earned[: n + 1]) >= sum(spent[: n + 1]) for n in range(4)]
    return next((MONTHS[n] for n in range(4) if all(covered[n:]) and sum(spent[: n + 1])), None)


@pytest.mark.parametrize(
    "spent, earned",
    [
        ([100, 0, 0, 0], [0, 40, 60, 0]),
        ([100, 0, 50, 0], [0, 120, 0, 40]),
        ([100, 0, 0, 0], [0, 40, 0, 0]),
        ([0, 10, 0, 90], [50, 0, 0, 0]),
    ],
)
def test_payback_is_the_month_since_which_earnings_cover_spend(spent, earned):
    campaign = make.campaign()
    for month, out, back in zip(MONTHS, spent, earned, strict=True):
        if out:
            spend(campaign, out, month=month)
        if back:
            won_in(campaign, month, back)
    roll_all()
    found = planned.plans(choose())[campaign.pk]
    assert (found.payback, found.costed) == (naive_payback(spent, earned), False)


def test_it_goes_by_margin_where_every_cost_is_known():
    campaign = make.campaign()
    spend(campaign, 100, month=MONTHS[0])
    won_in(campaign, MONTHS[1], 150, cost=100)
    won_in(campaign, MONTHS[3], 150, cost=100)
    roll_all()
    found = planned.plans(choose())[campaign.pk]
    assert (found.payback, found.costed) == (MONTHS[3], True)


def test_a_programme_speaks_for_all_under_it_or_sums_what_they_say(client, cast):
    programme = make.campaign("Programme", budget=0, expected_leads=0, expected_revenue=0)
    nothing = make.campaign("Nothing", expected_leads=0)
    first = make.campaign("First", parent=programme, budget=100, expected_leads=10, expected_revenue=500)
    make.campaign("Second", parent=programme, budget=50, expected_leads=5)
    own = make.campaign("Own word", expected_leads=3)
    make.campaign("Below", parent=own, expected_leads=8)
    spend(first, 40, month=MONTHS[0])
    won_in(first, MONTHS[1], 60)
    roll_all()
    found = planned.plans(choose())
    assert (found[programme.pk].budget, found[programme.pk].leads, found[programme.pk].revenue) == (
        150,
        15,
        500,
    )
    assert found[programme.pk].payback == MONTHS[1]
    assert found[own.pk].leads == 3
    assert (found[nothing.pk].leads, found[nothing.pk].budget) == (0, None)
    client.force_login(cast.finance)
    page = client.get("/dashboard/campaigns/?period=all").context
    told = {name: {row["name"].strip(): row[name] for row in page[table].rows} for table, name in
            (("table", "budget"), ("plan", "leads_plan"))}  # fmt: skip
    assert told == {"budget": {"Programme": 150, "First": 100}, "leads_plan": {"Programme": 15, "First": 10}}


def test_the_page_the_panel_and_the_api_tell_them(cast, client):
    campaign = make.campaign("Fair", budget=200, expected_leads=4, expected_revenue=1_000)
    spend(campaign, 100, month=MONTHS[0])
    won_in(campaign, MONTHS[2], 300)
    make.lead(campaign=campaign)
    make.lead(campaign=campaign)
    roll_all()
    client.force_login(cast.marketer)
    page = client.get("/dashboard/campaigns/?period=all")
    (cost,), (plan,) = page.context["costs"].rows, page.context["plan"].rows
    assert (cost["lead"], cost["mql"], cost["payback"], cost["payback_note"]) == (
        50,
        None,
        "May 2026",
        "by revenue",
    )
    assert [plan[f"{name}_off"] for name in ("spend", "leads", "revenue")] == ["−50%", "−50%", "−70%"]
    panel = client.get(f"/campaigns/{campaign.pk}/return/").content.decode()
    for words in ("May 2026", "2 of 4 (−50%)"):
        assert words in panel
    organisation.current()
    assert queries(client, "/dashboard/campaigns/?period=all") <= 5 + 2
    results = Api(cast.marketer).get("/reports/campaigns/", period="all")[1]["results"]
    (line,) = [one for one in results if one["campaign"] == campaign.pk]
    assert (line["payback"], line["planned_leads"], Decimal(line["cost_per_lead"])) == ("2026-05-01", 4, 50)
    assert (cost["mean_won"], line["mean_won"], line["mean_open"]) == (300, "300", None)


def test_the_average_sale_is_of_the_deals_that_have_an_amount():
    """Three wins, one of them without an amount, one open deal of 900 and one that nobody priced yet."""
    money = Money(
        credited=Decimal("2.5"), unpriced=Decimal("0.5"), revenue=Decimal(300), open_credited=Decimal(2),
        open_unpriced=Decimal(1), open_pipeline=Decimal(900),
    )  # fmt: skip
    assert (money.mean_won, money.mean_open) == (150, 900)
    assert (Money().mean_won, Money().mean_open) == (None, None)
    unpriced = Money(
        credited=Decimal(1), unpriced=Decimal(1), open_credited=Decimal(1), open_unpriced=Decimal(1)
    )
    assert (unpriced.mean_won, unpriced.mean_open) == (None, None)


def test_open_deals_without_an_amount_are_told_apart(cast):
    campaign = make.campaign("Fair")
    spend(campaign, 10)
    for amount in (900, 300, None):
        contact = make.contact()
        make.touch(contact, NOON - timedelta(days=1), campaign=campaign)
        DealContact.objects.create(
            deal=make.deal(at=NOON, amount=amount, base_amount=amount), contact=contact
        )
    roll_all()
    money = returns(choose()).total
    assert (money.open_credited, money.open_unpriced, money.open_pipeline, money.mean_open) == (
        3,
        1,
        1200,
        600,
    )
