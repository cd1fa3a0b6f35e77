"""Rounds of targets in which several people ask for something, and changes that leave nothing to agree on."""

from decimal import Decimal

import pytest

from accounts import organisation
from accounts.models import Organisation
from reports.models import Measure, Target
from reports.rounds import deciding
from reports.targets import promise
from tests.api import Api
from tests.cast import NOON
from tests.reports.test_rounds import DAY, MATRIX, PAGE, QUARTER, YEAR, agree, proposed, set_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    Organisation.objects.update(level=2)
    organisation.forget()


def test_who_joins_a_round_is_named_and_stands_for_the_own_amounts(client, cast):
    set_to(cast, 300)
    agree(cast, proposed(cast))
    how = {"why": "a big fair", "asked_by": "the board"}
    (found,) = promise(Measure.SQLS, QUARTER, {(0, 0): Decimal(30)}, cast.marketing_head, NOON, **how)
    set_to(cast, 360, why="fair", asked_by="a dealer")
    set_to(cast, 390, why="fair", asked_by="a dealer")
    found.refresh_from_db()
    assert (found.proposed_by, found.why, found.asked_by) == (
        cast.marketing_head, "a big fair\nSales Head: fair", "the board; a dealer",
    )  # fmt: skip
    client.force_login(cast.finance)
    shown = client.get(f"{PAGE}{found.pk}/")
    assert shown.context["proposers"] == "Marketing Head, Sales Head"
    assert {row["measure"]: row["by"] for row in shown.context["table"].rows} == {
        "Won revenue": "Sales Head", "Accepted SQLs": "Marketing Head",
    }  # fmt: skip
    for url in (PAGE, MATRIX):
        assert "Marketing Head, Sales Head" in client.get(url).content.decode()
    assert Api(cast.finance).get(f"/target-rounds/{found.pk}/")[1]["joined"] == [cast.sales_head.pk]
    agree(cast, found)
    assert set(Target.objects.values_list("measure", "set_by")) == {
        ("won", cast.sales_head.pk), ("sqls", cast.marketing_head.pk),
    }  # fmt: skip


def test_agreeing_on_what_is_set_leaves_who_set_it(cast):
    set_to(cast, 300)
    agree(cast, deciding.propose(YEAR, why="plan", asked_by="", by=cast.marketing_head, at=NOON + DAY))
    assert set(Target.objects.values_list("set_by", "set_at")) == {(cast.sales_head.pk, NOON)}
