"""An administrator arranges the house without a line of code: a stage, a field, a question; a rep sees them."""

import pytest

from tests import cast as make
from tests.browser import looked_at, overflow

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size, theme", [("wide", "dark"), ("phone", "light")])
def test_a_stage_and_a_field_without_code(open_page, cast, size, theme):
    company = make.company("Orchard")
    make.deal(company=company, owner=cast.rep, amount=100)
    page = open_page("accounts:setup", user=cast.admin, size=size, theme=theme)
    looked_at(page)
    page.click("a.card:has-text('Deal stages')")
    page.click("a.button.primary:has-text('Add')")
    page.fill("[name=name]", "Trial")
    page.fill("[name=probability]", "40")
    looked_at(page)
    page.click("main button.primary")
    page.wait_for_selector("th:has-text('Trial')")
    page.goto("/setup/fields/new/")
    page.select_option("[name=on]", "company")
    page.fill("[name=name]", "Machine park")
    page.select_option("[name=kind]", "choice")
    page.fill("[name=choose_from]", "Lathe\nMill")
    page.click("main button.primary")
    page.wait_for_url("**/setup/fields/")
    looked_at(page)
    rep = open_page(f"/companies/{company.pk}/edit/", user=cast.rep, size=size, theme=theme)
    rep.select_option("[name=x_machine_park]", "Mill")
    looked_at(rep)
    rep.click("main button.primary")
    rep.wait_for_selector("dd:has-text('Mill')")
    rep.goto("/deals/board/")
    assert rep.locator(".column[aria-label=Trial]").count() == 1


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_view_is_kept_with_its_columns_and_opens_first(open_page, cast, size):
    make.lead(contact=make.contact("Kaya Schmidt"), owner=cast.rep, source_text="Fair")
    make.lead(contact=make.contact("Later"), owner=cast.rep, stage="mql")
    page = open_page("leads:lead-list", user=cast.rep, size=size)
    if size == "phone":
        assert not page.locator(".filters [name=stage]").is_visible()
        assert page.locator(".filters [name=q]").is_visible()
        page.click(".filters-door summary")
    page.select_option(".filters [name=stage]", "new")
    page.wait_for_url("**stage=new**")
    page.wait_for_selector("a[data-clear]", state="visible" if size == "wide" else "attached")
    assert page.locator("[data-filled]").text_content() == "1"
    looked_at(page)
    page.click("summary:has-text('Columns')")
    page.check(".choose-columns [value=source_text]")
    page.uncheck(".choose-columns [value=channel]")
    looked_at(page)
    page.click(".choose-columns button")
    page.wait_for_selector("td:has-text('Fair')")
    page.click("summary:has-text('Save view')")
    page.fill(".views [name=name]", "Sources")
    page.check(".views [name=is_default]")
    page.check(".views [name=shared]")
    page.click(".views button.primary")
    page.wait_for_selector(".view-tabs [aria-current]:has-text('Sources')")
    looked_at(page)
    page.goto("/leads/")
    page.wait_for_selector("td:has-text('Fair')")
    assert "stage=new" in page.url, "the filter that came by htmx is in the view, too"
    assert page.locator("th:has-text('Later')").count() == 0

    # a teammate has it among the own views; it opens first only for whoever wanted that
    mate = open_page("leads:lead-list", user=cast.teammate, size=size)
    assert mate.locator("td:has-text('Fair')").count() == 0
    mate.click(".view-tabs a:has-text('Sources')")
    mate.wait_for_selector("td:has-text('Fair')")
    assert overflow(mate) == 0


def test_exceptions_are_narrowed_and_opened(open_page, cast):
    make.lead(contact=make.contact("Hot"), stage="ready", grade="A", ready_at=make.NOON, owner=cast.rep)
    page = open_page("reports:exceptions", user=cast.manager, size="phone", theme="dark")
    looked_at(page)
    page.click(".filters-door summary")
    page.select_option("[name=kind]", "ready")
    page.wait_for_url("**/exceptions/?kind=ready*")
    page.click("a:has-text('Offer it now')")
    page.wait_for_url("**/leads/*/")
