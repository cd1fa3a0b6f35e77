"""The budget against a naive count, and its page."""

from datetime import date
from decimal import Decimal

import pytest

from accounts import organisation
from pipeline.models import Campaign, ExchangeRate, Spend
from reports.budget import budget
from reports.choice import axes
from reports.money import NOT_AVAILABLE
from reports.returns import returns
from reports.rollups import roll_all
from reports.segments import segments
from tests import cast as make
from tests.api import Api
from tests.downloads import read_tables
from tests.pages import queries
from tests.reports.test_returns import choose, spend, won_by

pytestmark = pytest.mark.django_db
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


def programme():
    """A programme of 1,000 with two campaigns, one that costs without a budget, one in dollars; and spend without any."""
    fairs = make.campaign("Fairs", budget=1_000, starts_on=MAY)
    first = make.campaign("First fair", parent=fairs, budget=600, starts_on=MAY, ends_on=MAY)
    second = make.campaign("Second fair", parent=fairs, channel="exhibition")
    ExchangeRate.objects.create(currency="USD", on=date(2026, 1, 1), rate=Decimal("0.5"))
    far = make.campaign("Far away", budget=300, currency="USD", starts_on=JUNE)
    spend(first, 100, month=MAY)
    spend(first, 40, kind="committed")
    spend(second, 30, kind="planned")
    spend(second, 20)
    spend(None, 7)
    won_by(first, 420)
    roll_all()
    return fairs, first, second, far


def lines(**data):
    """{name: (depth, budget, planned, committed, paid, left, spent, revenue)}"""
    return {
        one.name: (one.depth, one.budget, one.planned, one.committed, one.paid, one.left, one.to_date.spend,
                   one.to_date.revenue)
        for one in budget(choose(**data)).lines
    }  # fmt: skip


def test_a_campaign_that_is_gone_is_no_line_before_its_totals_are():
    programme()
    before = lines()
    gone = make.campaign("Taken back", budget=50, starts_on=MAY)
    spend(gone, 11, month=MAY)
    roll_all()
    assert lines().keys() - before.keys() == {"Taken back"}
    gone.spends.all().delete()
    gone.delete()
    assert lines() == before
    assert budget(choose()).months[MAY]["paid"] == 100
    roll_all()
    assert lines() == before


def test_what_is_planned_committed_paid_left_and_earned():
    programme()
    assert lines() == {
        "Fairs": (0, 1_000, 30, 40, 120, 840, 160, 420),
        "First fair": (1, 600, 0, 40, 100, 460, 140, 420),
        "Second fair": (1, None, 30, 0, 20, None, 20, 0),
        "Far away": (0, 150, 0, 0, 0, 150, 0, 0),
        "": (0, None, 0, 0, 7, None, 7, 0),
    }
    total = budget(choose()).total
    assert (total.budget, total.planned, total.committed, total.paid) == (1_150, 30, 40, 127)


def test_the_period_is_that_of_service_and_what_is_left_is_to_date():
    programme()
    assert lines(period="month") == {  # June
        "Fairs": (0, 1_000, 30, 40, 20, 840, 160, 420),
        "First fair": (1, 600, 0, 40, 0, 460, 140, 420),
        "Second fair": (1, None, 30, 0, 20, None, 20, 0),
        "Far away": (0, 150, 0, 0, 0, 150, 0, 0),
        "": (0, None, 0, 0, 7, None, 7, 0),
    }
    Spend.objects.filter(campaign__name="First fair", kind="committed").delete()
    Campaign.objects.filter(name="First fair").update(ends_on=None)
    roll_all()
    assert lines(
        period="month"
    ) == {  # the first is over and not listed: it counts in its programme all the same
        "Fairs": (0, 1_000, 30, 0, 20, 880, 120, 420),
        "Second fair": (1, None, 30, 0, 20, None, 20, 0),
        "Far away": (0, 150, 0, 0, 0, 150, 0, 0),
        "": (0, None, 0, 0, 7, None, 7, 0),
    }
    spend(Campaign.objects.get(name="First fair"), 40, kind="committed")
    roll_all()
    found = budget(choose())
    assert found.months == {
        MAY: {"planned": 0, "committed": 0, "paid": 100},
        JUNE: {"planned": 30, "committed": 40, "paid": 27},
    }
    assert set(lines(channel="exhibition")) == {"Second fair"}
    nowhere = choose(channel="none")  # what has no campaign has no channel, wherever it is told
    assert {name: one[4] for name, one in lines(channel="none").items()} == {"": 7}
    told = returns(nowhere)
    assert (told.spent, told.months, [line.money.spend for line in told.lines]) == (7, {JUNE: 7}, [7])
    assert segments(nowhere, axes(), Decimal("0.1")).total.spend == 7


def test_the_page_its_file_and_the_api(client, cast):
    client.force_login(cast.finance)
    programme()
    page = client.get("/dashboard/budget/?period=all").content.decode()
    for words in ("First fair", "Without a campaign", "€840"):
        assert words in page
    for row in client.get("/dashboard/budget/?period=all").context["table"].rows:
        for name in ("planned", "committed", "paid", "spent"):
            if href := row.get(f"{name}_href"):
                listed = client.get(href).context["table"].rows
                assert sum(one["base_amount"] for one in listed) == row[name], (row["name"], name)
    nowhere = client.get("/dashboard/behind/spend/?period=all&channel=none").context["table"].rows
    assert [one["base_amount"] for one in nowhere] == [7]
    tables = read_tables(client.get("/dashboard/budget/?period=all&format=csv"))
    rows = tables[""]
    months = tables["By month of service"]
    assert months[0] == ["Month", "Planned", "Committed", "Paid"]
    assert sum(Decimal(row[3]) for row in months[1:]) == 127
    assert len(rows) == 1 + 5 + 1
    assert not [cell for row in rows for cell in row if "%" in cell or "€" in cell]  # exact, in a file
    told = {
        row["name"].strip(): row["roi_exact"]
        for row in client.get("/dashboard/budget/?period=all").context["table"].rows
    }
    campaigns = {line.name: line.money.revenue_roi for line in returns(choose()).lines if line.campaign}
    assert set(campaigns) == {"First fair", "Second fair"}
    assert {name: told[name] for name in campaigns} == campaigns
    assert (told["Without a campaign"], told["All"]) == (
        NOT_AVAILABLE,
        None,
    )  # another set than the campaigns of other tabs
    body = Api(cast.finance).get("/reports/budget/", period="all")[1]
    assert body["total"]["revenue_roi"] is None
    assert [one["revenue_roi"] for one in body["results"] if one["campaign"] is None] == [None]
    assert (body["total"]["left"], body["total"]["paid"], len(body["results"])) == ("983", "127", 5)
    assert [one["month"] for one in body["months"]] == ["2026-05-01", "2026-06-01"]
    organisation.current()
    one = queries(client, "/dashboard/budget/?period=all")
    programme_again = make.campaign("Third")
    spend(programme_again, 1)
    roll_all()
    organisation.current()
    assert queries(client, "/dashboard/budget/?period=all") == one <= 5 + 2
    for user in (cast.rep, cast.service):
        client.force_login(user)
        assert client.get("/dashboard/budget/").status_code == 403
        assert Api(user).get("/reports/budget/")[0] == 403
