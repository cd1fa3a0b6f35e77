"""Signing in: by password, by a link that works once, in the demo by a click; and who is kept out."""

import re

import pytest
from django.core import signing
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone

from accounts import invitations, organisation
from accounts.models import Organisation, User
from config import settings as written
from engine.models import Delivery
from tests import cast as make

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "entirely new words 7"
LOGIN = "/login/"


@pytest.fixture
def marketer(cast):
    cast.marketer.set_password(make.PASSWORD)
    cast.marketer.save()
    return cast.marketer


@pytest.fixture
def demo():
    Organisation.objects.update(demo=True)
    organisation.forget()


def sign_in(client, password=make.PASSWORD, **more):
    return client.post(LOGIN, {"username": "Marketer@Tandem.Example", "password": password}, **more)


def whoever(client):
    return client.session.get("_auth_user_id")


def test_sign_in_and_out(client, marketer):
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert whoever(client) == str(marketer.pk)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == LOGIN
    assert whoever(client) is None


def test_the_session_is_a_new_one_after_signing_in(client, marketer):
    session = client.session
    session["mark"] = 1
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_wrong_password_answers_422_and_says_so(client, marketer):
    answer = sign_in(client, "wrong")
    assert answer.status_code == 422
    assert b"E-mail or password is wrong" in answer.content
    assert whoever(client) is None


def test_who_left_is_told_the_same(client, marketer):
    User.objects.update(is_active=False)
    answer = sign_in(client)
    assert answer.status_code == 422
    assert b"E-mail or password is wrong" in answer.content


def test_a_form_from_elsewhere_is_refused(marketer):
    assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403


def test_a_password_of_a_megabyte_is_not_hashed(client, marketer):
    answer = sign_in(client, "x" * 5000)
    assert answer.status_code == 422
    assert b"4096" in answer.content


def test_outside_of_tests_a_password_costs_what_argon2_recommends():
    assert written.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"


def test_the_eleventh_wrong_password_meets_a_closed_door(client, marketer):
    statuses = [sign_in(client, "wrong").status_code for _ in range(11)]
    assert statuses[-1] == 429
    answer = sign_in(client)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 900
    assert b"15 minutes" in answer.content
    other = client.post(LOGIN, {"username": "rep@tandem.example", "password": "x"})
    assert other.status_code == 422, "nobody else is locked out"


@pytest.mark.parametrize(
    "target, goes_to",
    [
        ("/people/", "/people/"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("ftp://x", "/"),
    ],
)
def test_next_leads_only_inside(target, goes_to, client, marketer):
    data = {"username": marketer.email, "password": make.PASSWORD, "next": target}
    assert client.post(LOGIN, data)["Location"] == goes_to


def test_deactivation_ends_the_session_at_once(client, cast):
    client.force_login(cast.marketer)
    assert client.get("/account/").status_code == 200
    User.objects.filter(pk=cast.marketer.pk).update(is_active=False)
    assert client.get("/account/").status_code == 302


# -- the demo ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "localhost:8000"])
def test_the_demo_offers_a_click_for_each_role_on_its_own_machine(host, client, cast, demo, settings):
    page = client.get(LOGIN, headers={"host": host})
    people = [(person.role, person.head_of) for person in page.context["demo_people"]]
    assert people == [
        ("marketing", ""),
        ("marketing", "marketing"),
        ("sales", ""),
        ("manager", ""),
        ("manager", "sales"),
        ("admin", ""),
        ("finance", ""),
    ]
    answer = client.post("/login/demo/", {"person": cast.rep.pk}, headers={"host": host})
    assert answer.status_code == 302
    assert whoever(client) == str(cast.rep.pk)


ELSEWHERE = [
    {"headers": {"host": "tandem.example.com"}},
    {"headers": {"host": "localhost"}, "REMOTE_ADDR": "203.0.113.9"},
    {"headers": {"host": "localhost", "x-forwarded-for": "203.0.113.9"}},
]


@pytest.mark.parametrize("request_from", ELSEWHERE)
def test_nobody_enters_the_demo_from_elsewhere(request_from, client, marketer, demo, settings):
    settings.ALLOWED_HOSTS = ["localhost", "tandem.example.com"]
    page = client.get(LOGIN, **request_from)
    assert page.context["demo_people"] == []
    assert client.post("/login/demo/", {"person": marketer.pk}, **request_from).status_code == 404
    answer = sign_in(client, **request_from)
    assert answer.status_code == 422
    assert b"only on the machine that runs it" in answer.content
    assert whoever(client) is None


def test_invited_people_with_a_real_address_enter_from_anywhere(client, marketer, demo, settings):
    settings.ALLOWED_HOSTS = ["tandem.example.com"]
    User.objects.filter(pk=marketer.pk).update(email="anna@real.org")
    data = {"username": "anna@real.org", "password": make.PASSWORD}
    assert client.post(LOGIN, data, headers={"host": "tandem.example.com"}).status_code == 302


def test_no_click_without_a_demo(client, cast):
    assert client.get(LOGIN, headers={"host": "localhost"}).context["demo_people"] == []
    answer = client.post("/login/demo/", {"person": cast.rep.pk}, headers={"host": "localhost"})
    assert answer.status_code == 404


# -- links ------------------------------------------------------------------------------------------------
def test_the_first_administrator_comes_through_a_link_that_works_once(client):
    link = invitations.first_admin_link()
    assert link.startswith("http://localhost:8000/welcome/")
    path = link.removeprefix("http://localhost:8000")
    assert (
        client.get(path)
        .content.decode()
        .split(" autofocus")[0]
        .rpartition('name="')[2]
        .startswith("full_name")
    )
    data = {
        "email": "Boss@Firm.org",
        "full_name": "Boss",
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD,
    }
    assert client.post(path, {**data, "password2": "other"}).status_code == 422
    assert client.post(path, data).status_code == 302
    boss = User.objects.get()
    assert (boss.email, boss.role, boss.is_superuser) == ("boss@firm.org", "admin", True)
    assert whoever(client) == str(boss.pk)
    assert Client().get(path).status_code == 410
    assert invitations.first_admin_link() == ""
    User.objects.update(is_active=False)  # as a demo taken away leaves people with real work behind
    assert client.get(invitations.first_admin_link().removeprefix("http://localhost:8000")).status_code == 200


def test_a_made_up_welcome_opens_nothing(client, db):
    forged = signing.dumps("first", salt="something else")
    assert client.get(f"/welcome/{forged}/").status_code == 410


def test_the_second_of_two_first_administrators_is_too_late(cast):
    with pytest.raises(invitations.TooLate):
        invitations.create_first_admin("late@firm.org", "Late", NEW_PASSWORD)


def test_a_password_link_works_once(client, cast):
    path = invitations.password_link(cast.rep).removeprefix("http://localhost:8000")
    assert client.get(path).status_code == 200
    assert client.post(path, {"new_password1": "short", "new_password2": "short"}).status_code == 422
    data = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert client.post(path, data).status_code == 302
    assert whoever(client) == str(cast.rep.pk)
    assert Client().get(path).status_code == 410
    cast.rep.refresh_from_db()
    assert cast.rep.check_password(NEW_PASSWORD)


@pytest.mark.parametrize("uid", ["x", "MQ", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "_"])
def test_a_made_up_password_link_opens_nothing(uid, client, db):
    assert client.get(f"/password/set/{uid}/abc-def/").status_code == 410


def test_forgotten_answers_the_same_to_everybody_and_mails_once(client, cast):
    asked = [cast.rep.email, cast.rep.email.upper(), "nobody@x.org"]
    pages = [client.post("/password/forgotten/", {"email": email}).content for email in asked]
    assert len({re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page) for page in pages}) == 1
    mail = Delivery.objects.get()
    assert "/password/set/" in str(mail.payload)
    assert client.post("/password/forgotten/", {"email": "no address"}).status_code == 422


