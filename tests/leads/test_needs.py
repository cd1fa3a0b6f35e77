"""What needs marketing today: each row leads to the place where it is done."""

from datetime import date, timedelta

import pytest

from leads import answering, funnel, needs, questions
from leads.models import Lead, Submission, WebForm
from pipeline.models import Spend, Step
from pipeline.stages import Stage
from tests import cast as make
from tests.cast import NOON
from tests.leads.agreeing import version
from tests.leads.test_capture import together
from tests.pages import queries

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def rows(user, at=NOON):
    return {need.href: (need.tone, need.what) for need in needs.of_marketing(user, at)}


def mql(cast, at=NOON, **fields):
    one = make.lead(at=at)
    funnel.advance([one.pk], Stage.MQL, actor=cast.marketer, reason="looks good", at=at)
    Lead.objects.filter(pk=one.pk).update(**fields)
    return one


def test_nothing_needs_nobody(cast):
    assert rows(cast.marketer) == {}


def test_the_desk_what_is_owed_and_what_is_held(cast):
    version(2, NOON - timedelta(days=400))
    answering.AGREED.forget()
    mql(cast)
    mql(cast, at=NOON - timedelta(days=4))
    mql(cast, hand_raised_at=NOON)
    mql(cast, desk_due_at=NOON - timedelta(hours=1))
    form = WebForm.objects.create(campaign=make.campaign(), title="x")
    Submission.objects.create(form=form, nonce="1", at=NOON, reasons=["trap"])
    found = needs.of_marketing(cast.marketer, NOON)
    assert [(need.tone, need.what, need.href) for need in found] == [
        ("urgent", "1 person asked for us and waits", "/desk/?queue=mql&asked=yes"),
        ("urgent", "1 lead came back from sales", "/desk/?queue=returned"),
        ("soon", "4 MQLs wait at the desk", "/desk/?queue=mql"),
        ("urgent", "1 answer of the desk is overdue", "/desk/?queue=mql&answer=late"),
        ("soon", "1 post of a form is held", "/held/"),
    ]


def test_campaigns_that_begin_should_run_or_cost_something(cast):
    soon = make.campaign("Soon", status="planned", starts_on=TODAY + timedelta(days=3))
    make.campaign("Later", status="planned", starts_on=TODAY + timedelta(days=30))
    begun = make.campaign("Begun", status="planned", starts_on=TODAY)
    free = make.campaign(
        "Free",
        status="active",
        starts_on=TODAY - timedelta(days=20),
        parent=make.campaign("Programme", status="active", starts_on=TODAY - timedelta(days=20)),
    )
    make.campaign("Sales", track="sales", status="active", starts_on=TODAY - timedelta(days=20))
    assert free.parent
    paid = make.campaign("Paid", status="active", starts_on=TODAY - timedelta(days=20))
    Spend.objects.create(
        campaign=paid, kind="paid", month=date(2026, 6, 1), on=TODAY, amount=1, base_amount=1
    )
    assert rows(cast.marketer) == {
        f"/campaigns/{soon.pk}/": ("", "Soon"),
        f"/campaigns/{begun.pk}/edit/": ("soon", "Begun"),
        f"/campaigns/{free.pk}/#log-spend": ("", "Free"),
    }


def test_own_steps_that_are_due(cast):
    company = make.company()
    for owner, due in ((cast.marketer, NOON), (cast.marketer, NOON + timedelta(days=3)), (cast.rep, NOON)):
        Step.objects.create(company=company, owner=owner, what="Call the printer", due_at=due)
    assert rows(cast.marketer) == {f"/companies/{company.pk}/": ("urgent", "Call the printer")}


def test_today_is_within_its_statements(client, cast):
    client.force_login(cast.marketer)
    mql(cast, desk_due_at=NOON)
    queries(client, "/today/")
    assert queries(client, "/today/") <= 15


@pytest.mark.django_db(transaction=True)
def test_answers_of_several_people_at_one_moment_all_stay():
    lead = make.lead(answers={"where": "there"})
    assert together(lambda number: questions.answer(lead.pk, {f"q{number}": "so"}), 6) == []
    lead.refresh_from_db()
    assert lead.answers == {"where": "there", **{f"q{number}": "so" for number in range(6)}}
