"""The use of units as people meet it: the card of My day, lists and pages, the API, and the deal that keeps the customer."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads import usage
from leads.models import Touch, UsageRule, UsageSign
from pipeline.models import Deal, Product, Reading, Step, Unit
from tests.api import Api
from tests.cast import company, contact, deal, touch
from tests.leads.test_capture import together
from tests.leads.test_renewing import lines, won
from tests.leads.usage.making import product, read, unit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def today():
    return timezone.now().date()


@pytest.fixture
def silent(cast, today):
    """A unit at the rep's account that has been silent for two months."""
    one = unit(company=company(sales_owner=cast.rep), product=product(list_price=500))
    read(one, [today - n * DAY for n in range(100, 60, -1)])
    usage.judge_due()
    return one


def test_the_owner_gets_one_card_a_customer_with_whom_to_talk_to(client, cast, silent):
    known, last = contact("Ida", company=silent.company), contact("Bob", company=silent.company)
    touch(known, at=timezone.now() - 9 * DAY, kind="mail")
    touch(last, at=timezone.now() - DAY, kind="call")
    client.force_login(cast.rep)
    page = client.get("/my-day/usage/").content.decode()
    assert page.count('id="usage-') == 1
    assert "Not used since" in page
    assert "Bob" in page
    client.force_login(cast.teammate)
    assert "Not used since" not in client.get("/my-day/usage/").content.decode()


@pytest.mark.parametrize(
    ("outcome", "logged", "steps"), [("reached", [True], 0), ("again", [False], 1), ("nothing", [], 0)]
)
def test_one_tap_closes_it_and_logs_what_was_done(client, cast, silent, outcome, logged, steps):
    contact(company=silent.company)
    address = f"/companies/{silent.company_id}/usage/"
    client.force_login(cast.teammate)
    client.post(address, {"outcome": outcome})
    assert UsageSign.objects.get().closed_at is None
    client.force_login(cast.rep)
    client.post(address, {"outcome": outcome})
    client.post(address, {"outcome": "reached"})
    sign = UsageSign.objects.get()
    assert (sign.outcome, sign.closed_by, sign.ended_at) == (outcome, cast.rep, None)
    assert list(Touch.objects.values_list("reached", flat=True)) == logged
    assert Step.objects.count() == steps
    assert usage.cards(cast.rep) == []
    assert client.post(address, {"outcome": "all"}).status_code == 400


def test_a_contract_is_renewed_before_its_time_once(cast, silent, client):
    sold = won(until=timezone.now().date() + 400 * DAY, company=silent.company, owner=cast.rep)
    Unit.objects.filter(pk=silent.pk).update(deal=sold)
    client.force_login(cast.rep)
    answer = client.post(f"/units/{silent.pk}/propose/")
    made = Deal.objects.get(renews=sold)
    assert answer["Location"] == f"/deals/{made.pk}/"
    assert lines(made) == lines(sold)
    assert (made.kind, made.owner, made.expected_close) == ("renewal", cast.rep, sold.contract_until)
    client.post(f"/units/{silent.pk}/propose/")
    assert Deal.objects.filter(kind="renewal").get() == made
    assert UsageSign.objects.get().deal == made


def test_without_a_contract_a_replacement_is_opened(cast, silent):
    sign = UsageSign.objects.get()
    made, opened = usage.propose(sign, by=cast.teammate, at=timezone.now())
    assert (made.owner, made.amount, made.product, opened) == (cast.rep, 500, silent.product, True)
    assert made.lines.get().unit_price == 500
    assert Step.objects.get(deal=made).owner == cast.rep
    assert usage.propose(sign, by=cast.rep, at=timezone.now()) == (made, False)


@pytest.mark.django_db(transaction=True)
def test_two_signs_of_a_unit_proposed_at_once_open_one_deal(cast, silent):
    """Each in a connection of its own, at the same moment, as two colleagues press; so do two units of one contract."""
    sold = won(until=timezone.now().date() + 400 * DAY, company=silent.company, owner=cast.rep)
    other = unit(company=silent.company, product=silent.product, deal=sold)
    Unit.objects.filter(pk=silent.pk).update(deal=sold)
    signs = [UsageSign.objects.get()]
    for one, kind in ((silent, "errors"), (other, "silent")):
        signs.append(
            UsageSign.objects.create(unit=one, kind=kind, facts={}, began_at=timezone.now(), owner=cast.rep)
        )
    opened = []

    def press(number):
        opened.append(usage.propose(signs[number], by=cast.rep, at=timezone.now()))

    assert together(press, 3) == []
    assert sorted(new for _deal, new in opened) == [False, False, True]
    assert Deal.objects.filter(kind="renewal").get() == opened[0][0]


def test_who_may_do_what(client, cast, silent):
    pages = ["/units/", f"/units/{silent.pk}/", f"/companies/{silent.company_id}/units/"]
    for name, user in cast.everybody().items():
        client.force_login(user)
        found = [client.get(page).status_code for page in pages]
        assert found == [200] * 3 if name != "service" else 200 not in found, name
        changed = client.post(
            f"/units/{silent.pk}/", {"company": str(silent.company), "since": "2020-01-01"}
        ).status_code
        assert (changed == 302) == (name not in ("service", "finance")), name
        opened = client.get("/setup/usage-rules/").status_code
        assert (opened == 200) == (name in ("marketing_head", "sales_head", "admin")), name


