"""Rounds of targets in which several people ask for something, what the page says of a change, and years that are over."""

from datetime import date
from decimal import Decimal

import pytest

from accounts import organisation
from accounts.models import Organisation
from leads.signing import NotToSign
from reports import periods
from reports.models import Measure, Target, TargetRound
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


def said(client, amount, first="2026-04", last="2026-06", before="300", **more):
    """What the page of targets says after a change of its only cell."""
    sent = {"cell-0-0": amount, "initial-cell-0-0": before, **more}
    page = f"/dashboard/targets/?from={first}&to={last}&measure=won"
    return [str(one) for one in client.post(page, sent, follow=True).context["messages"]]


def test_the_page_says_what_became_of_a_change(client, cast):
    set_to(cast, 300)
    client.force_login(cast.sales_head)
    assert said(client, "310") == ["The targets are saved."]
    agree(cast, proposed(cast))
    assert said(client, "360", why="more") == ["Proposed: it counts once every side has signed."]
    assert said(client, "360", before="360") == ["The targets are saved."]  # nothing was changed
    assert said(client, "310", before="360") == ["The proposal is taken back: all is to be as it was agreed."]
    both = said(client, "50", "2026-12", "2027-01", "", why="longer")
    assert both == [
        "Proposed: it counts once every side has signed. What falls into Jan 2027 – Dec 2027 is saved and counts now: "
        "nobody has agreed on it."
    ]
    assert dict(Target.objects.filter(month__gte=date(2026, 12, 1)).values_list("month", "amount")) == {
        date(2027, 1, 1): 25
    }


def test_a_year_that_is_over_stays_as_it_is_set(client, cast):
    last = periods.between(date(2025, 10, 1), date(2025, 12, 1))
    set_to(cast, 300, last)
    with pytest.raises(NotToSign):
        deciding.propose(date(2025, 1, 1), why="w", asked_by="", by=cast.sales_head, at=NOON)
    assert deciding.propose(date(2025, 1, 1), why="w", asked_by="", by=cast.sales_head, at=NOON - 365 * DAY)
    TargetRound.objects.all().delete()
    client.force_login(cast.sales_head)
    url = f"{PAGE}new/?year=2025-01"
    assert url not in client.get("/dashboard/targets/?from=2025-10&to=2025-12&measure=won").content.decode()
    assert "This year is over" in client.post(url, {"why": "w"}).content.decode()


def test_rounds_and_goals_of_markets_offer_their_files(client, cast):
    set_to(cast, 300)
    found = proposed(cast)
    client.force_login(cast.finance)
    for page in (PAGE, f"{PAGE}{found.pk}/", "/dashboard/market/"):
        shown = client.get(page).content.decode()
        for kind in ("csv", "xlsx"):
            assert f'href="{page}?format={kind}"' in shown
            assert client.get(f"{page}?format={kind}").status_code == 200
