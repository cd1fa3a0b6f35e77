"""Machine, desk and sales told apart: medians as a naive reader counts them, by team, rep and campaign."""

from collections import Counter
from datetime import timedelta
from statistics import median_low

import pytest

from accounts import organisation
from accounts.models import Team, WorkingCalendar
from leads import delays as of_leads
from leads.models import Agreement, Handoff, Lead, StageChange
from reports import delaying, reading
from reports.choice import axes, parse
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.pages import queries

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


@pytest.fixture
def passes(cast):
    """Twelve passes of two reps of two teams and two campaigns, one a fair; every fourth was not tried yet.

    Every third was returned to the desk, every sixth of them slept before it was offered again.
    """
    last = (NOON - timedelta(days=8)).date()
    campaigns = [make.campaign("c0"), make.campaign("c1", channel="exhibition", ends_on=last)]
    office = WorkingCalendar.objects.create(name="Booth", zone="Asia/Shanghai")
    Team.objects.filter(pk=cast.rep.team_id).update(calendar=office)
    for number in range(12):
        at = NOON - timedelta(days=5, hours=5 * number)
        lead = make.lead(at=at, campaign=campaigns[number % 2])
        Lead.objects.filter(pk=lead.pk).update(
            mql_at=at + HOUR * number, ready_at=at + HOUR * (2 * number + 1), stage="sql"
        )
        offered = at + HOUR * (2 * number + 2)
        rep = (cast.rep, cast.other_rep)[number % 3 == 0]
        Handoff.objects.create(
            lead=lead,
            rep=rep,
            agreement=Agreement.objects.get(),
            offered_at=offered,
            accepted_at=offered,
            contacted_at=offered + HOUR * number if number % 4 and number % 3 else None,
            grade="B",
            ended_at=None if number % 3 else offered + HOUR,
            end="" if number % 3 else "expired",
        )
        if number % 3 == 0:
            came_back(lead, rep, offered + HOUR, asleep=number % 6 == 0, tried=number % 4)
    roll_all()
    return campaigns


def came_back(lead, rep, at, *, asleep, tried):
    """The rep returned the lead at `at`; the desk has it for two hours, after a night's sleep of some, and it is offered again."""
    again = at + HOUR * (9 if asleep else 0)
    walk = [("mql", at), ("ready", at), ("sql", at), ("nurture" if asleep else "mql", at)]
    walk += [("mql", again)] if asleep else []
    before = "new"
    for seq, (stage, when) in enumerate([*walk, ("ready", again + HOUR * 2), ("sql", again + HOUR * 3)], 2):
        StageChange.objects.create(lead=lead, seq=seq, from_stage=before, to_stage=stage, at=when)
        before = stage
    Lead.objects.filter(pk=lead.pk).update(seq=seq)
    Handoff.objects.create(
        lead=lead,
        rep=rep,
        agreement=Agreement.objects.get(),
        offered_at=again + HOUR * 3,
        accepted_at=again + HOUR * 3,
        contacted_at=again + HOUR * 5 if tried else None,
        grade="B",
    )


def told(by, **query):
    return delaying.delays(parse({"period": "12m", **query}, axes(query), NOON), by, NOON)


def pages(leads):
    """The Delays of leads as their own pages tell them."""
    handed = [
        list(lead.handoffs.select_related("rep__team__calendar", "agreement").order_by("pk"))
        for lead in leads
    ]
    return [of_leads.of(lead, handoffs, NOON) for lead, handoffs in zip(leads, handed, strict=True)]


