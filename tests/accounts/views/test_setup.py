"""Set-up and the short lists behind it: who may enter, what is kept, what is refused."""

from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from leads.models import Mapping, Question, ReturnReason
from pipeline.models import CustomField, DealStage, OutcomeReason
from tests import cast as make
from tests.api import Api
from tests.conftest import as_owner
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
    assert admin.post("/setup/stages/new/", {**said, "name": "Trial!"}).status_code == 302
    assert DealStage.objects.filter(code="trial-2").exists(), "another name that is spelt alike"
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


TWICE = [
    ("stages", DealStage, "name", {"probability": "40", "category": "pipeline"}),
    ("questions", Question, "text", {}),
    ("return-reasons", ReturnReason, "name", {"destination": "desk", "wake_days": 9}),
    ("outcome-reasons", OutcomeReason, "name", {"outcome": "lost"}),
    ("fields", CustomField, "name", {"on": "lead", "kind": "text"}),
]


@pytest.mark.parametrize("address, model, named, more", TWICE)
def test_a_name_stands_once(admin, cast, address, model, named, more):
    said = {"position": 3, "active": "on", **more}

    def write(text, page="new", **other):
        return admin.post(f"/setup/{address}/{page}/", {**said, named: text, **other})

    assert write("Пилот  один").status_code == 302
    kept = model.objects.get(**{named: "Пилот  один"})
    again = write(" пилот ОДИН ")
    assert (again.status_code, set(again.context["form"].errors)) == (422, {named})
    assert "“Пилот  один” is in this list already." in again.content.decode()
    model.objects.update(active=False)
    assert "already, archived: put it in use again." in write("пилот один").content.decode()
    assert write("ПИЛОТ один", kept.pk).status_code == 302, "one may change the case of its own name"
    assert write("Other").status_code == 302
    assert write("пилот один", model.objects.get(**{named: "Other"}).pk).status_code == 422
    if ours := model.objects.exclude(pk=kept.pk).exclude(**{named: "Other"}).first():
        with translation.override("zh-hans"):
            read, more = (
                str(ours),
                {k: v for k in ("outcome",) if (v := getattr(ours, k, "")) in ("won", "lost")},
            )
        answer = admin.post(
            f"/setup/{address}/new/", {**said, **more, named: read}, headers={"accept-language": "zh-hans"}
        )
        assert answer.status_code == 422, "nor as the reader's language calls it"
    status, answer = Api(cast.admin).post(
        f"/{address}/", {**{k: v for k, v in said.items() if k != "active"}, named: "Пилот Один"}
    )
    assert (status, set(answer["errors"])) == (400, {named})
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(**{named: "Other"}).update(**{named: " ПИЛОТ один"})


def test_the_same_name_on_other_records_is_another(admin):
    for on in ("lead", "deal"):
        made = {"on": on, "name": "Цвет", "kind": "text", "position": 1, "active": "on"}
        assert admin.post("/setup/fields/new/", made).status_code == 302
    for outcome in ("won", "lost"):
        made = {"name": "Подарок", "outcome": outcome, "position": 1, "active": "on"}
        assert admin.post("/setup/outcome-reasons/new/", made).status_code == 302
    for name in (
        "Парк станков",
        "Парк-станков",
        "Парк, станков",
    ):  # spelt alike, and each has a code of its own
        made = {"on": "lead", "name": name, "kind": "text", "position": 1, "active": "on"}
        assert admin.post("/setup/fields/new/", made).status_code == 302
    codes = set(CustomField.objects.filter(name__startswith="Парк").values_list("code", flat=True))
    assert codes == {"park_stankov", "park_stankov_2", "park_stankov_3"}
    answer = admin.post(
        "/setup/fields/new/",
        {"on": "lead", "name": "Colour", "name_ru": "цвет", "kind": "text", "position": 1, "active": "on"},
    )
    assert set(answer.context["form"].errors) == {"name_ru"}


@pytest.mark.parametrize(
    "app, constraint", [("pipeline", "deal_stage_named_once"), ("leads", "question_asked_once")]
)
def test_what_stood_twice_is_told_apart(cast, app, constraint):
    model, named = (DealStage, "name") if app == "pipeline" else (Question, "text")
    more = {"position": 1, "probability": 5, "category": "pipeline"} if model is DealStage else {}
    before = {one.pk: getattr(one, named) for one in model.objects.all()}
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {constraint}")
        old, first, second = (
            model.objects.create(code=f"x{n}", active=n > 0, **{named: text}, **more)
            for n, text in enumerate(["Twin", " twin", "TWIN "])
        )
        (moved,) = Path(settings.BASE_DIR, app, "migrations").glob("*_names_told_apart.py")
        for statement in import_module(f"{app}.migrations.{moved.stem}").STATEMENTS:
            cursor.execute(statement)
    found = {one.pk: getattr(one, named) for one in model.objects.all()}
    assert found == before | {old.pk: f"Twin #{old.pk}", first.pk: " twin", second.pk: f"TWIN #{second.pk}"}


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
