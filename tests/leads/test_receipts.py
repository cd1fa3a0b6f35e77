"""Money received on won deals: the page, the API, rates, and the figure told from it. Its import is tested with undoing."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from accounts import organisation
from pipeline import migrations, money, receipts
from pipeline.models import Deal, ExchangeRate, Receipt, Spend
from reports.choice import axes, parse
from reports.glance import glance
from reports.models import CountedReceipt, ReceiptDay
from reports.rollups import roll_all
from reports.verify import amounts, totals
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.reports.attribution.test_credits import win

pytestmark = pytest.mark.django_db
FORM = {"on": "2026-06-09", "amount": "60", "currency": "EUR", "note": "first half"}


@pytest.fixture
def deal(cast):
    """A rep's deal won for 100."""
    organisation.forget()
    return win("100", owner=cast.rep, company=make.company(), signed_on=NOON.date() - timedelta(days=3))


def collected(user, **query):
    """(now, a year before) as the first screen of sales tells them."""
    roll_all()
    query = {"period": "month", **query}
    found = glance(user, parse(query, axes(query), NOON), NOON)
    return found.collected, found.collected_before


def test_the_deals_page_records_and_takes_back(client, cast, deal):
    client.force_login(cast.rep)
    at = f"/deals/{deal.pk}/receipts/"
    assert client.get(at).status_code == 200
    assert client.post(at, FORM | {"amount": "0"}).status_code == 422
    assert client.post(at, FORM | {"currency": "USD"}).status_code == 422  # no rate is known
    assert client.post(at, FORM).status_code == 302
    page = client.get(f"/deals/{deal.pk}/").content.decode()
    assert "first half" in page
    assert "€40.00 still to come" in page
    receipt = Receipt.objects.get()
    assert (receipt.base_amount, receipt.entered_by) == (60, cast.rep)
    assert collected(cast.sales_head) == (60, 0)
    client.force_login(cast.other_rep)
    assert client.post(f"{at}{receipt.pk}/remove/").status_code == 404
    client.force_login(cast.marketer)
    assert client.post(f"{at}{receipt.pk}/remove/").status_code == 403
    client.force_login(cast.finance)
    assert client.post(f"{at}{receipt.pk}/remove/").status_code == 302
    assert not Receipt.objects.exists()
    assert collected(cast.sales_head) == (0, 0)
    still_open = make.deal(owner=cast.rep)
    answer = client.post(f"/deals/{still_open.pk}/receipts/", FORM)
    assert (answer.status_code, "on deals that are won" in answer.content.decode()) == (422, True)


def test_nothing_is_received_on_a_day_to_come(client, cast, deal):
    tomorrow = str(organisation.today(timezone.now()) + timedelta(days=1))
    client.force_login(cast.rep)
    answer = client.post(f"/deals/{deal.pk}/receipts/", FORM | {"on": tomorrow})
    assert (answer.status_code, answer.context["form"].errors) == (422, {"on": [receipts.NOT_YET]})
    body = {"deal": deal.pk, "on": tomorrow, "amount": "60", "currency": "EUR"}
    status, problem = Api(cast.finance).post("/receipts/", body)
    assert (status, problem["errors"]) == (400, {"on": [receipts.NOT_YET]})
    assert not Receipt.objects.exists()


def test_the_api_records_changes_and_takes_back(cast, deal):
    body = {"deal": deal.pk, "on": "2026-06-09", "amount": "60", "currency": "EUR"}
    wrote = {name for name, user in cast.everybody().items() if Api(user).post("/receipts/", body)[0] == 201}
    assert wrote == {"rep", "teammate", "manager", "sales_head", "marketing_head", "admin", "finance"}
    api = Api(cast.finance)
    first = api.get("/receipts/", deal=deal.pk)[1]["results"][0]
    tag = {"if_match": api.client.get(f"/api/v1/receipts/{first['id']}/").headers["ETag"]}
    status, changed = api.patch(f"/receipts/{first['id']}/", {"amount": "-5"}, **tag)
    assert (status, Decimal(changed["base_amount"])) == (200, -5)
    assert Api(cast.other_rep).get("/receipts/")[1]["results"] == []
    assert api.post("/receipts/", body | {"deal": make.deal(owner=cast.rep).pk})[0] == 400
    for one in api.get("/receipts/")[1]["results"]:
        assert api.delete(f"/receipts/{one['id']}/")[0] == 204
    assert not Receipt.objects.exists()


