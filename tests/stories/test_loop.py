"""The closed loop in a real browser: a campaign, its spend, a lead, ready, the offer, the deal, the win, the figure."""

import pytest
from django.utils import timezone

from leads import assignment, importing, scoring
from leads.models import Lead
from reports import rollups
from tests.browser import looked_at, overflow
from tests.stories import walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "aside"])]


def work():
    """What the workers do between two clicks."""
    while importing.look_due() or importing.run_due():
        pass
    while scoring.score_due(at=timezone.now()) or assignment.assign_due(at=timezone.now()):
        pass
    while rollups.roll_due():
        pass


FAIR = [("Ada Byron", "Nordlicht Energie GmbH", "ada@nordlicht.example", "+49 151 23456789", "Head of plant")]


@pytest.mark.parametrize("size,language", [("phone", "en"), ("wide", "ru"), ("phone", "zh-hans")])
def test_the_loop_closes(open_page, cast, size, language):
    desk = open_page("leads:today", user=cast.marketer, language=language)
    campaign = walk.plans_a_campaign(desk, "Spring fair")
    looked_at(desk)
    if size == "wide":
        walk.brings_a_sheet(desk, walk.sheet_of_a_fair(FAIR, "Spring fair"), work)
        looked_at(desk)
        lead = f"{campaign.split('/campaigns/')[0]}/leads/{Lead.objects.get().pk}/"
    else:
        lead = walk.takes_in_a_lead(desk, "Ada Byron", campaign)
        work()
    desk.goto(lead)
    assert Lead.objects.get().stage == "mql"
    looked_at(desk)
    walk.makes_it_ready(desk, lead)
    work()
    rep = open_page("leads:my-day", user=Lead.objects.get().owner, size=size, language=language)
    looked_at(rep)
    walk.accepts(rep)
    walk.calls(rep, lead)
    looked_at(rep)
    deal = walk.opens_a_deal(rep, lead, "5000")
    looked_at(rep)
    rep.goto("/deals/board/")
    looked_at(rep)
    walk.wins(rep, deal)
    work()
    assert Lead.objects.get().stage == "won"
    desk.goto("/dashboard/")
    looked_at(desk)
    assert "400" in desk.locator(".kpi").nth(1).inner_text()  # 5,000 on 1,000: +400 %
    desk.locator(".kpi a[href*='/behind/']").first.click()  # every figure opens what is behind it
    desk.wait_for_url("**/behind/**")
    assert desk.locator("main tbody tr").count() == 1
    assert overflow(desk) == 0
