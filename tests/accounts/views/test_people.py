"""People come, change, leave; and what routing knows of them."""

from datetime import date

import pytest
from django.utils import timezone

from accounts import invitations, tokens
from accounts.models import Absence, RepProfile, User
from engine.models import Delivery
from tests import cast as make
from tests.pages import same_queries

pytestmark = pytest.mark.django_db
NEW = {"full_name": "Nina New", "email": "Nina@Firm.org", "role": "sales", "head_of": "", "language": ""}


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.admin)
    return client


def test_the_list_costs_the_same_with_more_rows(admin, cast):
    def add():
        user = make.person(f"p{User.objects.count()}", "sales", team=cast.rep.team)
        RepProfile.objects.create(user=user)

    same_queries(admin, "/people/", add)


def test_the_list_is_filtered(admin, cast):
    def names(query):
        return {row["full_name"] for row in admin.get(f"/people/{query}").context["table"].rows}

    assert names("?role=finance") == {"Finance"}
    assert names("?q=teamm") == {"Teammate"}
    assert names(f"?team={cast.rep.team_id}") == {"Rep", "Teammate", "Manager"}
    assert names("?is_active=false") == set()


def test_somebody_is_invited(admin):
    assert admin.get("/people/new/").status_code == 200
    answer = admin.post("/people/new/", NEW)
    nina = User.objects.get(email="nina@firm.org")
    assert answer["Location"] == f"/people/{nina.pk}/"
    assert (nina.role, nina.is_staff, nina.has_usable_password(), nina.rep.open_n) == (
        "sales",
        False,
        False,
        0,
    )
    assert "nina@firm.org" in str(Delivery.objects.get().payload)
    path = invitations.password_link(nina).removeprefix("http://localhost:8000")
    assert admin.get(path).status_code == 200


@pytest.mark.parametrize(
    "change, field",
    [
        ({"email": "REP@tandem.example"}, "email"),
        ({"email": "no address"}, "email"),
        ({"role": "emperor"}, "role"),
        ({"role": "service", "head_of": "sales"}, "head_of"),
        ({"full_name": ""}, "full_name"),
    ],
)
def test_an_impossible_person_answers_422(change, field, admin):
    answer = admin.post("/people/new/", {**NEW, **change})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}


def test_somebody_becomes_an_administrator(admin, cast):
    fields = {**NEW, "email": cast.marketer.email, "role": "admin"}
    assert admin.get(f"/people/{cast.marketer.pk}/edit/").status_code == 200
    assert admin.post(f"/people/{cast.marketer.pk}/edit/", fields).status_code == 302
    cast.marketer.refresh_from_db()
    assert (cast.marketer.role, cast.marketer.is_staff) == ("admin", True)


def test_the_last_administrator_stays(admin, cast):
    fields = {**NEW, "email": cast.admin.email, "role": "sales"}
    assert admin.post(f"/people/{cast.admin.pk}/edit/", fields).status_code == 422
    admin.post(f"/people/{cast.admin.pk}/deactivate/")
    cast.admin.refresh_from_db()
    assert (cast.admin.role, cast.admin.is_active) == ("admin", True)


def test_leaving_ends_sessions_and_tokens_at_once(admin, cast, client):
    token, _secret = tokens.issue(cast.rep, "x", ["read"], timezone.now())
    theirs = type(client)()
    theirs.force_login(cast.rep)
    assert theirs.get("/account/").status_code == 200
    assert admin.post(f"/people/{cast.rep.pk}/deactivate/").status_code == 302
    assert theirs.get("/account/").status_code == 302
    assert not tokens.living(timezone.now()).filter(pk=token.pk).exists()
    cast.rep.refresh_from_db()
    assert cast.rep.left_at is not None
    assert not RepProfile.objects.get(user=cast.rep).accepting
    assert admin.get(f"/people/{cast.rep.pk}/").status_code == 200
    admin.post(f"/people/{cast.rep.pk}/reactivate/")
    cast.rep.refresh_from_db()
    assert (cast.rep.is_active, cast.rep.left_at) == (True, None)
    assert not tokens.living(timezone.now()).exists(), "revoked is revoked"


