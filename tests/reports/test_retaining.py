"""Programmes for existing customers: goals that both heads sign, what was kept against a naive count, and the return with its range."""

from datetime import date, timedelta
from decimal import Decimal
from math import sqrt
from statistics import mean, variance

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import organisation
from accounts.models import Organisation
from pipeline.models import Campaign, Company, SalesCost
from reports.models import KeepGoal
from reports.retaining import goals
from reports.retaining.figures import BEFORE, OTHERS, kept
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_csv
from tests.pages import queries
from tests.reports.attribution.test_credits import win
from tests.reports.test_returns import spend

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 4, 1), date(2026, 6, 1)
AFTER = date(2026, 8, 5)  # the months are over


@pytest.fixture(autouse=True)
def full():
    """The level that shows the tabs."""
    Organisation.objects.update(level=3)
    organisation.forget()


def programme(**fields):
    return make.campaign(
        "Care", for_existing=True, starts_on=FIRST, ends_on=date(2026, 6, 30), status="active", **fields
    )


def customer(segment=None, since=date(2024, 1, 5), campaign=None, margins=(), on=date(2026, 5, 5)):
    """A company that bought first on a day, and again for these margins; whom a campaign touched."""
    company = make.company(segment=segment)
    contact = make.contact(company=company)
    win(100, [contact], company=company, signed_on=since, cost=60)
    for margin in margins:
        win(100, [contact], company=company, kind="renewal", signed_on=on, cost=100 - margin)
    if campaign:
        make.touch(contact, NOON - timedelta(days=30), campaign=campaign)
    return company


customers = st.lists(
    st.tuples(
        st.booleans(),  # reached
        st.booleans(),  # of the segment
        st.sampled_from([date(2024, 1, 5), date(2025, 12, 5), date(2026, 5, 2)]),  # first bought
        st.lists(st.integers(-20, 90), max_size=2),
        st.sampled_from([date(2026, 5, 5), date(2025, 5, 5), date(2026, 7, 5)]),  # and again
    ),
    max_size=8,
)


class AgainstTheOracle(TestCase):
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(customers, st.booleans())
    def test_sides_are_what_anybody_would_count(self, told, merged):
        organisation.forget()
        segment = make.segment("a")
        campaign = programme(segment=segment)
        made = []
        for reached, inside, since, margins, on in told:
            company = customer(segment if inside else None, since, campaign if reached else None, margins, on)
            made.append(company)
        if merged and made:  # a twin that had won nothing is of the same firm
            twin = make.company()
            Company.objects.filter(pk=twin.pk).update(merged_into=made[0])
        roll_all()
        found = kept(campaign, None, None, AFTER)
        for name, (first, until) in {
            "reached": (FIRST, date(2026, 7, 1)), OTHERS: (FIRST, date(2026, 7, 1)),
            BEFORE: (date(2025, 4, 1), date(2025, 7, 1)),
        }.items():  # fmt: skip
            sums = [
                sum(margins) if first <= on < until else 0
                for reached, inside, since, margins, on in told
                if inside
                and min(since, on if margins else since) < first  # whatever it bought first
                and (name == BEFORE or reached == (name == "reached"))
            ]
            side = getattr(found, name)
            assert (side.customers, side.margin) == (len(sums), sum(sums)), name
            assert side.squares == sum(one * one for one in sums)
            if len(sums) > 1:
                assert float(side.error) == pytest.approx(variance(sums) / len(sums), abs=1e-9)


def firm(segment=None, others=20):
    """Twenty customers that the programme reached, and as many others; it cost 100 of marketing's money and 50 of sales'."""
    segment = segment or make.segment()
    campaign = programme(segment=segment)
    reached = [60 if number % 2 else 40 for number in range(20)]
    left = [30 if number % 2 else 10 for number in range(others)]
    for margin in reached:
        customer(segment, campaign=campaign, margins=[margin])
    for margin in left:
        customer(segment, margins=[margin])
    spend(campaign, 100)
    SalesCost.objects.create(
        of="people", kind="paid", month=LAST, on=LAST, amount=50, base_amount=50, campaign=campaign
    )
    roll_all()
    return campaign, reached, left


def test_what_was_kept_is_held_against_those_who_were_not_reached():
    campaign, reached, left = firm()
    found = kept(campaign, None, None, AFTER)
    assert (found.against, found.over, found.spend) == (OTHERS, True, 150)
    assert found.without == 20 * Decimal(mean(left))
    estimate, low, high = found.more
    assert estimate == sum(reached) - found.without == 600
    half = 1.96 * 20 * sqrt(variance(reached) / 20 + variance(left) / 20)
    assert (float(low), float(high)) == pytest.approx((600 - half, 600 + half))
    assert found.roi[0] == (600 - 150) / Decimal(150) == 3