def test_a_unit_that_goes_to_another_company_keeps_its_use_and_loses_its_deal(client, cast, silent):
    Unit.objects.update(deal=deal(company=silent.company))
    there = company("Elsewhere")
    client.force_login(cast.rep)
    client.post(f"/units/{silent.pk}/", {"company": "Elsewhere", "since": "2020-01-01"})
    one = Unit.objects.get()
    assert (one.company, one.deal, one.readings.count()) == (there, None, 40)
    wrong = client.post(
        f"/units/{silent.pk}/", {"company": "Elsewhere", "since": "2020-01-02", "retired_on": "2020-01-01"}
    )
    assert wrong.status_code == 422
    client.post(f"/units/{silent.pk}/", {"company": "Elsewhere", "retired_on": "2026-01-01"})
    usage.judge_due()
    assert not UsageSign.objects.filter(ended_at=None).exists()


def test_lists_ask_as_much_for_three_units_as_for_one(client, cast, silent, today):
    client.force_login(cast.rep)
    pages = ["/my-day/usage/", "/units/", f"/companies/{silent.company_id}/units/"]

    def counted():
        found = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page).status_code == 200
            found.append(len(asked))
        return found

    once = counted()
    for firm in (silent.company, company(sales_owner=cast.rep)):
        read(unit(company=firm), [today - n * DAY for n in range(100, 60, -1)], errors=1)
    usage.judge_due()
    assert counted() == once


def test_the_list_is_narrowed_by_what_use_says(client, cast, silent):
    other = unit(serial="OTHER-1")
    client.force_login(cast.marketer)
    found = {
        one: client.get(f"/units/?{one}").content.decode()
        for one in ("sign=silent", "sign=errors", "q=OTHER-1")
    }
    assert [silent.serial in page for page in found.values()] == [True, False, False]
    assert [other.serial in page for page in found.values()] == [False, False, True]


# -- the API -----------------------------------------------------------------------------------------------
def test_other_systems_report_in_bulk_and_again(cast, today):
    firm = company(source="scada", external_id="C-1")
    Product.objects.create(code="press", name="Press")
    row = {
        "source": "scada",
        "product": "press",
        "serial": "A1",
        "day": str(today),
        "usage": "7.5",
        "errors": 2,
    }
    rows = [
        {**row, "company_key": "C-1"}, {**row, "serial": "A2"}, {**row, "day": str(today + DAY * 2)}, {**row, "watts": 3},
        {**row, "usage": -1},
    ]  # fmt: skip
    machine = Api(cast.service)
    for _again in range(2):
        status, answer = machine.post("/readings/bulk/", rows)
        assert status == 200
        assert [(one["status"], set(one.get("errors", ()))) for one in answer["results"]] == [
            ("done", set()), ("error", {"company"}), ("error", {"day"}), ("error", {"watts"}), ("error", {"usage"}),
        ]  # fmt: skip
    assert list(Reading.objects.values_list("unit__company", "usage", "errors")) == [
        (firm.pk, Decimal("7.5"), 2)
    ]
    assert Api(cast.finance).post("/readings/bulk/", rows)[0] == 403
    assert machine.post("/readings/bulk/", [])[0] == 400
    assert Api(cast.rep).get("/readings/")[1]["results"][0]["source"] == "scada"


def test_units_and_signs_by_the_api(cast, silent):
    api, sign = Api(cast.rep), UsageSign.objects.get()
    told = api.get("/usage-signs/?open=true")[1]["results"]
    assert [(one["id"], one["kind"], one["words"][:14]) for one in told] == [
        (sign.pk, "silent", "Not used since")
    ]
    assert Api(cast.teammate).post(f"/usage-signs/{sign.pk}/close/", {"outcome": "nothing"})[0] == 403
    assert api.post(f"/usage-signs/{sign.pk}/close/", {"outcome": "nothing"})[1]["outcome"] == "nothing"
    assert api.post(f"/usage-signs/{sign.pk}/close/", {"outcome": "reached"})[0] == 409
    made = api.post(f"/usage-signs/{sign.pk}/propose/", {})[1]
    assert (made["opened"], Deal.objects.get(pk=made["deal"]).company) == (True, silent.company)
    assert api.get(f"/units/?company={silent.company_id}")[1]["results"][0]["reported_on"]
    there = company()
    status, changed = api.patch(f"/units/{silent.pk}/", {"company": there.pk, "ends_on": "2030-01-01"})
    assert (status, changed["company"], changed["ends_on"]) == (200, there.pk, "2030-01-01")


def test_rules_are_the_heads_and_keep_their_kind(cast, silent):
    api = Api(cast.sales_head)
    rule = UsageRule.objects.get(kind="silent")
    assert api.patch(f"/usage-rules/{rule.pk}/", {"days": 90})[1]["days"] == 90
    usage.judge_due()
    assert not UsageSign.objects.filter(ended_at=None).exists()
    assert api.patch(f"/usage-rules/{rule.pk}/", {"kind": "errors"})[0] == 400
    assert api.patch(f"/usage-rules/{rule.pk}/", {"percent": 10})[0] == 400
    own = {"kind": "silent", "product": silent.product_id, "days": 5}
    assert api.post("/usage-rules/", own)[0] == 201
    assert api.post("/usage-rules/", own)[0] == 400
    usage.judge_due()
    assert UsageSign.objects.filter(ended_at=None).count() == 1
    assert Api(cast.rep).get("/usage-rules/")[0] == 403


def test_a_rule_of_one_product_is_taken_away_and_the_one_for_all_stays(client, cast, silent):
    whole = UsageRule.objects.get(kind="silent")
    own = UsageRule.objects.create(kind="silent", product=silent.product, days=500)
    client.force_login(cast.admin)
    for rule in (whole, own):
        client.post(f"/setup/usage-rules/{rule.pk}/remove/")
    assert list(UsageRule.objects.filter(kind="silent")) == [whole]
    page = client.get("/setup/usage-rules/").content.decode()
    assert "No use for 21 days" in page
    assert "at most 50% of a week before" in page
