"""A rep's day in a real browser: offers, calls, finds, on the phone and on a wide screen."""

import pytest
from django.utils import timezone

from accounts.models import RepProfile
from leads.models import Handoff, Lead, Touch
from pipeline.models import Identity, Step
from tests import cast as make
from tests.browser import looked_at
from tests.leads.ready import offered, ready

pytestmark = pytest.mark.browser

THEMES = ("light", "dark")


def offers(cast, count):
    """Offers to the rep, of people who can be called and found on WeChat."""
    RepProfile.objects.exclude(user=cast.rep).update(accepting=False)
    for number in range(count):
        person = make.contact(f"Person {number}", company=make.company(), job_title="Head of plant")
        Identity.objects.create(contact=person, kind="mobile", value=f"+861380013800{number}")
        Identity.objects.create(contact=person, kind="wechat", value=f"person_{number}")
        offered(ready(by=cast.marketer, at=timezone.now(), contact=person), timezone.now())


@pytest.mark.parametrize("size", ["phone", "wide"])
def test_a_day_without_offers_has_room_for_its_cards(open_page, cast, size):
    Step.objects.create(
        what="Call", owner=cast.rep, due_at=timezone.now(), company=make.company(), planned_by=cast.manager
    )
    page = open_page("leads:my-day", user=cast.rep, size=size)
    assert page.locator(".work").bounding_box()["width"] > 300
    looked_at(page, THEMES)


@pytest.mark.parametrize("size", ["phone", "wide"])
def test_a_day(open_page, cast, size):
    offers(cast, 2)
    page = open_page("leads:my-day", user=cast.rep, size=size)
    page.locator(".work summary", has_text="Return").first.click()
    looked_at(page, THEMES)
    page.locator(".reasons button", has_text="Not ready yet").first.click()
    page.wait_for_load_state()
    assert Handoff.objects.open().count() == 1
    page.locator(".work button", has_text="Accept").click()
    page.wait_for_url("**/leads/*/")
    looked_at(page, THEMES)
    page.goto("/my-day/")
    assert page.locator(".reach a[href^='tel:+86']").is_visible()
    assert page.locator(".reach [data-copy^='person_']").is_visible()
    page.locator("button", has_text="No answer").click()
    page.wait_for_load_state()
    assert (Touch.objects.get().reached, Step.objects.count()) == (False, 1)
    looked_at(page, THEMES)
    page.locator(".work summary", has_text="Log").click()
    page.locator(".work button", has_text="Meeting").click()
    page.wait_for_load_state()
    page.locator("button", has_text="Done").click()
    page.wait_for_load_state()
    page.locator("a", has_text="Open a deal").click()
    page.wait_for_url("**/deals/new/**")


def test_a_tap_leaves_the_next_card_under_the_thumb(open_page, cast):
    offers(cast, 6)
    page = open_page("leads:my-day", user=cast.rep, size="phone")
    last = page.locator(".work").nth(3)
    last.scroll_into_view_if_needed()
    last.locator("summary", has_text="Return").click()
    last.locator("textarea[name=note]").fill("in Hamburg, not here")
    last.locator("textarea[name=note]").press("Enter")
    assert Handoff.objects.open().count() == 6
    button = last.locator(".reasons button", has_text="Not ready yet")
    button.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    button.click()
    page.wait_for_selector(".toast, #toasts p")
    assert (Handoff.objects.open().count(), page.evaluate("scrollY")) == (5, pytest.approx(before, abs=300))
    assert before > 400


def test_a_find(open_page, cast):
    page = open_page("leads:my-day", user=cast.rep, size="phone")
    page.locator("a", has_text="My own find").click()
    looked_at(page, THEMES)
    page.fill("[name=full_name]", "Li Wei")
    page.fill("[name=wechat]", "li_wei88")
    page.locator("button", has_text="Keep").click()
    page.wait_for_url("**/leads/*/")
    assert Lead.objects.get().owner == cast.rep
    looked_at(page, THEMES)


def test_a_briefing_is_read_without_a_connection_until_sign_out(open_page, cast):
    person = make.contact("Ada Byron", company=make.company(sales_owner=cast.rep))
    make.touch(person, kind="complaint", note="The press leaks oil")
    page = open_page(user=cast.rep, size="phone", workers=True, expect=("ERR_INTERNET_DISCONNECTED",))
    page.goto("/my-day/")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.goto(f"/contacts/{person.pk}/briefing/")
    looked_at(page, THEMES)
    page.wait_for_function("() => caches.keys().then(names => names.some(name => name.startsWith('kept-')))")
    page.context.set_offline(True)
    page.reload()
    assert page.locator("text=The press leaks oil").first.is_visible()
    page.goto("/deals/")
    assert page.locator("h1").inner_text() == "No connection"
    page.locator("[data-kept] a").click()
    assert page.locator("text=The press leaks oil").first.is_visible()
    page.context.set_offline(False)
    page.goto("/my-day/")
    page.locator(".who > summary").click()
    page.locator("button", has_text="Sign out").click()
    page.wait_for_url("**/login/")
    page.wait_for_function("() => caches.keys().then(names => !names.some(name => name.startsWith('kept-')))")


