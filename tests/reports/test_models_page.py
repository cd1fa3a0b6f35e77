"""All models side by side, and reports as files."""

import io
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts import organisation
from accounts.models import Organisation
from leads.models import Touch
from pipeline.models import Deal, DealContact, Spend
from reports import opinions
from reports.attribution.models import MODELS
from reports.returns import side_by_side
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_csv, read_tables
from tests.pages import queries
from tests.reports.attribution.test_credits import DAY, win
from tests.reports.test_dashboard import firm
from tests.reports.test_returns import choose, spend

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def full():
    """The level that shows every model."""
    Organisation.objects.update(level=3)
    organisation.forget()


def three_touches():
    """One deal of 100 on paths of two campaigns."""
    search, fair = make.campaign("Search"), make.campaign("Fair", channel="exhibition")
    contact = make.contact()
    for days, campaign in ((9, search), (8, fair), (1, fair)):
        make.touch(contact, NOON - days * DAY, campaign=campaign)
    spend(search, 10)
    win("100", [contact])
    roll_all()


def test_each_model_has_its_say_and_the_spread_is_theirs():
    three_touches()
    found = side_by_side(choose(), MODELS)
    said = {one.key: one for one in opinions.by_channel(found, "revenue")}
    assert {model: said["sem"].said[model] for model in ("first", "last", "linear", "shapley")} == {
        "first": 100, "last": 0, "linear": Decimal("33.34"), "shapley": 50,
    }  # fmt: skip
    for model in MODELS:
        assert sum(one.said[model] or 0 for one in said.values()) == 100, model
    assert (said["sem"].least, said["sem"].most, said["sem"].spread) == (0, 100, 1)
    campaigns = {
        one.key.name: (one.said["linear"], one.most) for one in opinions.by_campaign(found, "revenue")
    }
    assert campaigns == {"Search": (Decimal("33.34"), 100), "Fair": (Decimal("66.66"), 100)}


def test_the_page_its_tab_and_its_permission(client, cast):
    three_touches()
    client.force_login(cast.finance)
    open_deal = make.deal(amount=77, base_amount=77)
    DealContact.objects.create(deal=open_deal, contact=Touch.objects.first().contact)
    roll_all()
    tables = read_tables(client.get("/dashboard/models/?period=all&measure=open_pipeline&format=csv"))
    linear = tables[""][0].index("Linear")
    assert [{row[0]: Decimal(row[linear]) for row in rows[1:]} for rows in tables.values()] == [
        {"Paid search": Decimal("25.67"), "Exhibition": Decimal("51.33")},
        {"Search": Decimal("25.67"), "Fair": Decimal("51.33")},
    ]
    _, body = Api(cast.finance).get("/reports/campaigns/", period="all")
    assert (body["total"]["open_pipeline"], body["total"]["open_credited"]) == ("77", "1")
    tables = read_tables(client.get("/dashboard/campaigns/?period=all&format=csv"))
    rows, channels = tables[""], tables["Return of channels"]
    pipeline = channels[0].index("Open pipeline")
    assert [row[pipeline] for row in channels if row[0] == "All"] == ["77.0000"]
    assert channels[0][-9:] == [f"{model.label}: Revenue ROI" for model in MODELS.values()]
    assert not [cell for row in channels for cell in row if "%" in cell or "€" in cell]
    pipeline = rows[0].index("Open pipeline")
    assert {
        "Linear: Revenue ROI",
        "MQLs",
        "Cost per lead",
        "Cost per deal",
        "Paid back in",
        "Plan: Spend",
    } <= set(rows[0])
    assert len(set(rows[0])) == len(rows[0])
    assert {row[0]: Decimal(row[pipeline]) for row in rows[1:]} == {
        "Search": Decimal("25.67"), "Fair": Decimal("51.33")
    }  # fmt: skip
    page = client.get("/dashboard/models/?period=all&measure=credited").content.decode()
    for words in ("U-shaped", "Shapley", "Search", "Exhibition", "chart-spans"):
        assert words in page
    assert client.get("/dashboard/models/?measure=luck").status_code == 400
    overview = client.get("/dashboard/?period=all").content.decode()
    assert "/dashboard/models/?" in overview
    client.force_login(cast.rep)
    assert client.get("/dashboard/models/").status_code == 403
    assert "/dashboard/models/" not in client.get("/dashboard/").content.decode()
    Organisation.objects.update(level=2)
    organisation.forget()
    client.force_login(cast.finance)
    page = client.get("/dashboard/?period=all").content.decode()
    assert "/dashboard/models/" not in page
    assert "U-shaped" not in page


def test_the_page_costs_the_same_with_more_campaigns(client, cast):
    client.force_login(cast.finance)
    three_touches()
    organisation.current()
    one = queries(client, "/dashboard/models/?period=all")
    three_touches()
    organisation.current()
    assert queries(client, "/dashboard/models/?period=all") == one <= 5 + 2


def test_reports_and_lists_as_csv_and_excel(client, cast):
    firm(cast)
    spend(make.campaign("=1+1"), 5)
    roll_all()
    client.force_login(cast.finance)
    rows = read_csv(client.get("/dashboard/behind/won/?period=all&format=csv"))
    assert rows[0][:5] == ["Deal", "Number of the deal", "Company", "Currency", "Stage"]
    assert {(row[1], row[3]) for row in rows[1:]} == {(str(Deal.objects.get(outcome="won").pk), "EUR")}
    assert [row[-1] for row in rows[1:]] == ["300.0000"]
    client.force_login(cast.marketer)
    answer = client.get("/dashboard/behind/leads/?period=all&format=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet.max_row == 1 + 3
    assert answer["Content-Disposition"] == 'attachment; filename="leads.xlsx"'
    rows = read_csv(client.get("/dashboard/campaigns/?period=all&format=csv"))
    assert "'=1+1" in {row[0] for row in rows}
    assert len(read_csv(client.get("/dashboard/models/?period=all&format=csv"))) == 1 + 1
    assert "As the platforms report it" not in read_tables(
        client.get("/dashboard/campaigns/?period=all&format=csv")
    )
    Spend.objects.update(impressions=7, reported_revenue=2 * F("base_amount"))
    roll_all()
    tables = read_tables(client.get("/dashboard/campaigns/?period=all&format=csv"))
    told = [
        dict(zip(tables["As the platforms report it"][0], row, strict=True))
        for row in tables["As the platforms report it"][1:]
    ]
    assert {row["Return reported"] for row in told if row["Impressions"]} == {"1"}
    client.force_login(cast.rep)
    for path in ("behind/won/", "behind/leads/", "forecast/", "mine/", "funnel/"):
        assert client.get(f"/dashboard/{path}?format=csv").status_code == 403, path
        page = client.get(f"/dashboard/{path}")
        assert (page.status_code, "format=csv" in page.content.decode()) == (200, False), path


def test_a_list_is_exported_in_one_statement_however_long(client, cast):
    client.force_login(cast.marketer)
    for _each in range(5):
        make.lead()
    roll_all()
    with CaptureQueriesContext(connection) as captured:
        rows = read_csv(client.get("/dashboard/behind/leads/?period=all&format=csv"))
    assert len(rows) == 1 + 5
    assert len([one for one in captured if "reports_countedpass" in one["sql"]]) == 1
