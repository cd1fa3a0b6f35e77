"""The lead desk by keys alone, and with one thumb."""

from itertools import count

import pytest

from leads import funnel
from leads.models import Lead
from pipeline.stages import Stage
from tests import cast as make
from tests.browser import looked_at
from tests.leads.ready import ANSWERS

pytestmark = pytest.mark.browser
numbers = count(1)


def mql(cast, grade, **fields):
    """An MQL with a company and a campaign."""
    company = make.company(f"Werk {next(numbers)}")
    fields |= {"grade": grade, "grade_reason": "met at the fair", "campaign": make.campaign()}
    one = make.lead(contact=make.contact(company=company), **fields)
    funnel.advance([one.pk], Stage.MQL, actor=cast.marketer, reason="looks good", at=make.NOON)
    return one


def stages():
    return {one.pk: one.stage for one in Lead.objects.all()}


def test_the_desk_by_keys_alone(open_page, cast):
    best, robot, later = mql(cast, "A"), mql(cast, "B", answers=ANSWERS), mql(cast, "C", answers=ANSWERS)
    page = open_page("leads:desk", user=cast.marketer)
    looked_at(page)
    keys = page.keyboard
    keys.press("?")
    page.get_by_text("Next lead, previous lead").wait_for()
    keys.press("Escape")
    keys.press("j")
    page.context.new_cdp_session(page).send(  # the same key on a Russian keyboard
        "Input.dispatchKeyEvent", {"type": "keyDown", "key": "о", "code": "KeyJ", "text": "о"}
    )
    keys.press("1")  # the second row is a robot
    page.get_by_text("1 lead moved.").wait_for()
    assert stages()[robot.pk] == Stage.DISQUALIFIED
    keys.press("j")
    keys.press("Enter")
    page.wait_for_url(f"**/leads/{best.pk}/complete/**")
    looked_at(page)
    keys.press("i")
    keys.type("A press")
    keys.press("Tab")
    keys.type("In spring")
    keys.press("Escape")
    keys.press("r")
    page.wait_for_url(f"**/leads/{later.pk}/complete/**")
    assert stages()[best.pk] == Stage.READY
    keys.press("b")
    page.wait_for_url("**/desk/**")
    keys.press("j")
    keys.press("x")
    keys.press("r")
    page.get_by_text("1 lead moved.").wait_for()
    assert stages()[later.pk] == Stage.READY
    page.wait_for_load_state()  # the keys are there
    keys.press("z")  # takes it back
    page.get_by_text("1 lead is back.").wait_for()
    assert stages()[later.pk] == Stage.MQL


@pytest.mark.parametrize("size, theme", [("wide", "dark"), ("phone", "light"), ("phone", "dark")])
def test_many_at_once_with_a_preview_and_a_way_back(open_page, cast, size, theme):
    leads = [mql(cast, grade, answers=ANSWERS) for grade in "AAB"] + [mql(cast, "C")]
    page = open_page("leads:desk", user=cast.marketer, size=size, theme=theme)
    looked_at(page)
    for box in page.locator("[name=pick]").all():
        box.check()
    page.click("button[value=ready]")
    page.get_by_text("3 leads go to").wait_for()
    looked_at(page)
    page.click("button[name=sure]")
    page.get_by_text("3 leads moved.").wait_for()
    assert sorted(stages().values()) == ["mql", "ready", "ready", "ready"]
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("3 leads are back.").wait_for()
    page.goto(f"/leads/{leads[3].pk}/complete/?queue=mql")
    looked_at(page)