def test_the_first_page_of_all_is_kept_and_a_form_is_not_lost_without_a_connection(open_page, cast):
    cast.rep.set_password(make.PASSWORD)
    cast.rep.save()
    lead = make.lead(contact=make.contact("Ada Byron"), owner=cast.rep)
    make.touch(lead.contact, kind="complaint", note="The press leaks oil")
    path = f"/contacts/{lead.contact_id}/briefing/"
    page = open_page(path, cast.rep, size="phone", workers=True, expect=("ERR_INTERNET_DISCONNECTED",))
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    for _again in range(200):  # wait_for_function does not wait for what a predicate promises
        if page.evaluate("() => caches.match(location.href, { ignoreVary: true }).then(Boolean)"):
            break
        page.wait_for_timeout(50)
    page.context.set_offline(True)
    page.reload()
    assert page.locator("text=The press leaks oil").first.is_visible(), page.locator("main").inner_text()
    page.context.set_offline(False)
    page.goto(f"/leads/{lead.pk}/")
    page.context.set_offline(True)
    page.locator("#log form[action$='/touches/'] [name=note]").fill("They move in May")
    page.locator("#log button.primary").click()
    page.locator(".toast.bad", has_text="No connection").wait_for()
    assert page.locator("#log form[action$='/touches/'] [name=note]").input_value() == "They move in May"
    page.context.set_offline(False)
    page.locator("#log button.primary").click()
    page.locator(".toast.ok").wait_for()
    assert Touch.objects.get(kind="call").note == "They move in May"

    # the net breaks while the browser believes to be online: what was typed comes back with one tap
    note = page.locator("#log form[action$='/touches/'] [name=note]")
    page.evaluate("Object.defineProperty(navigator, 'onLine', { get: () => true })")
    page.context.set_offline(True)
    note.fill("And want two presses")
    page.select_option("#log [name=kind]", "meeting")
    page.locator("#log button.primary").click()
    page.wait_for_selector("h1:has-text('No connection')")
    page.context.set_offline(False)
    page.locator("[data-unsent] a").click()
    page.locator(".toast.bad", has_text="What you typed stands here again").wait_for()
    assert (note.input_value(), page.locator("#log [name=kind]").input_value()) == (
        "And want two presses",
        "meeting",
    )
    assert page.url.endswith(f"/leads/{lead.pk}/")

    # signed out meanwhile: the same, by way of signing in
    page.context.clear_cookies(name="sessionid")
    page.locator("#log button.primary").click()
    page.locator(".notice.warn", has_text="was not saved").wait_for()
    page.fill("[name=username]", cast.rep.email)
    page.fill("[name=password]", make.PASSWORD)
    page.locator("main form button.primary").click()
    page.locator(".toast.bad", has_text="What you typed stands here again").wait_for()
    assert note.input_value() == "And want two presses"
    # clicked twice, as impatient people do: it is logged once (`get` below)
    twice = (
        "const b = document.querySelector('#log button.primary'); b.click(); setTimeout(() => b.click(), 15)"
    )
    page.evaluate(f"() => {{ {twice} }}")
    page.locator(".toast.ok").wait_for()
    assert Touch.objects.get(kind="meeting").note == "And want two presses"
    assert page.evaluate("sessionStorage.getItem('unsent')") is None


def test_without_scripts_a_toast_fades(open_page, cast):
    offers(cast, 1)
    page = open_page("leads:my-day", cast.rep, size="phone", scripts=False)
    page.locator("form[action$='/accept/'] button").click()
    toast = page.locator(".toast.ok")
    assert (toast.is_visible(), toast.locator("[data-dismiss]").is_visible()) == (True, False)
    toast.wait_for(state="hidden")


@pytest.mark.parametrize("size", ["phone", "wide"])
def test_the_bell(open_page, cast, size):
    offers(cast, 1)
    page = open_page("leads:my-day", user=cast.rep, size=size)
    count = page.locator("[data-bell] .count")
    count.wait_for()
    assert count.inner_text() == "1"
    page.locator("[data-bell]").click()
    page.wait_for_url("**/notices/")
    looked_at(page, THEMES)
    page.locator(".notice-row.unread").click()
    page.wait_for_url("**/leads/*/")


def test_a_robot(open_page, cast):
    page = open_page("leads:robot-list", user=cast.admin)
    looked_at(page, THEMES)
    page.locator("a", has_text="New robot").first.click()
    looked_at(page, THEMES)
    page.fill("[name=name]", "North")
    page.select_option("[name=vendor]", "wecom")
    page.fill("[name=address]", "https://qyapi.example/send?key=1")
    page.locator("main button.primary").click()
    page.wait_for_url("**/robots/")
    looked_at(page, THEMES)
