"""Rules of routing as pages: in order, tried before they are saved, and the ledger of what they dealt."""

from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from accounts.models import Region, RepProfile
from leads import assignment, because, handoffs
from leads.models import AssignmentRule, Handoff, Lead, RuleTurn
from tests.api import Api
from tests.cast import NOON, company, contact, deal
from tests.leads.ready import crowd, ready
from tests.pages import same_queries

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


def test_whoever_comes_first_is_one_of_those_who_are_asked(client, cast):
    """Named reps and the reps of a team alike, at page and API, a new rule and a changed one."""
    api, theirs, outsider = Api(cast.sales_head), [cast.rep.pk], cast.other_rep
    assert cast.rep.team_id != outsider.team_id
    client.force_login(cast.sales_head)
    for bounds, named in (
        ({"reps": theirs}, {"rep_ids": theirs}),
        (dict.fromkeys(["team"], cast.rep.team_id),) * 2,
    ):
        said = {"name": "one", "position": 1, "active": "on", "preferred": [outsider.pk], **bounds}
        for more in ({}, {"try": "1"}):
            page = client.post("/routing/new/", {**said, **more})
            assert page.status_code == 422
            assert outsider.full_name in str(page.context["form"].errors["preferred"])
        for path in ("/routing-rules/", "/routing-rules/try/"):
            status, told = api.post(path, {"name": "one", "preferred_ids": [outsider.pk], **named})
            assert (status, [*told["errors"]]) == (400, ["preferred_ids"])
    kept = rule("kept", 1, reps=[outsider], preferred=[outsider])
    assert api.patch(f"/routing-rules/{kept.pk}/", {"rep_ids": theirs})[0] == 400
    assert api.patch(f"/routing-rules/{kept.pk}/", {"rep_ids": theirs, "preferred_ids": theirs})[0] == 200


def test_an_offer_tells_whom_it_was_weighed_against(client, cast):
    RepProfile.objects.filter(user=cast.rep).update(weight=2)
    RepProfile.objects.filter(user=cast.other_rep).update(accepting=False)
    theirs = rule("all", 1)
    for user, fair in ((cast.rep, 1), (cast.teammate, 0), (cast.other_rep, 0)):
        RuleTurn.objects.create(rule=theirs, rep=user, fair=fair, owed=0, shared=True)
    ready(2, by=cast.marketer)
    assignment.assign_due(at=NOON)
    handoff = Handoff.objects.get(rank=1)
    found = assignment.weighed(handoff)
    assert (found.rule, found.rank, found.offered) == ("all", 1, 2)
    told = {one.rep: (one.hindrance, one.got, one.behind) for one in found.candidates}
    assert told == {
        cast.teammate.pk: ("", True, pytest.approx(2 / 3)),
        cast.rep.pk: ("", False, pytest.approx(-2 / 3)),
        cast.other_rep.pk: ("closed", False, None),
    }
    client.force_login(cast.manager)
    page = client.get(f"/leads/{handoff.lead_id}/").content.decode()
    assert f"/handoffs/{handoff.pk}/why/" in page
    page = client.get(f"/handoffs/{handoff.pk}/why/").content.decode()
    assert "takes no new leads" in page
    assert "offer 1 of 2" in page
    status, told = Api(cast.manager).get(f"/handoffs/{handoff.pk}/why/")
    assert (status, told["rule"], [one["rep"] for one in told["candidates"]]) == (
        200,
        "all",
        [cast.teammate.pk, cast.rep.pk, cast.other_rep.pk],
    )
    client.force_login(cast.other_rep)
    assert client.get(f"/handoffs/{handoff.pk}/why/").status_code == 404


def test_an_offer_by_hand_weighed_nobody(client, cast):
    one = ready(by=cast.marketer)
    made = handoffs.offer(one.pk, to=cast.rep, by=cast.manager, at=NOON)
    client.force_login(cast.rep)
    assert "No turns were weighed" in client.get(f"/handoffs/{made}/why/").content.decode()
    told = Api(cast.rep).get(f"/handoffs/{made}/why/")[1]
    assert (told["candidates"], told["because_code"]) == ([], "chosen")


def test_the_api_makes_tries_and_removes_rules(cast):
    one = ready(by=cast.marketer, grade="A")
    api, said = Api(cast.sales_head), {"name": "Best", "grades": "A", "rep_ids": [cast.other_rep.pk]}
    status, told = api.post("/routing-rules/try/", said)
    assert (
        {one["because_code"] for one in told["placed"]}
        == {because.code_of(one["because"]) for one in told["placed"]}
        != {""}
    )
    assert (status, told["due"], [(row["lead_id"], row["rep_id"]) for row in told["placed"]]) == (
        200,
        True,
        [(one.pk, cast.other_rep.pk)],
    )
    assert not AssignmentRule.objects.exists()
    assert api.post("/routing-rules/", {**said, "grades": "AAZ"})[0] == 400
    status, made = api.post("/routing-rules/", said)
    assert (status, made["rep_ids"], made["segment_ids"]) == (201, [cast.other_rep.pk], [])
    path = f"/routing-rules/{made['id']}/"
    status, told = api.post(f"{path}try/", {"rep_ids": [cast.teammate.pk]})
    assert [row["rep_id"] for row in told["placed"]] == [cast.teammate.pk]
    first = [cast.other_rep.pk]
    assert api.patch(path, {"position": 3, "preferred_ids": first})[1]["preferred_ids"] == first
    assert Api(cast.manager).get("/routing-rules/")[1]["results"][0]["position"] == 3
    assert Api(cast.manager).patch(path, {"position": 4})[0] == 403
    assert Api(cast.rep).get("/routing-rules/")[1]["results"] == []
    assignment.assign_due(at=timezone.now())
    lines = api.get("/routing-rules/ledger/", days=1)[1]
    assert [line["turns"] for line in lines if line["rep_id"] == cast.other_rep.pk] == [1]
    assert Api(cast.rep).get("/routing-rules/ledger/")[0] == 403
    assert api.delete(path)[0] == 204
    assert not AssignmentRule.objects.exists()


