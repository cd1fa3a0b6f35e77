"""Who changed a record of set-up last, and when, where it is changed."""

import pytest

from accounts.models import WorkingCalendar
from leads.models import AssignmentRule, CampaignTemplate, MomentRule, Question, ReturnReason, Robot
from pipeline.models import CustomField, DealStage, ExchangeRate, OutcomeReason
from tests import cast as make
from tests.pages import posted

pytestmark = pytest.mark.django_db
SAID = "Last changed by Admin, "


def rooms(cast):
    """(address, the field to change, to what) of every kind of record that set-up keeps."""
    field = CustomField.objects.create(on="lead", code="floor", name="Floor", kind="text")
    rule, robot = (
        AssignmentRule.objects.create(name="Near"),
        Robot.objects.create(name="All", vendor="wecom", address="https://a.example/"),
    )
    rate = ExchangeRate.objects.create(currency="USD", on=make.NOON.date(), rate="0.5")
    first = {
        model: model.objects.first().pk
        for model in (
            Question,
            ReturnReason,
            DealStage,
            OutcomeReason,
            MomentRule,
            CampaignTemplate,
            WorkingCalendar,
        )
    }
    return [
        (f"/setup/questions/{first[Question]}/", "text", "Other"),
        (f"/setup/return-reasons/{first[ReturnReason]}/", "name", "Other"),
        (f"/setup/stages/{first[DealStage]}/", "name", "Other"),
        (f"/setup/outcome-reasons/{first[OutcomeReason]}/", "name", "Other"),
        (f"/setup/fields/{field.pk}/", "name", "Other"),
        (f"/moments/rules/{first[MomentRule]}/", "name", "Other"),
        (f"/campaigns/templates/{first[CampaignTemplate]}/edit/", "name", "Other"),
        (f"/calendars/{first[WorkingCalendar]}/", "name", "Other"),
        (f"/routing/{rule.pk}/", "reps", str(cast.teammate.pk)),
        (f"/robots/{robot.pk}/", "name", "Other"),
        (f"/rates/{rate.pk}/", "rate", "0.6"),
        (f"/teams/{cast.rep.team_id}/edit/", "name", "Other"),
        (f"/people/{cast.rep.pk}/edit/", "full_name", "Other"),
        ("/organisation/", "name", "Other"),
    ]  # fmt: skip


def test_each_kind_of_record_tells_who_changed_it_last(client, cast):
    client.force_login(cast.admin)
    untold = set()
    for address, name, value in rooms(cast):
        page = client.get(address)
        assert SAID not in page.text, address
        answer = client.post(address, posted(page, address) | {name: value})
        assert answer.status_code == 302, (address, answer.text)
        if SAID not in client.get(address).text:
            untold.add(address)
    assert untold == set()


def test_what_is_new_tells_nothing(client, cast):
    client.force_login(cast.admin)
    assert client.get("/setup/stages/new/").text.count("Last changed") == 0
