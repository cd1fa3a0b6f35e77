"""Drafts and signatures of the agreement, likely duplicates and the learned model by the API: as on their pages."""

import pytest
from django.utils import timezone

from accounts import organisation
from accounts.models import Organisation, Segment
from leads.models import Agreement, Duplicate, Merge, WinModel
from leads.terms import in_force
from pipeline.models import Company
from tests import cast as make
from tests.api import Api
from tests.leads.views.test_agreement import form_of

pytestmark = pytest.mark.django_db


def test_a_draft_is_made_changed_signed_and_then_in_force(cast):
    api = Api(cast.manager)
    assert api.get("/agreements/")[1]["results"][0]["in_force"]
    status, draft = api.post("/agreements/", {"fit_floor": "C", "owed_sqls": 50})
    assert (status, draft["version"], draft["in_force"], draft["signatures"]) == (201, 2, False, [])
    assert (draft["fit_floor"], draft["touches_floor"]) == ("C", in_force().touches_floor)
    path = f"/agreements/{draft['id']}/"
    assert api.patch(path, {"engagement_floor": 4})[1]["engagement_floor"] == 4
    assert api.post(f"{path}sign/")[0] == 403
    assert Api(cast.rep).post("/agreements/", {})[0] == 403
    status, told = api.get(f"{path}quarter/")
    assert [one["version"] for one in told["outcomes"]] == [1, 2]
    assert [one["owed"] for one in told["outcomes"]] == [3 * in_force().owed_sqls, 150]
    signed = Api(cast.sales_head).post(f"{path}sign/")[1]
    assert [(one["track"], one["user"]) for one in signed["signatures"]] == [("sales", cast.sales_head.pk)]
    assert Api(cast.sales_head).post(f"{path}sign/")[0] == 409
    assert api.patch(path, {"owed_sqls": 60})[0] == 409
    assert api.delete(path)[0] == 409
    assert Api(cast.marketing_head).post(f"{path}sign/")[1]["in_force"]
    assert in_force().version == 2


def test_a_draft_nobody_signed_may_be_thrown_away_and_an_old_one_stays_as_it_is(cast):
    api = Api(cast.sales_head)
    first, second = (api.post("/agreements/", {})[1] for _ in range(2))
    for head in (cast.sales_head, cast.marketing_head):
        Api(head).post(f"/agreements/{second['id']}/sign/")
    assert api.patch(f"/agreements/{first['id']}/", {"owed_sqls": 60})[0] == 409
    third = api.post("/agreements/", {})[1]
    assert api.delete(f"/agreements/{third['id']}/")[0] == 204
    assert list(Agreement.objects.order_by("version").values_list("version", flat=True)) == [1, 2, 3]


SENSELESS = [
    {"answer_minutes": {"A": 5}}, {"answer_minutes": dict.fromkeys("ABCD", 0)}, {"engagement_floor": 5},
    {"required_fields": ["shoe size"]}, {"owed_by_segment": {"none": 3}}, {"owed_by_segment": {"small": 300}},
    {"attempts_owed": {**dict.fromkeys(["A", "B", "C", "D", "hand"], 1), "inquiry": 1}},
    {"attempts_owed": dict.fromkeys(["A", "B", "C", "D", "hand"], 0)}, {"protection_days": 0}, {"protection_days": 3651},
    {"warning_days": 30}, {"warning_days": 3, "protection_days": 2}, {"extension_days": 0}, {"claims_a_day": 1001},
    {"answer_minutes": {"A": 600, "B": 240, "C": 480, "D": 960, "hand": 30}}, {"note": "x" * 2001}, {"desk_days": 0},
    {"required_fields": ["contact.phone", "contact.phone"]},
]  # fmt: skip


def test_terms_that_make_no_sense_are_refused(cast):
    Segment.objects.create(code="small", name="Small")
    api = Api(cast.sales_head)
    for wrong in SENSELESS:
        status, told = api.post("/agreements/", wrong)
        assert (status, {name.split(".")[0] for name in told["errors"]} <= {*wrong, "owed_sqls"}) == (
            400,
            True,
        ), wrong
    assert Agreement.objects.count() == 1


