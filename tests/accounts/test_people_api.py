"""People, teams, the own account and tokens by the API: who may, what is refused, what is never told."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, RepProfile, Team, User
from engine.models import Delivery, IdempotentAnswer
from leads.models import Handoff
from tests import cast as make
from tests.api import READERS, Api, holding, who_may
from tests.pages import same_queries

pytestmark = pytest.mark.django_db
NEW = {"full_name": "Nina New", "email": "Nina@Firm.org", "role": "sales", "language": "ru"}


def test_people_are_read_by_colleagues_and_changed_by_administrators_only(client, cast):
    path, readers = f"/people/{make.person('ann', 'finance').pk}/", READERS
    assert who_may(cast, lambda api: api.get("/people/")[0], 200) == readers
    assert who_may(cast, lambda api: api.get(path)[0], 200) == readers
    assert who_may(cast, lambda api: api.patch(path, {"full_name": "Anna"})[0], 200) == {"admin"}
    assert who_may(cast, lambda api: api.post(f"{path}link/")[0], 202) == {"admin"}
    assert who_may(cast, lambda api: api.post(f"{path}leave/")[0], 200) == {"admin"}
    assert who_may(cast, lambda api: api.post(f"{path}let-in/")[0], 200) == {"admin"}
    assert who_may(cast, lambda api: api.post("/people/", NEW)[0], 201) == {"admin"}
    assert holding(cast.admin, "read").patch(path, {"full_name": "M"})[0] == 403
    known = {"id", "full_name", "email", "role", "head_of", "team", "is_active", "last_login", "left_at"}
    assert set(Api(cast.rep).get(path)[1]) == known
    assert set(Api(cast.admin).get(path)[1]) == known | {"language"}
    client.force_login(cast.admin)
    same_queries(client, "/api/v1/people/", lambda: make.person(f"p{User.objects.count()}", "sales"))
    found = Api(cast.rep).get("/people/", q="teamm", role="sales", team=cast.rep.team_id, is_active="true")[1]
    assert [row["id"] for row in found["results"]] == [cast.teammate.pk]
    assert Api(cast.rep).get("/people/", password="x")[0] == 400


def test_somebody_is_invited_changed_and_leaves_as_on_the_page(cast):
    api = holding(cast.admin, "read", "write")
    status, row = api.post("/people/", {**NEW, "team": cast.rep.team_id}, idempotency_key="n")
    assert (status, row["email"], row["is_active"], row["last_login"]) == (201, "nina@firm.org", True, None)
    nina = User.objects.get(pk=row["id"])
    assert (nina.has_usable_password(), nina.is_staff, nina.language) == (False, False, "ru")
    assert RepProfile.objects.filter(user=nina).exists()
    mailed = Delivery.objects.get()
    assert "nina@firm.org" in str(mailed.payload)
    link = re.search(r"/password/set/\S+?/", str(mailed.payload))
    assert link, "the link goes by mail"
    assert link.group() not in str(list(IdempotentAnswer.objects.values_list("body", flat=True)))
    assert api.post("/people/", {**NEW, "team": cast.rep.team_id}, idempotency_key="n")[1] == row
    path = f"/people/{nina.pk}/"
    status, row = api.patch(path, {"role": "admin"})
    assert (status, row["role"], row["language"], row["team"]) == (200, "admin", "ru", cast.rep.team_id)
    assert User.objects.get(pk=nina.pk).is_staff
    tag = api.response.headers["ETag"]
    assert api.patch(path, row, if_match=tag)[0] == 200, "as it was read it may be sent"
    assert api.patch(path, {"full_name": "Nina N.", "role": "sales"}, if_match=tag)[0] == 200
    assert api.patch(path, {"full_name": "Nora"}, if_match=tag)[0] == 412
    assert not User.objects.get(pk=nina.pk).is_staff
    lead = make.lead(stage="ready", owner=nina)
    tokens.issue(nina, "x", ["read"], timezone.now())
    status, row = api.post(f"{path}leave/")
    assert (status, row["is_active"], row["released"]) == (200, False, 1)
    assert not Handoff.objects.filter(lead=lead, rep=nina, ended_at=None).exists()
    assert not tokens.living(timezone.now()).filter(user=nina).exists()
    assert not RepProfile.objects.get(user=nina).accepting
    assert api.post(f"{path}link/")[0] == 409
    status, row = api.post(f"{path}let-in/")
    assert (status, row["is_active"], row["left_at"]) == (200, True, None)


def test_what_a_person_cannot_be_is_told_by_field_and_no_door_is_opened_by_it(cast):
    api, path = holding(cast.admin, "read", "write"), f"/people/{cast.rep.pk}/"
    wrong = {
        "email": "MARKETER@tandem.example", "role": "emperor", "head_of": "both", "team": 0, "full_name": "",
        "language": "xx", "is_superuser": True, "is_staff": True, "password": "x", "is_active": False,
        "left_at": None, "last_login": "2026-01-01T00:00:00Z", "id": 1, "wait": 1,
    }  # fmt: skip
    before = User.objects.filter(pk=cast.rep.pk).values().get()
    for name, value in wrong.items():
        status, told = api.patch(path, {name: value})
        if name == "left_at":
            assert status == 200, "sent back as it stands"
            continue
        assert (status, set(told["errors"])) == (400, {name}), told
        posted = api.post("/people/", {**NEW, name: value})
        assert (posted[0], set(posted[1]["errors"])) == (400, {name}), posted
    assert "leave/" in str(api.patch(path, {"is_active": False})[1]["errors"])
    both = {"role": "service", "head_of": "sales"}
    assert set(api.patch(path, both)[1]["errors"]) == {"head_of"}
    assert set(api.post("/people/", {})[1]["errors"]) == {"full_name", "email"}
    assert User.objects.filter(pk=cast.rep.pk).values().get() == before
    # The last administrator stays, and nobody lifts themselves.
    alone = f"/people/{cast.admin.pk}/"
    assert set(api.patch(alone, {"role": "sales"})[1]["errors"]) == {"role"}
    assert api.post(f"{alone}leave/")[0] == 409
    cast.admin.refresh_from_db()
    assert (cast.admin.role, cast.admin.is_active) == ("admin", True)
    for user in (cast.rep, cast.sales_head, cast.service):
        own = Api(user)
        for lifted in ({"role": "admin"}, {"head_of": "sales", "role": "manager"}, {"is_superuser": True}):
            assert own.patch(f"/people/{user.pk}/", lifted)[0] == 403
            assert own.patch("/account/", lifted)[0] in (200, 400)
        known = (user.role, user.head_of, user.is_superuser, user.is_staff)
        user.refresh_from_db()
        assert (user.role, user.head_of, user.is_superuser, user.is_staff) == known
    assert not User.objects.filter(email="nina@firm.org").exists()


def test_the_own_account(cast):
    everybody = cast.everybody().keys()
    assert who_may(cast, lambda api: api.get("/account/")[0], 200) == everybody
    api = holding(cast.rep, "read", "write")
    change = {"full_name": "Rita Rep", "language": "ru", "zone": "Europe/Moscow", "digest": False}
    status, row = api.patch("/account/", change)
    assert (status, row["id"], {name: row[name] for name in change}) == (200, cast.rep.pk, change)
    tag = api.response.headers["ETag"]
    assert api.patch("/account/", {"zone": ""}, if_match=tag)[1] == {**row, "zone": ""}
    assert api.patch("/account/", {"zone": "UTC"}, if_match=tag)[0] == 412
    assert api.patch("/account/", row | {"zone": ""})[0] == 200
    wrong = {"zone": "Moon/Base", "language": "xx", "email": "x@y.z", "role": "admin", "password": "x"}
    for name, value in wrong.items():
        assert set(api.patch("/account/", {name: value})[1]["errors"]) == {name}
    assert holding(cast.rep, "capture").get("/account/")[0] == 403
    assert Api().get("/account/")[0] == 401


def test_teams_are_made_and_changed_by_the_heads(cast):
    heads = {"admin", "marketing_head", "sales_head"}
    numbers = iter(range(20))
    new = lambda: {"name": f"East {next(numbers)}", "track": "sales", "head": cast.manager.pk}  # noqa: E731
    assert who_may(cast, lambda api: api.post("/teams/", new())[0], 201) == heads
    path = f"/teams/{cast.rep.team_id}/"
    may = {name for name, user in cast.everybody().items() if Api(user).patch(path, {"head": None})[0] == 200}
    assert may == heads
    api, region = Api(cast.sales_head), make.region()
    status, row = api.patch(path, {"name": "Far North", "region": region.pk, "head": cast.manager.pk})
    assert (status, row["name"], row["region"], row["head"]) == (200, "Far North", region.pk, cast.manager.pk)
    assert api.patch(path, row)[0] == 200
    User.objects.filter(pk=cast.teammate.pk).update(is_active=False)
    wrong = {
        "name": "South",
        "track": "both",
        "head": cast.service.pk,
        "region": 0,
        "calendar": 0,
        "members": [],
    }
    for name, value in wrong.items():
        assert set(api.patch(path, {name: value})[1]["errors"]) == {name}
    assert set(api.patch(path, {"head": cast.teammate.pk})[1]["errors"]) == {"head"}
    assert set(api.post("/teams/", {})[1]["errors"]) == {"name", "track"}
    assert Team.objects.get(pk=cast.rep.team_id).name == "Far North"


def test_tokens_are_seen_and_revoked_by_their_owner_and_never_told(cast):
    at = timezone.now()
    mine, secret = tokens.issue(cast.rep, "mine", ["read", "write"], at)
    theirs, _secret = tokens.issue(cast.teammate, "theirs", ["read"], at)
    api = Api(token=secret)
    assert [row["id"] for row in api.get("/tokens/")[1]["results"]] == [mine.pk]
    assert set(api.get(f"/tokens/{mine.pk}/")[1]) == {
        "id", "user", "name", "prefix", "scopes", "created_at", "expires_at", "used_at",
    }  # fmt: skip
    told = str(api.get("/tokens/")[1])
    assert secret not in told
    assert mine.digest not in told
    assert api.get(f"/tokens/{theirs.pk}/")[0] == api.post(f"/tokens/{theirs.pk}/revoke/")[0] == 404
    admin = Api(cast.admin)
    assert {row["id"] for row in admin.get("/tokens/")[1]["results"]} == {mine.pk, theirs.pk}
    assert admin.post(f"/tokens/{theirs.pk}/revoke/")[0] == 204
    assert api.post(f"/tokens/{mine.pk}/revoke/")[0] == 204
    assert api.get("/tokens/")[0] == 401
    assert not tokens.living(timezone.now()).exists()


def test_a_token_is_issued_as_on_the_page_and_by_no_other_token_of_its_owner(cast):
    session, asked = Api(cast.rep), {"name": "Robot", "scopes": ["read"], "days": 90}
    status, row = session.post("/tokens/", asked, idempotency_key="t")
    assert (status, row["user"], row["scopes"]) == (201, cast.rep.pk, ["read"])
    assert Api(token=row["secret"]).get("/account/")[1]["id"] == cast.rep.pk
    assert ApiToken.objects.get().expires_at - timezone.now() < timedelta(days=90)
    assert session.post("/tokens/", asked, idempotency_key="t")[1] == {**row, "secret": None}
    assert row["secret"] not in str([bytes(one.body) for one in IdempotentAnswer.objects.all()])
    assert session.post("/tokens/", {**asked, "user": cast.teammate.pk})[0] == 403
    assert session.post("/tokens/", {**asked, "user": cast.service.pk})[0] == 403
    for wrong in (
        {"scopes": ["root"]},
        {"scopes": []},
        {"name": ""},
        {"days": 3},
        {"digest": "0"},
        {"user": 0},
    ):
        answer = session.post("/tokens/", {**asked, **wrong})[1]
        assert {name.partition(".")[0] for name in answer["errors"]} == set(wrong)
    # A token makes none for its owner, none with more scopes, and none that lives longer.
    assert holding(cast.rep, "read", "write").post("/tokens/", asked)[0] == 403
    assert holding(cast.admin, "read", "write").post("/tokens/", asked)[0] == 403
    assert holding(cast.service, "read", "write").post("/tokens/", asked)[0] == 403
    machine, soon = {**asked, "user": cast.service.pk, "days": None}, timezone.now() + timedelta(days=2)
    _token, short = tokens.issue(cast.admin, "ops", ["write", "capture"], timezone.now(), soon)
    assert Api(token=short).post("/tokens/", machine)[0] == 403, "it has no scope read itself"
    status, row = Api(token=short).post("/tokens/", {**machine, "scopes": ["capture"]})
    assert (status, ApiToken.objects.get(pk=row["id"]).expires_at) == (201, soon)
    status, row = Api(cast.admin).post("/tokens/", machine)
    assert (status, row["user"], row["expires_at"]) == (201, cast.service.pk, None)
