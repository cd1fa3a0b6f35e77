"""The first run as a new administrator walks it, wide and on the phone."""

import pytest

from accounts.models import User
from demo import wishes
from demo.models import DemoWish
from tests.browser import axe_violations, overflow

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size, theme", [("wide", "light"), ("phone", "dark")])
def test_ten_minutes_to_the_shadow_week(open_page, db, size, theme):
    user = User.objects.create_superuser("first@example.com", "correct horse battery", full_name="First")

    def go_on(page):
        assert axe_violations(page) == []
        assert overflow(page) == 0
        page.click("main form button.primary")
        page.wait_for_load_state()

    page = open_page("home", user=user, size=size, theme=theme)
    page.wait_for_url("**/start/")
    assert axe_violations(page) == []
    page.click("button:has-text('Set up and import')")
    page.wait_for_url("**/start/house/")
    page.fill("[name=name]", "Orchard")
    go_on(page)
    page.wait_for_url("**/start/calendar/")
    page.select_option("[name=country]", "DE")
    go_on(page)
    page.wait_for_url("**/start/way/")
    page.check("[name=preset][value=marketing]")
    go_on(page)
    page.wait_for_url("**/start/people/")
    page.fill("[name=name1]", "Wang Fang")
    page.fill("[name=email1]", "wang@example.com")
    page.goto("/start/")  # interrupted
    page.click("a:has-text('Go on where you were')")
    page.wait_for_url("**/start/people/")
    page.fill("[name=name1]", "Wang Fang")
    page.fill("[name=email1]", "wang@example.com")
    go_on(page)
    page.wait_for_url("**/start/products/")
    page.fill("[name=lines]", "Press; 1000; 700")
    go_on(page)
    page.wait_for_url("**/start/files/")
    assert page.locator("a[href$='leads.xlsx']").count() == 1
    go_on(page)
    page.wait_for_url("**/start/live/")
    go_on(page)
    page.wait_for_url("**/start/shadow/")
    assert axe_violations(page) == []
    assert page.locator(".notice").first.is_visible()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_look_around_and_take_it_away_again(open_page, owner):
    user = User.objects.create_superuser("first@example.com", "correct horse battery", full_name="First")
    page = open_page("home", user=user, size="phone")
    page.click("button:has-text('Load the demo')")
    page.wait_for_url("**/demo/")
    page.locator(".time-left").wait_for()
    DemoWish.objects.update(small=True)
    with owner("owner"):
        assert wishes.fulfil_due() == 1
    page.click("a:has-text('Open the dashboard')")  # the page has asked again by itself
    page.wait_for_url("**/dashboard/**")
    assert page.locator(".kpi").count() > 4
    page.goto("/demo/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("button[name=remove]")
    page.locator(".time-left").wait_for()
    with owner("owner"):
        assert wishes.fulfil_due() == 1
    page.get_by_text("There is no demo here.").wait_for()
    page.goto("/start/")
    page.click("button[value=empty]")  # and on without it
    page.wait_for_url("**/start/house/")
    assert overflow(page) == 0