def test_terms_that_are_seldom_meant_are_asked_about(client, cast):
    Organisation.objects.update(level=2)
    organisation.forget()
    odd = {"claims_a_day": 0, "warning_days": 0, "attempts_owed": {"A": 1, "B": 5, "C": 3, "D": 2, "hand": 6}}
    draft = Api(cast.sales_head).post("/agreements/", odd)[1]
    assert [words.split()[0] for words in draft["doubts"]] == ["Nobody", "Nobody", "Grade"]
    client.force_login(cast.sales_head)
    page = client.get(f"/agreement/{draft['version']}/").content.decode()
    assert page.count("Is this meant?") == 3
    page = f"/agreement/{draft['version']}/edit/"
    said = form_of(client.get(page), claims_a_day="0", warning_days=40, answer_minutes_A=700)
    assert set(client.post(page, said).context["form"].errors) == {"warning_days", "answer_minutes_A"}
    Agreement.objects.filter(pk=draft["id"]).update(warning_days=40)  # drafted by a former release
    assert Api(cast.sales_head).post(f"/agreements/{draft['id']}/sign/")[0] == 409


def test_likely_pairs_are_merged_and_kept_apart(cast):
    one, other, third = (_pair() for _ in range(3))
    api = Api(cast.marketer)
    assert [row["id"] for row in api.get("/duplicates/", kind="company")[1]["results"]] == [
        third.pk,
        other.pk,
        one.pk,
    ]
    assert Api(cast.rep).get("/duplicates/")[1]["results"] == []
    assert Api(cast.rep).post("/duplicates/merge/", {"ids": [one.pk]})[1]["merges"] == []
    told = api.post("/duplicates/merge/", {"ids": [one.pk, 10**9]})[1]
    assert (told["merges"], told["refused"]) == ([Merge.objects.get().pk], [])
    assert Company.objects.get(pk=one.high_id).merged_into_id == one.low_id
    status, gone = api.get(f"/companies/{one.high_id}/")
    assert (status, gone["merged_into"]) == (404, one.low_id)
    assert api.patch(f"/companies/{one.high_id}/", {"name": "New"})[1]["merged_into"] == one.low_id
    assert "merged_into" not in api.get("/companies/999999999/")[1]
    assert api.post("/duplicates/dismiss/", {"ids": [other.pk, one.pk]})[1] == {"dismissed": 1}
    assert list(Duplicate.objects.to_look_at()) == [third]
    assert api.post("/duplicates/merge/", {"ids": []})[0] == 400


def _pair():
    low, high = make.company(), make.company()
    return Duplicate.objects.create(
        kind="company", low_id=low.pk, high_id=high.pk, probability=0.8, evidence=[], found_at=timezone.now()
    )


def test_the_card_of_a_training_is_told_in_words(cast):
    card = {
        "auc": 0.7, "left_out": [{"column": "same", "why": "one_value", "detail": {}}], "split": "time",
        "bins": [[0.1, 0.3, 500], [0.2, 0.5, 500]], "judged": 1000, "learned": 2000, "rows": 3000, "won": 600,
        "calibration_error": 0.25,
    }  # fmt: skip
    made = WinModel.objects.create(card=card, learned={}, shown=True)
    assert [row["id"] for row in Api(cast.rep).get("/win-models/")[1]["results"]] == [made.pk]
    told = Api(cast.rep).get(f"/win-models/{made.pk}/")[1]["card"]
    assert told["trust"] == {
        "learned": pytest.approx(0.1), "came": pytest.approx(0.4), "predicted": pytest.approx(0.15), "off": 0.25,
        "holds": False, "changed": True, "on_average": False,
        "best": {"predicted": 0.2, "came": 0.5, "low": pytest.approx(0.443, abs=1e-3), "high": pytest.approx(0.557, abs=1e-3)},
        "words": [
            "The newest leads win more often than those it learned from: 40.0% against 10.0%.",
            "The calibration does not hold on the newest leads: 15.0% were predicted to win and 40.0% did, "
            "off by 25.0% on average. Go by the order of the leads, not by the number.",
        ],
    }  # fmt: skip
    assert (told["auc"], told["left_out"][0]["reason"]) == (0.7, "the same in every row")
    assert Api(cast.finance).get("/win-models/")[1]["results"] == []
