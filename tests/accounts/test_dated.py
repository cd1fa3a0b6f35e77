"""Facts with dates: dated by whoever changes them, put in force at their day, and the same as a naive walk day by day."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import dated, people
from accounts.models import DatedFact, Region, Reorganisation, RepKind, RepProfile, Segment, Team, User
from leads.models import AssignmentRule
from tests import cast as make

pytestmark = pytest.mark.django_db
DAYS = [datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=n) for n in range(12)]


def said(what, subject):
    """[value] of a fact, in order."""
    return list(DatedFact.objects.of(what, subject).order_by("since").values_list("value", flat=True))


def today(what, subject):
    """What is kept in the column now."""
    return dated.facts()[what].now([subject])[subject]


def choices(cast):
    """{fact: (subjects, values)} to draw from."""
    regions, segments = (list(model.objects.values_list("pk", flat=True)) for model in (Region, Segment))
    people, teams = [cast.rep.pk, cast.teammate.pk], list(Team.objects.values_list("pk", flat=True))
    rules = list(AssignmentRule.objects.values_list("pk", flat=True))
    accounts = [make.company().pk, make.company(sales_owner=cast.rep).pk]
    subsets = [[], people[:1], people]
    return {
        "team": (people, [*teams, None]),
        "head_of": (people, ["", "sales", "marketing"]),
        "kind": (people, list(RepKind.values)),
        "weight": (people, [0.5, 1.0, 2.25]),
        "capacity": (people, [0, 10, 60]),
        "regions": (people, [[], regions[:1], regions]),
        "segments": (people, [[], segments[-1:], segments]),
        "head": (teams, [cast.manager.pk, cast.rep.pk, None]),
        "account_owner": (accounts, [cast.rep.pk, cast.manager.pk, None]),
        "rule_reps": (rules, subsets),
        "rule_first": (rules, subsets),
    }


@pytest.fixture
def house(cast):
    for number in range(2):
        Region.objects.get_or_create(code=f"r{number}", defaults={"name": f"R{number}"})
        Segment.objects.get_or_create(code=f"s{number}", defaults={"name": f"S{number}"})
        AssignmentRule.objects.create(name=f"Rule {number}", position=number)
    return cast


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # each example is rolled back
@given(st.data())
def test_every_fact_agrees_with_a_naive_walk_day_by_day(house, data):
    """Whatever is noted ahead or late, called off, and however long the worker sleeps in between."""
    with transaction.atomic():
        drawn = choices(house)
        assert set(drawn) == set(dated.facts())
        DatedFact.objects.all().delete()
        began = {what: {one: today(what, one) for one in subjects} for what, (subjects, _of) in drawn.items()}
        told = {}  # (what, subject) → {since: value}
        for at in DAYS:
            for _ in range(data.draw(st.integers(0, 4))):
                what = data.draw(st.sampled_from(sorted(drawn)))
                subject, value = (data.draw(st.sampled_from(of)) for of in drawn[what])
                since, known = data.draw(st.sampled_from(DAYS)), told.setdefault((what, subject), {})
                ahead = sorted(day for day in known if day > at)
                if ahead and data.draw(st.booleans()):
                    planned = DatedFact.objects.of(what, subject).filter(since=ahead[0])
                    dated.forget(planned, at)
                    del known[ahead[0]]
                else:
                    dated.note(what, subject, value, since, at)
                    known[since] = value
            if not data.draw(st.booleans()):
                continue  # the worker slept that day
            dated.put_in_force(at)
            assert dated.put_in_force(at) == 0
            for (what, subject), known in told.items():
                so = [known[day] for day in sorted(known) if day <= at]
                assert today(what, subject) == (so[-1] if so else began[what][subject])
        for day in DAYS:
            for (what, subject), known in told.items():
                so = [known[since] for since in sorted(known) if since <= day]
                if so:
                    assert dated.values(what, day, [subject]) == {subject: so[-1]}
        transaction.set_rollback(True)


def test_whatever_changes_a_fact_dates_it(house):
    north, rep = house.rep.team, house.rep
    DatedFact.objects.update(since=timezone.now() - timedelta(days=9))
    Team.objects.filter(pk=north.pk).update(head=house.sales_head)
    User.objects.filter(pk=rep.pk).update(head_of="sales")
    profile = RepProfile.objects.get(user=rep)
    RepProfile.objects.filter(pk=profile.pk).update(kind=RepKind.FARMER, weight=2, capacity=7, cap_ceiling=7)
    region = Region.objects.first()
    profile.regions.set([region])
    rule = AssignmentRule.objects.first()
    rule.reps.set([rep])
    company = make.company(sales_owner=rep)
    type(company).objects.filter(pk=company.pk).update(sales_owner=house.teammate)
    assert said("head", north.pk) == [house.manager.pk, house.sales_head.pk]
    assert said("head_of", rep.pk)[-1] == "sales"
    assert [said(what, rep.pk) for what in ("kind", "weight", "capacity", "regions", "segments")] == [
        ["hunter", "farmer"], [1.0, 2.0], [60, 7], [[], [region.pk]], [[]],
    ]  # fmt: skip
    assert said("rule_reps", rule.pk) == [[], [rep.pk]]
    assert said("account_owner", company.pk)[-1] == house.teammate.pk


def test_a_capacity_below_what_is_in_hand_comes_by_itself(house):
    profile = RepProfile.objects.get(user=house.rep)
    RepProfile.objects.filter(pk=profile.pk).update(open_n=5)
    now = timezone.now()
    dated.note("capacity", house.rep.pk, 2, now, now)
    profile.refresh_from_db()
    assert (profile.capacity, profile.cap_ceiling) == (2, 5)


def test_the_database_lets_no_two_facts_overlap(house):
    row = DatedFact.objects.of("kind", house.rep.pk).get()
    with pytest.raises(IntegrityError), transaction.atomic():
        DatedFact.objects.create(what="kind", subject=house.rep.pk, value="farmer", since=row.since)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reorganisation.objects.create(name="late", since=DAYS[0], reason="r", planned_at=DAYS[1])


def test_whoever_goes_takes_their_facts_along(house):
    gone = make.person("gone", "sales", team=house.rep.team)
    now = timezone.now()
    dated.note("head", house.rep.team_id, gone.pk, now + timedelta(days=3), now)
    pk = gone.pk
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_user WHERE id = %s", [pk])
    assert not DatedFact.objects.filter(subject=pk, what="team").exists()
    assert said("head", house.rep.team_id)[-1] is None


def test_an_empty_set_says_what_it_stands_for(house):
    region = Region.objects.first()
    pairs = [
        ("regions", []),
        ("regions", [region.pk]),
        ("rule_reps", []),
        ("rule_first", []),
        ("head", None),
        ("weight", 1.5),
    ]
    told = dated.tell(pairs)
    assert [told[what, tuple(value) if isinstance(value, list) else value] for what, value in pairs] == [
        "all", str(region), "everybody", "", "", "1.5",
    ]  # fmt: skip


def test_a_change_by_itself_leaves_what_a_reorganisation_plans(house):
    now = timezone.now()
    day = now + timedelta(days=9)
    whole = Reorganisation.objects.create(name="One head", reason="r", since=day, planned_at=now)
    dated.note("weight", house.rep.pk, 1.5, day, now, reorganisation=whole)
    with pytest.raises(dated.NotPlanned, match="One head"):
        dated.note("weight", house.rep.pk, 3, day, now)
    dated.note("weight", house.rep.pk, 3, day + timedelta(hours=1), now)
    planned = DatedFact.objects.of("weight", house.rep.pk).filter(since__gt=now).order_by("since")
    assert list(planned.values_list("value", "reorganisation")) == [(1.5, whole.pk), (3, None)]


def test_nothing_that_is_planned_comes_to_whoever_left_before(house):
    now = timezone.now()
    day = now + timedelta(days=9)
    leaver, stays = (make.person(name, "sales", team=house.rep.team) for name in ("leaver", "stays"))
    rules = [AssignmentRule.objects.create(name=name) for name in ("both", "alone")]
    for what, subject, value in (
        ("head", house.rep.team_id, leaver.pk),
        ("rule_reps", rules[0].pk, sorted([leaver.pk, stays.pk])),
        ("rule_reps", rules[1].pk, [leaver.pk]),
        ("weight", leaver.pk, 2),
        ("weight", stays.pk, 2),
    ):
        dated.note(what, subject, value, day, now)
    assert people.deactivate(leaver, now) == 4
    ahead = DatedFact.objects.filter(since__gt=now).order_by("what")
    assert list(ahead.values_list("what", "subject", "value")) == [
        ("rule_reps", rules[0].pk, [stays.pk]),
        ("weight", stays.pk, 2),
    ]
