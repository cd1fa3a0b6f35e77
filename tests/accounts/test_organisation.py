"""The organisation is read once for a while, and its day is its own."""

from datetime import UTC, date, datetime

import pytest

from accounts import organisation
from accounts.models import Organisation

pytestmark = pytest.mark.django_db


def test_read_once(django_assert_num_queries):
    organisation.forget()
    with django_assert_num_queries(1):
        assert organisation.current().name == "Tandem"
        assert organisation.current().name == "Tandem"


def test_forgotten_and_read_again():
    Organisation.objects.update(name="Firm")
    assert organisation.current().name == "Tandem"
    organisation.forget()
    assert organisation.current().name == "Firm"


def test_believed_for_a_while_only(monkeypatch):
    Organisation.objects.update(name="Firm")
    monkeypatch.setattr(organisation.OURS, "lifetime", -1)
    assert organisation.current().name == "Firm"


def test_today_is_the_organisations():
    Organisation.objects.update(zone="Asia/Shanghai")
    organisation.forget()
    assert organisation.today(datetime(2026, 6, 10, 20, tzinfo=UTC)) == date(2026, 6, 11)