def test_what_came_in_is_counted_where_its_deal_stands(cast, deal):
    other = win("50", owner=cast.other_rep, company=make.company(region=make.region()))
    for paid, on, amount in (
        (deal, date(2026, 6, 2), 60),
        (deal, date(2026, 6, 30), 10),  # not yet: after today
        (deal, date(2025, 6, 3), 7),
        (deal, date(2026, 5, 31), 5),
        (other, date(2026, 6, 1), -20),
    ):
        Receipt.objects.create(deal=paid, on=on, amount=amount, base_amount=amount)
    assert collected(cast.sales_head) == (40, 7)
    assert collected(cast.sales_head, rep=str(cast.rep.pk)) == (60, 7)
    assert collected(cast.sales_head, region=str(make.region().pk)) == (-20, 0)
    assert collected(cast.sales_head, rep=str(cast.other_rep.pk), region=str(make.region().pk)) == (-20, 0)
    Deal.objects.filter(pk=other.pk).update(owner=cast.rep)
    assert collected(cast.sales_head, rep=str(cast.rep.pk)) == (40, 7)
    assert CountedReceipt.objects.count() == 5
    with connection.cursor() as cursor:
        assert list(map(str, totals.differences(cursor))) == []
        ReceiptDay.objects.update(amount=1)
        assert {str(one).split()[0] for one in totals.differences(cursor)} == {"ReceiptDay"}


def test_the_list_behind_it(client, cast, deal):
    Receipt.objects.create(deal=deal, on=NOON.now(NOON.tzinfo).date(), amount=60, base_amount=60)
    roll_all()
    client.force_login(cast.sales_head)
    page = client.get("/dashboard/glance/?screen=sales&period=month").content.decode()
    assert "Collected" in page
    assert "€60.00" in client.get("/dashboard/behind/collected/?period=month").content.decode()


RATES = {("USD", 1): "0.9", ("USD", 10): "0.8", ("CNY", 1): "0.13", ("CNY", 12): "0.12"}
DAYS = (1, 5, 10, 12, 20)


def by_hand(currency, on, rates):
    """The newest rate of the currency not after the day, else its first; 1 for the report currency."""
    own = sorted((day, Decimal(rate)) for (other, day), rate in rates.items() if other == currency)
    return (
        Decimal(1) if currency == "EUR" else ([rate for day, rate in own if day <= on.day] or [own[0][1]])[-1]
    )


def test_a_rate_converts_what_is_in_its_currency_by_its_day_and_nothing_else(cast, deal):
    for (currency, day), rate in RATES.items():
        ExchangeRate.objects.create(currency=currency, on=date(2026, 6, day), rate=rate)
    held = []
    for currency in ("EUR", "USD", "CNY"):
        for on in (date(2026, 6, day) for day in DAYS):
            money_of = {"amount": 100, "currency": currency, "base_amount": 1}
            opened = datetime(on.year, on.month, on.day, 12, tzinfo=NOON.tzinfo)
            held += [
                (Receipt.objects.create(deal=deal, on=on, **money_of), on),
                (Spend.objects.create(month="2026-06-01", on=on, **money_of), on),
                (make.deal(opened_at=opened, **money_of), on),
                (win("100", signed_on=on), on),
            ]
            Deal.objects.filter(pk=held[-1][0].pk).update(**money_of)

    def wrong(rates):
        with connection.cursor() as cursor:
            told = {str(one).split(" in ")[0] for one in amounts.differences(cursor)}
        expected = set()
        for one, on in held:
            one.refresh_from_db()
            if one.base_amount != 100 * by_hand(one.currency, on, rates):
                expected.add(f"{type(one).__name__} {one.pk}")
        assert told == expected
        return {name.split()[0] for name in told}, len(told)

    assert wrong(RATES) == ({"Receipt", "Spend", "Deal"}, len(held))
    assert sum(map(money.rebase, ("EUR", "USD", "CNY"))) == len(held)
    assert wrong(RATES) == (set(), 0)
    assert money.rebase("USD") == 0
    api = Api(cast.admin)
    status, rate = api.post("/rates/", {"currency": "USD", "on": "2026-06-05", "rate": "0.7"})
    assert status == 201
    assert wrong(RATES | {("USD", 5): "0.7"}) == (set(), 0)
    assert api.delete(f"/rates/{rate['id']}/")[0] == 204
    assert wrong(RATES) == (set(), 0)
    Receipt.objects.filter(currency="USD").update(base_amount=money.rate("CNY", NOON.date()) * 100)
    assert wrong(RATES) == ({"Receipt"}, len(DAYS))
    with connection.cursor() as cursor:
        heal = next(Path(migrations.__path__[0]).glob("*_receipts_by_their_day.py")).stem
        cursor.execute(import_module(f"pipeline.migrations.{heal}").HEAL)
    assert wrong(RATES) == (set(), 0)


def test_a_rate_that_moved_leaves_nothing_to_come_of_a_deal_cancelled_in_full(db):
    deal = Deal(amount=Decimal(100), base_amount=Decimal("91.25"), currency="USD", outcome="won", name="Big")
    deal.pk = 1
    assert receipts.of_deal(deal, Decimal(0)) == ([], 0, 0)
    assert receipts.of_deal(deal, Decimal(40)) == ([], 0, Decimal("36.5"))
    assert receipts.of_deal(deal) == ([], 0, Decimal("91.25"))
