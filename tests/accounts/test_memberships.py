"""Who belonged to which team when: dated by whoever changes it, planned ahead, told late; page and API alike."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts import dated, memberships, organisation
from accounts.models import DatedFact, RepProfile, Team, User
from leads import handoffs, returned
from leads.models import Handoff, ReturnReason
from tests import cast as make
from tests.api import Api
from tests.leads import ready
from tests.pages import same_queries

pytestmark = pytest.mark.django_db


def rows_of(user):
    """The facts that tell somebody's teams."""
    return DatedFact.objects.of("team", user.pk)


def move(user, team, since, at):
    """Somebody belongs to a team from a moment on."""
    return dated.note("team", user.pk, team and team.pk, since, at)


def of(user):
    """[(team, since)] of somebody, in order."""
    teams = Team.objects.in_bulk()
    return [(teams.get(row.value), row.since) for row in rows_of(user).order_by("since")]


def test_whatever_changes_a_team_dates_it(cast):
    south = cast.other_rep.team
    assert [team for team, _since in of(cast.rep)] == [cast.rep.team]
    assert of(cast.admin) == []
    DatedFact.objects.of("team").update(since=timezone.now() - timedelta(days=9))
    before = timezone.now()
    User.objects.filter(pk__in=[cast.rep.pk, cast.teammate.pk]).update(team=south)
    User.objects.filter(pk=cast.rep.pk).update(full_name="The Same")
    assert [team for team, _since in of(cast.rep)] == [cast.rep.team, south]
    assert set(memberships.members(cast.rep.team, before - timedelta(days=1))) == {
        cast.rep,
        cast.teammate,
        cast.manager,
    }
    assert set(memberships.members(cast.rep.team, timezone.now())) == {cast.manager}


def test_dates_agree_with_a_naive_walk(cast):
    teams = [*Team.objects.order_by("pk")[:2], None]
    days = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(12)]
    DatedFact.objects.of("team").delete()
    now, said = days[8], {}
    for n, day in enumerate((days[7], days[2], days[5], days[10], days[2], days[4])):
        said[day] = teams[n % 3]
        move(cast.rep, teams[n % 3], day, now)
    for day in days:
        known = [said[since] for since in sorted(said) if since <= day]
        where = known[-1] if known else None
        assert [team for team in teams[:2] if cast.rep in memberships.members(team, day)] == [where] * bool(
            where
        )
    cast.rep.refresh_from_db()
    assert cast.rep.team == [said[since] for since in sorted(said) if since <= now][-1]
    told = sorted((one.since, one.until) for team in teams[:2] for one in memberships.stretches(team))
    ends = dict(zip(sorted(said), [*sorted(said)[1:], None], strict=True))
    assert told == sorted(((since, ends[since]) for since in said if said[since]), key=lambda pair: pair[0])


def test_a_planned_move_comes_by_itself_and_can_be_called_off(cast):
    now, south = timezone.now(), cast.other_rep.team
    planned = move(cast.rep, south, now + timedelta(days=3), now)
    other = move(cast.teammate, None, now + timedelta(days=3), now)
    dated.forget(rows_of(cast.teammate).filter(pk=other.pk), now)
    with pytest.raises(dated.NotPlanned):
        dated.forget(rows_of(cast.rep).filter(since__lte=now), now)
    assert dated.put_in_force(now) == 0
    assert dated.put_in_force(planned.since) == 1
    assert dated.put_in_force(planned.since) == 0
    cast.rep.refresh_from_db()
    cast.teammate.refresh_from_db()
    assert (cast.rep.team, cast.teammate.team) == (south, cast.manager.team)
    assert rows_of(cast.rep).count() == 2