def naive(leads):
    """(passes, untried, system, desk, sales) as the leads' own pages tell them."""
    found = pages(leads)
    sales = sorted(one.sales if not one.runs else float("inf") for one in found)
    middle = sales[(len(sales) - 1) // 2]
    return (
        len(found),
        sum(one.runs for one in found),
        pytest.approx(median_low(one.system for one in found)),
        pytest.approx(median_low(one.desk for one in found)),
        None if middle == float("inf") else pytest.approx(middle),
    )


def parts(delay):
    return delay.passes, delay.untried, delay.system, delay.desk, delay.sales


@pytest.mark.parametrize(
    "by, group", [("rep", "handoffs__rep"), ("team", "handoffs__rep__team"), ("campaign", "campaign")]
)
def test_medians_are_those_of_the_leads_own_pages(cast, passes, by, group):
    found = told(by)
    rows = reading.read(delaying.parts(parse({"period": "12m"}, axes({}), NOON), by))["passes"]
    each = [(one.system, one.desk, None if one.runs else one.sales) for one in pages(Lead.objects.all())]
    assert Counter(delaying.timed_of(rows, NOON)) == Counter(each)
    assert sum(one[1] > 0 for one in each) > 3 < len({one[2] for one in each})
    assert parts(found.total) == naive(list(Lead.objects.all()))
    keys = set(Lead.objects.values_list(group, flat=True))
    assert {one.key for one in found.groups} == keys
    for one in found.groups:
        assert parts(one) == naive(list(Lead.objects.filter(**{group: one.key}).distinct()))
    assert not found.cut


def test_a_narrowed_choice_and_a_bound(cast, passes, monkeypatch):
    one = told("rep", campaign=str(passes[0].pk))
    assert parts(one.total) == naive(list(Lead.objects.filter(campaign=passes[0])))
    claimed = make.lead(at=NOON - timedelta(days=1))  # newer than all of them, and no offer
    Handoff.objects.create(
        lead=claimed,
        rep=cast.rep,
        agreement=Agreement.objects.get(),
        kind="claim",
        offered_at=NOON,
        accepted_at=NOON,
        grade="B",
    )
    roll_all()
    monkeypatch.setattr(delaying, "MOST", 5)
    newest = told("rep")
    assert newest.cut
    newest_first = sorted(
        Lead.objects.exclude(pk=claimed.pk),
        key=lambda lead: (
            lead.captured_at.astimezone(organisation.zone()).date(),
            lead.handoffs.latest("pk").pk,
        ),
    )[::-1]
    assert parts(newest.total) == naive(newest_first[:5])
    newest_first[0].handoffs.update(kind="farmer")  # it tells no time, and takes no place among the newest
    roll_all()
    newest = told("rep")
    assert newest.cut
    assert parts(newest.total) == naive(newest_first[1:6])


def test_the_page_the_file_and_the_api_tell_the_same(client, cast, passes):
    client.force_login(cast.admin)
    for by in delaying.BY:
        rows = client.get(f"/dashboard/delays/?period=all&by={by}").context["table"].rows
        for row in rows:
            lists = [
                len(client.get(row[f"{name}_href"]).context["table"].rows) for name in ("passes", "untried")
            ]
            assert lists == [row["passes"], row["untried"]], (by, row["name"])
    assert sum(row["passes"] for row in rows) == 12
    client.force_login(cast.rep)
    page = client.get("/dashboard/delays/?by=rep")
    assert page.status_code == 200
    assert "Where the time goes" in client.get("/dashboard/agreement/").content.decode()
    assert client.get("/dashboard/delays/?by=shoe").status_code == 400
    assert client.get("/dashboard/delays/?by=rep&format=csv").status_code == 403
    status, api = Api(cast.rep).get("/reports/delays/", by="rep")
    assert (status, api["total"]["passes"], [one["key"] for one in api["groups"]]) == (
        200,
        page.context["found"].total.passes,
        [one.key for one in page.context["found"].groups],
    )
    assert Api(cast.finance).get("/reports/delays/")[0] == 200
    assert Api(cast.service).get("/reports/delays/")[0] == 403
    client.force_login(cast.manager)
    answer = client.get("/dashboard/delays/?by=rep&format=csv")
    assert "Sales (working minutes)" in b"".join(answer).decode("utf-8-sig")


def test_it_costs_the_same_with_few_and_with_many(client, cast, passes):
    client.force_login(cast.rep)
    client.get("/dashboard/delays/")
    many = queries(client, "/dashboard/delays/")
    Lead.objects.filter(pk__gt=Lead.objects.earliest("pk").pk).update(is_test=True)
    roll_all()
    assert queries(client, "/dashboard/delays/") == many <= 14


def test_nothing_was_offered(cast):
    assert (told("team").total, told("team").groups) == (None, [])
