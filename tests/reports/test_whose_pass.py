"""A pass is of the rep who took it, whoever holds it today: the same on every page, in every list, quota and closed month."""

from collections import Counter
from datetime import date
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.db import connection

from accounts import organisation
from leads.models import Agreement, Handoff, Lead, ReturnReason
from reports import migrations, quotas
from reports.behind.sources import counted, rows
from reports.choice import axes, parse
from reports.cohorts import cohorts
from reports.funnel import funnel
from reports.leagues import CAMPAIGNS, leagues
from reports.models import FrozenItem, Measure
from reports.months import closing, official
from reports.months.changes import changes
from reports.rollups import roll_all
from reports.sides import sides
from reports.verify import differences as verified
from tests import cast as make
from tests.cast import NOON
from tests.reports.attribution.test_credits import DAY

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)
AT = NOON - 40 * DAY  # in May
LISTS = {"leads": "leads", "sqls": "sqls", "offered": "offered", "answered": "acceptance", "accepted": "accepted_passes",
         "to_sql": "to_sql", "mqls": "mqls", "deals": "deals", "wins": "to_won"}  # fmt: skip


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


def choose(**data):
    """All time, among what there is."""
    data = {name: str(value) for name, value in {"period": "all", **data}.items()}
    return parse(data, axes(data), NOON)


def hand(lead, rep, day, *, accepted=False, end="", kind="new", unasked=False):
    """A handoff of some day after AT, over by now if `end` says how."""
    at = AT + day * DAY
    return Handoff.objects.create(
        lead=lead, rep=rep, kind=kind, agreement=Agreement.objects.get(), offered_at=at, unasked=unasked,
        accepted_at=at + DAY / 24 if accepted else None, end=end, ended_at=at + DAY / 2 if end else None,
        reason=ReturnReason.objects.first() if end == "returned" else None,
    )  # fmt: skip


def lies():
    """What `verify` finds of the rollups and of closed months."""
    with connection.cursor() as cursor:
        found = verified(cursor).found
    return found["rollups"], found["months"]


@pytest.fixture
def passes(cast):
    """[(pass, rep who took it, what that one answered, whether it is an SQL)] of two teams; nobody holds them but one farmer and one heir."""
    campaign = make.campaign("Fair")
    found = []

    def take(rep, answer, *hands, owner=None, sql=True, **fields):
        days = {"mql_at": AT, "sql_at": AT + DAY if sql else None, **fields}
        lead = make.lead(at=AT, campaign=campaign, owner=owner)
        Lead.objects.filter(pk=lead.pk).update(**days)
        for number, (who, what) in enumerate(hands):
            hand(lead, who, number, **what)
        found.append((lead, rep, answer, sql))
        return lead

    took, back = {"accepted": True, "end": "released"}, {"end": "returned"}
    take(cast.rep, "accepted", (cast.rep, took))
    take(cast.rep, "returned", (cast.rep, back), sql=False, stage="mql")  # at the desk again
    take(cast.rep, "returned", (cast.rep, {"accepted": True, "end": "returned"}))
    take(cast.rep, "accepted", (cast.rep, took), (cast.other_rep, back))  # which is returned for the house
    take(
        cast.teammate, "returned",  # and the other way round
        (cast.teammate, {"accepted": True, "end": "returned"}), (cast.other_rep, took),
    )  # fmt: skip
    take(cast.other_rep, "accepted", (cast.rep, back), (cast.other_rep, took))
    take(cast.other_rep, "expired", (cast.rep, back), (cast.other_rep, {"end": "expired"}), sql=False)
    take(cast.teammate, "accepted", (cast.teammate, {"accepted": True, "end": "reassigned"}),
         (cast.other_rep, {"accepted": True, "unasked": True}), owner=cast.other_rep)  # fmt: skip
    take(cast.teammate, "accepted", (cast.teammate, took), (cast.other_rep, {"kind": "farmer"}),
         owner=cast.other_rep, deal_at=AT + 2 * DAY, won_at=AT + 3 * DAY)  # fmt: skip
    take(
        cast.teammate,
        "",
        (cast.teammate, {"accepted": True, "kind": "own_find", "unasked": True, "end": "released"}),
    )
    take(
        cast.other_rep,
        "accepted",  # at last: that it ran out before was another's doing
        (cast.rep, {"end": "expired"}),
        (cast.other_rep, took | {"kind": "claim", "unasked": True}),
    )
    take(cast.rep, "", owner=cast.rep)  # history: nobody was asked
    take(None, "", sql=False, stage="ready")
    roll_all()
    return found


