"""Brand measurements in the REST API: as the pages judge them, singly and in bulk, corrected and taken away."""

from decimal import Decimal

import pytest

from reports.models import BrandWave, SearchShare
from tests import cast as make
from tests.api import Api
from tests.reports.brand.worlds import wave

pytestmark = pytest.mark.django_db
WAVES, SEARCHES = "/brand-waves/", "/search-shares/"
SENT = {
    "name": "Spring", "on": "2026-04-20", "asked": 400, "top": "10%", "other": "60", "prompted": 100, "reputation": "mean",
    "score": "4.2", "low": "1", "high": "5", "deviation": "0.8",
}  # fmt: skip
MONTH = {"month": "2026-04", "own": 300, "total": 1000, "tool": "Trends"}


def test_a_wave_is_written_down_corrected_and_taken_away(cast):
    api = Api(cast.marketer)
    status, body = api.post(WAVES, SENT)
    assert (status, body["entered_by"], Decimal(body["top"])) == (201, cast.marketer.pk, 40)
    assert {one["group"]: (Decimal(one["people"]), Decimal(one["share"])) for one in body["awareness"]} == {
        "top": (40, Decimal("0.1")),
        "other": (60, Decimal("0.15")),
        "unaided": (100, Decimal("0.25")),
        "prompted": (100, Decimal("0.25")),
        "total": (200, Decimal("0.5")),
    }
    assert (Decimal(body["mark"]), round(body["mark_low"], 2), round(body["mark_high"], 2)) == (
        80,
        78.04,
        81.96,
    )
    one = f"{WAVES}{body['id']}/"
    status, body = api.patch(one, {"prompted": "30%", "note": "weighted anew"})
    assert (status, Decimal(body["prompted"]), body["note"], Decimal(body["top"])) == (200, 120, "weighted anew", 40)  # fmt: skip
    assert api.patch(one, {"prompted": "80%"})[0] == 400
    assert api.patch(one, {"entered_by": 1})[0] == 400
    assert Api(cast.finance).get(one)[0] == 200
    assert Api(cast.finance).patch(one, {"note": "x"})[0] == 403
    assert Api(cast.finance).delete(one)[0] == 403
    assert api.delete(one)[0] == 204
    assert api.get(one)[0] == 404


def test_what_cannot_be_is_refused_by_its_field(cast):
    api, north = Api(cast.marketer), make.region()
    for wrong, field in (
        ({"prompted": 301}, "prompted"),
        ({"score": "5.5"}, "score"),
        ({"on": "2099-01-01"}, "on"),
        ({"asked": 0}, "asked"),
        ({"top": "ten"}, "top"),
        ({"region": 0}, "region"),
        ({"strange": 1}, "strange"),
    ):
        status, body = api.post(WAVES, SENT | wrong)
        assert (status, list(body["errors"])) == (400, [field]), wrong
    assert api.post(WAVES, SENT)[0] == 201
    assert api.post(WAVES, SENT)[0] == 400
    assert api.post(WAVES, SENT | {"region": north.pk})[0] == 201
    assert len(api.get(WAVES, region=north.pk)[1]["results"]) == 1
    for user in (cast.rep, cast.manager, cast.finance, cast.service):
        assert Api(user).post(WAVES, SENT | {"name": "Mine"})[0] == 403
    assert Api(cast.service).get(WAVES)[0] == 403


def test_rows_in_bulk_stand_or_fall_alone(cast):
    api = Api(cast.marketer)
    rows = [SENT, SENT | {"name": "Bad", "prompted": 400}, SENT | {"name": "Autumn", "on": "2025-10-01"}]
    status, body = api.post(f"{WAVES}bulk/", rows)
    assert (status, body["done"], body["failed"]) == (200, 2, 1)
    assert [(row["status"], list(row.get("errors", []))) for row in body["results"]] == [
        ("done", []),
        ("error", ["prompted"]),
        ("done", []),
    ]
    assert set(BrandWave.objects.values_list("name", "entered_by")) == {
        ("Spring", cast.marketer.pk),
        ("Autumn", cast.marketer.pk),
    }
    status, body = api.post(f"{SEARCHES}bulk/", [MONTH, MONTH, MONTH | {"month": "2026-05-20"}])
    assert (body["done"], body["failed"]) == (2, 1)
    assert {f"{one.month}" for one in SearchShare.objects.all()} == {"2026-04-01", "2026-05-01"}
    assert Api(cast.rep).post(f"{WAVES}bulk/", rows)[0] == 403


def test_searches_are_written_down_and_corrected(cast):
    api = Api(cast.marketer)
    status, body = api.post(SEARCHES, MONTH)
    assert (status, body["month"], Decimal(body["share"])) == (201, "2026-04-01", Decimal("0.3"))
    one = f"{SEARCHES}{body['id']}/"
    assert Decimal(api.patch(one, {"own": 400})[1]["share"]) == Decimal("0.4")
    assert api.patch(one, {"own": 1001})[0] == 400
    assert api.get(SEARCHES)[1]["results"][0]["own"] == 400
    assert api.delete(one)[0] == 204


def test_a_list_costs_the_same_with_more(cast, django_assert_num_queries):
    api = Api(cast.marketer)
    wave(cast)
    api.get(WAVES)
    with django_assert_num_queries(3):
        api.get(WAVES)
    wave(cast, "Second")
    wave(cast, "Third")
    with django_assert_num_queries(3):
        assert len(api.get(WAVES)[1]["results"]) == 3
