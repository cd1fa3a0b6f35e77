"""Win stories: who is asked and when, what is told, where others find it, and whom it helped."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import organisation
from accounts.models import Organisation
from leads import closing, searching, stories
from leads.briefing import brief
from leads.consulting import Refused
from leads.models import Lead, Notice, WinStory
from leads.telling import needs
from pipeline.models import OutcomeReason, Product
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.pages import queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SAID = {"convinced": "The reference in Lyon", "lesson": "Bring the plant manager along"}


@pytest.fixture(autouse=True)
def afresh():
    """From 50,000 on, and of key accounts."""
    Organisation.objects.update(story_from=50_000)
    organisation.forget()
    yield
    organisation.forget()


def won(cast, amount=60_000, owner=None, **company):
    deal = make.deal(
        owner=owner or cast.rep, amount=amount, base_amount=amount, company=make.company(**company)
    )
    reason = OutcomeReason.objects.get(code="best_fit")
    return closing.win(deal, reason=reason, signed_on=NOON.date(), by=deal.owner, at=NOON)


def told(cast, texts=SAID, **deal):
    story = WinStory.objects.get(deal=won(cast, **deal))
    return stories.tell(story, texts, use="unasked", use_note="", at=NOON)


def test_whoever_wins_a_large_deal_or_a_key_account_is_asked_once(cast):
    large, small, key = won(cast), won(cast, 49_999), won(cast, 10, key_account=True)
    assert set(WinStory.objects.values_list("deal", flat=True)) == {large.pk, key.pk}
    assert {(one.user, one.path) for one in Notice.objects.filter(kind="counsel")} == {
        (cast.rep, f"/stories/{pk}/tell/") for pk in WinStory.objects.values_list("pk", flat=True)
    }
    assert len(list(needs(cast.rep, NOON))) == 2
    stories.ask(small, at=NOON)
    for deal in (small, make.deal(owner=cast.rep)):
        with pytest.raises(Refused):
            stories.ask(deal, at=NOON)
    Organisation.objects.update(story_from=None)
    organisation.forget()
    assert not WinStory.objects.filter(deal=won(cast, 10**6)).exists()


def test_a_renewal_and_what_is_open_again_are_not_asked_for(cast):
    deal = make.deal(owner=cast.rep, amount=60_000, base_amount=60_000, kind="renewal")
    reason = OutcomeReason.objects.get(code="best_fit")
    closing.win(deal, reason=reason, signed_on=NOON.date(), by=cast.rep, at=NOON)
    assert not WinStory.objects.exists()
    again = won(cast)
    closing.reopen(again, reason="Too early", by=cast.rep, at=NOON)
    assert not WinStory.objects.exists()
    story = told(cast)
    closing.reopen(story.deal, reason="Too early", by=cast.rep, at=NOON)
    assert WinStory.objects.get() == story  # what was told stays


def test_it_is_told_or_declined(cast):
    story = WinStory.objects.get(deal=won(cast))
    with pytest.raises(Refused):
        stories.tell(story, {"lesson": "x"}, use="unasked", use_note="", at=NOON)
    with pytest.raises(Refused):
        stories.tell(story, SAID, use="named", use_note=" ", at=NOON)
    with pytest.raises(Refused):
        stories.helps(story, by=cast.teammate)
    stories.decline(story, at=NOON)
    assert (story.waits, list(needs(cast.rep, NOON))) == (False, [])
    stories.tell(story, SAID, use="named", use_note="Ms Roy, by mail", at=NOON + DAY)
    assert (story.told_at, story.declined_at, story.convinced) == (NOON + DAY, None, SAID["convinced"])
    with pytest.raises(Refused):
        stories.decline(story, at=NOON)
    stories.tell(story, {**SAID, "decided": "The board"}, use="no", use_note="", at=NOON + 2 * DAY)
    assert (story.told_at, story.decided) == (NOON + DAY, "The board")


def test_briefings_show_the_stories_most_like_what_they_are_of(cast):
    product = Product.objects.create(code="p", name="P")
    segment = make.segment()
    far, near, nearest = told(cast), told(cast, segment=segment), told(cast, segment=segment)
    type(nearest.deal).objects.filter(pk=nearest.deal_id).update(product=product)
    lead = make.lead(contact=make.contact(company=make.company(segment=segment)), owner=cast.teammate)
    Lead.objects.filter(pk=lead.pk).update(product=product)
    shown = brief(lead.contact, by=cast.teammate, at=NOON).stories
    assert shown == [nearest, near]
    assert far not in shown
    stranger = make.contact(company=None)
    assert brief(stranger, by=cast.teammate, at=NOON).stories == []


def test_the_library_the_form_and_the_search(client, cast):
    story = WinStory.objects.get(deal=won(cast, segment=make.segment()))
    client.force_login(cast.rep)
    assert f"/stories/{story.pk}/tell/" in client.get("/my-day/").content.decode()
    form = client.get(f"/stories/{story.pk}/tell/").content.decode()
    assert "What convinced them?" in form
    assert client.post(f"/stories/{story.pk}/tell/", {"use": "unasked"}).status_code == 422
    assert (
        client.post(f"/stories/{story.pk}/tell/", {**SAID, "use": "named", "use_note": ""}).status_code == 422
    )
    assert client.post(f"/stories/{story.pk}/tell/", {**SAID, "use": "unasked"}).status_code == 302
    assert client.get(f"/deals/{story.deal_id}/").status_code == 200
    client.force_login(cast.other_rep)
    assert client.get(f"/stories/{story.pk}/tell/").status_code == 403
    assert "The reference in Lyon" in client.get(f"/stories/{story.pk}/").content.decode()
    client.post(f"/stories/{story.pk}/helps/")
    assert (list(story.readers.all()), list(story.helped.all())) == ([cast.other_rep], [cast.other_rep])
    one = queries(client, "/stories/")
    told(cast, {"convinced": "Price"}, amount=300_000)
    told(cast, {"convinced": "Speed"}, amount=300_000)
    assert queries(client, "/stories/") == one <= 14
    sizes = {size: len(_rows(client, f"size={size}")) for size in ("small", "middle", "large")}
    assert sizes == {"small": 0, "middle": 1, "large": 2}
    assert [row["id"] for row in _rows(client, "q=lyon")] == [story.pk]
    assert [hit.href for hit in searching.search(cast.other_rep, "lyon reference").stories] == [
        f"/stories/{story.pk}/"
    ]
    client.force_login(cast.service)
    assert client.get("/stories/").status_code == 403


def _rows(client, query):
    return client.get(f"/stories/?{query}").context["table"].rows


def test_by_hand_and_declined_on_the_pages(client, cast):
    deal = won(cast, 10)
    client.force_login(cast.rep)
    assert f"/deals/{deal.pk}/ask-story/" in client.get(f"/deals/{deal.pk}/").content.decode()
    client.post(f"/deals/{deal.pk}/ask-story/")
    story = WinStory.objects.get(deal=deal)
    client.post(f"/stories/{story.pk}/decline/")
    story.refresh_from_db()
    assert story.declined_at <= timezone.now()


def test_the_api(cast):
    deal = won(cast, 10)
    status, made = Api(cast.rep).post("/stories/", {"deal": deal.pk})
    assert (status, made["winner"], made["told_at"]) == (201, cast.rep.pk, None)
    assert Api(cast.rep).post("/stories/", {"deal": deal.pk})[0] == 409
    assert Api(cast.other_rep).post("/stories/", {"deal": deal.pk})[0] == 403
    path = f"/stories/{made['id']}/"
    assert Api(cast.other_rep).get(path)[0] == 404  # not told yet
    assert Api(cast.rep).post(f"{path}helps/", {})[0] == 409
    assert Api(cast.rep).post(f"{path}tell/", {"lesson": "x"})[0] == 400
    assert Api(cast.rep).post(f"{path}tell/", SAID)[1]["convinced"] == SAID["convinced"]
    assert Api(cast.rep).post(f"{path}decline/", {})[0] == 409
    assert Api(cast.other_rep).post(f"{path}helps/", {})[0] == 200
    assert Api(cast.other_rep).post(f"{path}tell/", SAID)[0] == 403
    assert [row["id"] for row in Api(cast.other_rep).get("/stories/", told="true")[1]["results"]] == [
        made["id"]
    ]


def test_a_story_is_found_as_long_as_its_deal_is_won(client, cast):
    story = told(cast)
    closing.reopen(story.deal, reason="mistake", by=cast.manager, at=NOON + DAY)
    assert list(stories.told()) == []
    assert story not in WinStory.objects.visible_to(cast.other_rep)
    client.force_login(cast.rep)
    assert "The deal is won no more" in client.get(f"/stories/{story.pk}/").content.decode()
    reason = OutcomeReason.objects.get(code="best_fit")
    closing.win(story.deal, reason=reason, signed_on=NOON.date(), by=cast.rep, at=NOON + 2 * DAY)
    assert list(stories.told()) == [story]


def test_who_told_a_story_does_not_say_that_it_helped(client, cast):
    story = told(cast)
    with pytest.raises(Refused, match="your own"):
        stories.helps(story, by=cast.rep)
    client.force_login(cast.rep)
    assert "Helped me" not in client.get(f"/stories/{story.pk}/").content.decode()
    stories.helps(story, by=cast.teammate)
    assert list(story.helped.all()) == [cast.teammate]
