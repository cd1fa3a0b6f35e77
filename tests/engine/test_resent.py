"""A form that is sent twice counts once, and the second click gets where the first led."""

from threading import Barrier, Thread

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client

from accounts.models import ApiToken
from engine.idempotency import CLAIM
from engine.models import IdempotentAnswer
from leads.models import Lead, Note
from pipeline.models import Contact
from tests import cast as make
from tests.posting import forms

PERSON = {"full_name": "Ann Ash", "email": "ann@example.com", "channel": "other", "kind": "call"}
TWICE = "The form was sent twice; it counts once."


@pytest.fixture
def marketer(client, cast):
    client.force_login(cast.marketer)
    return client


def seen(client, address):
    """What a browser would send of the page's form, as far as it is hidden."""
    (form,) = [one for one in forms(client.get(address)) if "full_name" in one.sent]
    return {"csrfmiddlewaretoken": form.sent["csrfmiddlewaretoken"]}


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_the_second_is_led_to_what_the_first_made(marketer):
    sent = PERSON | seen(marketer, "/leads/new/")
    first, second = (marketer.post("/leads/new/", sent) for _ in range(2))
    lead = Lead.objects.get()
    assert (first.status_code, first.url) == (second.status_code, second.url) == (302, f"/leads/{lead.pk}/")
    assert said(marketer.get(second.url)) == [TWICE]


def test_the_second_reads_what_the_first_said(client, cast):
    client.force_login(cast.admin)
    lead = make.lead()
    sent = {"note": "Called back", "csrfmiddlewaretoken": "x" * 64}
    client.post(f"/leads/{lead.pk}/notes/", sent)
    impatient = Client()  # whose browser let go of the first answer
    impatient.force_login(cast.admin)
    for one in (client, impatient):
        second = one.post(f"/leads/{lead.pk}/notes/", sent)
        assert said(one.get(second.url)) == ["Noted.", TWICE]
    assert Note.objects.count() == 1


def test_a_form_shown_again_is_another_page_and_may_be_corrected(marketer):
    token = seen(marketer, "/leads/new/")
    wrong = PERSON | {"email": "no address"} | token
    assert [marketer.post("/leads/new/", wrong).status_code for _ in range(2)] == [422] * 2
    assert IdempotentAnswer.objects.count() == 0
    assert [marketer.post("/leads/new/", PERSON | token).status_code for _ in range(2)] == [302] * 2
    assert Contact.objects.count() == 1


def test_what_was_changed_after_going_back_is_another_form(marketer):
    token = seen(marketer, "/leads/new/")
    for email in ("ann@example.com", "bob@example.com"):
        marketer.post("/leads/new/", PERSON | {"email": email} | token)
    assert Contact.objects.count() == 2


def test_a_page_that_is_opened_anew_may_send_the_same_words(client, cast):
    client.force_login(cast.admin)
    lead = make.lead()
    notes = f"/leads/{lead.pk}/notes/"
    token = [{"csrfmiddlewaretoken": letter * 64} for letter in "ab"]
    for one in (token[0], token[0], token[1]):
        client.post(notes, {"note": "Called back"} | one)
    assert Note.objects.count() == 2


def test_what_is_told_only_once_leads_to_its_list(client, cast):
    client.force_login(cast.admin)
    sent = {"name": "Shop", "scopes": ["read"], "days": "90", "csrfmiddlewaretoken": "x" * 64}
    first, second = (client.post("/account/tokens/", sent) for _ in range(2))
    assert (first.status_code, second.status_code, second.url) == (200, 302, "/account/")
    assert ApiToken.objects.count() == 1
    assert first.context["secret"] not in bytes(IdempotentAnswer.objects.get().body).decode()


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {}])
def test_what_a_script_sends_is_taken_at_its_word(client, cast, headers):
    client.force_login(cast.admin)
    lead = make.lead()
    token = {"csrfmiddlewaretoken": "x" * 64} if headers else {}
    for _ in range(2):
        client.post(f"/leads/{lead.pk}/notes/", {"note": "Called back"} | token, headers=headers)
    assert (Note.objects.count(), IdempotentAnswer.objects.count()) == (2, 0)


def test_a_choice_that_is_kept_in_a_cookie_is_made_each_time(marketer):
    sent = {"theme": "dark", "csrfmiddlewaretoken": "x" * 64}
    assert [marketer.post("/ui/theme/", sent).cookies["theme"].value for _ in range(2)] == ["dark"] * 2


def test_a_crash_leaves_nothing_and_may_be_sent_again(marketer, monkeypatch):
    sent = PERSON | seen(marketer, "/leads/new/")
    with monkeypatch.context() as broken:
        broken.setattr("leads.views.leads.redirect", lambda *where: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            marketer.post("/leads/new/", sent)
    assert (Contact.objects.count(), IdempotentAnswer.objects.count()) == (0, 0)
    assert marketer.post("/leads/new/", sent).status_code == 302


def test_many_at_once_make_one(transactional_db, cast):
    client = Client()
    client.force_login(cast.marketer)
    sent, answers, gate = PERSON | seen(client, "/leads/new/"), [], Barrier(6)

    def click():
        own = Client()
        own.cookies = client.cookies.copy()
        gate.wait()
        answers.append(own.post("/leads/new/", sent))
        connection.close()

    threads = [Thread(target=click) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(answer.status_code, answer.url) for answer in answers} == {
        (302, f"/leads/{Lead.objects.get().pk}/")
    }


def test_while_the_first_is_at_work_the_second_is_told_so(transactional_db, cast, monkeypatch):
    monkeypatch.setattr("engine.idempotency.CLAIM", CLAIM.replace("'5s'", "'200ms'"))
    client = Client()
    client.force_login(cast.marketer)
    sent = PERSON | {"csrfmiddlewaretoken": "x" * 64}
    client.post("/leads/new/", sent)
    row = IdempotentAnswer.objects.get()
    busy = connection.copy()
    try:
        busy.set_autocommit(False)
        with busy.cursor() as cursor:
            cursor.execute("DELETE FROM engine_idempotentanswer WHERE id = %s", [row.pk])
        answer = client.post("/leads/new/", sent, headers={"Referer": "/leads/new/"})
        assert (answer.status_code, 'href="/leads/new/"' in answer.content.decode()) == (409, True)
    finally:
        busy.rollback()
        busy.close()
    assert client.post("/leads/new/", sent).status_code == 302
