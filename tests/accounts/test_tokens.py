"""Tokens: the owner's hand, within scopes, until revoked, expired, or the owner leaves."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIRequestFactory

from accounts import organisation, tokens
from accounts.models import ApiToken, Organisation

pytestmark = pytest.mark.django_db


def authenticate(header):
    request = APIRequestFactory().get("/", headers={"authorization": header})
    return tokens.TokenAuthentication().authenticate(request)


@pytest.fixture
def issued(cast):
    return tokens.issue(cast.rep, "robot", ["read"], timezone.now())


def test_a_token_is_its_owner(cast, issued):
    token, secret = issued
    assert authenticate(f"Bearer {secret}") == (cast.rep, token)
    assert authenticate(f"bearer {secret}") == (cast.rep, token)


def test_only_the_digest_is_kept(issued):
    token, secret = issued
    kept = ApiToken.objects.values().get()
    assert secret not in map(str, kept.values())
    assert secret.startswith(token.prefix)


def test_use_is_noted_now_and_then(issued, django_assert_num_queries):
    token, secret = issued
    with django_assert_num_queries(2):
        authenticate(f"Bearer {secret}")
    with django_assert_num_queries(1):
        authenticate(f"Bearer {secret}")
    token.refresh_from_db()
    assert timezone.now() - token.used_at < timedelta(minutes=1)


def test_others_are_left_to_others():
    assert authenticate("") is None
    assert authenticate("Basic abc") is None


@pytest.mark.parametrize("secret", ["", "tdm_", "x", "\xff\xfe", "a b"])
def test_unknown_secrets_are_refused(secret, db):
    with pytest.raises(AuthenticationFailed):
        authenticate(f"Bearer {secret}")


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
    ],
)
def test_ended_tokens_are_refused(change, issued):
    ApiToken.objects.update(**change)
    with pytest.raises(AuthenticationFailed):
        authenticate(f"Bearer {issued[1]}")


def test_a_token_ends_with_its_owner(cast, issued):
    cast.rep.is_active = False
    cast.rep.save()
    with pytest.raises(AuthenticationFailed):
        authenticate(f"Bearer {issued[1]}")


def test_revoke(cast, issued):
    at = timezone.now()
    assert tokens.revoke(cast.rep.tokens, at) == 1
    assert tokens.revoke(cast.rep.tokens, at) == 0
    assert not tokens.living(at).exists()


@pytest.mark.parametrize("scopes", [[], ["root"]])
def test_a_token_needs_a_known_scope(scopes, cast):
    with pytest.raises(ValueError, match=r"scope|Scope"):
        tokens.issue(cast.rep, "x", scopes, timezone.now())


@pytest.mark.parametrize(
    "scopes, allowed",
    [
        (["capture"], {("POST", "create")}),
        (["read"], {("GET", "list")}),
        (["write"], {("POST", "create"), ("POST", "qualify"), ("PATCH", "partial_update")}),
        (
            ["read", "write"],
            {("GET", "list"), ("POST", "create"), ("POST", "qualify"), ("PATCH", "partial_update")},
        ),
    ],
)
def test_scopes(scopes, allowed, cast):
    token, _secret = tokens.issue(cast.rep, "x", scopes, timezone.now())
    tried = [("GET", "list"), ("POST", "create"), ("POST", "qualify"), ("PATCH", "partial_update")]

    def passes(method, action):
        request = APIRequestFactory().generic(method, "/")
        request.auth = token
        view = type("View", (), {"action": action, "capture": {"create"}})
        return tokens.HasScope().has_permission(request, view)

    assert {one for one in tried if passes(*one)} == allowed


def test_a_session_needs_no_scope(cast):
    request = APIRequestFactory().post("/")
    request.auth = None
    assert tokens.HasScope().has_permission(request, None)


@pytest.mark.parametrize(
    "headers", [{"host": "tandem.example"}, {"host": "localhost", "x-forwarded-for": "203.0.113.9"}]
)
def test_a_token_of_the_demo_works_on_its_own_machine_only(issued, settings, headers):
    settings.ALLOWED_HOSTS = ["*"]
    Organisation.objects.update(demo=True)
    organisation.forget()
    bearer = {"authorization": f"Bearer {issued[1]}"}
    at_home = APIRequestFactory().get("/", headers={**bearer, "host": "localhost"})
    assert tokens.TokenAuthentication().authenticate(at_home)[1] == issued[0]
    with pytest.raises(AuthenticationFailed):
        tokens.TokenAuthentication().authenticate(APIRequestFactory().get("/", headers={**bearer, **headers}))
