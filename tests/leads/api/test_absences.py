"""Absences by the API: who may note them, what is refused, and the same as by the page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import Absence, Organisation, RepProfile, User
from leads import ownership
from leads.models import Agreement, Handoff
from tests import cast as make
from tests.api import Api, holding, who_may
from tests.pages import same_queries

pytestmark = pytest.mark.django_db
DAYS = {"first": "2026-07-01", "last": "2026-07-10", "note": "Sea"}


def test_absences_are_noted_by_the_rep_and_whoever_sets_reps_up(cast):
    allowed = {"admin", "marketing_head", "sales_head", "manager", "rep"}
    body = {**DAYS, "rep": cast.rep.pk}
    assert who_may(cast, lambda api: api.post("/absences/", body)[0], 201) == allowed
    readers = cast.everybody().keys() - {"service"}
    assert who_may(cast, lambda api: api.get("/absences/")[0], 200) == readers
    assert len(Api(cast.finance).get("/absences/")[1]["results"]) == len(allowed)

    kept = Absence.objects.create(rep=cast.rep.rep, during=(make.NOON, make.NOON + timedelta(days=1)))

    def take_back(api):
        return api.delete(f"/absences/{Absence.objects.filter(rep__user=cast.rep).earliest('pk').pk}/")[0]

    assert who_may(cast, take_back, 204) == allowed
    assert Absence.objects.get() == kept


def test_an_absence_takes_whole_days_of_where_the_caller_is_and_is_taken_back(client, cast):
    api = holding(cast.rep, "read", "write")
    Organisation.objects.update(zone="UTC")
    User.objects.filter(pk=cast.rep.pk).update(zone="Asia/Shanghai")
    status, row = api.post("/absences/", {**DAYS, "rep": cast.rep.pk}, idempotency_key="sea")
    assert api.post("/absences/", {**DAYS, "rep": cast.rep.pk}, idempotency_key="sea")[1] == row
    made = Absence.objects.get()
    span = {"since": "2026-06-30T16:00:00+00:00", "until": "2026-07-10T16:00:00+00:00"}
    assert (status, row) == (201, {"id": made.pk, "rep": cast.rep.pk, **DAYS, **span, "passed_on": 0})
    assert made.during.lower == datetime(2026, 6, 30, 16, tzinfo=UTC)
    client.force_login(User.objects.get(pk=cast.rep.pk))
    client.post(f"/people/{cast.rep.pk}/absences/", DAYS)
    assert Absence.objects.latest("pk").during == made.during, "the page keeps the same"
    assert {**api.get(f"/absences/{made.pk}/")[1], "passed_on": 0} == row
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


def test_offers_go_on_once_an_absence_has_begun(cast):
    lead, agreement = make.lead(stage="ready"), Agreement.objects.get()
    offer = Handoff.objects.create(lead=lead, rep=cast.rep, agreement=agreement, offered_at=make.NOON)
    RepProfile.objects.filter(user=cast.rep).update(open_n=1)
    api, today = holding(cast.rep, "write"), timezone.localdate()
    ahead = {"rep": cast.rep.pk, "first": today + timedelta(days=2), "last": today + timedelta(days=3)}
    assert api.post("/absences/", ahead)[1]["passed_on"] == 0
    assert api.post("/absences/", {**ahead, "first": today}, idempotency_key="ill")[1]["passed_on"] == 1
    offer.refresh_from_db()
    assert (offer.end, offer.note) == ("released", "The rep is absent.")
    assert ownership.recount() == []


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

    def add():
        Absence.objects.create(rep=cast.rep.rep, during=(now, now + timedelta(days=1)))

    same_queries(client, "/api/v1/absences/", add)
