"""Olist: leads that enter as MQLs, and those that became sellers."""

from collections import Counter
from datetime import date
from statistics import mean, median

import pytest
from django.db import connection
from django.db.models import Count, Q

from leads.models import Lead, StageChange
from pipeline.models import Deal
from tests.leads.importing.running import rejects

pytestmark = [pytest.mark.samples, pytest.mark.django_db]
MQLS, CLOSED = "olist/olist_marketing_qualified_leads_dataset.csv", "olist/olist_closed_deals_dataset.csv"


@pytest.fixture
def olist(take):
    """The runs of both files."""
    return take(MQLS, "olist_mqls"), take(CLOSED, "olist_closed")


def test_funnel_by_origin(olist, table, expected):
    connection.check_constraints()
    told = expected["olist"]
    assert [rejects(run) for run in olist] == [[], []]
    leads = Lead.objects.filter(source="olist")
    assert leads.count() == told["mqls"] == 8_000
    assert not leads.filter(Q(history=False) | Q(mql_at=None)).exists()
    won = leads.filter(stage="won")
    assert won.count() == told["won"] == 842
    assert won.count() / leads.count() == told["mql_to_won"] == 0.10525
    by_origin = leads.values_list("source_text").annotate(
        all=Count("pk"), won=Count("pk", filter=Q(stage="won"))
    )
    assert {origin or "null": [number, wins] for origin, number, wins in by_origin} == told["by_origin_won"]
    assert len(set(leads.values_list("attributes__landing_page", flat=True))) == told["landing_pages"]

    oracle = {row["mql_id"]: date.fromisoformat(row["first_contact_date"]) for row in table(MQLS)}
    days = [(lead.won_at.date() - lead.mql_at.date()).days for lead in won]
    told_days = [
        (date.fromisoformat(row["won_date"][:10]) - oracle[row["mql_id"]]).days for row in table(CLOSED)
    ]
    assert Counter(days) == Counter(told_days)
    assert (median(days), round(mean(days), 2)) == (14, 48.44)
    assert min(days) == -2


def test_wins_have_no_worth_and_steps_in_between_are_inferred(olist):
    deals = Deal.objects.filter(source="olist")
    assert (deals.count(), deals.won().filter(amount=None, cost=None).count()) == (842, 842)
    steps = StageChange.objects.filter(lead__stage="won").values_list("to_stage", "inferred")
    assert Counter(steps) == {
        ("new", False): 842, ("mql", False): 842, ("ready", True): 842, ("sql", True): 842, ("deal", True): 842,
        ("won", False): 842,
    }  # fmt: skip
    early = rejects(olist[1], warning=True)
    assert [(column, reason) for _line, column, _value, reason in early] == [
        ("won_date", "the win is dated before the first contact")
    ]


def test_the_same_files_change_nothing(olist, take):
    before = (
        list(Lead.objects.order_by("pk").values()),
        list(Deal.objects.order_by("pk").values()),
        StageChange.objects.count(),
    )
    for name, mapping in ((MQLS, "olist_mqls"), (CLOSED, "olist_closed")):
        run = take(name, mapping)
        assert (run.counts["created"], run.counts["updated"]) == (0, 0)
    after = (
        list(Lead.objects.order_by("pk").values()),
        list(Deal.objects.order_by("pk").values()),
        StageChange.objects.count(),
    )
    assert after == before
