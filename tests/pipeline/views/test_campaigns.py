"""Campaigns as a list, a form and a page."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Track
from pipeline import campaigns
from pipeline.models import Campaign, ExchangeRate, Spend
from reports.rollups import roll_all
from tests import cast as make
from tests.pages import same_queries

pytestmark = pytest.mark.django_db

PLAN = {
    "name": "Spring Fair 2026",
    "status": "planned",
    "channel": "exhibition",
    "track": "marketing",
    "currency": "eur",
    "budget": "12,000.50",
    "expected_leads": "100",
    "starts_on": "2026-03-01",
    "ends_on": "2026-03-04",
}
TO_COME = str(timezone.localdate() + timedelta(days=2))
SPEND = {"kind": "paid", "amount": "1 000", "currency": "EUR", "month": "2026-03", "on": "2026-03-15"}
numbers = count(1)


def spent(campaign, amount=100, kind="paid", month=3, **fields):
    return Spend.objects.create(
        campaign=campaign,
        kind=kind,
        month=date(2026, month, 1),
        on=date(2026, month, 5),
        amount=amount,
        base_amount=amount,
        **fields,
    )


def reached(stage, at=make.NOON, **fields):
    """A lead that got as far as `stage`."""
    order = ["mql", "ready", "sql", "deal", "won"]
    dates = {f"{name}_at": at for name in order[: order.index(stage) + 1]} if stage in order else {}
    return make.lead(at=at, stage=stage, **dates, **fields)


@pytest.fixture
def marketer(client, cast):
    client.force_login(cast.marketer)
    return client


# -- the list --------------------------------------------------------------------------------------------
def test_the_list_adds_up(marketer):
    fair, mailing = make.campaign("Fair", budget=900), make.campaign("Mailing")
    spent(fair, 100)
    spent(fair, 50, "committed")
    spent(fair, 70, "planned")
    for stage in ("new", "mql", "sql", "won"):
        reached(stage, campaign=fair)
    make.lead(campaign=fair, is_test=True)
    reached("deal", campaign=mailing)
    roll_all()
    rows = {row["name"]: row for row in marketer.get("/campaigns/").context["table"].rows}
    figures = {
        name: tuple(row[key] for key in ("committed", "paid", "leads", "mql", "sql", "deals", "won"))
        for name, row in rows.items()
    }
    assert figures == {"Fair": (50, 100, 4, 3, 2, 1, 1), "Mailing": (None, None, 1, 1, 1, 1, 0)}


def test_the_list_is_sorted_by_leads(marketer):
    two, none, one = make.campaign("Two"), make.campaign("None"), make.campaign("One")
    for campaign in (two, one, two):
        make.lead(campaign=campaign)
    make.lead(campaign=none, is_test=True)
    roll_all()
    shown = marketer.get("/campaigns/?sort=-brought").context["table"].rows
    assert [(row["id"], row["leads"]) for row in shown] == [(two.pk, 2), (one.pk, 1), (none.pk, 0)]


def test_the_list_costs_the_same_with_more_rows(marketer, cast):
    def add():
        campaign = make.campaign(owner=cast.marketer)
        spent(campaign)
        reached("sql", campaign=campaign)
        roll_all()

    same_queries(marketer, "/campaigns/", add)


def test_the_list_does_not_grow_with_the_leads(marketer):
    reached("won", campaign=make.campaign("Fair"))
    roll_all()
    for sort in ("-starts_on", "-brought"):
        with CaptureQueriesContext(connection) as asked:
            assert [row["won"] for row in marketer.get(f"/campaigns/?sort={sort}").context["table"].rows] == [
                1
            ]
        assert not [one["sql"] for one in asked if "leads_lead" in one["sql"]]


@pytest.mark.parametrize(
    "query, names",
    [
        ("", {"Fair", "Mailing", "Ads"}),
        ("?q=fai", {"Fair"}),
        ("?status=active", {"Mailing"}),
        ("?channel=email", {"Mailing"}),
        ("?region={north}", {"Fair"}),
        ("?segment={smb}", {"Ads"}),
        ("?owner={marketer}", {"Ads"}),
        ("?status=active&channel=sem", set()),
    ],
)
def test_filters(query, names, marketer, cast):
    make.campaign("Fair", region=make.region())
    make.campaign("Mailing", channel="email", status="active")
    make.campaign("Ads", segment=make.segment(), owner=cast.marketer)
    query = query.format(north=make.region().pk, smb=make.segment().pk, marketer=cast.marketer.pk)
    assert {row["name"] for row in marketer.get(f"/campaigns/{query}").context["table"].rows} == names


@pytest.mark.parametrize("query", ["?colour=red", "?sort=secret", "?cursor=abc", "?owner=x&q=" + 300 * "y"])
def test_what_the_list_does_not_know_is_refused(query, marketer):
    assert marketer.get(f"/campaigns/{query}").status_code == 400


@pytest.mark.parametrize(
    "sort", ["name", "-name", "starts_on", "-starts_on", "paid", "-paid", "committed", "brought", "-brought"]
)
def test_pages_meet_every_row_once(sort, marketer):
    for number in range(60):
        made = make.campaign(starts_on=date(2026, 1, 1) + timedelta(days=number % 7) if number % 5 else None)
        if number % 3:
            spent(made, number)
    first = marketer.get(f"/campaigns/?sort={sort}")
    second = marketer.get(first.context["table"].older)
    seen = [row["id"] for page in (first, second) for row in page.context["table"].rows]
    assert len(seen) == len(set(seen)) == 60


def test_htmx_gets_the_rows_only(marketer):
    answer = marketer.get("/campaigns/", headers={"hx-request": "true"})
    assert b"<html" not in answer.content


# -- the form --------------------------------------------------------------------------------------------
def test_a_campaign_is_planned(marketer, cast):
    assert marketer.get("/campaigns/new/").status_code == 200
    answer = marketer.post(
        "/campaigns/new/", {**PLAN, "owner": cast.marketer.pk, "name": "Spring\u202e Fair  2026"}
    )
    made = Campaign.objects.get()
    assert answer["Location"] == f"/campaigns/{made.pk}/"
    assert (made.name, made.code, made.currency, made.budget) == (
        "Spring Fair 2026",
        "spring-fair-2026",
        "EUR",
        Decimal("12000.50"),
    )
    assert (made.owner, made.track) == (cast.marketer, Track.MARKETING)


IMPOSSIBLE = [
    ({"ends_on": "2026-02-01"}, "ends_on"),
    ({"name": ""}, "name"),
    ({"budget": "NaN"}, "budget"),
    ({"budget": "-1"}, "budget"),
    ({"currency": "EURO"}, "currency"),
    ({"currency": "E1"}, "currency"),
    ({"code": "taken"}, "code"),
    ({"code": "not a code"}, "code"),
    ({"channel": "smoke"}, "channel"),
    ({"name": "x" * 301}, "name"),
    ({"expected_leads": "-5"}, "expected_leads"),
]


def test_an_impossible_plan_answers_422(marketer):
    make.campaign(code="taken")
    for change, field in IMPOSSIBLE:
        answer = marketer.post("/campaigns/new/", {**PLAN, **change})
        assert (answer.status_code, set(answer.context["form"].errors)) == (422, {field}), change
    assert Campaign.objects.count() == 1


def test_a_code_is_found_for_every_name(marketer):
    for _time in range(3):
        marketer.post("/campaigns/new/", PLAN)
    marketer.post("/campaigns/new/", {**PLAN, "name": "春季展会"})
    marketer.post("/campaigns/new/", {**PLAN, "name": "!!!"})
    codes = set(Campaign.objects.values_list("code", flat=True))
    assert codes == {"spring-fair-2026", "spring-fair-2026-2", "spring-fair-2026-3", "春季展会", "campaign"}


def test_an_edit_keeps_the_code(marketer):
    made = make.campaign("Old", code="kept")
    assert marketer.get(f"/campaigns/{made.pk}/edit/").status_code == 200
    assert marketer.post(f"/campaigns/{made.pk}/edit/", {**PLAN, "code": ""}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.code) == ("Spring Fair 2026", "kept")


def test_a_programme_is_not_part_of_itself(marketer):
    top = make.campaign("Top")
    middle = make.campaign("Middle", parent=top)
    leaf = make.campaign("Leaf", parent=middle)
    aside = make.campaign("Aside")
    form = marketer.get(f"/campaigns/{top.pk}/edit/").context["form"]
    assert set(form.fields["parent"].queryset) == {aside}
    assert campaigns.beneath(top) == {top.pk, middle.pk, leaf.pk}
    answer = marketer.post(f"/campaigns/{top.pk}/edit/", {**PLAN, "parent": leaf.pk})
    assert answer.status_code == 422


# -- the page --------------------------------------------------------------------------------------------
def test_the_page_tells_plan_money_and_people(marketer, cast):
    made = make.campaign(
        "Fair", budget=900, expected_leads=10, owner=cast.marketer, starts_on=date(2026, 3, 1)
    )
    spent(made, 300, month=3)
    spent(made, 200, "committed", month=4)
    reached("mql", campaign=made)
    make.campaign("Booth", parent=made)
    roll_all()
    page = marketer.get(f"/campaigns/{made.pk}/")
    assert page.status_code == 200
    context = page.context
    assert (context["spending"]["paid"], context["used"], context["budget"]) == (300, 500, 900)
    assert context["reached"] == campaigns.Reached(leads=1, mql=1)
    assert [(stage["name"], stage["count"]) for stage in context["standing"]] == [("MQL", 1)]
    assert campaigns.spend_months(made) == [
        {"month": date(2026, 3, 1), "planned": None, "committed": None, "paid": 300},
        {"month": date(2026, 4, 1), "planned": None, "committed": 200, "paid": None},
    ]
    assert b"Booth" in page.content
    assert b"Nobody came yet" not in page.content
    empty = marketer.get(f"/campaigns/{Campaign.objects.get(name='Booth').pk}/").content.decode()
    assert [words in empty for words in ("Nobody came yet", "Nothing spent yet", "No data for")] == [
        True,
        True,
        False,
    ]


def test_a_plan_asks_for_no_more_than_its_days_allow():
    planned = Campaign(starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 4))
    days = [(2026, 11, 29), (2027, 3, 1), (2027, 3, 3), (2027, 3, 4), (2027, 6, 1)]
    assert [campaigns.passed(planned, date(*day)) for day in days] == [0, 0, 0.5, 0.75, 1]
    assert campaigns.passed(Campaign(starts_on=date(2027, 3, 1)), date(2027, 4, 1)) == 1


def test_nobody_is_sent_to_a_list_that_is_closed(client, cast):
    found = make.campaign()
    make.lead(campaign=found)
    address = f"/campaigns/{found.pk}/"
    for user, linked in ((cast.marketer, True), (cast.finance, False)):
        client.force_login(user)
        assert (f"/leads/?campaign={found.pk}" in client.get(address).content.decode()) == linked
        assert client.get(f"/leads/?campaign={found.pk}").status_code == (200 if linked else 403)


def test_the_page_costs_the_same_with_more_rows(marketer):
    made = make.campaign()

    def add():
        spent(made, month=next(numbers) % 12 + 1)
        reached("sql", campaign=made)
        spent(make.campaign(parent=made))

    same_queries(marketer, f"/campaigns/{made.pk}/", add)


def test_a_budget_in_a_currency_without_rate_is_shown_as_it_is(marketer):
    made = make.campaign(budget=100, currency="XAU")
    page = marketer.get(f"/campaigns/{made.pk}/")
    assert page.context["budget"] is None


# -- spend -----------------------------------------------------------------------------------------------
def test_spend_is_logged_in_the_report_currency(marketer):
    ExchangeRate.objects.create(currency="USD", on=date(2026, 1, 1), rate="0.5")
    made = make.campaign()
    assert marketer.post(f"/campaigns/{made.pk}/spend/", {**SPEND, "currency": "usd"}).status_code == 302
    spend = Spend.objects.get()
    assert (spend.campaign, spend.amount, spend.base_amount) == (made, 1000, 500)
    assert (spend.month, spend.on) == (date(2026, 3, 1), date(2026, 3, 15))
    assert (
        marketer.post(f"/campaigns/{made.pk}/spend/", {**SPEND, "kind": "paid", "amount": "-200"}).status_code
        == 302
    )
    assert "Credit note" in marketer.get(f"/campaigns/{made.pk}/").text


@pytest.mark.parametrize(
    "change, field",
    [
        ({"amount": "NaN"}, "amount"),
        ({"amount": "1e30"}, "amount"),
        ({"amount": "$300"}, "amount"),
        ({"currency": "USD"}, "currency"),
        ({"month": "March"}, "month"),
        ({"month": "1900-01"}, "month"),
        ({"on": "2062-03-15"}, "on"),
        ({"kind": "gift"}, "kind"),
        ({"amount": "-5", "kind": "planned"}, "amount"),
        ({"on": TO_COME, "kind": "paid"}, "on"),
    ],
)
def test_an_impossible_spend_answers_422_with_the_page(change, field, marketer):
    made = make.campaign()
    answer = marketer.post(f"/campaigns/{made.pk}/spend/", {**SPEND, **change})
    assert answer.status_code == 422
    assert set(answer.context["spend_form"].errors) == {field}
    assert not Spend.objects.exists()


def test_spend_is_corrected_and_deleted(marketer):
    spend = spent(make.campaign(), 100)
    path = f"/campaigns/{spend.campaign_id}/spend/{spend.pk}/"
    assert marketer.get(path).status_code == 200
    assert marketer.post(path, {**SPEND, "amount": ""}).status_code == 422
    assert marketer.post(path, SPEND).status_code == 302
    spend.refresh_from_db()
    assert (spend.amount, spend.base_amount) == (1000, 1000)
    assert marketer.post(path + "delete/").status_code == 302
    assert not Spend.objects.exists()


def test_what_is_to_be_paid_is_committed_until_then(marketer):
    made = make.campaign()
    to_come = {**SPEND, "on": TO_COME, "kind": "committed"}
    assert marketer.post(f"/campaigns/{made.pk}/spend/", to_come).status_code == 302
    spend = Spend.objects.get()
    path = f"/campaigns/{made.pk}/spend/{spend.pk}/"
    answer = marketer.post(path, to_come | {"kind": "paid"})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"on"})
    Spend.objects.update(kind="paid")  # as such were taken once: the rest of it can be corrected
    assert marketer.post(path, to_come | {"kind": "paid", "amount": "7"}).status_code == 302


def test_a_spend_is_found_under_its_own_campaign_only(marketer):
    spend, other = spent(make.campaign()), make.campaign()
    assert marketer.get(f"/campaigns/{other.pk}/spend/{spend.pk}/").status_code == 404


# -- who ---------------------------------------------------------------------------------------------------
READERS = "marketer marketing_head rep teammate other_rep manager other_manager sales_head admin finance"
MAKERS = "marketer marketing_head manager other_manager sales_head admin"
SPENDERS = "marketer marketing_head sales_head admin"


@pytest.mark.parametrize(
    "method, path, who, through",
    [
        ("get", "/campaigns/", READERS, 200),
        ("get", "/campaigns/{pk}/", READERS, 200),
        ("get", "/campaigns/new/", MAKERS, 200),
        ("get", "/campaigns/{pk}/edit/", SPENDERS, 200),
        ("post", "/campaigns/{pk}/spend/", SPENDERS, 422),
        ("get", "/campaigns/{pk}/spend/{spend}/", SPENDERS, 200),
    ],
)
def test_who_gets_through(method, path, who, through, client, cast):
    spend = spent(make.campaign())
    path = path.format(pk=spend.campaign_id, spend=spend.pk)
    found = set()
    for name, user in cast.everybody().items():
        client.force_login(user)
        status = getattr(client, method)(path).status_code
        assert status in (through, 403, 404), (name, status)
        if status == through:
            found.add(name)
    assert found == set(who.split())