def test_a_new_link_is_mailed(admin, cast):
    assert admin.post(f"/people/{cast.rep.pk}/link/").status_code == 302
    assert Delivery.objects.count() == 1


# -- reps --------------------------------------------------------------------------------------------------
REP = {"kind": "farmer", "weight": "2", "capacity": "5", "accepting": "on"}


def test_a_capacity_below_what_is_in_hand_is_possible(client, cast):
    client.force_login(cast.manager)
    RepProfile.objects.filter(user=cast.rep).update(open_n=9)
    path = f"/people/{cast.rep.pk}/rep/"
    assert client.get(path).status_code == 200
    assert client.post(path, {**REP, "regions": [make.region().pk]}).status_code == 302
    profile = RepProfile.objects.get(user=cast.rep)
    kept = (profile.kind, profile.weight, profile.capacity, profile.cap_ceiling, profile.open_n)
    assert kept == ("farmer", 2, 5, 9, 9)
    assert set(profile.regions.all()) == {make.region()}
    assert client.post(path, {**REP, "weight": "0"}).status_code == 422


def test_absences(client, cast):
    client.force_login(cast.rep)
    path = f"/people/{cast.rep.pk}/absences/"
    assert client.post(path, {"first": "2026-07-10", "last": "2026-07-01"}).status_code == 422
    assert client.post(path, {"first": "2026-07-01", "last": "2026-07-10", "note": "Sea"}).status_code == 302
    kept = Absence.objects.get()
    assert (kept.during.lower.date(), kept.during.upper.date()) == (date(2026, 7, 1), date(2026, 7, 11))
    assert client.get(f"/people/{cast.rep.pk}/").status_code == 200
    assert client.post(f"{path}{kept.pk}/delete/").status_code == 302
    assert not Absence.objects.exists()
    assert client.post(f"/people/{cast.other_rep.pk}/absences/", {}).status_code == 403


# -- who ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "method, path, who, through",
    [
        ("get", "/people/new/", "admin", 200),
        ("get", "/people/{rep}/edit/", "admin", 200),
        ("post", "/people/{rep}/link/", "admin", 302),
        ("post", "/people/{rep}/deactivate/", "admin", 302),
        ("post", "/people/{rep}/reactivate/", "admin", 302),
        ("get", "/people/{rep}/rep/", "admin marketing_head sales_head manager", 200),
        ("post", "/people/{rep}/absences/", "admin marketing_head sales_head manager rep", 422),
        ("post", "/people/{service}/tokens/", "admin service", 422),
        ("post", "/people/{rep}/tokens/", "rep", 422),
        ("get", "/teams/new/", "admin marketing_head sales_head", 200),
        ("get", "/calendars/new/", "admin marketing_head sales_head", 200),
        ("get", "/organisation/", "admin", 200),
        ("post", "/organisation/segments/", "admin", 422),
        ("get", "/admin/", "admin", 200),
        ("get", "/admin/pipeline/deal/", "admin", 200),
    ],
)
def test_who_gets_through(method, path, who, through, client, cast):
    path = path.format(rep=cast.rep.pk, service=cast.service.pk)
    found = set()
    for name, user in cast.everybody().items():
        client.force_login(user)
        answer = getattr(client, method)(path, follow=path.startswith("/admin"))
        assert answer.status_code in (through, 403), (name, answer.status_code)
        if answer.status_code == through:
            found.add(name)
            User.objects.filter(pk=cast.rep.pk).update(is_active=True)
    assert found == set(who.split())


def test_everybody_but_machines_sees_people_and_teams(client, cast):
    for path in ("/people/", f"/people/{cast.rep.pk}/", "/teams/", f"/teams/{cast.rep.team_id}/"):
        seen = set()
        for name, user in cast.everybody().items():
            client.force_login(user)
            if client.get(path).status_code == 200:
                seen.add(name)
        assert seen == cast.everybody().keys() - {"service"}
