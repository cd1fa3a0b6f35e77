"""An administrator builds the house: calendar, team, people, products, words, mappings, tokens; no line of code."""

import pytest

from accounts.models import ApiToken, Team, User, WorkingCalendar
from leads.models import Mapping, Question, ReturnReason
from pipeline.models import Product
from tests.browser import overflow

pytestmark = pytest.mark.browser


def fill(page, address, ticks=(), **values):
    """Open a form, fill it in, save it: the page that follows."""
    page.goto(address)
    for name, value in values.items():
        field = page.locator(f"main [name={name}]")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    for name in ticks:
        page.check(f"main [name={name}]")
    with page.expect_navigation():
        page.click("main form button.primary")
    assert overflow(page) == 0


def test_the_house_is_built_without_code(open_page, cast):
    Mapping.objects.create(name="Old name", kind="leads", header="x" * 64)
    page = open_page("accounts:setup", user=cast.admin)
    fill(page, "/calendars/new/", name="Munich", zone="Europe/Berlin", country="DE", day4="9:00–13:00")
    munich = WorkingCalendar.objects.get(name="Munich")
    assert munich.hours[4] == [["09:00", "13:00"]]
    assert munich.days.exists()  # the country's holidays came by themselves
    fill(page, "/teams/new/", name="South-East", track="sales", calendar=str(munich.pk))
    team = Team.objects.get(name="South-East")
    fill(
        page, "/people/new/", full_name="Wang Fang", email="wang@example.com", role="sales", team=str(team.pk)
    )
    person = User.objects.get(email="wang@example.com")
    assert (person.team, person.has_usable_password()) == (team, False)
    fill(page, "/products/new/", name="Press 40", code="p40", list_price="1000", floor_price="800")
    product = Product.objects.get(code="p40")
    page.goto(f"/products/{product.pk}/")
    page.fill("[name=since]", "2026-01-01")
    page.fill("[name=unit_cost]", "600")
    with page.expect_navigation():
        page.locator("form:has([name=unit_cost]) button").click()
    assert product.costs.get().unit_cost == 600
    fill(page, "/setup/questions/new/", text="Which budget?")
    fill(page, "/setup/return-reasons/new/", name="On holiday", destination="nurture", wake_days="14")
    fill(page, f"/setup/mappings/{Mapping.objects.get().pk}/", name="Fair sheet")
    assert Question.objects.get(text="Which budget?").active
    assert ReturnReason.objects.get(name="On holiday").destination == "nurture"
    assert Mapping.objects.get().name == "Fair sheet"

    # a token shows its secret once, and opens nothing after it was taken back
    page.goto("/account/")
    form = page.locator("form:has([name=scopes])")
    if not form.is_visible():
        page.locator("details:has([name=scopes]) > summary").click()
    form.locator("[name=name]").fill("Website")
    with page.expect_navigation():
        form.locator("button").first.click()
    secret = page.locator("main code").first.inner_text()
    ask = {"authorization": f"Bearer {secret}"}
    assert page.context.request.get("/api/v1/campaigns/", headers=ask).status == 200
    page.goto("/account/")
    page.once("dialog", lambda dialog: dialog.accept())
    with page.expect_navigation():
        page.locator("form[action$='/revoke/'] button").first.click()
    assert ApiToken.objects.get().revoked_at
    assert page.context.request.get("/api/v1/campaigns/", headers=ask).status == 401
