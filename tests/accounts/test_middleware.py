"""Every request in its user's language and zone."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone, translation

from accounts import organisation
from accounts.middleware import LocalityMiddleware
from accounts.models import Organisation, User

pytestmark = pytest.mark.django_db


def spoken(user, **headers):
    """Language and zone that a view finds."""
    found = {}

    def view(request):
        found.update(language=translation.get_language(), zone=str(timezone.get_current_timezone()))
        return HttpResponse()

    request = RequestFactory().get("/", headers=headers)
    request.user = user
    with translation.override("en"):
        LocalityMiddleware(view)(request)
    return found["language"], found["zone"]


@pytest.fixture
def shanghai(db):
    Organisation.objects.update(language="zh-hans", zone="Asia/Shanghai")
    organisation.forget()


def test_the_users_own_choice_wins(shanghai):
    user = User(language="ru", zone="Europe/Berlin")
    assert spoken(user, accept_language="de") == ("ru", "Europe/Berlin")


def test_the_browser_comes_second(shanghai):
    assert spoken(User(), accept_language="en") == ("en", "Asia/Shanghai")


def test_the_organisation_comes_last(shanghai):
    assert spoken(User()) == ("zh-hans", "Asia/Shanghai")


def test_a_zone_that_is_none_does_no_harm(db):
    assert spoken(User(zone="Mars/Phobos"), accept_language="en") == ("en", "UTC")


def test_the_zone_is_given_back(shanghai):
    spoken(User(zone="Europe/Berlin"))
    assert str(timezone.get_current_timezone()) == "UTC"