def test_every_page_and_list_tells_it_so_for_people_and_teams(client, cast, passes):
    for who, people in (
        *(({"rep": one.pk}, {one}) for one in (cast.rep, cast.teammate, cast.other_rep)),
        ({"team": cast.rep.team_id}, {cast.rep, cast.teammate}),
        ({"team": cast.rep.team_id, "channel": "sem"}, {cast.rep, cast.teammate}),
        ({"team": f"{cast.rep.team_id},{cast.other_rep.team_id}"}, {cast.rep, cast.teammate, cast.other_rep}),
        ({"team": "none"}, {None}),
        ({"rep": "none"}, {None}),
    ):
        choice, own = choose(**who), [one for one in passes if one[1] in people]
        now = funnel(choice).now
        assert now.leads == len(own), who
        assert now.sqls == now.to_sql == sum(sql for *_one, sql in own), who
        assert now.answered == sum(answer != "" for _lead, _rep, answer, _sql in own), who
        assert now.accepted == sum(answer == "accepted" for _lead, _rep, answer, _sql in own), who
        assert sides(choice, NOON).funnel.now == now
        for figure, name in LISTS.items():
            listed = rows(name, cast.admin, choice)[0].values_list("lead_id", flat=True)
            assert len(listed) == getattr(now, figure), (who, figure)
        (fair,) = [(one.good, one.cases) for one in leagues(cast.admin, choice)[CAMPAIGNS].few] or [(0, 0)]
        assert fair == (now.accepted, now.answered)
        waits = {one.place: one.leads for one in cohorts(choice).queues if one.rep is None}
        assert waits == ({"at_desk": 1, "not_offered": 1} if None in people else {}), who
        for place in ("at_desk", "not_offered"):
            assert len(rows(place, cast.admin, choice)[0]) == waits.get(place, 0), (who, place)
    house = funnel(choose()).now  # and every campaign, by the last word of all
    assert (house.answered, house.accepted) == (10, 6)
    assert house == funnel(choose(channel="sem")).now
    (fair,) = leagues(cast.admin, choose())[CAMPAIGNS].few
    assert (fair.good, fair.cases) == (6, 10)
    assert len(rows("accepted_passes", cast.admin, choose())[0]) == 6
    by_rep = {
        key: (one.leads, one.to_sql, one.to_won) for key, one in cohorts(choose()).sources["rep"].items()
    }
    assert by_rep == {
        str(cast.rep.pk): (5, 4, 0), str(cast.teammate.pk): (4, 4, 1), str(cast.other_rep.pk): (3, 2, 0), "0": (1, 0, 0),
    }  # fmt: skip
    found = quotas.quotas(
        cast.admin, Measure.SQLS, choose(**{"from": "2026-05", "to": "2026-05"}).period, NOON.date(), 1, True
    )
    assert {one.team.name: one.team.promise.attained for one in found} == {"North": 8, "South": 2, "Desk": 0}
    # Whoever took it is shown it, also when it has gone on, and so are the colleagues; others are not.
    own = choose(team=cast.rep.team_id)
    assert [counted("sqls", user, own) for user in (cast.rep, cast.manager, cast.other_rep)] == [
        None,
        None,
        (2, 8),
    ]
    client.force_login(cast.manager)
    page = client.get(f"/dashboard/behind/sqls/?{own.query()}")
    held = set(Lead.objects.visible_to(cast.manager).values_list("pk", flat=True))
    assert {row["lead_id"] for row in page.context["table"].rows if row["href"]} == held
    assert {row["rep_name"] for row in page.context["table"].rows} == {"Rep", "Teammate"}
    assert lies() == ([], [])


