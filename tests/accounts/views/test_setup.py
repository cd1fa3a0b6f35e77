"""Set-up and the short lists behind it: who may enter, what is kept, what is refused."""

import pytest
from django.conf import settings
from django.utils import translation

from leads.models import Mapping, Question, ReturnReason
from pipeline.models import DealStage, OutcomeReason
from tests import cast as make
from tests.pages import queries

LISTS = ["stages", "outcome-reasons", "questions", "return-reasons", "handover", "mappings"]


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.admin)
    return client


def test_set_up_links_every_room_that_exists(admin):
    groups = admin.get("/setup/").context["groups"]
    links = [line["href"] for _title, lines in groups for line in lines]
    assert len(links) >= 15
    for href in links:
        assert admin.get(href).status_code == 200, href
    assert all(line["sentence"] for _title, lines in settings.SETUP for line in lines)


def test_only_heads_and_administrators_set_up(client, cast):
    for name, user in cast.everybody().items():
        client.force_login(user)
        heads = name in ("admin", "marketing_head", "sales_head")
        assert client.get("/setup/").status_code == (200 if heads else 403), name
        for one in LISTS:
            may = name == "admin" or (heads and one not in ("stages", "outcome-reasons"))
            assert client.get(f"/setup/{one}/").status_code == (200 if may else 403), (name, one)
            assert client.post(f"/setup/{one}/1/", {}).status_code in ((422, 404) if may else (403,)), (
                name,
                one,
            )


def test_a_list_costs_the_same_however_long(admin):
    one = queries(admin, "/setup/return-reasons/")
    for n in range(3):
        ReturnReason.objects.create(code=f"x{n}", name=f"Reason {n}", destination="desk")
    assert queries(admin, "/setup/return-reasons/") == one


def test_a_stage_is_made_and_stands_on_the_board(admin):
    said = {"name": "Trial", "position": 3, "probability": "40", "category": "best_case", "active": "on"}
    assert admin.post("/setup/stages/new/", {**said, "probability": "140"}).status_code == 422
    assert admin.post("/setup/stages/new/", said).url == "/setup/stages/"
    assert DealStage.objects.get(name="Trial").code == "trial"
    assert admin.post("/setup/stages/new/", said).status_code == 302
    assert DealStage.objects.filter(code="trial-2").exists()
    assert "Trial" in admin.get("/deals/board/").content.decode()


def test_a_stage_is_archived_once_nothing_stands_there(admin):
    stage = DealStage.objects.get(code="qualify")
    said = {"name": "Qualify", "position": 1, "probability": "10", "category": "pipeline"}
    deal = make.deal(stage=stage)
    answer = admin.post(f"/setup/stages/{stage.pk}/", said)
    assert (answer.status_code, "1 open deal stands here" in answer.content.decode()) == (422, True)
    deal.stage = DealStage.objects.get(code="discovery")
    deal.save()
    assert admin.post(f"/setup/stages/{stage.pk}/", said).status_code == 302
    assert not DealStage.objects.open().filter(pk=stage.pk).exists()
    admin.get("/setup/")  # the message that it is saved
    assert "Qualify" not in admin.get("/deals/board/").content.decode()
    admin.post(f"/deals/{deal.pk}/move/", {"stage": "qualify"})
    deal.refresh_from_db()
    assert deal.stage.code == "discovery"


def test_won_and_lost_keep_their_meaning(admin):
    won = DealStage.objects.get(outcome="won")
    assert admin.post(f"/setup/stages/{won.pk}/", {"name": "Signed", "position": 9}).status_code == 302
    won.refresh_from_db()
    assert (won.name, won.active, won.probability) == ("Signed", True, 100)


def test_questions_and_reasons_are_kept(admin):
    admin.post(
        "/setup/questions/new/", {"text": "Which machine?", "position": 1, "required": "on", "active": "on"}
    )
    assert Question.objects.get(code="which-machine").required
    admin.post(
        "/setup/return-reasons/new/",
        {"name": "Слишком мало", "destination": "nurture", "wake_days": 30, "position": 1, "active": "on"},
    )
    assert ReturnReason.objects.get(name="Слишком мало").destination == "nurture"
    admin.post(
        "/setup/outcome-reasons/new/", {"name": "Size", "outcome": "lost", "position": 1, "active": "on"}
    )
    assert OutcomeReason.objects.get(name="Size").code == "size"


@pytest.mark.parametrize(
    "address, model, field",
    [
        ("outcome-reasons", OutcomeReason, "name"),
        ("return-reasons", ReturnReason, "name"),
        ("stages", DealStage, "name"),
        ("questions", Question, "text"),
    ],
)
def test_our_own_words_are_read_in_every_language_and_stay_ours(admin, address, model, field):
    one = model.objects.first()
    page = f"/setup/{address}/{one.pk}/"
    kept = getattr(one, field)
    with translation.override("zh-hans"):
        shown = admin.get(page, headers={"accept-language": "zh-hans"}).context["form"]
        typed = {
            name: shown[name].value() for name in shown.fields if shown[name].value() not in (None, False)
        }
        assert typed[field] == str(one) != kept
    typed["position"] = 7
    assert admin.post(page, typed, headers={"accept-language": "zh-hans"}).status_code == 302
    one.refresh_from_db()
    assert (getattr(one, field), one.position) == (kept, 7)
    admin.post(page, {**typed, field: "自己的词"}, headers={"accept-language": "zh-hans"})
    one.refresh_from_db()
    assert getattr(one, field) == "自己的词"


def test_a_mapping_is_renamed_and_forgotten(admin):
    one = Mapping.objects.create(
        name="Fair", kind="leads", header="abc", spec={"columns": {"Name": "contact.full_name"}}
    )
    assert "1 column" in admin.get("/setup/mappings/").content.decode()
    admin.post(f"/setup/mappings/{one.pk}/", {"name": "Hannover fair"})
    one.refresh_from_db()
    assert one.name == "Hannover fair"
    assert admin.get("/setup/mappings/new/").status_code == 404
    admin.post(f"/setup/mappings/{one.pk}/remove/")
    assert not Mapping.objects.exists()
