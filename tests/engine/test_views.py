"""The engine room is open to administrators only, and a dead delivery can be tried again there."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from engine import mailing
from engine.models import Delivery

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PAGES = [reverse("engine:outbox"), reverse("engine:mails"), reverse("engine:mail", args=["tandem-1"])]


@pytest.fixture
def mails(settings, tmp_path):
    """A folder with one mail, tandem-1."""
    settings.EMAIL_BACKEND = "engine.mailing.FolderBackend"
    settings.MAIL_DIR = tmp_path / "mail"
    mailing.send(
        {"to": "wei@example.com", "subject": "新线索", "body": "<script>1</script>\nhttps://t.example/a"}, 1
    )


def owe(subject, **fields):
    return Delivery.objects.create(kind="mail", subject=subject, payload={}, **fields)


@pytest.mark.parametrize("page", PAGES)
def test_only_administrators_come_in(client, cast, mails, page):
    seen = set()
    for name, user in cast.everybody().items():
        client.force_login(user)
        answer = client.get(page)
        if answer.status_code == 200:
            seen.add(name)
        else:
            assert "for another role than yours" in answer.content.decode()
    assert seen == {"admin"}
    client.logout()
    assert client.get(page).status_code == 302


@pytest.mark.parametrize(
    "state, shown", [("", {"a", "b", "c"}), ("dead", {"a"}), ("owed", {"b"}), ("delivered", {"c"})]
)
def test_outbox_shows_each_state(client, cast, state, shown):
    owe("about-a", dead_at=NOON, last_error="refused")
    owe("about-b")
    owe("about-c", delivered_at=NOON)
    client.force_login(cast.admin)
    text = client.get(reverse("engine:outbox"), {"state": state}).content.decode()
    assert {name for name in "abc" if f"about-{name}" in text} == shown


def test_one_and_three_deliveries_cost_the_same(client, cast, django_assert_num_queries):
    client.force_login(cast.admin)
    owe("about-1")
    with django_assert_num_queries(3):
        client.get(reverse("engine:outbox"))
    owe("about-2")
    owe("about-3")
    with django_assert_num_queries(3):
        client.get(reverse("engine:outbox"))


def test_the_dead_are_tried_again_and_the_others_left_alone(client, cast):
    dead, done, unchosen = (
        owe("a", dead_at=NOON, attempts=8),
        owe("b", delivered_at=NOON),
        owe("c", dead_at=NOON),
    )
    client.force_login(cast.admin)
    answer = client.post(reverse("engine:retry"), {"pick": [dead.pk, done.pk, "x", "9" * 30]}, follow=True)
    assert "1 delivery is tried again." in answer.content.decode()
    assert {row.subject: row.state for row in Delivery.objects.all()} == {
        "a": "owed",
        "b": "delivered",
        "c": "dead",
    }
    assert unchosen.attempts == 0


def test_retrying_is_for_administrators(client, cast):
    dead = owe("a", dead_at=NOON)
    client.force_login(cast.manager)
    assert client.post(reverse("engine:retry"), {"pick": [dead.pk]}).status_code == 403
    dead.refresh_from_db()
    assert dead.state == "dead"


def test_mail_is_shown_as_text(client, cast, mails):
    client.force_login(cast.admin)
    assert "新线索" in client.get(reverse("engine:mails")).content.decode()
    text = client.get(reverse("engine:mail", args=["tandem-1"])).content.decode()
    assert "&lt;script&gt;1&lt;/script&gt;" in text
    assert 'href="https://t.example/a"' in text
    assert client.get(reverse("engine:mail", args=["nothing"])).status_code == 404


def test_healthz_serves_strangers(client, db):
    assert (client.get("/healthz").status_code, client.post("/healthz").status_code) == (200, 405)
