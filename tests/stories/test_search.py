"""Search from anywhere, by keys alone, wide and on the phone."""

import pytest

from tests import cast as make
from tests.browser import axe_violations, overflow

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size, theme, language", [("wide", "light", "en"), ("phone", "dark", "zh-hans")])
def test_by_keys_alone_from_any_page(open_page, cast, size, theme, language):
    lead = make.lead(contact=make.contact("王小芳"), owner=cast.rep)
    make.lead(contact=make.contact("Ольга Константинопольская"), owner=cast.rep)
    make.lead(contact=make.contact("Kaya Schmidt"), owner=cast.rep)
    page = open_page("leads:lead-list", user=cast.rep, size=size, theme=theme, language=language)
    page.keyboard.press("/")
    page.wait_for_selector("#finder[open] [data-find]")  # pages and things to do, before anything is typed
    assert axe_violations(page) == []
    for typed, name in (
        ("Schmitd", "Kaya Schmidt"),
        ("константинополская", "Ольга Константинопольская"),
        ("小芳", "王小芳"),
    ):
        page.fill("#finder input", typed)
        page.wait_for_selector(f"#finds b:text-is('{name}')")
    assert overflow(page) == 0
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent").strip().startswith("王小芳")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("Escape")
    assert not page.locator("#finder").is_visible()
    page.keyboard.press("Control+k")
    page.fill("#finder input", "小芳")
    page.wait_for_selector("#finds b:text-is('王小芳')")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/leads/{lead.pk}/")


def test_the_page_does_the_same_without_the_dialog(open_page, cast):
    make.company("Orchard Retail")
    firm = make.company("Society for Pumps, Valves and Compressors of the North")
    make.lead(contact=make.contact("Orchard Fox", company=firm))
    page = open_page("/search/?q=orchrad", user=cast.marketer, size="phone")
    assert page.locator(".finds b", has_text="Orchard Retail").is_visible()
    assert overflow(page) == 0
    assert axe_violations(page) == []
