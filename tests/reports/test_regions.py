"""Regions that are part of regions, three deep: every line holds all that is part of it, says what the page says of it, and opens that."""

from collections import defaultdict
from datetime import date

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import organisation
from accounts.models import Organisation, Region
from reports import climbing, goals, reading, regions
from reports.choice import alone, axes, parse
from reports.cohorts import cohorts
from reports.forecast import board
from reports.glance import glance
from reports.losses import losses
from reports.models import Measure, Target
from reports.outlook import outlook
from reports.places import TARGETED, places
from reports.regions import Tree
from reports.selling.combined import combined
from reports.targets import matrix
from tests import cast as make
from tests.cast import NOON
from tests.reports.regional import choose_now, grown, settled

pytestmark = pytest.mark.django_db
MONTHS = (date(2026, 5, 1), date(2026, 6, 1))


@pytest.fixture(autouse=True)
def full():
    """The level that shows all tabs."""
    Organisation.objects.update(level=3)
    organisation.forget()


def choose(**data):
    data = {name: str(value) for name, value in {"period": "quarter", **data}.items()}
    return parse(data, axes(data), NOON)


def asked_for(tree):
    """Each region as an address may name it."""
    return ["", "none", *tree, *(alone(pk) for pk in tree)]


def naive_tree():
    """{region: its parts}, none included."""
    parts = defaultdict(list)
    for pk, above in Region.objects.values_list("pk", "parent"):
        parts[above].append(pk)
    return parts


def agreed(rows, parts, region, *cell):
    """The target of a region: its own, else that of its parts; None without any."""
    if (region, *cell) in rows:
        return rows[(region, *cell)]
    told = [one for part in parts[region] if (one := agreed(rows, parts, part, *cell)) is not None]
    return sum(told) if told else None


def summed(rows, parts, tops, segment=None):
    """The targets of these regions together over all months and segments, or one segment."""
    cells = {(what, month) for _region, what, month in rows if segment in (None, what)}
    told = [one for top in tops for cell in cells if (one := agreed(rows, parts, top, *cell)) is not None]
    return sum(told) if told else None


targets = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 1), st.integers(0, 1), st.integers(0, 9)),
    max_size=14,
    unique_by=lambda one: one[:3],
)


class AgainstTheOracle(TestCase):
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(targets, st.integers(0, 11))
    def test_targets_count_as_anybody_would_add_them(self, told, asked):
        organisation.forget()
        head, tree, smb = make.gather().sales_head, grown(), make.segment()
        places_of, segments = [0, *(one.pk for one in tree.values())], [0, smb.pk]
        rows = {}
        for place, segment, month, amount in told:
            rows[places_of[place], segments[segment], MONTHS[month]] = amount
            Target.objects.create(
                month=MONTHS[month], measure=Measure.WON, region_id=places_of[place] or None,
                segment_id=segments[segment] or None, amount=amount, set_by=head, set_at=NOON,
            )  # fmt: skip
        parts = naive_tree()
        choice = choose(region=asked_for([one.pk for one in tree.values()])[asked])
        if choice.region is None:
            within, tops = places_of, [0, *parts[None]]
        else:
            within, tops = list(choice.region.under), [choice.region.id]
            if choice.region.alone and parts[choice.region.id]:  # what is agreed is for it with its parts
                within, tops = [], []
        below = defaultdict(list) if choice.region and choice.region.alone else parts
        lines = {one: told for one in within if (told := summed(rows, below, [one])) is not None}
        by_segment = {one: told for one in segments if (told := summed(rows, below, tops, one)) is not None}
        total = summed(rows, below, tops)
        found = matrix(Measure.WON, choice.period, choice.today, 1, choice.region)
        assert found.total.target == total
        assert {one: found.segment(one).target for one in {key[1] for key in found.cells}} == by_segment
        assert {one: found.region(one).target for one in {key[0] for key in found.cells}} == lines
        assert {key[0] for key in found.own} == {key[0] for key in rows} & set(within)
        counted = climbing.counted(choice.period, choice.region)
        listed = [one.amount for one in Target.objects.filter(pk__in=counted)]
        assert (sum(listed) if listed else None) == total
        placed = places(choice)
        assert (placed.target(Measure.WON), placed.targets.get("won", {})) == (total, lines)
        for by, wanted in (("region", lines), ("segment", by_segment)):
            forecast = board(head, choice, by, NOON)
            assert forecast.total.target == total
            assert {one: sums.target for one, sums in forecast.groups.items()} == wanted
        told_of_head = reading.read(goals.parts(head, "sales_head", choice))["goals"]
        assert told_of_head == ([] if total is None else [{"measure": "won", "amount": total}])


