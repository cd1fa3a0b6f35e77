"""The marketer's campaign from beginning to end: a template, a link, what sales says of its leads, many at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import RepProfile
from leads import handoffs
from leads.models import Lead, LinkClick, Merge, ReturnReason, TrackingLink
from pipeline.models import Campaign, Identity
from tests import cast as make
from tests.browser import overflow
from tests.leads.ready import offered, ready

pytestmark = pytest.mark.browser


def press(page, selector):
    """Click, and wait for the page that comes of it."""
    with page.expect_navigation():
        page.click(selector)
    assert overflow(page) == 0


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_campaign_from_a_template_its_link_and_what_sales_says(open_page, cast, size):
    page = open_page("pipeline:campaign-list", user=cast.marketer, size=size)
    press(page, "a[href='/campaigns/templates/']")
    press(page, "a.recipe:has-text('Trade fair')")
    page.fill("[name=name]", "Hanover 2026")
    press(
        page, "main form button.primary"
    )  # three clicks and one field: the campaign is there, with its form
    fair = Campaign.objects.get(name="Hanover 2026")
    assert (fair.channel, fair.owner, fair.web_forms.count()) == ("exhibition", cast.marketer, 1)

    # a link of its own tells what the poster brought; a robot that looks ahead is counted apart
    press(page, "a[href$='/links/new/']")
    page.fill("[name=name]", "Poster")
    page.fill("[name=target]", "https://www.example.com/fair?x=1")
    press(page, "main form button.primary")
    link = TrackingLink.objects.get()
    stranger = page.context.request
    followed = stranger.get(f"/t/{link.key}/", max_redirects=0, headers={"user-agent": "Mozilla/5.0"})
    assert f"utm_campaign={fair.code}" in followed.headers["location"]
    stranger.get(f"/t/{link.key}/", max_redirects=0, headers={"user-agent": "Googlebot"})
    assert sorted(LinkClick.objects.values_list("robot", flat=True)) == [False, True]

    # a rep returns one of its leads and keeps another: the campaign says so first
    RepProfile.objects.exclude(user=cast.rep).update(accepting=False)
    at = timezone.now() - timedelta(hours=1)
    kept, returned = (
        ready(by=cast.marketer, at=at, campaign=fair, contact=make.contact(name)) for name in ("Ada", "Grace")
    )
    handoffs.accept(offered(kept, at).pk, by=cast.rep, at=at)
    reason = ReturnReason.objects.get(code="wrong_person")
    handoffs.return_lead(offered(returned, at).pk, reason=reason, note="She left", by=cast.rep, at=at)
    page.goto(f"/campaigns/{fair.pk}/")
    page.locator("#said .said-figure, .said .said-figure").first.wait_for()
    said = page.locator(".said").first.inner_text()
    assert "50" in said
    assert "Wrong person" in said
    page.locator("a[href$='/became/']").first.click()
    page.locator("main", has_text="Grace").wait_for()
    assert overflow(page) == 0


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_many_at_once_in_the_lists_and_the_same_person_twice(open_page, cast, size):
    people = [make.contact(f"Visitor {number}") for number in range(3)]
    leads = [make.lead(contact=one) for one in people]
    south = make.region("south")
    page = open_page("leads:lead-list", user=cast.marketer, size=size)
    assert not page.locator("#many").is_visible()
    if size == "wide":  # the box in the head ticks the page
        page.locator("thead .pick input").check()
        assert page.locator("[name=pick]:checked").count() == 3
        page.locator(f"[name=pick][value='{leads[2].pk}']").uncheck()
    for lead in leads[:2]:
        page.locator(f"[name=pick][value='{lead.pk}']").check()
    page.locator("#many button[value=region]").wait_for()
    if size == "phone":  # in reach of the thumb: above the tabs, whole, and most of the list still to be seen
        page.evaluate("scrollTo(0, 0)")
        bar, tabs = page.locator("#many").bounding_box(), page.locator(".tabbar").bounding_box()
        assert bar["y"] > 500, bar
        assert bar["y"] + bar["height"] <= tabs["y"] + 1, (bar, tabs)
    assert (
        page.locator("#many .picked").evaluate("one => getComputedStyle(one, '::before').content") != "none"
    )
    press(page, "#many button[value=region]")
    page.get_by_role("heading", name="2 chosen").wait_for()
    page.select_option("[name=value]", str(south.pk))
    press(page, "button[name=sure]")
    assert set(Lead.objects.values_list("pk", "region")) == {
        (leads[0].pk, south.pk),
        (leads[1].pk, south.pk),
        (leads[2].pk, None),
    }
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("2 are as they were.").wait_for()
    assert not Lead.objects.filter(region=south).exists()

    # two of them are one: ticked at the desk, side by side, merged and taken apart
    Identity.objects.create(contact=people[0], kind="wechat", value="visitor")
    page.goto("/desk/?queue=new")
    for lead in leads[:2]:
        page.locator(f"[name=pick][value='{lead.pk}']").check()
    press(page, "button[formaction$='/of-the-desk/']")
    page.wait_for_url("**/merge/?with=*")
    press(page, "main form button.primary")
    assert Merge.objects.in_force().count() == 1
    page.goto("/merges/")
    press(page, "main form[action$='/undo/'] button")
    assert Merge.objects.in_force().count() == 0