def test_a_change_of_hands_moves_nothing_but_a_first_acceptance_and_a_change_of_team_do(cast, passes):
    teams = cast.rep.team_id, cast.other_rep.team_id

    def told():
        return [funnel(choose(team=one)).now.sqls for one in teams]

    assert told() == [8, 2]
    Lead.objects.update(owner=cast.manager)
    Handoff.objects.filter(kind="farmer").update(accepted_at=NOON, end="finished", ended_at=NOON)
    roll_all()
    history = [lead for lead, _rep, _answer, sql in passes if sql and not lead.handoffs.exists()]
    assert (told(), len(history)) == ([8, 2], 1)  # the manager is of the team of that one's rep
    lead = next(lead for lead, _rep, answer, _sql in passes if answer == "expired")
    hand(lead, cast.rep, 5, accepted=True)
    Lead.objects.filter(pk=lead.pk).update(sql_at=AT + 6 * DAY)
    roll_all()
    assert told() == [9, 2]
    cast.rep.team = cast.other_rep.team
    cast.rep.save()
    roll_all()
    assert told() == [5, 6]
    assert lies() == ([], [])


def test_a_closed_month_is_of_who_took_its_passes_and_what_was_frozen_before_is_told_so(cast, passes):
    closing.close(MAY, cast.finance, NOON)
    north = {"team": str(cast.rep.team_id)}

    def words(**who):
        (one,) = [one for one in official.books(choose(**who)).months if one.month == MAY]
        return tuple(getattr(one, side)["accepted"].n for side in ("official", "live", "restated"))

    def month():
        (one,) = [one for one in official.books(choose(**north)).months if one.month == MAY]
        return tuple(getattr(one, side)["sqls"].n for side in ("official", "live", "restated"))

    assert month() == (8, 8, 0)
    assert (words(), words(**north)) == ((6, 6, 0), (4, 4, 0))
    assert lies() == ([], [])
    Lead.objects.update(owner=cast.other_rep)
    roll_all()
    history = [lead.pk for lead, _rep, _answer, sql in passes if sql and not lead.handoffs.exists()]
    assert month() == (8, 7, -1)  # only the one whose owner alone is known
    kept = set(FrozenItem.objects.values_list("item", "measure", "owner", "team"))
    (name,) = [one.name for one in iter_modules(migrations.__path__) if one.name.endswith("_who_took_it")]
    told = import_module(f"reports.migrations.{name}").FROZEN
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SELECT set_config('tandem.erasing', 'on', true)")
        of_then = FrozenItem.objects.exclude(item__in=history).exclude(measure__in=official.OWN)
        of_then.update(owner=cast.other_rep.pk, team=cast.other_rep.team_id)
        cursor.execute(  # as this release kept who was in which team when
            "CREATE TEMP VIEW accounts_membership AS SELECT subject AS user_id, (value #>> '{}')::bigint AS team_id, since "
            "FROM accounts_datedfact WHERE what = 'team'"
        )
        cursor.execute(told)
    assert lies() == ([], [])
    nobodys = [lead.pk for lead, rep, _answer, _sql in passes if rep is None]
    changed = Counter(
        one[0] for one in kept ^ set(FrozenItem.objects.values_list("item", "measure", "owner", "team"))
    )
    others = [item for item, _measure, owner, _team in kept if owner == -1]  # whose last word is another's
    assert changed.keys() == {*nobodys, *others}
    assert len(set(others)) == 1
    assert month() == (8, 7, -1)


def test_what_a_closed_month_tells_of_a_persons_answers_is_what_differs(cast, passes):
    closing.close(MAY, cast.finance, NOON)
    (shut,) = official.books(choose()).shut.values()
    ways = {}
    for lead, rep, answer, _sql in passes:  # another has the last word on one after another
        if rep == cast.rep and lead.handoffs.exists():
            hand(lead, cast.other_rep, 8, accepted=answer == "returned", end="returned")
            Handoff.objects.filter(lead=lead, rep=cast.other_rep).exclude(accepted_at=None).update(
                end="released"
            )
            ways[lead.pk] = answer
    ran_out = next(lead for lead, _rep, answer, _sql in passes if answer == "expired")
    Handoff.objects.filter(lead=ran_out, end="expired").update(accepted_at=AT + DAY, end="released")
    roll_all()
    for who in ({}, *({"rep": one.pk} for one in (cast.rep, cast.teammate, cast.other_rep))):
        choice = choose(**who)
        (month,) = [one for one in official.books(choice).months if one.month == MAY]
        found = changes(shut, choice=choice).rows
        for measure in ("answered", "accepted"):
            told = [one for one in found if one.measure == measure]
            assert sum(one.difference.n for one in told) == month.restated[measure].n, (who, measure)
            assert len({one.item for one in told}) == len(told)
        assert not [one for one in found if one.difference == official.NOTHING]
    assert len(ways) == 4