def test_returns_of_a_team_are_those_of_its_people_of_that_time(client, cast):
    RepProfile.objects.all().delete()
    north, south = cast.rep.team, cast.other_rep.team
    ines = ready.rep("ines", team=north)
    offer = ready.offered(ready.ready(by=cast.marketer))
    assert offer.rep == ines
    DatedFact.objects.of("team").update(since=offer.offered_at - timedelta(days=1))
    move(ines, south, offer.offered_at + timedelta(hours=1), timezone.now())
    offers = Handoff.objects.all()
    assert [returned.of_team(team, offers).count() for team in (north, south)] == [1, 0]
    reason = ReturnReason.objects.get(code="wrong_product")
    handoffs.return_lead(
        offer.pk, by=ines, reason=reason, note="later", at=offer.offered_at + timedelta(hours=2)
    )
    client.force_login(cast.sales_head)
    lists = [client.get("/handoffs/returned/", {"team": team.pk, "span": "all"}) for team in (north, south)]
    assert [len(page.context["table"].rows) for page in lists] == [1, 0]
    rows_of(ines).delete()
    assert [returned.of_team(team, offers).count() for team in (north, south)] == [0, 1]


def test_the_page_shows_a_day_and_moves_from_a_day_on(client, cast):
    north, south = cast.rep.team, cast.other_rep.team
    DatedFact.objects.of("team").update(since=datetime(2026, 1, 5, tzinfo=UTC))
    client.force_login(cast.marketing_head)
    path = f"/teams/{north.pk}/people/"
    told = client.post(path, {"user": cast.rep.pk, "team": south.pk, "day": "2026-03-01"})
    assert told.status_code == 302
    assert set(client.get(path + "?on=2026-02-28").context["people"]) == {
        cast.rep,
        cast.teammate,
        cast.manager,
    }
    assert set(client.get(path + "?on=2026-03-01").context["people"]) == {cast.teammate, cast.manager}
    ahead = organisation.today(timezone.now()) + timedelta(days=40)
    client.post(path, {"user": cast.teammate.pk, "team": "", "day": ahead.isoformat()})
    assert set(client.get(path).context["people"]) == {cast.teammate, cast.manager}
    planned = DatedFact.objects.get(what="team", subject=cast.teammate.pk, value__isnull=True)
    client.post(f"{path}{planned.pk}/delete/")
    assert not DatedFact.objects.filter(pk=planned.pk).exists()
    assert client.post(path, {"user": cast.rep.pk, "day": "soon"}).status_code == 422
    client.force_login(cast.rep)
    assert client.get(path).status_code == 200
    assert client.post(path, {"user": cast.rep.pk, "team": south.pk, "day": "2026-03-01"}).status_code == 403


def test_the_page_costs_the_same_with_more_people(client, cast):
    client.force_login(cast.admin)
    same_queries(
        client,
        f"/teams/{cast.rep.team_id}/people/",
        lambda: make.person(f"p{User.objects.count()}", "sales", team=cast.rep.team),
    )


def test_the_api_does_the_same(cast):
    north, south = cast.rep.team, cast.other_rep.team
    head, rep = Api(cast.sales_head), Api(cast.rep)
    assert {row["name"] for row in head.get("/teams/")[1]["results"]} == {"North", "South", "Desk"}
    since = timezone.now() + timedelta(days=5)
    body = {"user": cast.rep.pk, "team": south.pk, "since": since.isoformat()}
    assert rep.post("/teams/move/", body)[0] == 403
    status, made = head.post("/teams/move/", body)
    assert status == 201
    assert cast.rep.pk not in head.get(f"/teams/{south.pk}/members/")[1]
    then = head.get(f"/teams/{south.pk}/members/", on=(since + timedelta(hours=1)).isoformat())[1]
    assert then == [cast.other_manager.pk, cast.other_rep.pk, cast.rep.pk]
    assert {one["user"] for one in head.get(f"/teams/{south.pk}/stretches/")[1]} == set(then)
    assert head.post(f"/teams/move/{made['id']}/call-off/")[0] == 204
    begun = rows_of(cast.rep).get(value=north.pk)
    assert head.post(f"/teams/move/{begun.pk}/call-off/")[0] == 409
