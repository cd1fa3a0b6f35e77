"""Every part of the design system in a real browser: both themes, wide and phone, three languages."""

import pytest

from tests.browser import axe_violations, overflow

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", ["wide", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_part_is_accessible_and_fits(open_page, cast, size, theme):
    page = open_page("ui:gallery", user=cast.admin, size=size, theme=theme)
    assert page.locator("html").get_attribute("data-theme") == theme
    assert axe_violations(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("language", ["zh-hans", "ru"])
def test_every_language_fits_the_phone(open_page, cast, language):
    page = open_page("ui:gallery", user=cast.admin, size="phone", language=language)
    assert page.locator("html").get_attribute("lang") == language
    assert overflow(page) == 0


def test_tips_come_by_pointer_and_by_key(open_page, cast):
    page = open_page("ui:gallery", user=cast.admin)
    tip = page.locator("#tip")
    page.locator(".funnel-heads li").first.hover()
    tip.wait_for(state="visible")
    page.keyboard.press("Escape")
    tip.wait_for(state="hidden")
    page.locator(".kpi .figure a").focus()
    page.keyboard.press("Shift+Tab")
    tip.wait_for(state="visible")
    assert page.locator("button.help").first.get_attribute("aria-describedby") == "tip"


def test_the_theme_changes_at_once_and_stays(open_page, cast):
    page = open_page("ui:gallery", user=cast.admin)
    page.locator(".who > summary").click()
    page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_the_language_is_kept_with_the_user(open_page, cast):
    page = open_page("ui:gallery", user=cast.admin)
    page.locator(".who > summary").click()
    page.get_by_role("button", name="Русский").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "ru"
    cast.admin.refresh_from_db()
    assert cast.admin.language == "ru"


def test_dropping_a_ticket_fires_its_select(open_page, cast):
    page = open_page("ui:gallery", user=cast.admin)
    page.evaluate(
        "document.addEventListener('change', (e) => { window.moved = [e.target.name, e.target.value]; })"
    )
    ticket = page.locator(".column[data-stage='0'] .ticket").first
    ticket.drag_to(page.locator(".column[data-stage='2'] .tickets"))
    assert page.evaluate("window.moved") == ["stage", "2"]


def test_the_phone_shows_one_column_at_a_time(open_page, cast):
    page = open_page("ui:gallery", user=cast.admin, size="phone")
    widths = page.evaluate(
        "[document.querySelector('.board').clientWidth, document.querySelector('.column').offsetWidth]"
    )
    assert widths[1] > widths[0] * 0.9


def test_keys_lead_to_search_and_to_their_list(open_page, cast):
    page = open_page("ui:gallery", user=cast.admin)
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#keys").is_hidden()


def test_an_invalid_form_says_what_is_wrong(open_page, cast):
    page = open_page("ui:gallery", user=cast.admin, expect=("422",))
    page.locator("#id_name").fill("Egli")
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_load_state()
    amount = page.locator("#id_amount")
    assert amount.get_attribute("aria-invalid") == "true"
    assert page.locator(f"#{amount.get_attribute('aria-describedby').split()[-1]}").is_visible()
    assert axe_violations(page) == []


def test_toasts_speak_and_can_be_sent_away(open_page, cast):
    page = open_page("ui:gallery", user=cast.admin)
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('toast', {detail: {text: 'Moved <b>', undo: '/undo/'}}))"
    )
    toast = page.locator(".toast")
    toast.hover()  # which also makes it stay
    assert toast.locator("span").inner_text() == "Moved <b>"
    assert toast.get_by_role("button", name="Undo").is_visible()
    assert axe_violations(page) == []
    toast.get_by_role("button", name="Close").click()
    assert toast.count() == 0


def test_a_failed_answer_does_not_pass_in_silence(open_page, cast):
    page = open_page("ui:gallery", user=cast.admin, expect=("404",))
    page.evaluate("htmx.ajax('GET', '/nowhere/', {target: 'body', swap: 'none'})")
    page.locator(".toast.bad").wait_for(state="visible")


def test_a_dialog_opens_and_closes(open_page, cast):
    page = open_page("ui:gallery", user=cast.admin, size="phone")
    page.locator("[data-dialog='sample-dialog']").click()
    dialog = page.locator("#sample-dialog")
    assert dialog.is_visible()
    assert axe_violations(page) == []
    dialog.locator("[data-close]").click()
    assert dialog.is_hidden()


def test_without_scripts_the_theme_is_a_form(browser, live_server):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/login/")
    page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    context.close()
