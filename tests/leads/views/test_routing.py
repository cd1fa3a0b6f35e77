"""Rules of routing as pages: in order, tried before they are saved, and the ledger of what they dealt."""

from datetime import timedelta

import pytest

from accounts.models import RepProfile
from leads import assignment, fairness
from leads.models import AssignmentRule, Handoff
from tests.cast import NOON, company, contact, deal
from tests.leads.ready import crowd, ready

pytestmark = pytest.mark.django_db


def rule(name, position, **fields):
    many = {key: fields.pop(key) for key in ("reps", "preferred") if key in fields}
    made = AssignmentRule.objects.create(name=name, position=position, **fields)
    for key, users in many.items():
        getattr(made, key).set(users)
    return made


def holder(lead):
    return Handoff.objects.open().get(lead=lead).rep


def test_a_head_tries_a_rule_before_it_is_saved(client, cast):
    one = ready(by=cast.marketer, grade="A")
    client.force_login(cast.sales_head)
    said = {
        "name": "Best to South",
        "position": 1,
        "active": "on",
        "grades": ["A"],
        "reps": [cast.other_rep.pk],
    }
    tried = client.post("/routing/new/", {**said, "try": "1"})
    assert [(row[0], row[1]) for row in tried.context["tried"]] == [(one, cast.other_rep)]
    assert not AssignmentRule.objects.exists()
    assert not Handoff.objects.exists()
    assert client.post("/routing/new/", said).url == "/routing/"
    made = AssignmentRule.objects.get()
    assert (made.grades, list(made.reps.all())) == ("A", [cast.other_rep])
    assert "Best to South" in client.get("/routing/").content.decode()
    assert client.get(f"/routing/{made.pk}/").context["form"].initial["grades"] == ["A"]
    assert client.post("/routing/new/", {"name": ""}).status_code == 422
    client.post(f"/routing/{made.pk}/remove/")
    assert not AssignmentRule.objects.exists()


def test_grades_customers_and_named_reps_are_conditions(cast):
    rule("best", 1, grades="A", reps=[cast.other_rep])
    rule("customers", 2, names="customer", reps=[cast.teammate])
    rule("new names", 3, names="new", reps=[cast.rep])
    firm = company()
    deal(company=firm, owner=cast.finance, outcome="won", signed_on=NOON.date(), closed_at=NOON)
    type(cast.finance).objects.filter(pk=cast.finance.pk).update(left_at=NOON)
    best, other = ready(by=cast.marketer, grade="A"), ready(by=cast.marketer)
    customer = ready(by=cast.marketer, contact=contact(company=firm))
    assignment.assign_due(at=NOON)
    assert [holder(one) for one in (best, other, customer)] == [cast.other_rep, cast.rep, cast.teammate]


def test_preferred_reps_come_first_while_they_have_room(cast):
    rule("all", 1, preferred=[cast.teammate])
    RepProfile.objects.filter(user=cast.teammate).update(capacity=2)
    crowd(6, by=cast.marketer)
    assignment.assign_due(at=NOON)
    got = dict.fromkeys((cast.rep, cast.teammate, cast.other_rep), 0)
    for handoff in Handoff.objects.open().select_related("rep"):
        got[handoff.rep] += 1
    assert got == {cast.teammate: 2, cast.rep: 2, cast.other_rep: 2}


def test_the_ledger_holds_turns_against_weights(cast):
    RepProfile.objects.filter(user=cast.rep).update(weight=2)
    firm = company(sales_owner=cast.teammate)
    ready(by=cast.marketer, grade="A", contact=contact(company=firm))
    crowd(8, by=cast.marketer)
    assignment.assign_due(at=NOON)
    lines = {line.rep_id: line for line in fairness.ledger(NOON, NOON + timedelta(hours=1))}
    assert {pk: line.fair for pk, line in lines.items()} == {
        cast.rep.pk: 4,
        cast.teammate.pk: 2,
        cast.other_rep.pk: 2,
    }
    assert all(abs(line.over) <= 1 for line in lines.values())
    assert sum(line.turns for line in lines.values()) == 8
    mine = lines[cast.teammate.pk]
    assert (mine.passes, mine.value) == (1, 8 + 4 * mine.turns)
    assert fairness.ledger(NOON + timedelta(days=1), NOON + timedelta(days=2)) == []


@pytest.mark.parametrize("who, status", [("sales_head", 200), ("admin", 200), ("manager", 403), ("rep", 403)])
def test_rules_are_for_the_heads(client, cast, who, status):
    client.force_login(getattr(cast, who))
    assert client.get("/routing/").status_code == status
    assert client.get("/routing/new/").status_code == status
