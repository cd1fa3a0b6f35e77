"""The price list and exchange rates."""

from datetime import date, timedelta
from itertools import count

import pytest
from django.utils import timezone

from engine import errands
from pipeline import rates
from pipeline.models import DealLine, ExchangeRate, Product, ProductCost, Spend
from tests import cast as make
from tests.api import Api
from tests.pages import same_queries

pytestmark = pytest.mark.django_db
PUMP = {
    "name": "Pump",
    "code": "P-1",
    "list_price": "1,000.00",
    "floor_price": "800",
    "currency": "EUR",
    "active": "on",
}
numbers = count(1)


def a_product(**fields):
    number = next(numbers)
    return Product.objects.create(**{"name": f"Product {number}", "code": f"P{number}", **fields})


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.admin)
    return client


def test_a_product_is_added_and_changed(admin):
    assert admin.get("/products/new/").status_code == 200
    assert admin.post("/products/new/", PUMP).status_code == 302
    pump = Product.objects.get()
    assert (pump.list_price, pump.floor_price, pump.active) == (1000, 800, True)
    assert admin.post(f"/products/{pump.pk}/", {**PUMP, "active": ""}).status_code == 302
    pump.refresh_from_db()
    assert not pump.active


@pytest.mark.parametrize(
    "change, field",
    [
        ({"floor_price": "2000"}, "floor_price"),
        ({"list_price": "NaN"}, "list_price"),
        ({"code": "TAKEN"}, "code"),
        ({"currency": "x"}, "currency"),
        ({"currency": "XYZ"}, "currency"),
    ],
)
def test_an_impossible_product_answers_422(change, field, admin):
    a_product(code="TAKEN")
    answer = admin.post("/products/new/", {**PUMP, **change})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}


def test_costs_are_dated(admin):
    pump = a_product()
    path = f"/products/{pump.pk}/costs/"
    assert admin.post(path, {"since": "2026-01-01", "unit_cost": "50"}).status_code == 302
    assert admin.post(path, {"since": "2026-01-01", "unit_cost": "60"}).status_code == 422
    assert admin.post(path, {"since": "2026-02-01", "unit_cost": "-1"}).status_code == 422
    assert admin.post(path, {"since": "2999-01-01", "unit_cost": "99"}).status_code == 302
    assert [cost.unit_cost for cost in pump.costs.order_by("since")] == [50, 99]
    assert [row["unit_cost"] for row in admin.get("/products/").context["table"].rows] == [50]


def test_the_list_costs_the_same_with_more_rows(admin):
    def add():
        ProductCost.objects.create(product=a_product(), since=date(2026, 1, 1), unit_cost=1)

    same_queries(admin, "/products/", add)


def test_who_sees_costs_and_who_changes_prices(client, cast):
    pump = a_product()
    ProductCost.objects.create(product=pump, since=date(2026, 1, 1), unit_cost=123456)
    seers, changers, readers = set(), set(), set()
    for name, user in cast.everybody().items():
        client.force_login(user)
        page = client.get(f"/products/{pump.pk}/")
        if page.status_code == 200:
            readers.add(name)
        shown = b"123,456" in page.content
        listed = "unit_cost" in {one.name for one in _columns(client.get("/products/"))}
        assert shown == listed
        if shown:
            seers.add(name)
        if client.post(f"/products/{pump.pk}/", {}).status_code == 422:
            changers.add(name)
    assert changers == {"marketing_head", "sales_head", "admin"}
    assert seers == changers | {"marketer", "manager", "other_manager", "finance"}
    assert readers == seers | {"rep", "teammate", "other_rep"}


def _columns(answer):
    return answer.context["table"].columns if answer.status_code == 200 else []


# -- rates -------------------------------------------------------------------------------------------------
def test_a_rate_converts_what_it_concerns_anew(admin, monkeypatch):
    ExchangeRate.objects.create(currency="USD", on=date(2026, 1, 1), rate="0.9")
    fields = {"kind": "paid", "month": date(2026, 5, 1), "amount": 100}
    before = Spend.objects.create(on=date(2026, 4, 30), currency="USD", base_amount=90, **fields)
    after = Spend.objects.create(on=date(2026, 5, 2), currency="USD", base_amount=90, **fields)
    euro = Spend.objects.create(on=date(2026, 5, 2), currency="EUR", base_amount=100, **fields)
    opened = make.deal(currency="USD", amount=10, base_amount=9)
    signed = make.deal(
        currency="USD",
        amount=10,
        base_amount=9,
        outcome="won",
        signed_on=date(2026, 2, 1),
        closed_at=make.NOON,
    )
    bare = make.deal(currency="USD")
    answer = admin.post("/rates/", {"currency": "usd", "on": "2026-05-01", "rate": "0.8"})
    assert answer.status_code == 302
    found = []
    for one in (before, after, euro, opened, signed, bare):
        one.refresh_from_db()
        found.append(one.base_amount)
    assert found == [90, 80, 100, 8, 9, None]
    monkeypatch.setattr(rates, "AT_ONCE", 2)
    page = admin.post("/rates/", {"currency": "USD", "on": "2026-05-02", "rate": "0.5"}, follow=True)
    assert "amounts are being converted anew in the background" in page.content.decode()
    after.refresh_from_db()
    assert after.base_amount == 80
    assert (errands.do_due(), rates.waiting()) == (1, [])
    after.refresh_from_db()
    assert after.base_amount == 50


