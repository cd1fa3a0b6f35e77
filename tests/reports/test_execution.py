"""Plan against execution: kept at the launch and never rewritten, held against what came, changes with who and why."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts import organisation
from accounts.models import Organisation
from pipeline.models import Campaign
from reports import executing, locks, migrations
from reports.choice import axes, parse
from reports.models import LaunchPlan, PlanRemark
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_csv, read_tables, worded
from tests.pages import queries
from tests.reports.attribution.test_credits import DAY
from tests.reports.test_returns import spend, won_by

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/execution/?period=all"
FIRST, LAST = date(2026, 5, 17), date(2026, 7, 15)


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


def plan(name="Fair", **fields):
    """A campaign that is planned, with everything that a plan may say."""
    return make.campaign(
        name, starts_on=FIRST, ends_on=LAST, budget=1000, expected_leads=8, expected_mqls=4, expected_sqls=2,
        expected_pipeline=9000, expected_revenue=3000, **fields,
    )  # fmt: skip


def launch(campaign):
    Campaign.objects.filter(pk=campaign.pk).update(status="active")


def choose(**data):
    data = {name: str(value) for name, value in {"period": "all", **data}.items()}
    return parse(data, axes(data), NOON)


def test_the_database_keeps_the_plan_when_a_campaign_first_runs_and_nobody_rewrites_it(cast):
    campaign = plan(segment=make.segment(), region=make.region())
    spend(campaign, 600, "planned", date(2026, 6, 1))
    spend(campaign, 400, "planned", date(2026, 7, 1))
    spend(campaign, 9, "paid")
    assert not LaunchPlan.objects.exists()
    status, _body = Api(cast.marketer).patch(f"/campaigns/{campaign.pk}/", {"status": "active"})
    assert status == 200
    kept = LaunchPlan.objects.get()
    assert (kept.campaign_id, kept.launched_by_id, kept.from_history) == (
        campaign.pk,
        cast.marketer.pk,
        False,
    )
    assert (kept.starts_on, kept.ends_on, kept.budget, kept.expected_leads) == (FIRST, LAST, 1000, 8)
    assert (kept.expected_mqls, kept.expected_sqls, kept.expected_pipeline) == (4, 2, 9000)
    assert (kept.segment_id, kept.region_id, kept.channel) == (campaign.segment_id, campaign.region_id, "sem")
    assert kept.months == {"2026-06": "600.0000", "2026-07": "400.0000"}
    Campaign.objects.update(budget=5, status="planned")
    Campaign.objects.update(status="active")
    assert LaunchPlan.objects.get().budget == 1000
    for statement in ("UPDATE reports_launchplan SET budget = 1", "DELETE FROM reports_launchplan"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_came_is_held_against_what_was_due_of_the_plan_as_launched(cast):
    campaign, other, _planned = plan(), plan("Other"), plan("Only planned")
    launch(campaign)
    launch(other)
    Campaign.objects.filter(pk=campaign.pk).update(ends_on=LAST + timedelta(days=20), budget=2000)
    part = make.campaign("Part", parent=campaign)
    spend(campaign, 500)
    spend(part, 250, "committed")
    for _ in range(2):
        make.lead(NOON - DAY, campaign=campaign)
    won_by(part, 1500)
    roll_all()
    found = {one.name: one for one in executing.executed(choose())}
    assert set(found) == {"Fair", "Other"}
    one = found["Fair"]
    today = NOON.date()
    passed = Decimal((today - FIRST).days + 1) / ((LAST - FIRST).days + 1)
    assert (one.passed, one.moved, one.changed) == (passed, 20, 1)
    assert one.now.values["spend"] == 2000
    planned_values = {"spend": 1000, "leads": 8, "mqls": 4, "sqls": 2, "pipeline": 9000, "revenue": 3000}
    came = {"spend": 750, "leads": 2, "mqls": 0, "sqls": 0, "pipeline": 0, "revenue": 1500}
    assert one.launched.values == planned_values
    assert one.came == came
    for name, value in planned_values.items():
        assert one.due(name) == value * passed
        assert one.off(name) == (came[name] - value * passed) / (value * passed)
    assert abs(one.most_off) == max(abs(one.off(name)) for name in came)
    Campaign.objects.filter(pk=campaign.pk).update(status="done")
    assert next(one for one in executing.executed(choose()) if one.name == "Fair").due("leads") == 8


def test_a_programme_without_a_plan_of_its_own_stands_for_what_was_launched_under_it(client, cast):
    programme = make.campaign("Programme", expected_leads=0, expected_mqls=30)
    between = make.campaign("Between", parent=programme)  # never launched
    over = plan("Over", parent=between, region=make.region())
    running, _waiting = plan("Running", parent=programme), plan("Waiting", parent=programme)
    for campaign in (programme, over, running):
        launch(campaign)
    Campaign.objects.filter(pk=over.pk).update(status="done")
    Campaign.objects.filter(pk=running.pk).update(expected_leads=10)
    spend(over, 500)
    roll_all()
    found = {one.name: one for one in executing.executed(choose())}
    assert set(found) == {"Programme", "Over", "Running"}
    one = found["Programme"]
    values = {"spend": 2000, "leads": 16, "mqls": 30, "sqls": 4, "pipeline": 18000, "revenue": 6000}
    assert {name: one.planned(name) for name in executing.MEASURES} == values
    assert one.planned_now("leads") == 18
    for name in set(values) - {"mqls"}:
        assert one.due(name) == found["Over"].due(name) + found["Running"].due(name) != values[name]
    assert one.due("mqls") == 30  # it has no days: all of it is due
    assert one.off("spend") == (500 - one.due("spend")) / one.due("spend")
    assert [one.planned("leads") for one in executing.executed(choose(), under=programme.pk)] == [16]
    assert executing.executed(choose(), under=between.pk) == []
    narrowed = executing.executed(choose(region=over.region_id))
    assert [one.name for one in narrowed] == ["Over"]
    told = Api(cast.finance).get(f"/reports/execution/{programme.pk}/")[1]["measures"]
    assert {one["measure"]: Decimal(one["launched"]) for one in told} == values
    client.force_login(cast.admin)
    rows = {row["name"]: row for row in client.get(PAGE).context["table"].rows}
    assert "due" in rows["Programme"]["spend_note"]


def test_the_months_of_a_programme_are_those_of_all_under_it(client, cast):
    programme = make.campaign("Programme", budget=9000)
    between = make.campaign("Between", parent=programme)  # never launched
    over, running = plan("Over", parent=between), plan("Running", parent=programme)
    for campaign, amount in ((over, 30), (running, 400), (programme, 5)):
        spend(campaign, amount, "planned", date(2026, 6, 1))
    spend(running, 70, "planned", date(2026, 7, 1))
    for campaign in (programme, over, running):
        launch(campaign)
    for campaign, amount in ((over, 100), (between, 20), (programme, 3)):
        spend(campaign, amount, "paid", date(2026, 6, 1))
    spend(running, 50, "committed", date(2026, 7, 1))
    roll_all()
    client.force_login(cast.finance)
    context = client.get(f"/campaigns/{programme.pk}/execution/").context
    told = [(row["launched"], row["planned"], row["came"]) for row in context["months"].rows]
    assert told == [(435, 435, 123), (70, 70, 50)]
    assert sum(came for _launched, _planned, came in told) == context["one"].came["spend"]
    assert Api(cast.finance).get(f"/reports/execution/{programme.pk}/")[1]["months"] == {
        "2026-06": "435", "2026-07": "70",
    }  # fmt: skip
    one = client.get(f"/campaigns/{over.pk}/execution/").context["months"].rows
    assert [(row["launched"], row["came"]) for row in one] == [(30, 100)]


def test_a_launch_is_on_the_day_that_it_was_at_the_house(client, cast):
    Organisation.objects.update(zone="Asia/Shanghai")
    organisation.forget()
    early = make.campaign("Early", expected_leads=3)
    LaunchPlan.objects.create(
        campaign=early, launched_at=datetime(2026, 5, 31, 23, tzinfo=UTC), channel="sem", currency="EUR"
    )
    client.force_login(cast.finance)
    june, may = ({"from": month, "to": month} for month in ("2026-06", "2026-05"))
    (row,) = client.get("/dashboard/execution/", june).context["table"].rows
    assert row["launched"] == date(2026, 6, 1)
    assert client.get("/dashboard/execution/", may).context["table"].rows == []


def test_on_its_last_day_all_of_a_plan_is_due(cast):
    launch(make.campaign("Ends", starts_on=FIRST, ends_on=NOON.date(), expected_leads=7))
    roll_all()
    assert {one.name: one.due("leads") for one in executing.executed(choose())}["Ends"] == 7


def test_the_page_sorts_narrows_and_comes_as_a_file(client, cast):
    north = make.region()
    for name, region, leads in (("Near", north, 4), ("Far", None, 0)):
        campaign = plan(name, region=region)
        launch(campaign)
        for _ in range(leads):
            make.lead(NOON, campaign=campaign)
    Campaign.objects.filter(name="Near").update(
        expected_mqls=None, expected_sqls=None, expected_pipeline=None, expected_revenue=None, budget=None
    )
    roll_all()
    client.force_login(cast.admin)

    def names(query=""):
        return [row["name"] for row in client.get(f"{PAGE}{query}").context["table"].rows]

    assert set(names()) == {"Far", "Near"}
    assert names("&sort=name") == ["Far", "Near"]
    assert names("&sort=-changed") == ["Near", "Far"]
    assert names(f"&region={north.pk}") == ["Near"]
    assert client.get(f"{PAGE}&sort=luck").status_code == 400
    assert client.get(PAGE).context["table"].cards  # on the phone each campaign stands with its figures
    rows = read_csv(client.get(f"{PAGE}&format=csv"))
    assert len(rows) == 3
    assert not worded({"": rows}, but=("Campaign",))
    client.force_login(cast.rep)
    assert client.get(PAGE).status_code == 403


def test_a_campaign_tells_its_changes_with_who_and_why(client, cast):
    campaign = plan(owner=cast.marketer)
    launch(campaign)
    Api(cast.marketer).patch(f"/campaigns/{campaign.pk}/", {"budget": "1500"})
    roll_all()
    url = f"/campaigns/{campaign.pk}/execution/"
    client.force_login(cast.marketer)
    assert client.post(f"{url}remarks/", {"text": ""}).status_code == 422
    assert client.post(f"{url}remarks/", {"text": "The hall was free"}).status_code == 302
    assert PlanRemark.objects.get().by == cast.marketer
    page = client.get(url)
    html = page.content.decode()
    assert "The hall was free" in html
    assert "1,000 → 1,500" in html
    rows = {str(row["name"]): row for row in page.context["table"].rows}
    assert (rows["Spend"]["launched_exact"], rows["Spend"]["now_exact"]) == (1000, 1500)
    assert list(read_tables(client.get(f"{url}?format=csv"))) == ["", "By month of service"]
    assert url in client.get(f"/campaigns/{campaign.pk}/").content.decode()
    client.force_login(cast.rep)
    assert client.get(url).status_code == 403
    assert client.post(f"{url}remarks/", {"text": "x"}).status_code == 403
    status, told = Api(cast.marketer).get(f"/reports/execution/{campaign.pk}/")
    assert status == 200
    assert [(one["field"], one["by"]) for one in told["changes"]] == [("budget", cast.marketer.pk)]
    assert [one["text"] for one in told["remarks"]] == ["The hall was free"]
    assert told["known"] == "launch"
    status, said = Api(cast.marketer).post(f"/reports/execution/{campaign.pk}/remarks/", {"text": "Again"})
    assert (status, said["text"]) == (201, "Again")
    assert Api(cast.marketer).get(f"/reports/execution/{plan('Later').pk}/")[0] == 404
    status, told = Api(cast.finance).get("/reports/execution/", period="all")
    assert [one["campaign"] for one in told["results"]] == [campaign.pk]


def test_a_campaigns_own_page_goes_by_the_locked_model(client, cast):
    fair = make.campaign("Fair", status="active", budget=100)
    client.force_login(cast.marketing_head)
    for model, words in ((None, "Linear"), ("u", "U-shaped")):
        if model:
            locks.lock(model, organisation.today(timezone.now()), cast.finance, timezone.now())
        for page in (f"/campaigns/{fair.pk}/execution/", f"/campaigns/{fair.pk}/return/"):
            context = client.get(page).context
            assert str(context["model"]) == words, page


def test_plans_of_before_are_read_from_the_history_of_changes(cast):
    (name,) = [one.name for one in iter_modules(migrations.__path__) if one.name.endswith("_keep_launches")]
    known = import_module(f"reports.migrations.{name}").KNOWN
    changed, at_once, waiting = plan(), plan("At once", status="done"), plan("Waiting")
    launch(changed)
    Campaign.objects.filter(pk=changed.pk).update(budget=1)
    Campaign.objects.filter(pk=waiting.pk).update(budget=1)
    roll_all()
    with connection.cursor() as cursor:  # as it was before the database kept them
        cursor.execute("RESET ROLE; SET LOCAL tandem.erasing = 'on'; DELETE FROM reports_launchplan")
        assert {one.name: one.launched for one in executing.executed(choose())} == {
            "Fair": None,
            "At once": None,
        }
        cursor.execute(known)
    found = {one.name: (one.changed, one.from_history) for one in executing.executed(choose())}
    assert found == {"Fair": (1, True), "At once": (0, True)}
    assert dict(LaunchPlan.objects.values_list("campaign_id", "budget")) == {
        changed.pk: 1000,
        at_once.pk: 1000,
    }
    assert set(LaunchPlan.objects.values_list("from_history", "months")) == {(True, None)}


def test_the_pages_cost_the_same_however_much_there_is(client, cast):
    client.force_login(cast.admin)
    first = plan()
    launch(first)
    roll_all()
    queries(client, PAGE)
    one = queries(client, PAGE)
    for _ in range(2):
        launch(plan())
    roll_all()
    assert queries(client, PAGE) == one <= 5 + 2
    assert queries(client, f"/campaigns/{first.pk}/execution/") <= 12 + 2
