"""The fairness ledger: what each rep got by turn, over all rules and by each, against the fair share."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Region, RepProfile
from leads import assignment, fairness
from leads.models import AssignmentRun, Handoff
from tests.api import Api
from tests.cast import NOON, company, contact
from tests.leads.ready import crowd, ready
from tests.leads.views.test_routing import rule

pytestmark = pytest.mark.django_db


def test_the_ledger_holds_turns_against_weights(cast):
    RepProfile.objects.filter(user=cast.rep).update(weight=2)
    firm = company(sales_owner=cast.teammate)
    ready(by=cast.marketer, grade="A", contact=contact(company=firm))
    crowd(8, by=cast.marketer, grades="AB")
    assignment.assign_due(at=NOON)
    lines = {line.rep_id: line for line in fairness.ledger(NOON, NOON + timedelta(hours=1))}
    fair = {cast.rep.pk: (4, 24), cast.teammate.pk: (2, 12), cast.other_rep.pk: (2, 12)}
    assert {pk: (round(line.fair, 1), round(line.fair_value)) for pk, line in lines.items()} == fair
    assert all(abs(line.over) <= 1 for line in lines.values())
    assert sum(line.turns for line in lines.values()) == 8
    assert sum(line.value for line in lines.values()) == 4 * 8 + 4 * 4
    assert sum(line.over_value for line in lines.values()) == pytest.approx(0)
    assert {pk: line.passes for pk, line in lines.items()} == {
        cast.rep.pk: 0,
        cast.teammate.pk: 1,
        cast.other_rep.pk: 0,
    }
    assert fairness.ledger(NOON + timedelta(days=1), NOON + timedelta(days=2)) == []


def test_whoever_was_full_is_owed_nothing_for_that_time(cast):
    RepProfile.objects.filter(user=cast.other_rep).update(accepting=False)
    RepProfile.objects.filter(user=cast.teammate).update(capacity=2, cap_ceiling=2)
    shares = []
    for hour, many in enumerate((4, 6, 1)):
        if hour == 2:
            RepProfile.objects.filter(user=cast.teammate).update(capacity=60, cap_ceiling=60)
        crowd(many, by=cast.marketer, at=NOON + timedelta(hours=hour))
        assignment.assign_due(at=NOON + timedelta(hours=hour))
        lines = {line.rep_id: line for line in fairness.ledger(NOON, NOON + timedelta(days=1))}
        shares.append([round(lines[user.pk].fair, 3) for user in (cast.rep, cast.teammate)])
        assert all(abs(line.over) <= 1 for line in lines.values())
    assert shares == [[2, 2], [8, 2], [8.5, 2.5]]


def test_who_could_not_have_a_lead_has_no_share_in_it(cast):
    north, south = (Region.objects.create(code=code, name=code) for code in ("north", "south"))
    cast.rep.rep.regions.set([north])
    cast.teammate.rep.regions.set([north, south])
    cast.other_rep.rep.regions.set([south])
    for place, many in ((north, 6), (south, 3)):
        ready(many, by=cast.marketer, region=place)
    assignment.assign_due(at=NOON)
    lines = {line.rep_id: line for line in fairness.ledger(NOON, NOON + timedelta(hours=1))}
    assert {pk: round(line.fair, 1) for pk, line in lines.items()} == dict.fromkeys(
        [cast.rep.pk, cast.teammate.pk, cast.other_rep.pk], 3.0
    )


def told_by_rule(rule):
    """{rep: (leads got, fair share, value got, fair value)} by one rule in the first day, naively from what its runs kept."""
    runs = [
        run
        for run in AssignmentRun.objects.filter(at__gte=NOON, at__lt=NOON + timedelta(days=1))
        if (run.rule_id, run.rule_name) == ((rule.pk, rule.name) if rule else (None, ""))
    ]
    told = {}
    for run in runs:
        for who, grade, _count, _why, shares, _lifts in run.dealt:
            for user in who:
                line = told.setdefault(user, [0, 0, 0, 0])
                line[1] += shares.get(str(user), 0)
                line[3] += shares.get(str(user), 0) * fairness.VALUES[grade]
        for handoff in Handoff.objects.filter(run=run):
            told[handoff.rep_id][0] += 1
            told[handoff.rep_id][2] += fairness.VALUES[handoff.grade]
    return {user: pytest.approx(line, abs=0.001) for user, line in told.items()}


def test_each_rule_has_a_ledger_of_its_own(client, cast):
    RepProfile.objects.filter(user=cast.rep).update(weight=3)
    rules = [rule("best", 1, grades="A", reps=[cast.rep, cast.teammate]), rule("good", 2, grades="B"), None]
    firm = company(sales_owner=cast.teammate)
    ready(by=cast.marketer, grade="A", contact=contact(company=firm))
    for _run in range(3):
        crowd(20, by=cast.marketer, grades="AABBBCCD")
        while assignment.assign_due(limit=13, at=NOON):
            pass

    def ledger(of):
        lines = fairness.ledger(NOON, NOON + timedelta(days=1), of)
        assert {line.passes for line in lines} == {None}
        assert all(abs(line.over) < 1 for line in lines)
        return {line.rep_id: [line.turns, line.fair, line.value, line.fair_value] for line in lines}

    for one in rules:
        assert ledger(one and one.pk) == told_by_rule(one)
    every = fairness.ledger(NOON, NOON + timedelta(days=1))
    parts = [told_by_rule(one) for one in rules]
    for line in every:
        assert line.turns == sum(part[line.rep_id].expected[0] for part in parts if line.rep_id in part)
    assert sum(line.passes for line in every) == 1
    rest = ledger(None)
    client.force_login(cast.sales_head)
    client.post(f"/routing/{rules[1].pk}/remove/")
    assert ledger(None) == rest, "what a removed rule dealt was nobody else's"
    after = fairness.ledger(NOON, NOON + timedelta(days=1))
    assert [(one.rep_id, one.turns, one.value, one.passes) for one in after] == [
        (one.rep_id, one.turns, one.value, one.passes) for one in every
    ]
    handoff = Handoff.objects.filter(grade="B").exclude(run=None).first()
    assert assignment.weighed(handoff).rule == "good"


def test_the_ledger_of_a_rule_lives_in_its_address(client, cast):
    best = rule("best", 1, grades="A", reps=[cast.rep])
    now = timezone.now()
    crowd(4, by=cast.marketer, grades="AB", at=now)
    assignment.assign_due(at=now)
    api = Api(cast.manager)
    client.force_login(cast.manager)
    for asked, reps in (
        ("every", {cast.rep.pk, cast.teammate.pk, cast.other_rep.pk}),
        (str(best.pk), {cast.rep.pk}),
        ("none", {cast.rep.pk, cast.teammate.pk, cast.other_rep.pk}),
    ):
        page = client.get("/routing/", {"rule": asked})
        assert {line.rep_id for line in page.context["ledger"]} == reps
        assert ("Without a turn</th>" in page.content.decode()) is (asked == "every")
        assert f'value="{asked}" selected' in page.content.decode()
        lines = api.get("/routing-rules/ledger/", rule=asked)[1]
        assert [line["turns"] for line in lines] == [line.turns for line in page.context["ledger"]]
    assert client.get("/routing/").context["of_all"]
    page = client.get("/routing/", {"rule": "0"})
    assert page.context["form"].errors
    for wrong in ("0", "x", str(2**63)):
        assert api.get("/routing-rules/ledger/", rule=wrong)[0] == 400
    assert f"?rule={best.pk}#fairness" in page.content.decode()


LOADS = st.lists(
    st.tuples(st.sets(st.integers(0, 5), min_size=1), st.integers(1, 60)), min_size=1, max_size=6
)


@given(LOADS, st.lists(st.sampled_from([0.5, 1, 2, 5]), min_size=6, max_size=6))
def test_fair_shares_leave_nobody_who_could_be_evened_out(groups, weights):
    weights = dict(enumerate(weights))
    shares = fairness.fair_shares(groups, weights)
    load = {user: sum(share.get(user, 0) for share in shares) / weights[user] for user in weights}
    for (users, leads), share in zip(groups, shares, strict=True):
        assert sum(share.values()) == pytest.approx(leads, abs=0.01)
        lowest = min(load[user] for user in users)
        assert all(load[user] <= lowest + 0.6 for user, part in share.items() if part > 0.05)
