"""What is owed is delivered, and what cannot be is given up in plain sight, without holding up the rest."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from engine import mailing, outbox
from engine.models import Delivery

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Away(Exception):
    """The other side does not answer."""


HEARD = []


def hear(payload, delivery):
    """A receiver that refuses what says so."""
    if payload.get("refuse"):
        raise Away("busy\nDate: forged")
    HEARD.append((payload, delivery))


@pytest.fixture(autouse=True)
def receiver(settings):
    """Deliveries of the kind `test` arrive in HEARD."""
    settings.OUTBOX = {**settings.OUTBOX, "test": "tests.engine.test_outbox.hear"}
    HEARD.clear()


def make_due():
    """Let every pause pass."""
    Delivery.objects.update(next_at=NOW - timedelta(days=900))


def states():
    """{subject: state} of the whole outbox."""
    return {row.subject: row.state for row in Delivery.objects.all()}


def test_each_is_delivered_once(db):
    outbox.put_many("test", [(f"lead:{n}", {"n": n}, 0) for n in range(25)])
    assert [outbox.deliver_due(), outbox.deliver_due(), outbox.deliver_due()] == [20, 5, 0]
    assert sorted(payload["n"] for payload, _ in HEARD) == list(range(25))
    assert set(states().values()) == {"delivered"}


def test_same_cause_is_owed_once(db):
    outbox.put("test", "lead:1", {"first": True})
    outbox.put("test", "lead:1", {"first": False})
    outbox.put("test", "lead:1", {"next": True}, seq=1)
    assert outbox.deliver_due() == 2
    assert sorted(map(str, (payload for payload, _ in HEARD))) == ["{'first': True}", "{'next': True}"]


def test_poison_is_given_up_after_eight_attempts_and_others_go_on(db):
    outbox.put("test", "bad", {"refuse": True})
    for number in range(outbox.MOST_ATTEMPTS):
        outbox.put("test", f"good:{number}", {})
        make_due()
        assert outbox.deliver_due() == 2
    make_due()
    assert outbox.deliver_due() == 0
    assert len(HEARD) == outbox.MOST_ATTEMPTS
    bad = Delivery.objects.get(subject="bad")
    assert (bad.state, bad.attempts, bad.last_error) == ("dead", 8, "Away: busy Date: forged")


def test_failure_waits_longer_each_time(db):
    outbox.put("test", "bad", {"refuse": True})
    waits = []
    for _ in range(3):
        make_due()
        outbox.deliver_due()
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM next_at - clock_timestamp()) FROM engine_delivery")
            waits.append(float(cursor.fetchone()[0]))
    assert 3 < waits[0] < 7
    assert waits[0] < waits[1] < waits[2] < 150


def test_worker_that_died_while_delivering_only_delays(db):
    outbox.put("test", "lead:1", {})
    with connection.cursor() as cursor:
        cursor.execute(outbox.CLAIM, {"lease": 60, "most": 8, "limit": 20})
        assert cursor.rowcount == 1
    assert outbox.deliver_due() == 0
    make_due()
    assert outbox.deliver_due() == 1


def test_one_that_kills_every_worker_is_given_up(db):
    outbox.put("test", "killer", {})
    Delivery.objects.update(attempts=8)
    make_due()
    assert outbox.deliver_due() == 1
    assert states() == {"killer": "dead"}


def test_dead_one_can_be_tried_again(db):
    outbox.put("test", "lead:1", {})
    Delivery.objects.update(attempts=8, dead_at=NOW)
    delivery = Delivery.objects.get()
    assert outbox.retry(delivery, at=NOW - timedelta(days=365))
    assert not outbox.retry(delivery, at=NOW)
    assert outbox.deliver_due() == 1
    assert states() == {"lead:1": "delivered"}


def test_unknown_kind_is_a_failure_like_any_other(db):
    outbox.put("pigeon", "lead:1", {})
    assert outbox.deliver_due() == 1
    assert "KeyError" in Delivery.objects.get().last_error


def test_tidy_forgets_only_what_arrived_long_ago(db):
    outbox.put_many("test", [("old", {}, 0), ("new", {}, 0), ("owed", {}, 0)])
    Delivery.objects.filter(subject="old").update(delivered_at=NOW - timedelta(days=91))
    Delivery.objects.filter(subject="new").update(delivered_at=NOW - timedelta(days=89))
    assert outbox.tidy(NOW) == 1
    assert states() == {"new": "delivered", "owed": "owed"}


def test_finding_due_work_uses_the_partial_index(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + outbox.CLAIM.split("\n", 2)[2], {"lease": 60, "most": 8, "limit": 20})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "delivery_due" in plan


# -- mail ------------------------------------------------------------------------------------------------
@pytest.fixture
def folder(settings, tmp_path):
    """Mail goes to files."""
    settings.EMAIL_BACKEND = "engine.mailing.FolderBackend"
    settings.MAIL_DIR = tmp_path / "mail"


def test_mail_arrives_in_the_folder_once(db, folder):
    outbox.mail("wei@example.com", "新线索", "你好\n.\n", "handoff:1")
    outbox.mail("wei@example.com", "新线索", "again", "handoff:1")
    outbox.deliver_due()
    [(name, message)] = mailing.latest()
    assert (message["To"], message["Subject"]) == ("wei@example.com", "新线索")
    assert message.get_content() == "你好\n.\n"
    assert mailing.find(name)["Subject"] == "新线索"
    assert Delivery.objects.get().payload == {"to": "wei@example.com", "subject": "新线索"}


def test_repeated_attempt_leaves_its_file_as_it_is(folder, settings):
    def files():
        return {file.name: (file.stat().st_ino, file.read_bytes()) for file in settings.MAIL_DIR.iterdir()}

    payload = {"to": "a@example.com", "subject": "s", "body": "b", "html": "<p>b</p>"}
    mailing.send(payload, 7)
    once = files()
    mailing.send(payload, 7)
    assert files() == once
    assert list(once) == ["tandem-7.eml"]
    mailing.send({**payload, "body": "of a new database"}, 7)
    [(_, message)] = mailing.latest()
    assert message.get_body(("plain",)).get_content().strip() == "of a new database"


@pytest.mark.parametrize(
    "subject", ["a\nBcc: all@example.com", "a\r\nBcc: x@example.com", "a\x00b", "a\u2028b", "x" * 5_000]
)
def test_subject_cannot_add_a_header(db, folder, subject):
    outbox.mail("a@example.com", subject, "body", "lead:1")
    outbox.deliver_due()
    [(_, message)] = mailing.latest()
    assert "Bcc" not in message
    assert states() == {"lead:1": "delivered"}


@pytest.mark.parametrize("name", ["../../settings", "..", "", "a/b", "nothing"])
def test_only_mails_are_found(folder, name):
    assert mailing.find(name) is None
    assert mailing.latest() == []
