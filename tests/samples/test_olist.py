"""Olist: leads that enter as MQLs, and those that became sellers."""

from collections import Counter
from datetime import date
from statistics import mean, median

import pytest
from django.db.models import Count, Q

from leads.models import Lead, StageChange
from pipeline.models import Deal
from reports.choice import Axes, parse
from reports.funnel import funnel
from reports.money import NOT_AVAILABLE
from reports.returns import returns
from tests.cast import NOON
from tests.leads.importing.running import rejects
from tests.samples.reading import api, figures, page

pytestmark = [pytest.mark.samples, pytest.mark.django_db]
MQLS, CLOSED = "olist/olist_marketing_qualified_leads_dataset.csv", "olist/olist_closed_deals_dataset.csv"
FILES = {"olist_mqls": MQLS, "olist_closed": CLOSED}


@pytest.fixture(scope="module")
def olist(bring):
    """The runs of both files."""
    return [bring(name, mapping) for mapping, name in FILES.items()]


def test_the_funnel_on_the_dashboard_and_in_the_api(olist, cast, table, expected):
    told = expected["olist"]
    oracle = {row["mql_id"]: date.fromisoformat(row["first_contact_date"]) for row in table(MQLS)}
    days = [(date.fromisoformat(row["won_date"][:10]) - oracle[row["mql_id"]]).days for row in table(CLOSED)]
    assert (median(days), round(mean(days), 2), min(days)) == (14, 48.44, -2)

    found = funnel(parse({"period": "all"}, Axes({}, {}), NOON))
    assert (found.now.leads, found.now.mqls, found.now.to_won) == (8_000, 8_000, 842)
    step = found.steps["new_won"]
    assert float(step.rate) == told["mql_to_won"] == 0.10525
    assert dict(step.days.bins) == Counter(days)  # the one win before its first contact among them
    assert step.median == told["days_to_win_median"] == 14
    assert (
        round(sum(value * count for value, count in step.days.bins) / step.days.total, 4)
        == told["days_to_win_mean"]
    )
    # steps that history had to infer count as reached, never in days
    inferred = [found.steps[name] for name in ("mql_sql", "sql_deal", "deal_won", "sql_won")]
    assert {(one.reached, one.days.total, one.median) for one in inferred} == {(842, 0, None)}

    body = api(cast.marketer, "dashboard")
    assert body["cohort"] == {"leads": 8000, "to_mql": 8000, "to_ready": 842, "to_sql": 842, "to_deal": 842, "to_won": 842}  # fmt: skip
    steps = {one["step"]: one for one in body["steps"]}
    assert (steps["new_won"]["rate"], steps["new_won"]["median_days"]) == ("0.10525", "14")
    assert [steps[name]["median_days"] for name in ("mql_sql", "sql_deal", "deal_won")] == [None] * 3
    words = page(cast.marketer)
    assert "Lead → won 8,000 10.5%" in words


def test_the_return_is_not_available(olist, cast):
    roi = returns(parse({"period": "all"}, Axes({}, {}), NOON)).total
    assert {roi.revenue_roi, roi.margin_roi, roi.roas} == {NOT_AVAILABLE}
    body = api(cast.finance, "dashboard")
    assert (figures(body)["revenue_roi"], figures(body)["won"]) == ((None, False), (None, False))
    assert (body["total"]["revenue_roi"], body["total"]["revenue_available"]) == (None, False)
    assert page(cast.finance).count("not available") >= 2


def test_leads_by_origin_and_what_came_of_them(olist, expected):
    told = expected["olist"]
    assert [rejects(run) for run in olist] == [[], []]
    leads = Lead.objects.filter(source="olist")
    assert leads.count() == told["mqls"] == 8_000
    assert not leads.filter(Q(history=False) | Q(mql_at=None)).exists()
    by_origin = leads.values_list("source_text").annotate(
        all=Count("pk"), won=Count("pk", filter=Q(stage="won"))
    )
    assert {origin or "null": [number, wins] for origin, number, wins in by_origin} == told["by_origin_won"]
    assert len(set(leads.values_list("attributes__landing_page", flat=True))) == told["landing_pages"]
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


def test_the_same_files_change_nothing(olist, bring):
    def all_of_it():
        return [
            list(model.objects.order_by("pk").values()) for model in (Lead, Deal)
        ], StageChange.objects.count()

    before = all_of_it()
    for mapping, name in FILES.items():
        run = bring(name, mapping)
        assert (run.counts["created"], run.counts["updated"]) == (0, 0)
    assert all_of_it() == before
