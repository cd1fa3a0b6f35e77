"""Money received on won deals: the page, the API, rates, and the figure told from it. Its import is tested with undoing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from accounts import organisation
from pipeline import money
from pipeline.models import Deal, ExchangeRate, Receipt
from reports.choice import axes, parse
from reports.glance import glance
from reports.models import CountedReceipt, ReceiptDay
from reports.rollups import roll_all
from reports.verify import totals
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


def test_a_new_rate_is_followed(cast, deal):
    ExchangeRate.objects.create(currency="USD", on=date(2026, 1, 1), rate="0.9")
    receipt = Receipt.objects.create(
        deal=deal,
        on=date(2026, 6, 9),
        amount=100,
        currency="USD",
        base_amount=money.to_base(100, "USD", date(2026, 6, 9)),
    )
    ExchangeRate.objects.create(currency="USD", on=date(2026, 6, 1), rate="0.8")
    assert money.rebase("USD") == 1
    receipt.refresh_from_db()
    assert receipt.base_amount == 80
