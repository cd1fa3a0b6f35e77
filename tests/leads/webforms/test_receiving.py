"""Posts to capture forms: taken in once, held where they seem suspicious, never lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads import webforms
from leads.models import Lead, Question, Submission, SubmissionState, Touch, WebForm
from leads.webforms import suspicion
from pipeline.identities import digest
from pipeline.models import ConsentEvent, Suppression
from tests import cast as make

pytestmark = pytest.mark.django_db
ADA = {"full_name": "Ada Byron", "company": "Engines Ltd", "email": "ada@engines.example", "consent": "on"}


@pytest.fixture
def form(cast):
    return WebForm.objects.create(
        campaign=make.campaign("Fair", channel="exhibition", segment=make.segment()),
        title="Talk to us",
        asked={
            "full_name": "must",
            "email": "ask",
            "phone": "ask",
            "company": "ask",
            "message": "ask",
            "answer-need": "ask",
        },
        hosts="https://acme.example",
    )


def sealed(form, ago=60, nonce="n1"):
    return suspicion.sealed(form, nonce, timezone.now() - timedelta(seconds=ago))


def post(client, form, path="", headers=None, **said):
    said = {"seal": sealed(form), **ADA, **said}
    return client.post(f"/f/{form.key}/{path}", said, headers=headers or {})


def test_a_visitor_becomes_a_lead_with_campaign_channel_consent_and_where_from(client, form):
    answer = post(
        client, form, utm_source="newsletter", gclid="g-1", message="A press", **{"answer-need": "a press"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/f/{form.key}/thanks/?lang=en")
    assert client.get(answer.headers["Location"]).status_code == 200
    lead = Lead.objects.select_related("contact__company").get()
    assert (lead.contact.full_name, lead.contact.company.name) == ("Ada Byron", "Engines Ltd")
    assert (lead.campaign, lead.channel, lead.segment) == (form.campaign, "exhibition", make.segment())
    assert lead.attributes == {"utm_source": "newsletter", "gclid": "g-1"}
    assert lead.answers == {"need": "a press"}
    touch = Touch.objects.get()
    assert (touch.kind, touch.note) == ("form", "A press\nnewsletter")
    consent = ConsentEvent.objects.get()
    assert (consent.purpose, consent.text_version, consent.language) == ("sales", "shipped-1", "en")
    assert "Ada" not in consent.evidence["text"]
    kept = Submission.objects.get()
    assert (kept.state, kept.lead, kept.data, kept.reasons) == (SubmissionState.TAKEN, lead, {}, [])


def test_the_same_post_twice_counts_once_and_the_next_one_joins(client, form):
    post(client, form)
    post(client, form)
    assert (Lead.objects.count(), Touch.objects.count(), Submission.objects.count()) == (1, 1, 1)
    post(client, form, seal=sealed(form, nonce="n2"))
    assert (Lead.objects.count(), Touch.objects.count(), Submission.objects.count()) == (1, 2, 2)


def test_other_words_from_the_same_page_are_another_post(client, form):
    """A tablet at a stand goes back to the form that the last visitor sent."""
    post(client, form)
    post(client, form, full_name="Charles Babbage", email="charles@engines.example")
    post(client, form, full_name="Charles Babbage", email="charles@engines.example")
    people = set(Lead.objects.values_list("contact__full_name", flat=True))
    assert (people, Submission.objects.count()) == ({"Ada Byron", "Charles Babbage"}, 2)


def test_a_request_for_a_quote_raises_a_hand(client, form):
    WebForm.objects.update(kind="quote_request")
    post(client, form)
    assert Lead.objects.get().hand_raised_at is not None


@pytest.mark.parametrize(
    "said, reasons",
    [
        ({"website": "http://x.example"}, ["trap"]),
        ({"seal": ""}, ["unsealed"]),
        ({"seal": "forged"}, ["unsealed"]),
        ({"message": "https://a.example https://b.example"}, ["links"]),
        ({"company": "www.cheap.example"}, ["links"]),
    ],
)
def test_what_is_suspicious_is_held_and_thanked_all_the_same(client, form, said, reasons):
    assert post(client, form, **said).status_code == 303
    held = Submission.objects.get()
    assert (held.state, held.reasons, Lead.objects.count()) == (SubmissionState.HELD, reasons, 0)
    assert held.data["email"] == "ada@engines.example"


@pytest.mark.parametrize("ago, reasons", [(0, ["fast"]), (90_000, ["stale"]), (60, [])])
def test_the_seal_tells_how_long_the_page_was_open(client, form, ago, reasons):
    post(client, form, seal=sealed(form, ago))
    assert Submission.objects.get().reasons == reasons


def test_the_seal_of_another_form_is_none(client, form):
    other = WebForm.objects.create(campaign=form.campaign, title="Other")
    post(client, form, seal=sealed(other))
    assert Submission.objects.get().reasons == ["unsealed"]


@pytest.mark.parametrize(
    "header, state",
    [
        ({"origin": "https://acme.example"}, "taken"),
        ({"referer": "https://acme.example/contact?x=1"}, "taken"),
        ({"origin": "https://evil.example"}, "held"),
        ({"origin": "null"}, "held"),
    ],
)
def test_a_plain_form_of_a_named_site_needs_no_seal(client, form, header, state):
    for _twice in range(2):
        assert post(client, form, seal="", headers=header).status_code == 303
    assert [one.state for one in Submission.objects.all()] == [state]


def test_many_posts_from_one_address_are_held_and_past_the_ceiling_asked_to_wait(client, form, monkeypatch):
    WebForm.objects.update(per_hour=2)
    monkeypatch.setattr(suspicion, "CEILING", 4)
    answers = [post(client, form, seal=sealed(form, nonce=str(n))) for n in range(5)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 303, 429]
    assert [one.state for one in Submission.objects.order_by("pk")] == ["taken", "taken", "held", "held"]
    assert 3500 < int(answers[-1].headers["Retry-After"]) <= 3600
    page = answers[-1].content.decode()
    assert "was not kept" in page
    assert 'value="ada@engines.example"' in page
    told = post(client, form, seal=sealed(form, nonce="json"), headers={"accept": "application/json"})
    assert (told.status_code, told.json()["status"]) == (429, 429)
    assert "send it again" in told.json()["detail"]
    assert Submission.objects.count() == 4
    elsewhere = client.post(
        f"/f/{form.key}/", {**ADA, "seal": sealed(form, nonce="x")}, REMOTE_ADDR="203.0.113.9"
    )
    assert elsewhere.status_code == 303
    assert Submission.objects.latest("pk").state == "taken"


def test_a_fair_sends_all_of_its_visitors_from_one_address(client, form):
    """400 an hour would have been refused or held before; the other form keeps its own allowance."""
    WebForm.objects.update(per_hour=600)
    at = timezone.now() - timedelta(minutes=5)
    hall = post(client, form) and Submission.objects.get().address
    Submission.objects.bulk_create(
        Submission(form=form, nonce=f"b{n}", at=at, state="taken", address=hall) for n in range(400)
    )
    assert post(client, form, seal=sealed(form, nonce="n401")).status_code == 303
    assert Submission.objects.latest("pk").state == "taken"
    WebForm.objects.update(per_hour=20)
    assert post(client, form, seal=sealed(form, nonce="n402")).status_code == 303
    assert Submission.objects.latest("pk").reasons == ["many"]
    other = WebForm.objects.create(campaign=form.campaign, title="Other", asked=form.asked)
    post(client, other, seal=sealed(other, nonce="o1"))
    assert Submission.objects.latest("pk").state == "taken"


def test_addresses_of_two_people_and_suppressed_ones_are_held(client, form, cast):
    make.contact(email="ada@engines.example")
    other = make.contact()
    other.identities.create(kind="mobile", value="+8613800138000")
    post(client, form, phone="+8613800138000")
    assert Submission.objects.get().reasons == ["conflict"]
    WebForm.objects.update(consent_must=False)
    Suppression.objects.create(digest=digest("email", "eve@b.example"), kind="email")
    post(client, form, seal=sealed(form, nonce="n2"), email="eve@b.example", consent="")
    assert Submission.objects.latest("pk").reasons == ["suppressed"]


def test_a_number_that_cannot_be_read_is_kept_as_written(client, form):
    post(client, form, phone="call my office")
    assert Lead.objects.get().attributes == {"phone": "call my office"}


def test_a_visitor_whom_nobody_could_reach_is_told_and_may_insist(client, form):
    typed = {"email": "", "phone": "call my office"}
    answer = post(client, form, **typed)
    page = answer.content.decode()
    assert (answer.status_code, Submission.objects.count()) == (422, 0)
    assert "We cannot read this." in page
    assert page.count('value="call my office"') == 2  # in its field, and as what was told
    assert post(client, form, **typed, as_typed="call me").status_code == 422
    post(client, form, **typed, as_typed="call my office")
    assert Lead.objects.get().attributes == {"phone": "call my office"}
    WebForm.objects.update(asked={**form.asked, "country": "ask"})
    german = {"email": "", "phone": "0151 23456789", "country": "DE", "seal": sealed(form, nonce="n2")}
    assert post(client, form, **german).status_code == 303
    assert Lead.objects.latest("pk").attributes == {}


def test_nothing_that_a_known_visitor_says_is_lost(client, form):
    Question.objects.update_or_create(code="need", defaults={"text": "What for?"})
    post(client, form, phone="call my office", **{"answer-need": "Gears"})
    told = {
        "full_name": "A. Byron",
        "phone": "after five",
        "company": "Looms Inc",
        "message": "Hello",
        "answer-need": "Belts",
    }
    post(client, form, seal=sealed(form, nonce="n2"), **told)
    post(client, form, seal=sealed(form, nonce="n3"), **{**told, "company": "Weavers Co"})
    lead = Lead.objects.get()
    assert lead.attributes == {"phone": "call my office", "company": "Looms Inc"}
    assert lead.answers == {"need": "Gears"}
    lines = ["Hello", "Full name: A. Byron", "Company: Weavers Co", "phone: after five", "What for?: Belts"]
    assert [note.split("\n") for note in Touch.objects.order_by("pk").values_list("note", flat=True)] == [
        [""], [line for line in lines if "Weavers" not in line], lines,
    ]  # fmt: skip


@pytest.mark.parametrize("said", [{"full_name": ""}, {"consent": ""}, {"email": ""}, {"email": "nobody"}])
def test_what_is_missing_is_asked_again_and_kept(client, form, said):
    answer = post(client, form, message="A press", **said)
    assert answer.status_code == 422
    assert "A press" in answer.content.decode()
    assert not Submission.objects.exists()


def test_released_as_the_lead_it_is_once(form, client, cast):
    post(client, form, website="x")
    held = Submission.objects.select_related("form__campaign").get()
    assert held.data["website"] == "x", "kept for whoever judges it"
    at = timezone.now()
    lead = webforms.release(held, by=cast.marketer, at=at)
    assert webforms.release(held, by=cast.marketer, at=at) == lead
    held.refresh_from_db()
    assert (held.state, held.decided_by, held.reasons, Lead.objects.get()) == (
        "taken",
        cast.marketer,
        ["trap"],
        lead,
    )
    assert lead.captured_at == held.at


def test_dropped_and_taken_back(form, client, cast):
    post(client, form, website="x")
    everything, at = Submission.objects.all(), timezone.now()
    assert webforms.drop(everything, by=cast.marketer, at=at) == 1
    assert webforms.drop(everything, by=cast.marketer, at=at) == 0
    assert webforms.restore(everything, by=cast.marketer, at=at) == 1
    assert Submission.objects.get().state == "held"


def test_a_changed_text_of_consent_is_what_the_ledger_keeps(form, client):
    WebForm.objects.update(consent_text="Yes, call me.", consent_version=3)
    post(client, form, news="on")
    events = {
        event.purpose: (event.text_version, event.evidence["text"]) for event in ConsentEvent.objects.all()
    }
    assert events["sales"] == (f"{form.key}-3", "Yes, call me.")
    assert events["marketing"][0] == "shipped-1"