def test_with_too_few_others_it_is_held_against_the_year_before_or_nothing():
    campaign, *_sides = firm(others=0)
    found = kept(campaign, None, None, AFTER)
    assert (found.against, found.without, found.more[0]) == (BEFORE, 0, 1000)
    assert kept(programme(segment=make.segment("else"), code="x"), None, None, AFTER).more is None


def test_its_months_are_over_from_the_day_after_the_last():
    campaign, *_sides = firm()
    told = [
        kept(campaign, None, None, day).over
        for day in (date(2026, 6, 29), date(2026, 6, 30), date(2026, 7, 1))
    ]
    assert told == [False, False, True]


def test_a_goal_is_of_days_in_reach_and_stands_beside_the_months_that_it_meets(client, cast):
    campaign = programme(segment=make.segment())
    url = f"/reports/programmes/{campaign.pk}/"
    for months in ({"first": "2026-04", "last": "9999-12"}, {"first": "1066-10", "last": "2026-04"}):
        assert Api(cast.admin).post(url, months | {"margin": "10"})[0] == 400
    goal = KeepGoal.objects.create(
        campaign=campaign, first=FIRST, last=LAST, margin=70, created_by=cast.admin
    )
    for head in (cast.marketing_head, cast.sales_head):
        goals.sign(goal.pk, by=head, at=NOON)
    Campaign.objects.filter(pk=campaign.pk).update(ends_on=None)
    client.force_login(cast.finance)
    for span, told in ((("2026-06", "2026-09"), 70), (("2026-07", "2026-12"), None)):
        page = client.get("/dashboard/segments/", {"from": span[0], "to": span[1]})
        assert [row["goal"] for row in page.context["programmes"].rows] == [told]


def test_drafts_are_offered_for_signature_in_as_many_statements_for_three(client, cast):
    campaign = programme()
    url = f"/dashboard/programmes/{campaign.pk}/"
    client.force_login(cast.admin)

    def draft():
        return KeepGoal.objects.create(
            campaign=campaign, first=FIRST, last=LAST, margin=7, created_by=cast.admin
        )

    first = draft()
    goals.sign(first.pk, by=cast.sales_head, at=NOON)
    client.get(url)
    one = queries(client, url)
    draft(), draft()
    assert queries(client, url) == one
    client.force_login(cast.sales_head)
    drafts = client.get(url).context["drafts"]
    assert {draft.pk: bool(tracks) for draft, tracks in drafts}[first.pk] is False
    assert sum(bool(tracks) for _draft, tracks in drafts) == 2


def test_a_goal_holds_once_both_heads_have_signed(client, cast):
    campaign, *_sides = firm()
    url = f"/dashboard/programmes/{campaign.pk}/"
    client.force_login(cast.marketing_head)
    sent = {"first": "2026-04", "last": "2026-06", "margin": "2000"}
    assert client.post(f"{url}goals/", sent | {"last": "2026-03"}).status_code == 422
    assert client.post(f"{url}goals/", sent).status_code == 302
    goal = KeepGoal.objects.get()
    assert client.post(f"{url}goals/{goal.pk}/sign/").status_code == 302
    assert goals.in_force(campaign) is None
    assert (
        client.post(f"{url}goals/{goal.pk}/discard/").status_code == 302
    )  # somebody has signed it: it stays
    for user in (cast.marketer, cast.rep, cast.finance):
        client.force_login(user)
        assert client.post(f"{url}goals/", sent).status_code == 403
        assert client.post(f"{url}goals/{goal.pk}/sign/").status_code == 403
    status, _body = Api(cast.sales_head).post(f"/reports/programmes/{campaign.pk}/goals/{goal.pk}/sign/")
    assert status == 200
    assert Api(cast.sales_head).post(f"/reports/programmes/{campaign.pk}/goals/{goal.pk}/sign/")[0] == 409
    assert goals.in_force(campaign) == goal
    client.force_login(cast.finance)
    page = client.get(url)
    facts = {str(label): text for label, text in page.context["facts"]}
    assert facts["Margin kept"] == "€1,000 of €2,000 (50%)"
    assert "Nobody was drawn by lot" in page.content.decode()
    assert len(read_csv(client.get(f"{url}?format=csv"))) == 4
    rows = client.get("/dashboard/segments/?period=all").context["programmes"].rows
    assert [(row["goal"], row["kept_href"]) for row in rows] == [(2000, url)]
    status, told = Api(cast.finance).get(f"/reports/programmes/{campaign.pk}/")
    assert (status, told["goal"]["signed"], told["against"]) == (200, ["marketing", "sales"], "others")
    status, told = Api(cast.admin).post(
        f"/reports/programmes/{campaign.pk}/", {"first": "2026-07-01", "last": "2026-09-01", "margin": "10"}
    )
    assert status == 201
    assert len(told["drafts"]) == 1
    assert queries(client, url) <= 12 + 2
    client.force_login(cast.rep)
    assert client.get(url).status_code == 403
    client.force_login(cast.admin)
    assert client.get(f"/dashboard/programmes/{make.campaign().pk}/").status_code == 404
