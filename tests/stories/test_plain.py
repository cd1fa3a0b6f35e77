"""The main tasks in a browser without JavaScript, and the board by drag."""

import pytest
from django.utils import timezone

from accounts.models import RepProfile
from leads.models import Handoff, Lead, Touch
from pipeline.models import DealStage
from tests import cast as make
from tests.leads.ready import offered, ready

pytestmark = pytest.mark.browser


def press(page, selector):
    with page.expect_navigation():
        page.locator(selector).first.click()


def test_a_day_a_board_and_many_leads_without_javascript(open_page, cast):
    RepProfile.objects.exclude(user=cast.rep).update(accepting=False)
    one = ready(by=cast.marketer, at=timezone.now(), contact=make.contact("Ada Byron"))
    offered(one, timezone.now())
    stages = list(DealStage.objects.open().order_by("position"))
    deal = make.deal(owner=cast.rep, amount=100)
    page = open_page("leads:my-day", user=cast.rep, size="phone", scripts=False)
    press(page, ".work form button.primary")  # accept
    assert Handoff.objects.get().accepted_at
    page.goto(f"/leads/{one.pk}/")
    page.select_option("#log [name=kind]", "call")
    press(page, "#log button.primary")
    assert Touch.objects.get().kind == "call"
    page.goto("/deals/board/")
    page.select_option(f"#deal-{deal.pk} select", stages[1].code)
    press(page, f"#deal-{deal.pk} noscript button, #deal-{deal.pk} form button")
    deal.refresh_from_db()
    assert deal.stage == stages[1]

    # the marketer sets two leads aside, after a preview, and takes it back
    new = [make.lead(contact=make.contact(name)) for name in ("Robot 1", "Robot 2")]
    desk = open_page("leads:lead-list", user=cast.marketer, scripts=False)
    for lead in new:
        desk.check(f"[name=pick][value='{lead.pk}']")
    press(desk, "#many button[value=robot]")
    press(desk, "button[name=sure]")
    assert set(Lead.objects.filter(pk__in=[lead.pk for lead in new]).values_list("stage", flat=True)) == {"disqualified"}  # fmt: skip
    assert desk.url.endswith("/leads/")
    press(desk, ".toast [formaction]")
    assert set(Lead.objects.filter(pk__in=[lead.pk for lead in new]).values_list("stage", flat=True)) == {"new"}  # fmt: skip


def test_a_deal_is_dragged_to_its_stage(open_page, cast):
    stages = list(DealStage.objects.open().order_by("position"))
    deal = make.deal(owner=cast.rep, amount=100)
    page = open_page("leads:deal-board", user=cast.rep)
    ticket, column = page.locator(f"#deal-{deal.pk}"), page.locator(f"#stage-{stages[2].code}")
    with page.expect_response(lambda response: response.url.endswith(f"/deals/{deal.pk}/move/")):
        ticket.drag_to(column)
    page.locator(".toast", has_text=str(stages[2])).wait_for()
    assert column.locator(f"#deal-{deal.pk}").is_visible()
    deal.refresh_from_db()
    assert deal.stage == stages[2]