def test_a_changed_password_ends_the_other_sessions(client, marketer):
    other = Client()
    sign_in(other)
    sign_in(client)
    assert client.get("/password/").status_code == 200
    data = {"old_password": make.PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert client.post("/password/", {**data, "old_password": "x"}).status_code == 422
    assert client.post("/password/", data)["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


def test_an_invitation_is_written_in_the_language_of_the_invited(cast):
    cast.rep.language = "ru"
    invitations.mail_password_link(cast.rep, timezone.now(), invitation=True)
    assert Delivery.objects.count() == 1


# -- no page is open to strangers --------------------------------------------------------------------------
OPEN = {
    "healthz",
    "accounts:login",
    "accounts:forgot",
    "accounts:set-password",
    "accounts:first-admin",
    "jsi18n",
    "robots",
    "service-worker",
    "ui:offline",
}
SAMPLE = {"str": "x", "slug": "x", "int": 1, "path": "x", "uuid": "00000000-0000-0000-0000-000000000000"}


def every_url(resolver=None, prefix=(), route=""):
    """(name, address) of every pattern, with made-up arguments."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            name = ":".join((*prefix, pattern.name)) if pattern.name else ""
            yield name, route + str(pattern.pattern), pattern
        else:
            space = (*prefix, pattern.namespace) if pattern.namespace else prefix
            yield from every_url(pattern, space, route + str(pattern.pattern))


def address(name, pattern):
    converters = pattern.pattern.converters
    kwargs = {
        key: SAMPLE.get(type(c).__name__.replace("Converter", "").lower(), 1) for key, c in converters.items()
    }
    groups = getattr(getattr(pattern.pattern, "regex", None), "groupindex", {})
    kwargs |= {key: "json" if key == "format" else 1 for key in groups if key not in kwargs}
    return reverse(name, kwargs=kwargs)


def test_a_stranger_sees_no_page_but_the_doors(client, db):
    named = [(name, pattern) for name, _route, pattern in every_url() if name and name not in OPEN]
    assert len(named) > 5
    for name, pattern in named:
        if name.startswith("admin:") and not name.startswith("admin:index"):
            continue
        path = address(name, pattern)
        for method in (client.get, client.post):
            answer = method(path)
            closed = answer.status_code in (401, 403, 404, 405) or answer.status_code in (301, 302)
            shell = name in {"ui:theme", "ui:language"} and answer.status_code == 400
            assert closed or shell, (name, path, answer.status_code)
            if answer.status_code in (301, 302):
                assert "/login/" in answer["Location"], (name, answer["Location"])
