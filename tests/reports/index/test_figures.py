"""The joint index against a naive reckoning from the records: flows, levels, markets, versions, running periods."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import organisation
from leads import closing
from leads.models import Lead
from reports import locks
from reports.choice import axes
from reports.index import figures, versions
from reports.index.figures import Line, Reached, Told, spanned
from reports.index.versions import Component, Version
from reports.models import BrandWave, Credit
from reports.rollups import roll_all
from tests import cast as make
from tests.cast import NOON
from tests.reports.attribution.test_credits import win
from tests.reports.brand.worlds import marked, searched, wave
from tests.reports.index.worlds import ALL, agree, drafted
from tests.reports.test_filters import choose

pytestmark = pytest.mark.django_db
Q1, Q2 = spanned(date(2026, 1, 1), 3), spanned(date(2026, 4, 1), 3)
LATER = NOON.replace(month=8)  # both quarters are over


def told(*spans, at=LATER, **narrow):
    """The Told of each Period, as seen at a moment."""
    roll_all()
    known = axes()
    choice = choose(**narrow)
    choice = replace(choice, today=organisation.today(at))
    return figures.told(choice, list(spans or (Q2,)), known.locks, organisation.current().live_on)


def sql(day, **fields):
    """A pass that sales accepted on a day."""
    at = NOON.replace(month=day.month, day=day.day)
    return make.lead(at, stage="sql", captured_at=at, mql_at=at, ready_at=at, sql_at=at, **fields)


def sold(campaign, amount, day, **fields):
    """A deal that a touch of the campaign won two days later."""
    contact = make.contact()
    make.touch(contact, NOON.replace(month=day.month, day=day.day) - timedelta(days=2), campaign=campaign)
    return win(amount, [contact], signed_on=day, **fields)


def reached(one):
    """{kind: the value, rounded} of what was measured."""
    return {line.component.kind: line.reached and round(float(line.reached.value), 6) for line in one.lines}


@pytest.fixture
def firm(cast):
    """Records since January; five leads accepted in spring, two wins, a survey, a mark and two months of searches."""
    fair = make.campaign("Fair")
    make.lead(NOON.replace(month=1, day=1))
    for day in (date(2026, 4, 1), date(2026, 5, 2), date(2026, 6, 30), date(2026, 6, 1), date(2026, 4, 9)):
        sql(day)
    sql(date(2026, 3, 31))
    sold(fair, 60, date(2026, 1, 2))
    sold(fair, 200, date(2026, 5, 2))
    sold(fair, 40, date(2026, 6, 30))
    sold(fair, 900, date(2026, 5, 2), kind="renewal")
    wave(cast)
    marked(cast, Decimal("4.6"))
    searched(cast, date(2026, 4, 1), 200, 1000)
    searched(cast, date(2026, 6, 1), 100, 200)
    return fair


def test_every_component_is_what_the_records_say(cast, firm):
    agree(cast, cap=130)
    (one,) = told()
    accepted = Lead.objects.filter(sql_at__date__gte=Q2.first, sql_at__date__lt=Q2.until).count()
    credited = sum(
        credit.amount
        for credit in Credit.objects.filter(model="linear", open=False, renewal=False, campaign__isnull=False)
        if credit.month in Q2
    )
    assert (accepted, credited) == (5, 240)
    assert reached(one) == {
        "leads": 5, "sales": 240, "reputation": 90, "awareness": 50, "search": 25,
    }  # fmt: skip
    points = {line.component.kind: round(float(line.points), 4) for line in one.lines}
    assert points == {
        "leads": round(5 / 6 * 100, 4), "sales": 80, "reputation": 120, "awareness": 100, "search": round(25 / 30 * 100, 4),
    }  # fmt: skip
    naive = sum(weight * points[kind] for kind, (weight, _expected) in ALL.items()) / 105
    assert abs(float(one.index) - naive) < 1e-4
    assert (one.measured, one.is_over) == (1, True)


def test_what_was_not_measured_is_left_out_and_named(cast, firm):
    agree(cast)
    BrandWave.objects.all().delete()
    (one,) = told()
    assert [line.component.kind for line in one.lines if line.reached is None] == ["reputation", "awareness"]
    assert round(one.measured, 6) == round(Decimal(75) / 105, 6)
    naive = (40 * 5 / 6 * 100 + 30 * 80 + 5 * 25 / 30 * 100) / 75
    assert abs(float(one.index) - naive) < 1e-9


def test_nothing_is_told_of_days_before_records_or_going_live(cast, firm):
    agree(cast, first=date(2025, 1, 1))
    before, first, second = told(spanned(date(2025, 10, 1), 3), Q1, Q2)
    assert (before.index, before.measured) == (None, 0)
    assert reached(first)["sales"] == 60
    house = organisation.current()
    house.live_on = date(2026, 2, 3)
    house.save()
    organisation.forget()
    first, second = told(Q1, Q2)
    assert (reached(first)["leads"], reached(first)["sales"]) == (None, None)
    assert reached(second)["leads"] == 5


def test_points_are_capped_and_never_below_nothing(cast, firm):
    agree(cast, {"leads": (1, "0.1"), "sales": (1, 100)}, cap=110)
    deal = sold(firm, 500, date(2026, 3, 3))
    closing.cancel(deal, amount=Decimal(500), on=date(2026, 5, 1), reason="x", by=None, at=NOON)
    (one,) = told()
    assert [(line.component.kind, line.points) for line in one.lines] == [("leads", 110), ("sales", 0)]
    assert reached(one)["sales"] == 240 - 500


def test_a_running_period_owes_what_is_due_by_today(cast, firm):
    agree(cast)
    (one,) = told(at=NOON)  # the 10th of June: 71 of 91 days
    assert one.gone == Decimal(71) / 91
    expected = {line.component.kind: line.expected for line in one.lines}
    assert expected["leads"] == 6 * Decimal(71) / 91
    assert expected["reputation"] == 75


def test_a_survey_counts_for_its_months_and_the_latest_that_asked_it_stands(cast, firm):
    agree(cast, {"awareness": (1, 50), "unaided": (1, 50), "reputation": (1, 50)}, lasts=2)
    wave(cast, "Prompted alone", on=date(2026, 5, 31), top=None, other=None, prompted=120)
    months = [spanned(date(2026, month, 1), 1) for month in range(3, 9)]
    assert [reached(one) for one in told(*months, at=NOON.replace(month=12))] == [
        {"awareness": None, "unaided": None, "reputation": None},
        {"awareness": 50, "unaided": 25, "reputation": 90},
        {"awareness": 30, "unaided": 25, "reputation": 90},
        {"awareness": 30, "unaided": None, "reputation": None},
        {"awareness": None, "unaided": None, "reputation": None},
        {"awareness": None, "unaided": None, "reputation": None},
    ]
    (quarter,) = told()
    assert [line.reached.wave and line.reached.wave[1] for line in quarter.lines] == [
        "Prompted alone", "Spring", "Image",
    ]  # fmt: skip


def test_a_survey_of_a_day_to_come_is_not_there_yet(cast):
    agree(cast, {"awareness": (1, 50)})
    wave(cast, on=date(2026, 6, 11))
    (one,) = told(at=NOON)
    assert one.index is None


def test_a_market_has_its_own_version_figures_and_surveys(cast, firm):
    north, smb = make.region(), make.segment()
    part = make.campaign("Part", region=north)
    sold(part, 70, date(2026, 4, 4))
    sql(date(2026, 5, 5), region=north)
    wave(cast, "Of North", region=north, prompted=0)
    wave(cast, "Of North and SMB", region=north, segment=smb, prompted=300)
    agree(cast)
    assert told(region=north.pk)[0].version is None
    agree(cast, {"leads": (1, 1), "sales": (1, 10), "awareness": (1, 10)}, region=north)
    (one,) = told(region=north.pk)
    assert reached(one) == {"leads": 1, "sales": 70, "awareness": 25}
    (house,) = told()
    assert reached(house) == {"leads": 6, "sales": 310, "reputation": 90, "awareness": 50, "search": 25}


def test_a_period_goes_by_the_version_that_held_in_its_first_month(cast):
    first = agree(cast, first=date(2025, 1, 1))
    drafted(cast, first=date(2026, 4, 1))  # nobody signed it
    second = agree(cast, first=date(2026, 8, 1))
    third = agree(cast, first=date(2026, 8, 1))
    spans = [spanned(date(2024, 10, 1), 3), Q2, spanned(date(2026, 7, 1), 3), spanned(date(2026, 10, 1), 3)]
    assert [one.version and one.version.id for one in told(*spans)] == [None, first.pk, first.pk, third.pk]
    assert second.pk != third.pk


def test_a_version_that_would_change_past_months_is_not_signed(cast):
    agree(cast)
    late = drafted(cast, first=date(2026, 5, 1))
    with pytest.raises(versions.signing.NotToSign, match="Months that are over"):
        versions.sign(late.pk, by=cast.sales_head, at=NOON)
    other = drafted(cast, first=date(2026, 5, 1), region=make.region())
    assert not versions.sign(other.pk, by=cast.sales_head, at=NOON)
    assert not versions.sign(drafted(cast, first=date(2026, 6, 1)).pk, by=cast.sales_head, at=NOON)


def test_sales_are_credited_by_the_model_that_finance_locked_for_that_year(cast):
    first, last = make.campaign("First"), make.campaign("Last", region=make.region())
    contact = make.contact()
    make.touch(contact, NOON - timedelta(days=20), campaign=first)
    make.touch(contact, NOON - timedelta(days=2), campaign=last)
    win("100", [contact], signed_on=date(2026, 6, 9))
    win("1", signed_on=date(2026, 1, 1))
    agree(cast, {"sales": (1, 10)}, region=last.region)
    (one,) = told(region=last.region_id)
    assert (one.model, reached(one)["sales"]) == ("linear", 50)
    locks.lock("last", date(2026, 6, 1), cast.finance, NOON)
    (one,) = told(region=last.region_id)
    assert (one.model, reached(one)["sales"]) == ("last", 100)


def test_one_statement_whatever_there_is(cast, firm, django_assert_num_queries):
    agree(cast)
    roll_all()
    known, choice = axes(), choose()
    spans = figures.recent("month", choice.today, 1)
    with django_assert_num_queries(1):
        figures.told(choice, spans, known.locks)
    assert [one.first for one in figures.recent("quarter", choice.today, 1)][-2:] == [Q1.first, Q2.first]


def test_lately_tells_a_mean_month_and_the_latest_level(cast, firm):
    roll_all()
    known = axes()
    choice = replace(choose(), today=date(2027, 1, 5))
    found = figures.lately(choice, known.locks)
    assert {kind: one and round(float(one.value), 4) for kind, one in found.items()} == {
        "leads": 0.5, "sales": 25, "reputation": 90, "awareness": 50, "unaided": 25, "search": 25,
    }  # fmt: skip


NUMBERS = st.tuples(st.integers(1, 50), st.integers(1, 100), st.one_of(st.none(), st.integers(-50, 300)))


@given(st.lists(NUMBERS, min_size=1, max_size=6), st.integers(100, 200))
def test_the_index_is_the_weighted_mean_of_capped_points(rows, cap):
    lines = [
        Line(Component("leads", Decimal(weight), Decimal(expected)), cap, Decimal(expected),
             None if value is None else Reached(Decimal(value)))
        for weight, expected, value in rows
    ]  # fmt: skip
    one = Told(
        Q1, Version(1, Q1.first, cap, 6, [line.component for line in lines]), "linear", lines, Decimal(1)
    )
    known = [(w, max(0, min(cap, 100 * v / e))) for w, e, v in rows if v is not None]
    if not known:
        assert one.index is None
    else:
        assert abs(float(one.index) - sum(w * p for w, p in known) / sum(w for w, _p in known)) < 1e-6
        assert 0 <= one.index <= cap + Decimal("1e-9")
    assert 0 <= one.measured <= 1
