"""Costs of sales from files: what a file may say, the page's own one again, and taking one back whole."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import organisation
from accounts.models import Organisation, Team, Track
from pipeline.models import ExchangeRate, MonthClose, MonthReopening, SalesCost, SalesCostFile
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.reports.test_selling import COSTS, JUNE, cost

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "ru", "zh-hans")
HEAD = "of,kind,amount,currency,month,on,note\n"


@pytest.fixture(autouse=True)
def full():
    """The level that shows all tabs."""
    Organisation.objects.update(level=3)
    organisation.forget()


def bring(client, text, language="en"):
    sent = {"file": SimpleUploadedFile("costs.csv", text.encode(), "text/csv")}
    return client.post(f"{COSTS}file/", sent, headers={"accept-language": language})


def facts():
    return set(
        SalesCost.objects.values_list(
            "of", "kind", "amount", "currency", "month", "on", "team", "segment", "region", "campaign", "payee", "note"
        )
    )  # fmt: skip


@pytest.mark.parametrize("reads", LANGUAGES)
@pytest.mark.parametrize("writes", LANGUAGES)
def test_the_own_file_can_be_brought_again_in_any_language(client, cast, writes, reads):
    team = Team.objects.create(name="Hunters", track=Track.SALES)
    programme = make.campaign("Care", for_existing=True)
    cost(
        10,
        of="commission",
        team=team,
        region=make.region("north"),
        campaign=programme,
        payee="Ann",
        note="Fair, 1",
    )
    cost(-3, of="tools", segment=make.segment("big"))
    cost(7, of="travel", kind="planned", currency="USD")
    ExchangeRate.objects.create(currency="USD", on=JUNE, rate="0.5")
    before = facts()
    client.force_login(cast.finance)
    answer = client.get(f"{COSTS}?format=csv", headers={"accept-language": writes})
    file = b"".join(answer.streaming_content).decode()
    SalesCost.objects.all().delete()
    told = bring(client, file, reads)
    assert told.status_code == 302, (told.context["wrong"], told.context["form"].errors)
    assert facts() == before


def test_costs_come_by_a_table_all_or_none(client, cast):
    Team.objects.create(name="Hunters", track=Track.SALES)
    make.region()
    client.force_login(cast.finance)
    head = "of,kind,amount,currency,month,on,team,region\n"
    good = "people,paid,1000,EUR,2026-06,2026-06-30,Hunters,north\n"
    refused = bring(client, head + good + "luck,paid,1,EUR,2026-06,2026-06-30,Nobody,\n")
    assert refused.status_code == 422
    assert not SalesCost.objects.exists()
    assert bring(client, head + good + good).status_code == 302
    assert SalesCost.objects.filter(team__name="Hunters", region__code="north", amount=1000).count() == 2
    assert client.get(f"{COSTS}file/?format=csv").status_code == 200
    SalesCost.objects.all().delete()
    named = "What for;Kind;Amount;Month of service;on;note\nTravel;Paid;1.234,56;2026-06;30.06.2026;Fair\nPEOPLE;paid;5;2026-06;05.06.2026;\n"
    assert bring(client, named).status_code == 302
    told = set(SalesCost.objects.values_list("of", "kind", "amount", "currency", "on"))
    assert told == {
        ("travel", "paid", Decimal("1234.56"), "EUR", date(2026, 6, 30)),
        ("people", "paid", Decimal(5), "EUR", date(2026, 6, 5)),
    }


def test_days_and_months_are_read_as_people_write_them(client, cast):
    client.force_login(cast.finance)
    rows = "Travel,Paid,1,,2026-06,05.06.2026,\nTRAVEL,PAID,2,,06.2026,06.06.2026,\nПоездки,已支付,3,EUR,June 2026,2026-06-07,\n"
    assert bring(client, HEAD + rows).status_code == 302
    told = set(SalesCost.objects.values_list("of", "kind", "amount", "currency", "month", "on"))
    assert told == {
        ("travel", "paid", Decimal(day - 4), "EUR", JUNE, date(2026, 6, day)) for day in (5, 6, 7)
    }
    refused = bring(client, HEAD + "travel,paid,1,,05/06/2026,05/06/2026,\n")  # May or June?
    assert refused.status_code == 422


def test_a_day_that_can_be_two_is_asked_about(client, cast):
    """05/11 may be in May or in November; one cell that can only be one of both decides for its column."""
    client.force_login(cast.finance)
    row = "tools,paid,1,EUR,2026-05,{},\n"
    assert "05/11/2026" in bring(client, HEAD + row.format("05/11/2026")).content.decode()
    assert not SalesCost.objects.exists()
    bring(client, HEAD + row.format("05/11/2026") + row.format("25/05/2026"))
    assert set(SalesCost.objects.values_list("on", flat=True)) == {date(2026, 11, 5), date(2026, 5, 25)}


def test_the_same_file_is_kept_once_until_it_is_taken_back(client, cast):
    client.force_login(cast.finance)
    text = f"{HEAD}tools,paid,1,EUR,2026-05,2026-05-04,\n"
    bring(client, text)
    again = bring(client, text)
    assert (again.status_code, str(cast.finance) in again.content.decode()) == (422, True)
    kept = SalesCostFile.objects.get()
    bring(client, text.replace(",1,", ",2,"))
    assert sorted(SalesCost.objects.values_list("amount", flat=True)) == [1, 2]
    client.post(f"{COSTS}files/{kept.pk}/take-back/")
    bring(client, text)
    assert SalesCostFile.objects.kept().count() == 2


def test_a_file_is_taken_back_whole_and_once(client, cast):
    client.force_login(cast.finance)
    mine = cost(99)
    rows = "".join(
        f"people,paid,{amount},EUR,{month},2026-06-30,\n"
        for amount, month in ((1, "2026-05"), (2, "2026-06"), (3, "2026-06"), (4, "2026-06"))
    )
    assert bring(client, HEAD + rows).status_code == 302
    assert bring(client, HEAD + "people,luck,1,EUR,2026-06,2026-06-30,\n").status_code == 422
    file = SalesCostFile.objects.get()  # of what was refused nothing is left
    assert (file.name, file.rows, file.brought_by, file.costs.count()) == ("costs.csv", 4, cast.finance, 4)
    MonthClose.objects.create(
        month=date(2026, 5, 1),
        closed_at=NOON,
        closed_by=cast.finance,
        deal_history=0,
        spend_history=0,
        last_deal=0,
        last_spend=0,
    )
    changed = SalesCost.objects.get(amount=2)
    changed.note = "asked for"
    changed.save()
    page = client.get(f"{COSTS}file/")
    assert [(row["name"], row["rows"], row["state"]) for row in page.context["brought"].rows] == [
        ("costs.csv", 4, "Kept")
    ]
    where = page.context["brought"].rows[0]["href"]
    html = client.get(where).content.decode()
    assert "1 cost stays: somebody changed it since." in html
    assert "1 cost stays: it is booked in a month that is closed." in html
    for user in (cast.marketing_head, cast.rep):
        client.force_login(user)
        assert client.get(where).status_code == client.post(f"{where}back/").status_code == 403
    client.force_login(cast.sales_head)
    told = client.post(f"{where}back/", follow=True).content.decode()
    assert "2 costs are taken away; history keeps them. 1 cost stays: somebody" in told
    kept = set(SalesCost.objects.values_list("amount", flat=True))
    assert kept == {mine.amount, 1, 2}
    assert "Nothing is taken back. 1 cost stays" in client.post(f"{where}back/", follow=True).content.decode()
    file.refresh_from_db()
    assert file.taken_back_by == cast.sales_head
    assert {row["amount"] for row in client.get(f"{COSTS}?file={file.pk}").context["table"].rows} == {1, 2}
    MonthReopening.objects.create(close=MonthClose.objects.get(), by=cast.finance, at=NOON, reason="late")
    changed.delete()
    assert "1 cost is taken away" in client.post(f"{where}back/", follow=True).content.decode()
    assert "it was taken back already" in client.post(f"{where}back/", follow=True).content.decode()
    assert "Take back" not in client.get(where).content.decode()
    assert set(SalesCost.objects.values_list("pk", flat=True)) == {mine.pk}  # fmt: skip


def test_the_api_lists_files_and_takes_them_back(client, cast):
    client.force_login(cast.finance)
    bring(client, HEAD + "people,paid,5,EUR,2026-06,2026-06-30,\n")
    api = Api(cast.finance)
    (told,) = api.get("/sales-cost-files/")[1]["results"]
    assert (told["name"], told["rows"], told["brought_by"], told["taken_back_at"]) == (
        "costs.csv",
        1,
        cast.finance.pk,
        None,
    )
    assert [one["amount"] for one in api.get("/sales-costs/", file=told["id"])[1]["results"]] == ["5.0000"]
    for user, status in ((cast.rep, 403), (cast.marketing_head, 403), (cast.marketer, 403)):
        assert Api(user).post(f"/sales-cost-files/{told['id']}/take-back/", {})[0] == status
    assert api.post(f"/sales-cost-files/{told['id']}/take-back/", {}) == (
        200,
        {"gone": 1, "changed": [], "closed": []},
    )
    assert api.post(f"/sales-cost-files/{told['id']}/take-back/", {}) == (
        200,
        {"gone": 0, "changed": [], "closed": []},
    )
    assert not SalesCost.objects.exists()  # fmt: skip
