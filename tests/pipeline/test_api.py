"""The spine in the REST API: who may, what a row says, pages, refusals."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engine.renderers import OrjsonRenderer
from pipeline.api.campaigns import CampaignResource, SpendResource
from pipeline.api.companies import CompanyResource, ContactResource
from pipeline.api.products import ProductResource
from pipeline.models import Campaign, Company, Product, Spend
from pipeline.models.campaigns import NOT_PAID_YET
from tests import cast as make
from tests.api import Api, holding

READERS = {
    "marketer", "marketing_head", "rep", "teammate", "other_rep", "manager", "other_manager", "sales_head", "admin",
    "finance",
}  # fmt: skip
PLAN = {
    "code": "fair-26",
    "name": "Spring fair",
    "channel": "exhibition",
    "budget": "12000",
    "currency": "EUR",
}


@pytest.fixture
def spend(cast):
    campaign = make.campaign()
    return Spend.objects.create(
        campaign=campaign,
        month=date(2026, 5, 1),
        on=date(2026, 5, 9),
        amount=100,
        currency="EUR",
        base_amount=100,
    )


@pytest.mark.parametrize("path", ["/campaigns/", "/spend/", "/companies/", "/contacts/", "/products/"])
def test_strangers_are_shut_out(db, path):
    status, body = Api().get(path)
    assert status in (401, 403)
    assert "results" not in body


def test_everybody_on_the_spine_reads_campaigns(cast, spend):
    seen = {name for name, user in cast.everybody().items() if Api(user).get("/campaigns/")[1]["results"]}
    assert seen == READERS


def test_only_marketing_and_managers_make_campaigns(cast):
    made = {
        name
        for name, user in cast.everybody().items()
        if Api(user).post("/campaigns/", {**PLAN, "code": name})[0] == 201
    }
    assert made == {"marketer", "marketing_head", "manager", "other_manager", "sales_head", "admin"}
    assert set(Campaign.objects.values_list("code", flat=True)) == made


def test_a_campaign_is_made_changed_and_checked(cast):
    api = Api(cast.marketer)
    status, row = api.post("/campaigns/", PLAN)
    assert (status, row["code"], Decimal(row["budget"]), row["status"]) == (201, "fair-26", 12000, "planned")
    status, row = api.patch(f"/campaigns/{row['id']}/", {"starts_on": "2026-03-01", "status": "active"})
    assert (status, row["starts_on"], row["status"]) == (200, "2026-03-01", "active")
    status, problem = api.patch(f"/campaigns/{row['id']}/", {"ends_on": "2026-02-01"})
    assert (status, set(problem["errors"])) == (400, {"ends_on"})
    status, problem = api.post("/campaigns/", PLAN)
    assert (status, set(problem["errors"])) == (400, {"code"})
    wrong = {"budget": "-5", "expected_revenue": "-1", "currency": "XYZ"}
    assert api.patch(f"/campaigns/{row['id']}/", wrong)[1]["errors"].keys() == wrong.keys()
    status, problem = api.post("/campaigns/", {**PLAN, "code": "b", "budgt": 1, "created_at": "2026-01-01"})
    assert problem["errors"] == {
        "budgt": ["There is no such field."],
        "created_at": ["This cannot be changed."],
    }


def test_the_same_key_books_spend_once(cast):
    campaign, api = make.campaign(), Api(cast.marketer)
    body = {
        "campaign": campaign.pk,
        "kind": "paid",
        "month": "2026-05-17",
        "on": "2026-05-17",
        "amount": "99.5",
        "currency": "EUR",
    }
    first = api.post("/spend/", body, idempotency_key="invoice 7")
    again = api.post("/spend/", body, idempotency_key="invoice 7")
    assert first == again
    assert api.response.headers["Idempotent-Replayed"] == "true"
    assert api.post("/spend/", {**body, "amount": "1"}, idempotency_key="invoice 7")[0] == 422
    assert list(Spend.objects.values_list("month", "base_amount")) == [(date(2026, 5, 1), Decimal("99.5000"))]


def test_spend_in_a_currency_without_a_rate_is_refused(cast):
    body = {"kind": "paid", "month": "2026-05-01", "on": "2026-05-17", "amount": "99.5", "currency": "XTS"}
    status, problem = Api(cast.marketer).post("/spend/", body)
    assert (status, set(problem["errors"])) == (400, {"currency"})
    back = {
        **body,
        "currency": "EUR",
        "amount": "-99.5",
    }  # a credit note is paid spend below zero, and nothing else is
    assert set(Api(cast.marketer).post("/spend/", {**back, "kind": "committed"})[1]["errors"]) == {"amount"}
    assert not Spend.objects.exists()
    below = {"clicks": -1, "reported_revenue": "-5"}
    del back["currency"]  # then it is that of the reports
    assert Api(cast.marketer).post("/spend/", {**back, **below})[1]["errors"].keys() == below.keys()
    far = {"month": "1900-01", "on": "2062-05-17"}
    assert Api(cast.marketer).post("/spend/", {**back, **far})[1]["errors"].keys() == far.keys()
    ahead = {"on": str(timezone.localdate() + timedelta(days=2))}
    assert Api(cast.marketer).post("/spend/", {**back, **ahead})[1]["errors"] == {"on": [NOT_PAID_YET]}
    assert Api(cast.marketer).post("/spend/", {**back, **ahead, "amount": 5, "kind": "planned"})[0] == 201
    Spend.objects.all().delete()
    row = Api(cast.marketer).post("/spend/", back)[1]
    assert (row["base_amount"], row["currency"]) == ("-99.5000", "EUR")


def test_spend_is_taken_back_by_marketing_only(cast, spend):
    assert Api(cast.rep).delete(f"/spend/{spend.pk}/")[0] == 403
    assert Api(cast.marketer).delete(f"/spend/{spend.pk}/") == (204, None)
    assert not Spend.objects.exists()


def test_a_company_gets_its_key(cast):
    status, row = Api(cast.rep).post("/companies/", {"name": "Nordlicht Energie GmbH"})
    assert status == 201
    assert Company.objects.get(pk=row["id"]).key == "nordlicht energie"


def test_nothing_is_part_of_itself_by_any_number_of_steps(cast):
    api = Api(cast.admin)
    for path, new in (("/companies/", {}), ("/campaigns/", PLAN)):
        first, second, third = (
            api.post(path, {**new, "name": name, **({"code": name} if new else {})})[1]["id"]
            for name in "abc"
        )
        for part, whole in ((second, first), (third, second)):
            assert api.patch(f"{path}{part}/", {"parent": whole})[0] == 200
        for part, whole in ((first, third), (first, first), (second, third)):
            status, problem = api.patch(f"{path}{part}/", {"parent": whole})
            assert (status, set(problem["errors"])) == (400, {"parent"})


def test_a_contact_shows_identities_to_whoever_may_see_it(cast):
    lead = make.lead(owner=cast.rep)
    status, row = Api(cast.teammate).get(f"/contacts/{lead.contact_id}/")
    assert (status, len(row["identities"])) == (200, 1)
    assert Api(cast.other_rep).get(f"/contacts/{lead.contact_id}/")[0] == 404


@pytest.mark.parametrize(
    "query",
    [{"secret__startswith": "s"}, {"cursor": "cD1hYmM="}, {"channel": "x"}, {"q": "x" * 500}, {"q": "\x00"}],
    ids=["unknown", "cursor", "choice", "long", "nul"],
)
def test_what_is_not_understood_is_refused(cast, query):
    assert Api(cast.marketer).get("/campaigns/", **query)[0] == 400


def test_a_token_acts_within_its_scopes(cast):
    assert holding(cast.marketer, "read").get("/campaigns/")[0] == 200
    assert holding(cast.marketer, "read").post("/campaigns/", PLAN)[0] == 403
    assert holding(cast.marketer, "capture").get("/campaigns/")[0] == 403
    assert holding(cast.marketer, "write").post("/campaigns/", PLAN)[0] == 201


def test_pages_go_on_by_key(cast):
    made = [make.campaign().pk for _ in range(5)]
    api, seen, cursor = Api(cast.marketer), [], ""
    while cursor is not None:
        page = api.get("/campaigns/", limit=2, cursor=cursor)[1]
        seen += [row["id"] for row in page["results"]]
        cursor = page["older"]
    assert seen == made[::-1]
    assert len(api.get("/campaigns/", limit=1000)[1]["results"]) == 5, "at most 200, whatever is asked"
    for limit in ("abc", "0", "-1", "1.5", "²", "9" * 100):
        status, told = api.get("/campaigns/", limit=limit)
        assert (status, set(told["errors"])) == (400, {"limit"}), told
    assert api.get("/campaigns/", page_size="abc")[0] == 400


def test_a_list_is_no_object_in_our_own_words(cast):
    api, campaign = Api(cast.sales_head), make.campaign()
    api.headers = {"accept-language": "ru"}
    for ask in (
        lambda body: api.post("/campaigns/", body),
        lambda body: api.patch(f"/campaigns/{campaign.pk}/", body),
        lambda body: api.post("/leads/", body),
        lambda body: api.post("/deals/", body),
    ):
        for body in ([], [{"name": "A"}], 7, "x"):
            status, told = ask(body)
            assert (status, told.get("errors")) == (400, {"": ["Отправьте здесь один объект с полями."]}), (
                body,
                told,
            )
    told = api.post("/tokens/", {"name": "x", "scopes": "read"})[1]
    assert told["errors"] == {"scopes": ["Отправьте здесь список."]}


@pytest.mark.parametrize(
    "path,resource",
    [
        ("/campaigns/", CampaignResource),
        ("/spend/", SpendResource),
        ("/companies/", CompanyResource),
        ("/contacts/", ContactResource),
        ("/products/", ProductResource),
    ],
)
def test_a_row_of_a_list_is_what_its_serializer_says_in_the_same_statements(cast, spend, path, resource):
    def add():
        owner = make.company(sales_owner=cast.rep)
        make.contact(company=owner)
        Product.objects.create(code=f"p{owner.pk}", name="Pump", list_price=Decimal("9.9"))
        make.campaign(starts_on=date(2026, 1, 2), budget=5)
        Spend.objects.create(month=date(2026, 5, 1), on=date(2026, 5, 9), amount=7, base_amount=7)

    api, counts = Api(cast.admin), []
    add()
    api.get(path)  # what each process learns once
    for _ in range(2):
        add()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rows = api.get(path)[1]["results"]
        counts.append(len(queries))
        add()
    assert counts[0] == counts[1] <= 4  # session, user, page and at most one more
    serializer = resource.serializer_class
    said = {row["id"]: row for row in rows}
    for thing in resource.queryset.all():
        if thing.pk in said:
            told = {name: said[thing.pk][name] for name in serializer().fields}
            assert told == orjson.loads(OrjsonRenderer().render(serializer(thing).data))


def test_times_are_told_in_utc(cast, spend):
    row = Api(cast.admin).get("/campaigns/")[1]["results"][0]
    assert datetime.fromisoformat(row["created_at"]).utcoffset().total_seconds() == 0


def test_an_account_is_not_taken_from_a_colleague(cast):
    """Its owner, their manager and the heads hand it over; a free account may be taken."""
    held, free = make.company(sales_owner=cast.other_rep), make.company()
    mine = {"sales_owner": cast.rep.pk}
    status, problem = Api(cast.rep).patch(f"/companies/{held.pk}/", mine)
    assert (status, set(problem["errors"])) == (400, {"sales_owner"})
    assert Api(cast.rep).patch(f"/companies/{held.pk}/", {"industry": "steel"})[0] == 200
    assert Api(cast.rep).patch(f"/companies/{free.pk}/", mine)[0] == 200
    assert Api(cast.other_manager).patch(f"/companies/{held.pk}/", mine)[0] == 200
    assert set(Company.objects.values_list("sales_owner", flat=True)) == {cast.rep.pk}
    pasted = {"domain": "https://www.Free.example/en"}
    assert Api(cast.rep).patch(f"/companies/{free.pk}/", pasted)[1]["domain"] == "free.example"
