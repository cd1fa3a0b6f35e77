"""Reorganisations: put together, foreseen, planned, called off as one; the pages, the API and the dry run of a day to come."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts import dated, organisation, people
from accounts.models import DatedFact, Reorganisation, RepKind, RepProfile
from leads import assignment, structure
from leads.models import AssignmentRule
from tests import cast as make
from tests.api import Api
from tests.leads import ready
from tests.pages import same_queries

pytestmark = pytest.mark.django_db


def ahead(days=40):
    """A day ahead, and its first moment."""
    day = organisation.today(timezone.now()) + timedelta(days=days)
    return day, organisation.midnight(day)


def kept():
    """Everything that has a date, in order."""
    return list(DatedFact.objects.order_by("pk").values_list("what", "subject", "value", "since", "pending"))


@pytest.fixture
def two(cast):
    """A leaver-to-be who has all, and a colleague whom no lead reaches yet; one lead waits."""
    RepProfile.objects.all().delete()
    first, second = ready.rep("first", team=cast.rep.team), ready.rep("second", team=cast.rep.team)
    rule = AssignmentRule.objects.create(name="All", position=1)
    rule.reps.set([first])
    return first, second, rule


def reorganise(cast, *changes, days=40):
    """A Reorganisation with these (what, subject, value)."""
    listed = [{"what": what, "subject": subject, "value": value} for what, subject, value in changes]
    return Reorganisation.objects.create(
        name="New year", since=ahead(days)[1], reason="goals", changes=listed, by=cast.sales_head
    )


def test_a_reorganisation_is_foreseen_planned_and_comes_by_itself(cast, two):
    first, second, rule = two
    held = ready.offered(ready.ready(by=cast.marketer))
    assert held.rep == first
    lead = ready.ready(by=cast.marketer)
    found = reorganise(
        cast,
        ("rule_reps", rule.pk, [second.pk]),
        ("head", cast.rep.team_id, first.pk),
        ("kind", second.pk, "farmer"),
    )
    before, now = kept(), timezone.now()
    foreseen = structure.foresee(found.changes, found.since, now)
    assert kept() == before
    assert [(one.whom, one.was, one.will) for one in foreseen.lines] == [
        ("All", str(first), str(second)),
        (str(cast.rep.team), str(cast.manager), str(first)),
        (str(second), "Hunter", "Farmer"),
    ]
    assert {one.user: (one.leads, one.offers) for one in foreseen.stays} == {
        first.pk: (0, 1), second.pk: (0, 0), cast.manager.pk: (0, 0),
    }  # fmt: skip
    assert {one.user: (one.before, one.after) for one in foreseen.shares} == {
        first.pk: (1, 0),
        second.pk: (0, 1),
    }
    structure.plan(found, cast.admin, now)
    assert structure.foresee(found.changes, found.since, now) == foreseen, "planned, it tells the same"
    with pytest.raises(structure.Refused):
        structure.plan(found, cast.admin, now)
    assert [one.rep_id for one in assignment.simulate([lead.pk], now)] == [first.pk]
    assert [one.rep_id for one in assignment.foretold(9, found.since + timedelta(hours=12))] == [second.pk]
    assert dated.put_in_force(found.since - timedelta(minutes=1)) == 0
    assert dated.put_in_force(found.since + timedelta(days=3)) == 3
    cast.rep.team.refresh_from_db()
    assert cast.rep.team.head == first
    assert list(rule.reps.all()) == [second]
    assert RepProfile.objects.get(user=second).kind == RepKind.FARMER
    held.refresh_from_db()
    assert (held.rep, held.ended_at) == (first, None)
    with pytest.raises(structure.Refused):
        structure.call_off(found, found.since + timedelta(days=3))


def test_a_draft_is_judged_again_when_it_is_planned(cast, two):
    """Who was to head, or is to become something, has left since it was put together."""
    _first, second, rule = two
    drafts = [
        reorganise(cast, ("head", cast.rep.team_id, second.pk)),
        reorganise(cast, ("rule_reps", rule.pk, [second.pk]), days=41),
        reorganise(cast, ("kind", second.pk, "farmer"), days=42),
    ]
    people.deactivate(second, timezone.now())
    for found in drafts:
        with pytest.raises(structure.Refused):
            structure.plan(found, cast.sales_head, timezone.now())
        found.refresh_from_db()
        assert found.planned_at is None
    assert not DatedFact.objects.filter(reorganisation__in=drafts).exists()


def test_no_part_of_it_is_called_off_alone(client, cast, two):
    first, second, _rule = two
    found = reorganise(
        cast, ("team", second.pk, cast.other_rep.team_id), ("head", cast.rep.team_id, first.pk)
    )
    structure.plan(found, cast.sales_head, timezone.now())
    rows = {row.what: row for row in DatedFact.objects.filter(reorganisation=found)}
    client.force_login(cast.admin)
    team, head = rows["team"], rows["head"]
    page = client.get(f"/teams/{cast.other_rep.team_id}/people/").content.decode()
    assert f"/people/{team.pk}/delete/" not in page
    assert f"/structure/{found.pk}/" in page
    client.post(reverse("accounts:team-plan-delete", args=[cast.other_rep.team_id, team.pk]))
    status, told = Api(cast.admin).post(f"/teams/move/{team.pk}/call-off/")
    assert (status, "New year" in told["detail"]) == (409, True)
    strange = reverse("leads:structure-delete", args=["person", head.subject, head.pk])
    assert client.post(strange).status_code == 404
    assert DatedFact.objects.filter(reorganisation=found).count() == 2


def test_called_off_it_leaves_nothing_behind(cast, two):
    first, second, rule = two
    found = reorganise(cast, ("rule_reps", rule.pk, [second.pk]), ("weight", first.pk, 2.5))
    before, now = kept(), timezone.now()
    structure.plan(found, cast.sales_head, now)
    assert len(kept()) == len(before) + 2
    other = reorganise(cast, ("weight", first.pk, 3))
    with pytest.raises(structure.Refused):
        structure.plan(other, cast.sales_head, now)
    structure.call_off(found, now)
    assert kept() == before
    with pytest.raises(structure.Refused):
        structure.call_off(found, now)
    other.refresh_from_db()
    structure.plan(other, cast.sales_head, now)


def test_routing_goes_by_the_moment_however_long_nobody_looked(cast, two):
    _first, second, rule = two
    now = timezone.now()
    ready.ready(by=cast.marketer)
    dated.note("rule_reps", rule.pk, [second.pk], now + timedelta(minutes=5), now)
    assert assignment.assign_due(at=now + timedelta(minutes=6)) == 1
    assert ready.Handoff.objects.get().rep == second


def test_the_dry_run_shows_the_structure_of_a_day_to_come(cast, two):
    first, second, rule = two
    ready.ready(by=cast.marketer)
    day, since = ahead()
    dated.note("rule_reps", rule.pk, [second.pk], since, timezone.now())
    told = []
    for options in ({}, {"on": day - timedelta(days=1)}, {"on": day}):
        out = StringIO()
        call_command("assign", dry_run=True, stdout=out, **options)
        told.append([name for name in (str(first), str(second)) if f"{name}: 1" in out.getvalue()])
    assert told == [[str(first)], [str(first)], [str(second)]]


def test_the_pages_put_it_together(client, cast, two):
    first, second, rule = two
    client.force_login(cast.sales_head)
    day, since = ahead()
    assert (
        client.post("/structure/new/", {"name": "n", "reason": "r", "day": "2020-01-01"}).status_code == 422
    )
    client.post("/structure/new/", {"name": "n", "reason": "r", "day": day.isoformat()})
    found = Reorganisation.objects.get()
    path = f"/structure/{found.pk}/"
    assert (found.since, found.by) == (since, cast.sales_head)
    assert client.get(f"{path}?what=head").context["form"].fact.name == "head"
    client.post(path, {"what": "head", "subject": cast.rep.team_id, "value": first.pk})
    client.post(path, {"what": "head", "subject": cast.rep.team_id, "value": second.pk})
    client.post(path, {"what": "rule_reps", "subject": rule.pk, "value": [first.pk, second.pk]})
    assert client.post(path, {"what": "weight", "subject": first.pk, "value": "0"}).status_code == 422
    # Who leads a track is the administrator's to say.
    assert client.post(path, {"what": "head_of", "subject": first.pk, "value": "sales"}).status_code == 403
    client.post(f"{path}drop/", {"place": "1"})
    found.refresh_from_db()
    assert found.changes == [{"what": "head", "subject": cast.rep.team_id, "value": second.pk}]
    assert str(second) in client.get(f"{path}preview/").content.decode()
    client.post(f"{path}plan/")
    assert DatedFact.objects.get(reorganisation=found).value == second.pk
    assert len(client.get("/structure/").context["rows"]) == 1
    client.post(f"{path}call-off/")
    assert not DatedFact.objects.filter(reorganisation=found).exists()
    client.force_login(cast.rep)
    assert client.get("/structure/").status_code == 200
    assert client.post(f"{path}plan/").status_code == 403
    client.force_login(cast.manager)
    assert client.post(path, {"what": "head", "subject": cast.rep.team_id, "value": ""}).status_code == 302
    found.refresh_from_db()
    assert len(found.changes) == 1


def test_the_page_of_a_team_tells_who_headed_it_in_march(client, cast):
    north = cast.rep.team
    DatedFact.objects.of("head", north.pk).delete()
    for month, head in ((1, cast.manager), (3, cast.sales_head), (5, cast.manager)):
        dated.note(
            "head",
            north.pk,
            head.pk,
            organisation.midnight(timezone.now().date().replace(month=month, day=1)),
            timezone.now(),
        )
    client.force_login(cast.rep)
    year = timezone.now().year
    told = [
        [
            one.told
            for _label, one in client.get(f"/structure/team/{north.pk}/", {"on": f"{year}-{day}"}).context[
                "then"
            ]
        ]
        for day in ("02-28", "03-15", "05-01")
    ]
    assert told == [[str(cast.manager)], [str(cast.sales_head)], [str(cast.manager)]]
    led = client.get(f"/structure/person/{cast.sales_head.pk}/").context["led"]
    assert [(team, one.told) for team, one in led] == [(north, str(cast.sales_head))]


def test_one_change_is_shown_before_it_is_noted(client, cast, two):
    first, _second, rule = two
    client.force_login(cast.sales_head)
    day, since = ahead()
    path, said = f"/structure/person/{first.pk}/", {"what": "kind", "value": "farmer", "day": day.isoformat()}
    before = kept()
    page = client.post(path, {**said, "preview": "1"})
    assert page.context["foreseen"].lines[0].will == "Farmer"
    assert kept() == before
    client.post(path, said)
    row = DatedFact.objects.of("kind", first.pk).get(since=since)
    assert (row.value, row.pending, row.by) == ("farmer", True, cast.sales_head)
    client.post(f"{path}{row.pk}/delete/")
    assert kept() == before
    client.force_login(cast.rep)
    assert client.post(path, said).status_code == 403
    assert client.get(f"/structure/rule/{rule.pk}/").status_code == 403
    company = make.company(sales_owner=first)
    client.force_login(cast.admin)
    client.post(
        f"/structure/company/{company.pk}/",
        {"what": "account_owner", "value": cast.rep.pk, "day": "2026-01-05"},
    )
    company.refresh_from_db()
    assert company.sales_owner == cast.rep


def test_the_pages_cost_the_same_with_more(client, cast, two):
    first, _second, rule = two
    client.force_login(cast.admin)
    number = iter(range(1, 99))

    def more():
        moment = timezone.now() + timedelta(days=next(number))
        dated.note("rule_reps", rule.pk, [first.pk], moment, timezone.now())

    same_queries(client, "/structure/", more)
    same_queries(client, f"/structure/rule/{rule.pk}/", more)


def test_the_api_does_the_same(cast, two):
    first, second, rule = two
    head, rep = Api(cast.sales_head), Api(cast.rep)
    _day, since = ahead()
    moment = since.isoformat()
    body = {"what": "capacity", "subject": first.pk, "value": 5, "since": moment}
    assert rep.post("/structure/", body)[0] == 403
    for wrong in ({"what": "mood"}, {"subject": 10**9}, {"value": "many"}, {"value": [1]}):
        assert head.post("/structure/", {**body, **wrong})[0] == 400
    status, foreseen = head.post("/structure/preview/", body)
    assert (status, foreseen["lines"][0]["will"]) == (200, "5")
    status, made = head.post("/structure/", body)
    assert (status, made["value"], made["pending"]) == (201, 5, True)
    assert head.get("/structure/on/", what="capacity", day=moment)[0] == 400
    then = head.get("/structure/on/", what="capacity", on=moment)[1]
    assert {"subject": first.pk, "value": 5} in then
    assert [one["id"] for one in head.get("/structure/", planned="true")[1]["results"]] == [made["id"]]
    assert head.post(f"/structure/{made['id']}/call-off/")[0] == 204
    begun = DatedFact.objects.of("capacity", first.pk).earliest("since")
    assert head.post(f"/structure/{begun.pk}/call-off/")[0] == 409
    twice = [{"what": "capacity", "subject": first.pk, "value": value} for value in (5, 6)]
    said = {"name": "n", "reason": "r", "since": moment, "changes": twice}
    assert list(head.post("/reorganisations/", said)[1]["errors"]) == ["changes"]
    changes = [{"what": "rule_reps", "subject": rule.pk, "value": [second.pk]}]
    status, one = head.post(
        "/reorganisations/", {"name": "n", "reason": "r", "since": moment, "changes": changes}
    )
    assert (status, one["changes"], one["planned_at"]) == (201, changes, None)
    path = f"/reorganisations/{one['id']}/"
    assert head.get(f"{path}preview/")[1]["lines"][0]["was"] == str(first)
    assert rep.post(f"{path}plan/")[0] == 403
    assert head.post(f"{path}plan/")[0] == 200
    assert head.post(f"{path}plan/")[0] == 409
    assert head.post(f"{path}call-off/")[1]["called_off_at"]
    assert not DatedFact.objects.filter(reorganisation=one["id"]).exists()
