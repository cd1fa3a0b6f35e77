"""Quick-add: one person after the other at a booth, once each, with or without a script."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from leads.models import Lead, Touch
from pipeline.models import Attachment, ConsentEvent
from tests import cast as make
from tests.pages import same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair(cast, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(cast.marketer)
    return make.campaign("Fair", channel="exhibition", status="active", owner=cast.marketer)


def add(client, fair, *, key=None, accept="text/html", **said):
    said = {"full_name": "Ada", "wechat": "ada_12345", "warmth": "hot", "key": key or uuid.uuid4(), **said}
    return client.post(f"/campaigns/{fair.pk}/quick-add/", said, headers={"accept": accept})


def fetched(client, path):
    """(type, is it a download?, content) of a file that is there."""
    answer = client.get(path)
    kind, disposition = answer.headers["Content-Type"], answer.headers.get("Content-Disposition", "")
    return kind, disposition.startswith("attachment"), b"".join(answer.streaming_content)


def test_a_person_is_in_with_card_consent_and_warmth_and_the_page_is_ready_for_the_next(client, cast, fair):
    card = SimpleUploadedFile("card.jpg", b"\xff\xd8\xff\xe0 jpeg")
    answer = add(client, fair, consent="on", card=card, note="Wants two", phone="ext 12")
    assert answer.url == f"/campaigns/{fair.pk}/quick-add/"
    lead = Lead.objects.select_related("contact").get()
    assert (lead.campaign, lead.channel, lead.attributes) == (
        fair, "exhibition", {"warmth": "hot", "phone": "ext 12"}
    )  # fmt: skip
    assert "ext 12" in client.get(f"/leads/{lead.pk}/").text
    assert lead.hand_raised_at is not None
    touch = Touch.objects.get()
    assert (touch.kind, touch.note, touch.actor) == ("hot_at_booth", "Wants two", cast.marketer)
    page = client.get(answer.url)
    assert (page.context["count"], [one.contact for one in page.context["latest"]]) == (1, [lead.contact])
    kept = Attachment.objects.get()
    assert kept.contact == lead.contact
    photo = f"/contacts/{lead.contact_id}/files/{kept.pk}/"  # where it is typed off, and who may look at it
    for page in (f"/leads/{lead.pk}/complete/", f"/leads/{lead.pk}/", f"/contacts/{lead.contact_id}/"):
        assert f'<img src="{photo}?show=1"' in client.get(page).text, page
    assert fetched(client, f"{photo}?show=1") == ("image/jpeg", False, b"\xff\xd8\xff\xe0 jpeg")
    assert fetched(client, photo) == ("application/octet-stream", True, b"\xff\xd8\xff\xe0 jpeg")
    Attachment.objects.update(content_type="image/svg+xml")  # may act: never in place
    assert fetched(client, f"{photo}?show=1") == ("application/octet-stream", True, b"\xff\xd8\xff\xe0 jpeg")
    assert ConsentEvent.objects.get().evidence["how"] == "in person"
    client.force_login(cast.other_rep)
    assert client.get(photo).status_code == 404


def test_a_phone_that_sends_twice_counts_once(client, fair):
    key = str(uuid.uuid4())
    for _twice in range(2):
        card = SimpleUploadedFile("card.jpg", b"\xff\xd8\xff\xe0 jpeg")
        answer = add(client, fair, key=key, card=card, accept="application/json")
        assert (answer.status_code, answer.json()["name"]) == (201, "Ada")
    assert (Lead.objects.count(), Touch.objects.count(), Attachment.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("waited, hours", [(12 * 3600, 12), ("", 0), (30 * 24 * 3600, 30 * 24)])
def test_whoever_waited_on_the_phone_was_met_that_much_earlier(client, fair, waited, hours):
    add(client, fair, consent="on", waited=waited)
    lead, touch, consent = Lead.objects.get(), Touch.objects.get(), ConsentEvent.objects.get()
    ago = timezone.now() - timedelta(hours=hours)
    moments = [
        lead.captured_at,
        lead.hand_raised_at,
        touch.at,
        datetime.fromisoformat(consent.evidence["at"]),
    ]
    assert all(abs(moment - ago) < timedelta(minutes=5) for moment in moments)


def test_who_gave_no_name_is_known_by_the_address(client, fair):
    answer = add(client, fair, full_name="", accept="application/json")
    assert answer.json()["name"] == "ada_12345"
    assert ">ada_12345<" in client.get(f"/campaigns/{fair.pk}/quick-add/").text


@pytest.mark.parametrize("warmth, kind", [("warm", "event"), ("cold", "event"), ("hot", "hot_at_booth")])
def test_only_hot_raises_a_hand(client, fair, warmth, kind):
    add(client, fair, warmth=warmth)
    assert Touch.objects.get().kind == kind


@pytest.mark.parametrize(
    "wrong", [{"full_name": "", "wechat": ""}, {"email": "x"}, {"warmth": "boiling"}, {"key": "1"}]
)
def test_what_cannot_be_taken_is_said_on_the_page_and_to_the_script(client, fair, wrong):
    said = {"full_name": "Ada", "wechat": "ada_12345", "warmth": "hot", "key": str(uuid.uuid4()), **wrong}
    path = f"/campaigns/{fair.pk}/quick-add/"
    assert client.post(path, said).status_code == 422
    answer = client.post(path, said, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert not Lead.objects.exists()


def test_addresses_of_two_people_are_refused_and_nothing_is_kept(client, fair):
    make.contact().identities.create(kind="wechat", value="ada_12345")
    make.contact(email="eve@a.example")
    answer = add(
        client, fair, email="eve@a.example", card=SimpleUploadedFile("card.jpg", b"\xff\xd8\xff\xe0 x")
    )
    assert answer.status_code == 422
    assert not Attachment.objects.exists()


def test_a_film_is_no_card(client, fair):
    for name in ("card.exe", "card.jpg"):
        assert add(client, fair, card=SimpleUploadedFile(name, b"words")).status_code == 422


def test_a_second_meeting_is_told_in_words(client, fair):
    add(client, fair)
    add(client, fair, full_name="Ada Lovelace", warmth="cold")
    assert Touch.objects.order_by("-pk")[0].note == "Full name: Ada Lovelace\nWarmth: Cold"


@pytest.mark.parametrize("who, status", [("rep", 200), ("manager", 200), ("finance", 403)])
def test_who_may(client, cast, fair, who, status):
    client.force_login(getattr(cast, who))
    assert client.get("/quick-add/").status_code == status
    assert client.get(f"/campaigns/{fair.pk}/quick-add/").status_code in (status, 404)


def test_the_choice_shows_running_campaigns_own_ones_first_at_one_price(client, cast, fair):
    other = make.campaign("Webinar", status="planned")
    make.campaign("Old", status="done")
    shown = client.get("/quick-add/").context["campaigns"]
    assert shown == [fair, other]
    same_queries(client, "/quick-add/", lambda: make.campaign(status="active"))
