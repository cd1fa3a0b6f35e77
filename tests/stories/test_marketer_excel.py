"""A fair in one Excel: 180 rows brought to the page of its campaign, in a real browser."""

from datetime import date

import pytest
from openpyxl import Workbook

from leads import importing
from leads.models import Lead, Mapping
from reports import rollups
from tests import cast as make
from tests.browser import axe_violations, overflow

pytestmark = pytest.mark.browser
ROWS = 180


@pytest.fixture
def workbook(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["Name", "Company", "E-mail", "Mobile", "Notes"])
    for n in range(ROWS):
        sheet.append(
            [f"Visitor {n}", f"Works {n % 40}", f"visitor{n}@works.example", "", "asked for a price"]
        )
    book.save(tmp_path / "fair.xlsx")
    return tmp_path / "fair.xlsx"


@pytest.mark.django_db(databases=["default", "owner", "aside"], transaction=True)
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_fair_in_one_excel(open_page, cast, workbook, settings, tmp_path, size):
    settings.MEDIA_ROOT = tmp_path
    fair = make.campaign("Spring fair", channel="exhibition", starts_on=date.today())
    page = open_page(f"/campaigns/{fair.pk}/", user=cast.marketer, size=size)
    page.get_by_role("link", name="Bring an Excel of leads").click()
    page.wait_for_url("**/imports/new/**")
    page.set_input_files("[name=file]", workbook)
    page.select_option("[name=mode]", "live")
    page.click("main form button.primary")
    page.wait_for_url("**/columns/")
    assert axe_violations(page) == []
    page.click("main form button.primary")
    page.wait_for_url("**/imports/*/")
    assert importing.look_due() == 1
    page.reload()
    assert overflow(page) == 0
    page.locator("form[action$='/start/'] button").click()
    page.wait_for_load_state()
    while importing.run_due():
        pass
    assert Lead.objects.filter(campaign=fair, channel="exhibition").count() == ROWS
    assert Mapping.objects.get().spec.get("constants") == {}
    while rollups.roll_due():
        pass
    page.goto(f"/campaigns/{fair.pk}/")
    assert page.locator(".kpi", has_text="Leads").locator(".figure").first.inner_text() == str(ROWS)
