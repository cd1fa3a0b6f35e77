"""Sales' word before launch: the clock, silence as agreement, advice that is answered, and a launch that may wait for it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import organisation
from accounts.models import Organisation, WorkingCalendar
from leads import consulting
from leads.models import Notice
from pipeline.models import Advice, Campaign, Consultation
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.pages import queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FORM = {"audience": "Plant managers", "offer": "A free audit"}


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


@pytest.fixture
def fair(cast):
    """A planned campaign."""
    return make.campaign("Fair", owner=cast.marketer)


def asked(fair, cast, *reps, at=NOON):
    """A round of asking the reps."""
    return consulting.ask(fair, list(reps or (cast.rep, cast.teammate)), by=cast.marketer, at=at, **FORM)


def states(fair, at):
    """{rep: state} of the newest round."""
    return {one.advice.rep.full_name: one.state for one in consulting.rounds(fair, at)[0].standings}


def test_three_working_days_then_silence_is_agreement(cast, fair):
    office = WorkingCalendar.objects.create(
        name="Plain office", zone="UTC", hours=[[["09:00", "17:00"]]] * 5 + [[], []]
    )
    cast.rep.team.calendar = office
    cast.rep.team.save()
    round_ = asked(fair, cast, cast.rep)
    said = Advice.objects.get()
    # from Wednesday noon: 5 h, Thursday 8, Friday 8, Monday 3
    assert said.due_at == NOON.replace(day=15)
    assert Notice.objects.filter(user=cast.rep, kind="word", path=f"/campaigns/{fair.pk}/word/").count() == 1
    assert states(fair, said.due_at - timedelta(minutes=1)) == {"Rep": "waiting"}
    with pytest.raises(consulting.Refused, match="may still answer"):
        consulting.close(round_, by=cast.marketer, at=NOON + DAY)
    assert states(fair, said.due_at) == {"Rep": "silent"}
    consulting.close(round_, by=cast.marketer, at=said.due_at)
    (found,) = consulting.rounds(fair, said.due_at + DAY)
    assert (found.agreed, found.ready) == (1, True)
    with pytest.raises(consulting.Refused, match="closed already"):
        consulting.answer(said, agrees=True, text="", at=said.due_at + DAY)


def test_advice_is_answered_before_the_round_is_closed_and_stays_as_credit(cast, fair):
    round_ = asked(fair, cast)
    with pytest.raises(consulting.Refused, match="asked already"):
        asked(fair, cast)
    first, second = Advice.objects.order_by("rep")
    with pytest.raises(consulting.Refused, match="Say what"):
        consulting.answer(first, agrees=False, text=" ", at=NOON)
    consulting.answer(first, agrees=False, text="Invite the small plants too", at=NOON)
    consulting.answer(second, agrees=True, text="", at=NOON)
    with pytest.raises(consulting.Refused, match="Answer all advice"):
        consulting.close(round_, by=cast.marketer, at=NOON)
    with pytest.raises(consulting.Refused, match="with a sentence"):
        consulting.reply(first, adopted=True, sentence="", by=cast.marketer, at=NOON)
    with pytest.raises(consulting.Refused, match="no advice"):
        consulting.reply(second, adopted=True, sentence="Thanks", by=cast.marketer, at=NOON)
    consulting.reply(first, adopted=True, sentence="They are on the list now", by=cast.marketer, at=NOON)
    with pytest.raises(consulting.Refused, match="answered your advice"):
        consulting.answer(first, agrees=True, text="", at=NOON)
    consulting.close(round_, by=cast.marketer, at=NOON)
    assert states(fair, NOON) == {"Rep": "adopted", "Teammate": "agrees"}
    assert consulting.adopted([cast.rep.pk, cast.teammate.pk]) == {cast.rep.pk: 1}
    assert [one.facts for one in Notice.objects.filter(user=cast.rep).order_by("id")][1] == {"adopted": True}
    asked(fair, cast, at=NOON + DAY)  # another round may follow


def test_a_launch_waits_only_where_the_house_says_so(client, cast, fair):
    api = Api(cast.marketer)
    assert api.patch(f"/campaigns/{fair.pk}/", {"status": "active"})[0] == 200
    Campaign.objects.update(status="planned")
    Organisation.objects.update(word_first=True)
    organisation.forget()
    status, body = api.patch(f"/campaigns/{fair.pk}/", {"status": "active"})
    assert (status, "status" in str(body)) == (400, True)
    assert api.patch(f"/campaigns/{fair.pk}/", {"name": "Fair 2"})[0] == 200
    client.force_login(cast.marketer)
    form = {
        "name": "Fair",
        "code": fair.code,
        "channel": "sem",
        "track": "marketing",
        "currency": "EUR",
        "status": "active",
    }
    answer = client.post(f"/campaigns/{fair.pk}/edit/", form)
    assert (answer.status_code, "Sales has not been heard yet" in answer.content.decode()) == (422, True)
    round_ = asked(fair, cast, cast.rep)
    consulting.answer(Advice.objects.get(), agrees=True, text="", at=NOON)
    consulting.close(round_, by=cast.marketer, at=NOON)
    assert api.patch(f"/campaigns/{fair.pk}/", {"status": "active"})[0] == 200


def word(answer):
    """(what is chosen, the text) of the form for a rep's word."""
    form = answer.context["answer_form"]
    return form["agrees"].value(), form["text"].value()


