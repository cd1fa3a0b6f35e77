"""A rep hears at once what matters, answers with one tap, and logs a call, a meeting or a note with two."""

import pytest
from django.utils import timezone

from leads import capture, links, moments
from leads.models import Lead, Note, Touch, TrackingLink
from leads.models.moments import Moment
from tests import cast as make
from tests.browser import overflow
from tests.leads.ready import ready

pytestmark = pytest.mark.browser


def held(cast, name):
    """A lead of grade A that the rep works on."""
    person = make.contact(name, company=make.company("Werk Nord"), city="Bonn", job_title="Head of plant")
    one = ready(by=cast.marketer, grade="A", contact=person, campaign=make.campaign("Spring fair"))
    Lead.objects.filter(pk=one.pk).update(owner=cast.rep, stage="sql", route_at=None)
    return Lead.objects.get(pk=one.pk)


@pytest.mark.parametrize("size", ["phone", "wide"])
def test_a_moment_comes_as_a_card_and_goes_with_one_tap(open_page, cast, size):
    lead = held(cast, "Ada Byron")
    page = open_page("leads:my-day", user=cast.rep, size=size)
    page.wait_for_function("() => document.querySelector('[data-bell]') !== null")
    with page.expect_response("**/notices/poll/**"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    capture.log_touch(lead.contact, "complaint", by=None, at=timezone.now(), note="The press leaks oil")
    link = TrackingLink.objects.create(
        campaign=lead.campaign, name="Price list", target="https://example.com/"
    )
    links.follow(link, lead.contact, robot=False, at=timezone.now())
    moments.detect_due()
    assert set(Moment.objects.values_list("rule__kind", flat=True)) == {"complaint", "click"}

    # the bell's next look brings toasts that lead to the cards
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    toast = page.locator(".toast a", has_text="complaint").first
    toast.wait_for()
    toast.click()
    card = page.locator(".moment:has(b:text-is('A complaint'))")
    card.wait_for()
    assert overflow(page) == 0
    text = card.inner_text()
    for known in ("Ada Byron", "Werk Nord", "Head of plant", "Bonn"):
        assert known in text
    card.locator("button[value=again]").click()
    card.wait_for(state="detached")
    assert Moment.objects.get(rule__kind="complaint").outcome == "again"
    assert Touch.objects.filter(contact=lead.contact, kind="call", reached=False).count() == 1


def test_a_call_a_meeting_and_a_note_with_two_taps_each(open_page, cast):
    lead = held(cast, "Grace Hopper")
    ours = lead.contact.steps.create(what="Call", owner=cast.rep, due_at=timezone.now())
    page = open_page("leads:my-day", user=cast.rep, size="phone")
    for kind in ("call", "meeting", "note"):
        page.locator(f"#step-{ours.pk} summary", has_text="Log").tap()
        if kind == "note":  # a note is what somebody writes
            page.locator(f"#step-{ours.pk} textarea").fill("Wants two lines by spring")
        with page.expect_navigation():
            page.locator(f"#step-{ours.pk} button[value={kind}]").tap()
    assert overflow(page) == 0
    logged = Touch.objects.filter(contact=lead.contact, actor=cast.rep)
    assert sorted(logged.values_list("kind", flat=True)) == ["call", "meeting"]
    assert Note.objects.get().text == "Wants two lines by spring"