def test_a_rule_that_is_put_where_another_stands_comes_before_it(client, cast):
    for name, position in (("one", 1), ("two", 2), ("far", 9)):
        rule(name, position)
    client.force_login(cast.sales_head)

    def order():
        return list(AssignmentRule.objects.values_list("name", "position"))

    client.post("/routing/new/", {"name": "first", "position": 1, "active": "on", "try": "1"})
    assert order() == [("one", 1), ("two", 2), ("far", 9)]
    client.post("/routing/new/", {"name": "first", "position": 1, "active": "on"})
    assert order() == [("first", 1), ("one", 2), ("two", 3), ("far", 9)]
    api = Api(cast.sales_head)
    moved = AssignmentRule.objects.get(name="two")
    assert api.patch(f"/routing-rules/{moved.pk}/", {"position": 1})[1]["position"] == 1
    assert order() == [("two", 1), ("first", 2), ("one", 3), ("far", 9)]
    assert api.patch(f"/routing-rules/{moved.pk}/", {"name": "second"})[0] == 200
    assert [api.post("/routing-rules/", {"name": "end", "position": 32_767})[0] for _again in range(2)] == [
        201,
        201,
    ]
    AssignmentRule.objects.filter(name="end").delete()
    api.post("/routing-rules/", {"name": "last"})
    assert order() == [("second", 1), ("first", 2), ("one", 3), ("far", 9), ("last", 10)]


@pytest.mark.parametrize(
    "who, reads, changes",
    [("sales_head", 200, 200), ("admin", 200, 200), ("manager", 200, 403), ("rep", 403, 403)],
)
def test_rules_are_for_the_heads_and_managers_may_look(client, cast, who, reads, changes):
    AssignmentRule.objects.create(name="one", position=1)
    client.force_login(getattr(cast, who))
    page = client.get("/routing/")
    assert page.status_code == reads
    assert ("New rule" in page.content.decode()) is (changes == 200)
    assert client.get("/routing/new/").status_code == changes


def test_rules_cost_the_same_with_one_and_with_three(client, cast):
    client.force_login(cast.sales_head)
    numbers = count(1)
    same_queries(client, "/routing/", lambda: rule("one", next(numbers), reps=[cast.rep]))


def test_a_lead_that_waits_in_line_is_routed_at_once_when_its_facts_change(client, cast):
    RepProfile.objects.update(accepting=False)
    north, south = (Region.objects.create(code=name, name=name) for name in ("north", "south"))
    one = ready(by=cast.marketer, region=north, at=timezone.now())
    page, api = {"name": "Any", "position": 1, "active": "on", "try": "1"}, Api(cast.marketer)
    ways = (
        lambda: client.post(f"/leads/{one.pk}/edit/region/", {"region": south.pk}),
        lambda: api.patch(f"/leads/{one.pk}/", {"region": north.pk}),
        lambda: api.post("/leads/many/", {"ids": [one.pk], "change": "region", "value": str(south.pk)}),
        lambda: api.post(f"/leads/{one.pk}/grade/", {"grade": "A", "reason": "knows us"}),
    )
    for change in ways:
        Lead.objects.filter(pk=one.pk).update(route_at=timezone.now() + timedelta(hours=1))
        client.force_login(cast.sales_head)
        tried = client.post("/routing/new/", page).context
        assert [(row[0], row[4], tried["tried_due"]) for row in tried["tried"]] == [(one, "wait", True)]
        client.force_login(cast.marketer)
        change()
        assert Lead.objects.get(pk=one.pk).route_at <= timezone.now()
    assert Lead.objects.values_list("region", "grade").get() == (south.pk, "A")


def test_a_lead_that_waits_in_line_is_routed_at_once_when_what_others_are_changes(client, cast):
    RepProfile.objects.update(accepting=False)
    far = Region.objects.create(code="far", name="far")
    firm = company()
    one = ready(by=cast.marketer, at=timezone.now(), contact=contact(company=firm))
    asleep = ready(by=cast.marketer, at=timezone.now() + timedelta(days=1))
    client.force_login(cast.sales_head)
    first = rule("one", 1)
    ways = (
        lambda: client.post("/routing/new/", {"name": "Any", "position": 1, "active": "on"}),
        lambda: Api(cast.sales_head).patch(f"/routing-rules/{first.pk}/", {"grades": "B"}),
        lambda: client.post(f"/routing/{first.pk}/remove/"),
        lambda: Api(cast.marketer).patch(f"/companies/{firm.pk}/", {"region": far.pk}),
        lambda: Api(cast.admin).patch(f"/reps/{cast.rep.pk}/", {"capacity": 61}),
        lambda: RepProfile.objects.filter(user=cast.rep).update(accepting=True),
        lambda: cast.rep.rep.regions.set([far]),
    )
    for number, change in enumerate(ways):
        Lead.objects.filter(pk=one.pk).update(route_at=timezone.now() + timedelta(seconds=50))
        change()
        assert (number, Lead.objects.get(pk=one.pk).route_at <= timezone.now()) == (number, True)
        assert Lead.objects.get(pk=asleep.pk).route_at == asleep.route_at
