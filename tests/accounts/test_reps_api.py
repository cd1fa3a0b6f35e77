"""What routing knows of reps, and their absences, by the API: who may, what is refused, and the same as by the page."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Absence, Organisation, RepProfile, User
from tests import cast as make
from tests.api import Api, holding
from tests.pages import same_queries

pytestmark = pytest.mark.django_db
DAYS = {"first": "2026-07-01", "last": "2026-07-10", "note": "Sea"}


def who(cast, ask, status):
    """Whom `ask(api)` answers with `status`; everybody else is refused with 403."""
    found = set()
    for name, user in cast.everybody().items():
        answer = ask(Api(user))
        assert answer in (status, 403), (name, answer)
        if answer == status:
            found.add(name)
    return found


def test_reps_are_read_by_whoever_sees_people_and_set_up_as_on_the_page(cast):
    path = f"/reps/{cast.rep.pk}/"
    readers = cast.everybody().keys() - {"service"}
    assert who(cast, lambda api: api.get("/reps/")[0], 200) == readers
    assert who(cast, lambda api: api.get(path)[0], 200) == readers
    setters = {"admin", "marketing_head", "sales_head", "manager"}
    assert who(cast, lambda api: api.patch(path, {"capacity": 7})[0], 200) == setters
    assert holding(cast.manager, "read").patch(path, {"capacity": 7})[0] == 403
    assert Api(cast.admin).get(f"/reps/{cast.marketer.pk}/")[0] == 404
    assert Api(cast.admin).patch(f"/reps/{cast.marketer.pk}/", {"capacity": 7})[0] == 404


def test_a_rep_is_shown_and_set_up_whole(cast):
    RepProfile.objects.filter(user=cast.rep).update(open_n=9)
    RepProfile.objects.filter(user=cast.teammate).update(turn=3)
    RepProfile.objects.filter(user=cast.other_rep).update(turn=4)
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
    assert (profile.weight, profile.cap_ceiling, profile.open_n, profile.turn) == (Decimal("2.5"), 9, 9, 3)
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
        Absence.objects.create(rep=profile, during=(make.NOON, make.NOON + timedelta(days=1)))

    client.force_login(cast.finance)
    same_queries(client, "/api/v1/reps/", add)
    same_queries(client, "/api/v1/absences/", add)


def test_absences_are_noted_by_the_rep_and_whoever_sets_reps_up(cast):
    allowed = {"admin", "marketing_head", "sales_head", "manager", "rep"}
    body = {**DAYS, "rep": cast.rep.pk}
    assert who(cast, lambda api: api.post("/absences/", body)[0], 201) == allowed
    readers = cast.everybody().keys() - {"service"}
    assert who(cast, lambda api: api.get("/absences/")[0], 200) == readers
    assert len(Api(cast.finance).get("/absences/")[1]["results"]) == len(allowed)

    kept = Absence.objects.create(rep=cast.rep.rep, during=(make.NOON, make.NOON + timedelta(days=1)))

    def take_back(api):
        return api.delete(f"/absences/{Absence.objects.filter(rep__user=cast.rep).earliest('pk').pk}/")[0]

    assert who(cast, take_back, 204) == allowed
    assert Absence.objects.get() == kept


def test_an_absence_takes_whole_days_of_where_the_caller_is_and_is_taken_back(client, cast):
    api = holding(cast.rep, "read", "write")
    Organisation.objects.update(zone="UTC")
    User.objects.filter(pk=cast.rep.pk).update(zone="Asia/Shanghai")
    status, row = api.post("/absences/", {**DAYS, "rep": cast.rep.pk}, idempotency_key="sea")
    assert api.post("/absences/", {**DAYS, "rep": cast.rep.pk}, idempotency_key="sea")[1] == row
    made = Absence.objects.get()
    span = {"since": "2026-06-30T16:00:00+00:00", "until": "2026-07-10T16:00:00+00:00"}
    assert (status, row) == (201, {"id": made.pk, "rep": cast.rep.pk, **DAYS, **span})
    assert made.during.lower == datetime(2026, 6, 30, 16, tzinfo=UTC)
    client.force_login(User.objects.get(pk=cast.rep.pk))
    client.post(f"/people/{cast.rep.pk}/absences/", DAYS)
    assert Absence.objects.latest("pk").during == made.during, "the page keeps the same"
    assert api.get(f"/absences/{made.pk}/")[1] == row
    assert api.patch(f"/absences/{made.pk}/", {"note": "x"})[0] == 405
    assert api.delete(f"/absences/{made.pk}/") == (204, None)
    assert api.get(f"/absences/{made.pk}/")[0] == api.delete(f"/absences/{made.pk}/")[0] == 404


def test_an_impossible_absence_is_told_by_field_on_both_ways(client, cast):
    api, body = Api(cast.admin), {**DAYS, "rep": cast.rep.pk}
    wrong = {
        "rep": cast.marketer.pk, "first": "soon", "last": "2026-06-30", "note": "x" * 201, "reason": "ill",
    }  # fmt: skip
    for name, value in wrong.items():
        status, told = api.post("/absences/", {**body, name: value})
        assert (status, set(told["errors"])) == (400, {name}), told
    assert set(api.post("/absences/", {})[1]["errors"]) == {"rep", "first", "last"}
    client.force_login(cast.admin)
    path = f"/people/{cast.rep.pk}/absences/"
    for days in ({"first": "0001-01-01"}, {"last": "9999-12-31"}):
        assert set(api.post("/absences/", {**body, **days})[1]["errors"]) == set(days)
        assert client.post(path, {**DAYS, **days}).status_code == 422
    assert client.post(f"/people/{cast.marketer.pk}/absences/", DAYS).status_code == 404
    assert not Absence.objects.exists()


def test_absences_are_narrowed_by_rep_and_by_whether_they_run(client, cast):
    now = timezone.now()
    spans = [(now - timedelta(days=9), now - timedelta(days=3)), (now - timedelta(days=1), None)]
    past, open_end = (Absence.objects.create(rep=cast.rep.rep, during=span).pk for span in spans)
    mate = Absence.objects.create(rep=cast.teammate.rep, during=(now, now + timedelta(days=2))).pk
    api = Api(cast.finance)

    def found(**asked):
        return [row["id"] for row in api.get("/absences/", **asked)[1]["results"]]

    assert found() == [mate, open_end, past]
    assert found(rep=cast.rep.pk) == [open_end, past]
    assert (found(running="true"), found(running="false")) == ([mate, open_end], [past])
    assert found(running="true", rep=cast.rep.pk) == [open_end]
    row = api.get(f"/absences/{open_end}/")[1]
    assert (row["last"], row["until"]) == (None, None)
    first = api.get("/absences/", limit=1)[1]
    following = api.get("/absences/", limit=2, cursor=first["older"])[1]["results"]
    assert [row["id"] for row in first["results"] + following] == [mate, open_end, past]
    assert api.get("/absences/", rep=cast.marketer.pk)[0] == api.get("/absences/", mood="good")[0] == 400
    client.force_login(cast.rep)
    assert client.get(f"/people/{cast.rep.pk}/").status_code == 200
