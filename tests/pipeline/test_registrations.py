"""Dealers' registrations: who is protected until when, what stands against it, and where one is warned."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pipeline import registrations
from pipeline.models import DealRegistration, Product
from tests.api import Api
from tests.cast import company, deal
from tests.pages import same_queries

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()
DAY = timedelta(days=1)


@pytest.fixture
def dealer():
    return company("Dealer One", is_partner=True)


@pytest.fixture
def customer():
    return company("Customer")


def registered(dealer, customer, until=TODAY + 30 * DAY, **fields):
    return DealRegistration.objects.create(
        dealer=dealer, customer=customer, registered_on=TODAY - 10 * DAY, protected_until=until, **fields
    )


def against(one, on=TODAY):
    return {(conflict.kind, conflict.pk) for conflict in registrations.conflicts(one, on)}


def test_it_protects_until_its_day_unless_it_is_withdrawn(dealer, customer):
    one = registered(dealer, customer)
    assert [one.protects(TODAY + n * DAY) for n in (-11, -10, 0, 30, 31)] == [False, True, True, True, False]
    for n, expected in ((-11, []), (30, [one]), (31, [])):
        assert registrations.of_customer(customer, TODAY + n * DAY) == expected
    assert registrations.of_customer(customer, TODAY, but_dealer=dealer) == []
    own = registered(dealer, dealer)  # as a merge leaves it
    assert (own.protects(TODAY), registrations.of_customer(dealer, TODAY)) == (False, [])
    one.withdrawn = True
    one.save()
    assert (one.protects(TODAY), registrations.of_customer(customer, TODAY)) == (False, [])


def test_another_dealer_and_our_own_deal_stand_against_it(cast, dealer, customer):
    pump, press = (Product.objects.create(code=code, name=code.title()) for code in ("pump", "press"))
    one = registered(dealer, customer, product=pump)
    other = company("Dealer Two", is_partner=True)
    anything, same = registered(other, customer), registered(other, customer, product=pump)
    registered(other, customer, product=press)
    registered(other, company(), product=pump)
    registered(other, customer, until=TODAY - DAY)
    registered(other, customer, withdrawn=True)
    registered(dealer, customer)
    ours, unnamed = deal(company=customer, product=pump), deal(company=customer)
    deal(company=customer, product=press)
    deal(company=customer, product=pump, partner=dealer)
    through = deal(company=customer, product=pump, partner=other)
    lost = deal(company=customer, product=pump, outcome="lost", closed_at=timezone.now())
    expected = {("registration", anything.pk), ("registration", same.pk)}
    expected |= {("deal", one.pk) for one in (ours, unnamed, through)}
    assert against(one) == expected
    assert ("deal", lost.pk) not in against(one)
    assert against(one, TODAY + 31 * DAY) == set()
    rows = dict(DealRegistration.objects.contested(TODAY).values_list("pk", "contested"))
    for each in DealRegistration.objects.all():
        if each.protects(TODAY):
            assert rows[each.pk] == bool(against(each)), each.pk


def test_a_rep_registers_a_deal_and_is_warned_not_refused(client, cast, dealer, customer):
    mine = deal(company=customer, owner=cast.rep)
    client.force_login(cast.rep)
    page = client.get(f"/registrations/new/?dealer={dealer.pk}")
    assert (
        page.context["form"].initial["protected_until"]
        == page.context["form"].initial["registered_on"] + 90 * DAY
    )
    said = {
        "dealer": dealer.pk, "customer": "Customer", "product": "", "registered_on": TODAY, "protected_until": TODAY + 60 * DAY,
        "note": "asked first",
    }  # fmt: skip
    assert client.post("/registrations/new/", {**said, "protected_until": TODAY - DAY}).status_code == 422
    assert client.post("/registrations/new/", {**said, "customer": "Dealer One"}).status_code == 422
    assert client.post("/registrations/new/", {**said, "dealer": customer.pk}).status_code == 422
    page = client.post("/registrations/new/", said, follow=True).content.decode()
    one = DealRegistration.objects.get()
    assert (one.by, one.protected_until, one.note) == (cast.rep, TODAY + 60 * DAY, "asked first")
    assert f"We have an open deal with this customer: {mine.name}." in page
    assert "This is registered already" in client.post("/registrations/new/", said).content.decode()
    far = {**said, "registered_on": "0001-01-01", "protected_until": "9999-12-31"}
    page = client.post("/registrations/new/", far)
    assert page.context["form"].errors.keys() == {"registered_on", "protected_until"}
    assert "conflict" in client.get("/registrations/").content.decode()
    for address in (f"/companies/{customer.pk}/", f"/deals/{mine.pk}/"):
        assert "Dealer One has registered this customer until" in client.get(address).content.decode()
    client.post(f"/registrations/{one.pk}/", {**said, "withdrawn": "on"})
    assert "has registered" not in client.get(f"/deals/{mine.pk}/").content.decode()


def test_who_only_reads_cannot_register(client, cast, dealer, customer):
    one = registered(dealer, customer)
    client.force_login(cast.finance)
    assert client.get("/registrations/").status_code == 200
    assert client.get(f"/registrations/{one.pk}/").context["form"] is None
    assert client.get("/registrations/new/").status_code == 403
    client.force_login(cast.service)
    assert client.get("/registrations/").status_code == 403


def test_the_list_asks_the_same_for_one_and_for_three(client, cast, dealer):
    client.force_login(cast.rep)
    same_queries(client, "/registrations/", lambda: registered(dealer, company()))


def test_the_api_registers_and_tells_the_conflicts(cast, dealer, customer):
    rep, finance = Api(cast.rep), Api(cast.finance)
    mine = deal(company=customer)
    said = {
        "dealer": dealer.pk, "customer": customer.pk, "registered_on": f"{TODAY}", "protected_until": f"{TODAY + 5 * DAY}",
    }  # fmt: skip
    status, row = rep.post("/registrations/", said)
    assert (status, row["by"]) == (201, cast.rep.pk)
    assert [(one["kind"], one["pk"]) for one in row["conflicts"]] == [("deal", mine.pk)]
    address = f"/registrations/{row['id']}/"
    assert finance.get(address)[1]["conflicts"] == row["conflicts"]
    assert finance.patch(address, {"withdrawn": True})[0] == 403
    for wrong in (
        {"dealer": customer.pk}, {"customer": dealer.pk}, {"protected_until": "2020-01-01"},
        {"registered_on": "0001-01-01"}, {"protected_until": "9999-12-31"},
    ):  # fmt: skip
        assert rep.patch(address, wrong)[0] == 400, wrong
    status, problem = rep.post("/registrations/", said)
    assert (status, f"(number {row['id']})" in problem["detail"]) == (409, True)
    later = {"registered_on": f"{TODAY + 6 * DAY}", "protected_until": f"{TODAY + 9 * DAY}"}
    status, next_one = rep.post("/registrations/", {**said, **later})
    assert status == 201
    assert rep.patch(f"/registrations/{next_one['id']}/", {"registered_on": f"{TODAY}"})[0] == 409
    assert rep.patch(f"/registrations/{next_one['id']}/", {"withdrawn": True, "note": "no"})[0] == 200
    assert rep.patch(address, {"withdrawn": True})[1]["conflicts"] == []
    listed = finance.get("/registrations/", dealer=dealer.pk)[1]["results"]
    assert [one["id"] for one in listed] == [next_one["id"], row["id"]]
    assert rep.post("/registrations/", said)[0] == 201  # what is withdrawn stands against nothing


def test_every_change_of_a_field_is_kept_and_told(client, cast, dealer, customer):
    one = registered(dealer, customer)
    client.force_login(cast.manager)
    page = client.get(f"/registrations/{one.pk}/")
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    until = TODAY + 60 * DAY
    client.post(f"/registrations/{one.pk}/", {**sent, "protected_until": until.isoformat(), "note": "Longer"})
    Api(cast.sales_head).patch(f"/registrations/{one.pk}/", {"withdrawn": True})
    one.refresh_from_db()
    told = [(change.field, change.by) for change in registrations.changes(one)]
    assert told == [("withdrawn", cast.sales_head), ("protected_until", cast.manager), ("note", cast.manager)]
    page = client.get(f"/registrations/{one.pk}/").content.decode()
    assert "What was changed" in page
    newest = Api(cast.rep).get(f"/registrations/{one.pk}/")[1]["changes"][0]
    assert (newest["field"], newest["by"], newest["after"]) == ("withdrawn", cast.sales_head.pk, "yes")
