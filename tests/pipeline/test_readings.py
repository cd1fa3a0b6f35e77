"""Readings come many at once, again and again: each counts once, makes its unit known, and is forgotten in time."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts import organisation
from accounts.models import Organisation
from pipeline import readings
from pipeline.models import Company, Product, Reading, Unit
from pipeline.models.units import NEVER
from tests.cast import NOON, company, deal

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
DAY = timedelta(days=1)


@pytest.fixture
def press():
    return Product.objects.create(code="press", name="Press", source="scada", external_id="P-7")


def told(**fields):
    return readings.Told(
        **{"source": "scada", "product": "press", "serial": "A1", "day": TODAY, "usage": Decimal(7), **fields}
    )


def kept():
    rows = Reading.objects.order_by("day", "id").values_list(
        "unit__serial", "day", "usage", "errors", "external_id"
    )
    return [
        (serial, (TODAY - day).days, float(usage), errors, key) for serial, day, usage, errors, key in rows
    ]


def test_a_unit_that_nobody_knew_is_made_at_its_company_with_the_deal_that_sold_it(press):
    firm = company(source="scada", external_id="C-1")
    sold = deal(company=firm, product=press, outcome="won", signed_on=TODAY - 300 * DAY, closed_at=NOON)
    deal(company=firm, outcome="won", signed_on=TODAY, closed_at=NOON)
    results = readings.take(
        [told(company_key="C-1", version="4.1"), told(serial="A2", product="P-7", company=firm.pk)]
    )
    assert results == list(Reading.objects.order_by("unit__serial").values_list("id", flat=True))
    assert list(Unit.objects.values_list("serial", "company", "deal", "version", "judged_on")) == [
        ("A1", firm.pk, sold.pk, "4.1", NEVER),
        ("A2", firm.pk, sold.pk, "", NEVER),
    ]


def test_sending_again_changes_what_says_otherwise_and_adds_nothing(press):
    one = Unit.objects.create(product=press, serial="A1", company=company(), judged_on=TODAY)
    first = readings.take([told(external_id="x"), told(day=TODAY - DAY)])
    Unit.objects.update(judged_on=TODAY)
    assert readings.take([told(external_id="x"), told(day=TODAY - DAY)]) == first
    assert Unit.objects.get().judged_on == TODAY
    readings.take(
        [told(external_id="x", usage=Decimal(1)), told(external_id="x", usage=Decimal(3), errors=2)]
    )
    assert kept() == [("A1", 1, 7.0, 0, f"{press.pk}/A1/{TODAY - DAY}"), ("A1", 0, 3.0, 2, "x")]
    assert Unit.objects.get(pk=one.pk).judged_on == NEVER


def test_rows_that_cannot_be_taken_say_why_and_harm_no_other(press):
    here, there = company(), company()
    Unit.objects.create(product=press, serial="A1", company=here)
    gone = company(merged_into=here)
    results = readings.take([
        told(product="lathe"), told(company=0), told(company=10**9), told(serial="new"), told(company=there.pk),
        told(company=gone.pk),
    ])  # fmt: skip
    assert [type(one) is dict and set(one) for one in results] == [
        {"product"}, False, {"company"}, {"company"}, {"company"}, False,
    ]  # fmt: skip
    assert results[1] == results[5]
    assert Unit.objects.count() == 1
    assert Company.objects.count() == 3


def test_the_version_is_that_of_the_newest_day_that_tells_one(press):
    Unit.objects.create(product=press, serial="A1", company=company())
    readings.take([told(version="2", day=TODAY - DAY), told(version="1", day=TODAY - 9 * DAY), told()])
    assert Unit.objects.get().version == "2"


def test_old_readings_are_forgotten_but_for_the_last_day_of_use(press):
    Organisation.objects.update(usage_days=100)
    organisation.forget()
    used = Unit.objects.create(product=press, serial="A1", company=company())
    silent = Unit.objects.create(product=press, serial="A2", company=company())
    for one, days in ((used, (300, 200, 100, 5)), (silent, (300, 200))):
        for n in days:
            Reading.objects.create(
                unit=one, day=TODAY - n * DAY, usage=1, source="s", external_id=f"{one.pk}/{n}"
            )
    Reading.objects.create(unit=silent, day=TODAY - 150 * DAY, usage=0, source="s", external_id="zero")
    assert [readings.forget_due(limit=2, at=NOON) for _ in range(3)] == [2, 2, 0]
    assert [(serial, n) for serial, n, *_rest in kept()] == [("A2", 200), ("A1", 100), ("A1", 5)]
    Organisation.objects.update(usage_days=0)
    organisation.forget()
    assert readings.forget_due(at=NOON + 3000 * DAY) == 0