@pytest.mark.parametrize(
    "change, field",
    [
        ({"currency": "EUR"}, "currency"),
        ({"rate": "0"}, "rate"),
        ({"rate": "NaN"}, "rate"),
        ({"on": "soon"}, "on"),
        ({"currency": "GBP"}, "__all__"),
    ],
)
def test_an_impossible_rate_answers_422(change, field, admin):
    ExchangeRate.objects.create(currency="GBP", on=date(2026, 5, 1), rate="1.1")
    answer = admin.post("/rates/", {"currency": "USD", "on": "2026-05-01", "rate": "0.8", **change})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}


def test_a_rate_is_put_right_and_taken_back_by_page_and_api(admin, cast):
    """What was entered by it follows each time, and the last rate of money on record stays."""
    api, page = Api(cast.admin), "/rates/%d/"
    spend = Spend.objects.create(
        kind="paid", month=date(2026, 5, 1), on=date(2026, 5, 2), currency="USD", amount=100, base_amount=90
    )

    def worth():
        spend.refresh_from_db()
        return spend.base_amount

    status, first = api.post("/rates/", {"currency": "USD", "on": "2026-01-01", "rate": "0.9"})
    assert (status, worth()) == (201, 90)
    assert api.post("/rates/", {"currency": "USD", "on": "2026-01-01", "rate": "1"})[0] == 400
    assert api.post("/rates/", {"currency": "EUR", "on": "2026-01-01", "rate": "1"})[0] == 400
    assert api.post("/rates/", {"currency": "USD", "on": "2026-02-01", "rate": "0"})[0] == 400
    status, second = api.post("/rates/", {"currency": "USD", "on": "2026-05-01", "rate": "0.8"})
    assert (status, worth()) == (201, 80)
    assert (
        admin.post(page % second["id"], {"currency": "usd", "on": "2026-05-01", "rate": "0.7"}).status_code
        == 302
    )
    assert worth() == 70
    assert api.patch(f"/rates/{second['id']}/", {"rate": "0.6"})[0] == 200
    assert worth() == 60
    assert (
        admin.post(page % second["id"], {"currency": "gbp", "on": "2026-05-01", "rate": "0.7"}).status_code
        == 302
    )
    assert worth() == 90
    assert (
        admin.post(page % first["id"], {"currency": "gbp", "on": "2026-06-01", "rate": "0.7"}).status_code
        == 422
    )
    assert (
        admin.post(f"{page % first['id']}delete/", follow=True).content.decode().count("only rate of USD")
        == 1
    )
    assert api.delete(f"/rates/{first['id']}/")[0] == 400
    assert api.patch(f"/rates/{second['id']}/", {"currency": "USD"})[0] == 200
    assert worth() == 70
    assert admin.post(f"{page % second['id']}delete/").status_code == 302
    assert worth() == 90
    spend.delete()
    assert api.delete(f"/rates/{first['id']}/")[0] == 204
    assert not ExchangeRate.objects.exists()


def test_who_changes_rates(client, cast):
    seen, changed = set(), set()
    rate = ExchangeRate.objects.create(currency="USD", on=date(2026, 1, 1), rate="0.9")
    for name, user in cast.everybody().items():
        client.force_login(user)
        api = Api(user)
        if client.get("/rates/").status_code == 200:
            seen.add(name)
        if client.post("/rates/", {}).status_code == 422:
            changed.add(name)
        assert (api.get("/rates/")[0] == 200) == (name in seen)
        assert (api.post("/rates/", {})[0] == 400) == (name in changed)
        assert (client.post(f"/rates/{rate.pk}/", {}).status_code == 422) == (name in changed)
        assert (client.get(f"/rates/{rate.pk}/").status_code == 200) == (name in changed)
    assert changed == {"marketing_head", "sales_head", "admin"}
    assert seen == changed | {"marketer", "manager", "other_manager", "finance"}


def test_both_tracks_read_prices_and_how_far_they_come_down(client, cast):
    pump = a_product(name="Pump", list_price=200, floor_price=150)
    a_product(name="Valve")
    today = timezone.localdate()
    for discount, days, outcome in ((10, 30, "won"), (20, 60, "won"), (90, 400, "won"), (90, 30, "open")):
        on = today - timedelta(days=days)
        deal = make.deal(
            outcome=outcome, signed_on=on, closed_at=timezone.now() if outcome == "won" else None
        )
        DealLine.objects.create(deal=deal, product=pump, unit_price=200, discount=discount)
    for user in (cast.marketer, cast.rep, cast.finance):
        client.force_login(user)
        page = client.get("/products/").content.decode()
        for words in ("€200", "€150", "25.0%", "15.0%"):
            assert words in page, (user, words)
        rows = {one["name"]: one for one in Api(user).get("/products/")[1]["results"]}
        assert (rows["Pump"]["largest_discount"], rows["Pump"]["usual_discount"]) == ("0.250000", "0.150000")
        assert (rows["Valve"]["largest_discount"], rows["Valve"]["usual_discount"]) == (None, None)
    client.force_login(cast.service)
    assert client.get("/products/").status_code == 403