def test_the_page_asks_hears_answers_and_closes(client, cast, fair):
    url = f"/campaigns/{fair.pk}/word/"
    client.force_login(cast.rep)
    assert client.post(f"{url}ask/", {**FORM, "reps": [cast.rep.pk]}).status_code == 403
    client.force_login(cast.marketer)
    assert client.post(f"{url}ask/", {**FORM, "reps": [cast.marketer.pk]}).status_code == 422
    assert client.post(f"{url}ask/", {**FORM, "reps": [cast.rep.pk, cast.teammate.pk]}).status_code == 302
    said = Advice.objects.get(rep=cast.rep)
    assert client.post(f"{url}{said.pk}/", {"agrees": "yes"}).status_code == 403
    client.force_login(cast.rep)
    assert word(client.get(url)) == (None, "")  # nothing is chosen for a rep who has said nothing
    assert client.post(f"{url}{said.pk}/", {"text": "No discount"}).status_code == 422
    refused = client.post(f"{url}{said.pk}/", {"agrees": "no", "text": ""})
    assert (refused.status_code, word(refused)) == (422, ("no", ""))
    assert "Say what should be different." in refused.content.decode()
    assert (
        client.post(f"{url}{said.pk}/", {"agrees": "no", "text": "<i>Smaller</i> plants"}).status_code == 302
    )
    assert word(client.get(url)) == (
        "no",
        "<i>Smaller</i> plants",
    )  # what stands, so that nobody agrees by a slip
    assert client.post(f"{url}{said.pk}/reply/", {"adopted": "yes", "sentence": "x"}).status_code == 403
    client.force_login(cast.marketer)
    assert client.post(f"{url}{said.pk}/reply/", {"adopted": "yes", "sentence": ""}).status_code == 422
    assert client.post(f"{url}{said.pk}/reply/", {"adopted": "yes", "sentence": "Done so"}).status_code == 302
    assert client.post(f"{url}close/").status_code == 422  # the teammate's clock runs
    Advice.objects.filter(rep=cast.teammate).update(due_at=timezone.now() - DAY)
    assert client.post(f"{url}close/").status_code == 302
    page = client.get(url).content.decode()
    for words in (
        "Plant managers",
        "A free audit",
        "advice adopted",
        "Done so",
        "no answer: counts as agreement",
        "adopted so far",
    ):
        assert words in page, words
    assert "<i>Smaller</i>" not in page
    assert url in client.get(f"/campaigns/{fair.pk}/").content.decode()
    one = queries(client, url)
    asked(fair, cast, cast.other_rep, cast.manager, cast.teammate, at=timezone.now())
    assert queries(client, url) <= one <= 12
    client.force_login(cast.service)
    assert client.get(url).status_code == 404


def test_the_api_does_the_same(cast, fair):
    marketing, rep = Api(cast.marketer), Api(cast.rep)
    wish = {"campaign": fair.pk, **FORM, "reps": [cast.rep.pk, cast.rep.pk]}  # named twice, asked once
    assert rep.post("/consultations/", wish)[0] == 403
    assert marketing.post("/consultations/", {**wish, "reps": []})[0] == 400
    status, made = marketing.post("/consultations/", wish)
    assert (status, made["campaign_name"], [one["state"] for one in made["advice"]]) == (
        201,
        "Fair",
        ["waiting"],
    )
    assert marketing.post("/consultations/", wish)[0] == 400
    path = f"/consultations/{made['id']}"
    assert marketing.post(f"{path}/word/", {"agrees": True})[0] == 403
    assert rep.post(f"{path}/word/", {"agrees": False})[0] == 400
    assert rep.post(f"{path}/word/", {"agrees": False, "text": "Later"})[1]["advice"][0]["state"] == "advises"
    assert marketing.post(f"{path}/close/")[0] == 400
    answered = marketing.post(
        f"{path}/reply/", {"rep": cast.rep.pk, "adopted": False, "sentence": "Too late"}
    )[1]
    assert (answered["advice"][0]["state"], answered["advice"][0]["reply"]) == ("declined", "Too late")
    assert rep.post(f"{path}/close/")[0] == 403
    assert marketing.post(f"{path}/close/")[1]["closed_by"] == cast.marketer.pk
    assert Api(cast.finance).get("/consultations/", campaign=fair.pk)[1]["results"][0]["id"] == made["id"]
    assert Api(cast.service).get(f"{path}/")[0] == 404
    assert Consultation.objects.count() == 1
