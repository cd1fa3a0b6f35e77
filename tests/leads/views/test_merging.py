"""Merging as pages and by the API."""

import pytest

from leads.models import Duplicate, Merge, MergeKind
from pipeline.models import Company, Contact
from tests import cast as make
from tests.api import Api
from tests.pages import same_queries

pytestmark = pytest.mark.django_db


def couple():
    return make.contact("Anna Weber"), make.contact("Anna Weber", city="Kassel")


def test_a_marketer_finds_compares_merges_and_undoes(client, cast):
    one, two = couple()
    client.force_login(cast.marketer)
    assert f"/contacts/{one.pk}/merge/" in client.get(f"/contacts/{one.pk}/").content.decode()
    found = client.get(f"/contacts/{one.pk}/merge/")
    assert [row.pk for row in found.context["rows"]] == [two.pk]
    likely = make.contact("Ana Veber")
    Duplicate.objects.create(
        kind=MergeKind.CONTACT, low_id=one.pk, high_id=likely.pk, probability=0.9, found_at=make.NOON
    )
    found = client.get(f"/contacts/{one.pk}/merge/").context
    assert ([row.pk for row in found["rows"]], found["q"]) == ([likely.pk, two.pk], "")
    compared = client.get(f"/contacts/{one.pk}/merge/", {"with": two.pk})
    assert {pair.name: pair.differs for pair in compared.context["pairs"]} == {
        "full_name": False,
        "city": False,
    }
    answer = client.post(f"/contacts/{one.pk}/merge/", {"with": two.pk, "survivor": two.pk})
    assert answer.url == f"/contacts/{two.pk}/"
    assert Contact.objects.get(pk=one.pk).merged_into == two
    merge = Merge.objects.get()
    assert f"/merges/{merge.pk}/undo/" in client.get("/merges/").content.decode()
    assert client.post(f"/merges/{merge.pk}/undo/").url == f"/contacts/{one.pk}/"
    assert not Contact.objects.exclude(merged_into=None).exists()


def test_the_chosen_value_follows_the_record_not_the_side(client, cast):
    one, two = make.company("Acme", industry="steel"), make.company("Acme AG", industry="tools")
    client.force_login(cast.marketer)
    form = {"with": two.pk, "survivor": two.pk, "name": one.pk, "industry": two.pk}
    client.post(f"/companies/{one.pk}/merge/", form)
    stays = Company.objects.surviving().get()
    assert (stays.pk, stays.name, stays.industry) == (two.pk, "Acme", "tools")


def test_the_list_of_merges_costs_the_same_with_one_and_with_three(client, cast):
    client.force_login(cast.marketer)

    def add():
        one, two = couple()
        client.post(f"/contacts/{one.pk}/merge/", {"with": two.pk, "survivor": one.pk})

    same_queries(client, "/merges/", add)


@pytest.mark.parametrize(
    "who, status", [("marketer", 200), ("sales_head", 200), ("rep", 403), ("manager", 403)]
)
def test_merging_is_marketings_work(client, cast, who, status):
    one, two = make.company(), make.company()
    client.force_login(getattr(cast, who))
    assert client.get(f"/companies/{one.pk}/merge/", {"with": two.pk}).status_code == status
    assert client.get("/merges/").status_code == status
    assert client.get(f"/companies/{one.pk}/merge/", {"with": "x"}).status_code == 403


def test_the_api_merges_one_many_and_undoes(cast):
    api = Api(cast.marketer)
    one, two = couple()
    three, four = couple()
    status, merge = api.post(
        "/merges/", {"kind": "contact", "survivor": one.pk, "gone": two.pk, "take": ["city"]}
    )
    assert (status, merge["survivor_id"], merge["gone_id"]) == (201, one.pk, two.pk)
    assert api.post("/merges/", {"kind": "contact", "survivor": one.pk, "gone": two.pk})[0] == 409
    assert api.post("/merges/", {"kind": "contact", "survivor": 1, "gone": 2, "take": ["id"]})[0] == 400
    for kind in ("contact", "company"):
        status, told = api.post("/merges/", {"kind": kind, "survivor": 99999999, "gone": three.pk})
        assert (status, told["errors"]) == (400, {"survivor": [f"There is no {kind} 99999999."]})
    pairs = ((three.pk, four.pk), (three.pk, three.pk), (99999999, three.pk))
    rows = [{"kind": "contact", "survivor": a, "gone": b} for a, b in pairs]
    status, told = api.post("/merges/bulk/", rows)
    assert (status, told["done"], told["failed"]) == (200, 1, 2)
    assert [one.get("errors") for one in told["results"]] == [
        None, {"": ["Choose two different records."]}, {"": ["There is no contact 99999999."]},
    ]  # fmt: skip
    status, undone = api.post(f"/merges/{merge['id']}/undo/")
    assert (status, undone["undoes"]) == (201, merge["id"])
    assert Contact.objects.surviving().count() == 3
    assert len(api.get("/merges/", kind="contact")[1]["results"]) == 3
    assert Api(cast.rep).post("/merges/", rows[0])[0] == 403
    assert Api(cast.rep).get("/merges/")[1]["results"] == []
