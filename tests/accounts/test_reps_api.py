"""What routing knows of reps, by the API: who may, what is refused, and the same as by the page."""

from decimal import Decimal

import pytest

from accounts.models import RepProfile, User
from tests import cast as make
from tests.api import Api, holding, who_may
from tests.pages import same_queries

pytestmark = pytest.mark.django_db


def test_reps_are_read_by_whoever_sees_people_and_set_up_as_on_the_page(cast):
    path = f"/reps/{cast.rep.pk}/"
    readers = cast.everybody().keys() - {"service"}
    assert who_may(cast, lambda api: api.get("/reps/")[0], 200) == readers
    assert who_may(cast, lambda api: api.get(path)[0], 200) == readers
    setters = {"admin", "marketing_head", "sales_head", "manager"}
    assert who_may(cast, lambda api: api.patch(path, {"capacity": 7})[0], 200) == setters
    assert holding(cast.manager, "read").patch(path, {"capacity": 7})[0] == 403
    assert Api(cast.admin).get(f"/reps/{cast.marketer.pk}/")[0] == 404
    assert Api(cast.admin).patch(f"/reps/{cast.marketer.pk}/", {"capacity": 7})[0] == 404


def test_a_rep_is_shown_and_set_up_whole(cast):
    RepProfile.objects.filter(user=cast.rep).update(open_n=9)
    region, segment = make.region(), make.segment()
    api, path = holding(cast.manager, "read", "write"), f"/reps/{cast.rep.pk}/"
    change = {
        "kind": "farmer", "weight": "2.50", "capacity": 5, "accepting": True,
        "region_ids": [region.pk], "segment_ids": [segment.pk],
    }  # fmt: skip
    status, row = api.patch(path, change)
    who_it_is = {
        "id": cast.rep.pk, "full_name": "Rep", "email": cast.rep.email, "team": cast.rep.team_id, "is_active": True,
    }  # fmt: skip
    assert (status, row) == (200, {**who_it_is, **change, "open_n": 9})
    profile = RepProfile.objects.get(user=cast.rep)
    assert (profile.weight, profile.cap_ceiling, profile.open_n) == (Decimal("2.5"), 9, 9)
    assert api.patch(path, {"region_ids": []})[1] == {**row, "region_ids": []}
    assert set(profile.segments.all()) == {segment}
    assert api.patch(path, api.get(path)[1])[0] == 200, "as it was read it may be sent"
    tag = api.response.headers["ETag"]
    assert api.patch(path, {"capacity": 6}, if_match=tag)[0] == 200
    status, problem = api.patch(path, {"capacity": 8}, if_match=tag)
    assert (status, problem["differs"]) == (412, {"capacity": {"yours": 8, "theirs": 6}})


def test_what_a_rep_cannot_be_is_told_by_field(cast):
    api, path = Api(cast.admin), f"/reps/{cast.rep.pk}/"
    wrong = {
        "kind": "gatherer", "weight": "0", "capacity": -1, "accepting": "often", "region_ids": [0],
        "segment_ids": None, "open_n": 77, "full_name": "Else", "wait": 1,
    }  # fmt: skip
    before = api.get(path)[1]
    for name, value in wrong.items():
        status, told = api.patch(path, {name: value})
        assert (status, {field.partition(".")[0] for field in told["errors"]}) == (400, {name}), told
    for weight in ("NaN", "10000", "1.234"):
        assert set(api.patch(path, {"weight": weight})[1]["errors"]) == {"weight"}
    assert api.get(path)[1] == before
    assert api.post("/reps/", {"capacity": 1})[0] == 405


def test_reps_are_narrowed_and_cost_the_same(client, cast):
    RepProfile.objects.filter(user=cast.teammate).update(kind="farmer", accepting=False)
    User.objects.filter(pk=cast.other_rep.pk).update(is_active=False)
    api = Api(cast.finance)

    def found(**asked):
        return [row["id"] for row in api.get("/reps/", **asked)[1]["results"]]

    assert found() == [cast.other_rep.pk, cast.rep.pk, cast.teammate.pk]
    assert found(kind="farmer") == found(accepting="false") == [cast.teammate.pk]
    assert found(team=cast.rep.team_id) == [cast.rep.pk, cast.teammate.pk]
    assert found(is_active="false") == [cast.other_rep.pk]
    assert api.get("/reps/", kind="gatherer")[0] == api.get("/reps/", mood="good")[0] == 400

    def add():
        profile = RepProfile.objects.create(user=make.person(f"p{User.objects.count()}", "sales"))
        profile.regions.add(make.region())

    client.force_login(cast.finance)
    same_queries(client, "/api/v1/reps/", add)
