"""The reports in the REST API: the figures of the page, by the same functions."""

import pytest

from accounts import organisation
from tests import cast as make
from tests.api import Api
from tests.reports.test_dashboard import firm

pytestmark = pytest.mark.django_db
PATHS = ("dashboard", "funnel", "campaigns", "channels")


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


def test_the_dashboard_says_what_the_page_says(cast):
    firm(cast)
    status, body = Api(cast.marketer).get("/reports/dashboard/", period="all")
    assert status == 200
    figures = {one["figure"]: one["value"] for one in body["figures"]}
    assert figures == {
        "won": "300",
        "margin_roi": "1.5",
        "pipeline": "100",
        "spend": "100",
        "leads": 3,
        "sqls": 2,
        "win_rate": "0.5",
        "speed": None,
    }
    assert body["total"]["revenue_roi"] == "2"
    assert body["cohort"] == {"leads": 3, "to_mql": 2, "to_ready": 0, "to_sql": 2, "to_deal": 1, "to_won": 1}
    assert (body["first"], body["period"], body["model"]) == (None, "all", "linear")


def test_returns_by_campaign_and_channel(cast):
    campaign = firm(cast)
    api = Api(cast.finance)
    _, body = api.get("/reports/campaigns/", period="all")
    (line,) = [line for line in body["results"] if line["campaign"]]
    assert (line["campaign"], line["revenue"], line["revenue_roi"], line["roas"]) == (
        campaign.pk,
        "300",
        "2",
        "3",
    )
    _, body = api.get("/reports/channels/", period="all", model="first")
    assert {line["channel"]: line["revenue"] for line in body["results"]}["sem"] == "300"


def test_what_is_not_known_is_null_and_says_so(cast):
    make.campaign()
    _, body = Api(cast.admin).get("/reports/dashboard/", period="all")
    total = body["total"]
    assert (total["revenue_roi"], total["roas"], total["revenue_available"]) == (None, None, True)


def test_money_is_for_those_who_may_read_it(cast):
    for path in PATHS:
        status, body = Api(cast.rep).get(f"/reports/{path}/")
        assert status == (403 if path in ("campaigns", "channels") else 200)
        if path == "dashboard":
            assert body["total"] is None
            assert {one["figure"] for one in body["figures"]} == {"leads", "sqls", "win_rate", "speed"}
        assert Api(cast.service).get(f"/reports/{path}/")[0] == 403
        assert Api().get(f"/reports/{path}/")[0] in (401, 403)


def test_what_a_report_does_not_know_is_refused(cast):
    assert Api(cast.admin).get("/reports/funnel/", period="never")[0] == 400
    assert Api(cast.admin).get("/reports/funnel/", strange="1")[0] == 400