def test_a_tree_says_what_holds_what():
    tree = Tree({3: 2, 1: None, 2: 1, 4: 1, 5: None})
    assert list(tree.up(3)) == [3, 2, 1]
    assert tree.whole({3: 1, 2: 10, 5: 100, 0: 1_000, 9: 7}) == {3: 1, 2: 11, 1: 11, 5: 100, 0: 1_000, 9: 7}
    assert tree.tops([3, 2, 1, 5, 0]) == [1, 5, 0]
    assert tree.lines([0, 1, 2, 3, 4, 5]) == [(1, 0), (2, 1), (3, 2), (4, 1), (5, 0), (0, 0)]
    assert tree.lines([0, 1, 2, 3, 4, 5], lambda one: -one) == [
        (5, 0),
        (1, 0),
        (4, 1),
        (2, 1),
        (3, 2),
        (0, 0),
    ]
    assert tree.lines([3, 1]) == [(1, 0), (3, 1)]  # beneath the nearest one that is told


@pytest.fixture
def house(cast):
    """Deals, leads, losses, spend and targets over all regions and none."""
    return settled(cast)


def month_sums(found):
    """How many leads of a Cohorts came, and how far."""
    inside = [one for one in found.funnel.months if one.month in choose_now().period]
    return sum(one.leads for one in inside), sum(one.to_sql for one in inside)


def test_a_line_says_what_the_page_says_of_its_region(house, cast):
    whole, at = choose_now(), timezone.now()
    told = {
        "targets": matrix("won", whole.period, whole.today, 1), "places": places(whole),
        "forecast": board(cast.sales_head, whole, "region", at), "glance": glance(cast.sales_head, whole, at),
        "losses": losses(whole, "region"), "cohorts": cohorts(whole), "combined": combined(whole),
        "outlook": outlook(whole, "won", "region"),
    }  # fmt: skip
    lines = {int(one.key): one for one in told["losses"].lines}
    rows = {row.id: row for row in told["outlook"].rows}
    for pk in (one.pk for one in house.values()):
        only = choose_now(region=pk)
        assert told["targets"].region(pk) == matrix("won", only.period, only.today, 1, only.region).total
        placed = places(only)
        assert (
            told["places"].sums[pk]
            == placed.total
            == sum_of(line.places.get(pk) for line in told["places"].lines)
        )
        assert [told["places"].target(one, pk) for one in TARGETED] == [
            placed.target(one) for one in TARGETED
        ]
        assert told["forecast"].groups[pk] == board(cast.sales_head, only, "region", at).total
        assert told["glance"].regions[pk] == glance(cast.sales_head, only, at).forecast
        lost = losses(only, "region")
        assert lines[pk].all == lost.total
        assert lines[pk].reasons == {one.id: one.now for one in lost.reasons if one.now.deals}
        came = told["cohorts"].sources["region"][pk]
        assert (came.leads, came.to_sql) == month_sums(cohorts(only))
        assert told["combined"].by("region")[pk] == combined(only).total
        planned = outlook(only, "won", "region")
        assert (rows[pk].years, rows[pk].months) == (planned.total.years, planned.total.months)
        assert vars(told["outlook"].money[pk]) == vars(planned.money_total)
    tree = Tree.of(reading.read(regions.PARTS)[regions.PART])
    tops = tree.tops([0, *(one.pk for one in house.values())])
    assert {house["dach"].pk, house["west"].pk, 0} == set(tops)
    assert sum_of(told["places"].sums[one] for one in tops) == told["places"].total
    assert sum_of(told["forecast"].groups[one] for one in tops) == told["forecast"].total
    assert (
        sum_of(lines[one].all for one in tops if one) + losses(choose_now(region="none"), "region").total
        == told["losses"].total
    )
    assert sum_of(told["combined"].by("region")[one] for one in tops) == told["combined"].total
    assert told["glance"].forecast == told["forecast"].total


def sum_of(several):
    first, *rest = [one for one in several if one is not None]
    return sum(rest, first)
