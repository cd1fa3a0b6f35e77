"""Readings of use from a file: units are made, corrections replace, and all of it can be taken back."""

import pytest

from leads import usage
from leads.models import UsageSign
from pipeline.models import Company, Product, Reading, Unit
from tests import cast as people
from tests.cast import NOON
from tests.leads.importing.running import figures, rejects

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

MAPPING = {
    "kind": "readings",
    "source": "plant",
    "formats": ["%Y-%m-%d"],
    "columns": {
        "model": "product", "sn": "serial", "customer": "company", "date": "day", "hours": "usage", "faults": "errors",
        "fw": "version", "installed": "since",
    },
}  # fmt: skip
ROWS = (
    "model,sn,customer,date,hours,faults,fw,installed\n"
    "press,A1,Acme GmbH,2026-06-01,7.5,0,1.0,2025-01-31\n"
    "press,A1,,2026-06-02,6,2,1.1,\n"
    "press,A2,Bolt,2026-06-02,1,0,,\n"
)


@pytest.fixture(autouse=True)
def press(db):
    return Product.objects.create(code="press", name="Press")


def rows():
    told = Reading.objects.order_by("unit__serial", "day").values_list(
        "unit__serial", "unit__company__name", "day", "usage", "errors"
    )
    return [(serial, name, str(day), float(used), errors) for serial, name, day, used, errors in told]


def test_units_are_made_at_their_company_and_corrections_replace(load):
    people.company("Acme")
    run = load(ROWS, MAPPING)
    told = [
        ("A1", "Acme", "2026-06-01", 7.5, 0), ("A1", "Acme", "2026-06-02", 6.0, 2), ("A2", "Bolt", "2026-06-02", 1.0, 0),
    ]  # fmt: skip
    assert rows() == told
    assert (run.counts["readings"], run.counts["units"], run.counts["companies"]) == (3, 2, 1)
    one = Unit.objects.get(serial="A1")
    assert (one.version, str(one.since)) == ("1.1", "2025-01-31")
    assert figures(load(ROWS, MAPPING)) == figures(load(ROWS, MAPPING))
    assert rows() == told
    again = load(ROWS.replace(",6,2,", ",5,3,"), MAPPING)
    assert (again.counts["updated"], again.counts["readings"]) == (1, 0)
    assert rows()[1] == ("A1", "Acme", "2026-06-02", 5.0, 3)


def test_what_cannot_be_says_why(load):
    load(ROWS, MAPPING)
    run = load(
        "model,sn,customer,date,hours,faults,fw,installed\n"
        "lathe,A1,,2026-06-03,1,,,\n"
        "press,A9,,2026-06-03,1,,,\n"
        "press,A1,Bolt,2026-06-03,1,,,\n"
        "press,A1,,2026-07-03,1,,,\n"
        "press,A1,,2026-06-03,-1,,,\n",
        MAPPING,
    )
    assert [(line, column) for line, column, *_rest in rejects(run)] == [
        (2, "model"), (3, "sn"), (4, "customer"), (5, "date"), (6, "hours"),
    ]  # fmt: skip
    assert len(rows()) == 3


def test_it_is_taken_back_with_its_units_and_what_they_said(load, back, cast):
    firm = people.company("Acme", sales_owner=cast.rep)
    known = Unit.objects.create(product=Product.objects.get(), serial="A1", company=firm)
    Reading.objects.create(
        unit=known, day="2026-06-02", usage=9, source="plant", external_id="press/A1/2026-06-02"
    )
    run = load(ROWS.replace("2026-06", "2026-03"), MAPPING)
    load(ROWS.replace("A2,Bolt", "A3,Cog"), MAPPING)
    usage.judge_due(at=NOON)
    assert set(UsageSign.objects.values_list("unit__serial", "kind")) == {("A2", "silent")}
    assert back(run) == []
    assert sorted({one[0] for one in rows()}) == ["A1", "A3"]
    assert not UsageSign.objects.exists()
    assert not Company.objects.filter(name="Bolt").exists()
    assert Unit.objects.filter(pk=known.pk).exists()


def test_a_unit_that_somebody_worked_on_stays_and_is_named(load, back, cast):
    run = load(ROWS.replace("2026-06", "2026-03"), MAPPING)
    usage.judge_due(at=NOON)
    sign = UsageSign.objects.get(unit__serial="A2")
    usage.propose(sign, by=cast.rep, at=NOON)
    assert back(run) == ["A2: worked on since", "Bolt: worked on since"]
    assert set(Unit.objects.values_list("serial", flat=True)) == {"A2"}
