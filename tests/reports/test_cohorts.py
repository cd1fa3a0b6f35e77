"""Cohorts against a naive count, and the page of the funnel."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts import organisation
from leads.models import Agreement, Handoff, Lead
from reports.choice import axes, parse
from reports.cohorts import cohorts, share, shown_months
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_tables
from tests.pages import queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
URL = "/dashboard/funnel/?period=all"


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


def passes():
    """Passes of three months, two channels and two regions, by how far they came."""
    for number in range(12):
        at = NOON - number * 8 * DAY
        lead = make.lead(
            at=at,
            channel=("sem", "webinar")[number % 2],
            region=make.region(("north", "south")[number % 3 == 0]),
            segment=make.segment() if number % 4 else None,
        )
        moments = {name: at + day * DAY for day, name in enumerate(("mql_at", "ready_at", "sql_at"), 1)}
        Lead.objects.filter(pk=lead.pk).update(**dict(list(moments.items())[: number % 4]))
    roll_all()


def naive(key):
    """{key: (leads, to SQL)} over all passes."""
    leads = Lead.objects.all()
    everybody, reached = Counter(map(key, leads)), Counter(key(lead) for lead in leads if lead.sql_at)
    return {name: (count, reached[name]) for name, count in everybody.items()}


def told(rows):
    """The same of cohorts."""
    return {name: (one.leads, one.to_sql) for name, one in rows.items()}


def test_cohorts_by_month_channel_segment_and_region_are_those_of_a_naive_count():
    passes()
    choice = parse({"period": "all"}, axes(), NOON)
    found = cohorts(choice)
    months = {one.month: one for one in shown_months(found, choice)}
    assert told(months) == naive(lambda lead: lead.captured_at.date().replace(day=1))
    assert told(found.sources["channel"]) == naive(lambda lead: lead.channel)
    assert told(found.sources["segment"]) == naive(lambda lead: lead.segment_id or 0)
    assert told(found.sources["region"]) == naive(lambda lead: lead.region_id or 0)
    one = next(iter(months.values()))
    assert float(share(one, "to_sql")) == pytest.approx(one.to_sql / one.leads)
    assert found.funnel.steps["mql_ready"].median == 1
    narrow = cohorts(parse({"period": "all", "channel": "sem"}, axes(), NOON))
    assert set(narrow.sources["channel"]) == {"sem"}
    assert sum(one.leads for one in narrow.sources["region"].values()) == 6


def test_a_step_the_other_way_round_has_no_days():
    """An own find that came back to the desk: made an MQL and ready only after sales had accepted it."""
    days = {"mql_at": 60, "ready_at": 63, "sql_at": 0, "deal_at": 70}
    came_back, straight = (make.lead(at=NOON - 100 * DAY, channel="sales_own") for _ in range(2))
    for lead, later in (
        (came_back, days),
        (straight, {"mql_at": 1, "ready_at": 2, "sql_at": 6, "deal_at": 9}),
    ):
        moments = {name: lead.captured_at + count * DAY for name, count in later.items()}
        Lead.objects.filter(pk=lead.pk).update(**moments)
    roll_all()
    steps = cohorts(parse({"period": "all"}, axes(), NOON)).funnel.steps
    told = {step: (one.reached, sorted(one.days.bins), one.windows[30]) for step, one in steps.items()}
    assert {step: told[step] for step in ("new_mql", "mql_ready", "ready_sql", "mql_sql", "sql_deal")} == {
        "new_mql": (2, [(1, 1), (60, 1)], Decimal("0.5")),
        "mql_ready": (2, [(1, 1), (3, 1)], 1),
        "ready_sql": (2, [(4, 1)], 1),
        "mql_sql": (2, [(5, 1)], 1),
        "sql_deal": (2, [(3, 1), (70, 1)], Decimal("0.5")),
    }


def test_the_page_its_file_and_the_api(client, cast):
    passes()
    client.force_login(cast.rep)
    page = client.get(URL).content.decode()
    for words in ("chart-heat", "MQL → ready", "By region", "Webinar"):
        assert words in page
    client.force_login(cast.marketer)
    tables = read_tables(client.get(f"{URL}&format=csv"))
    assert tables[""][0][:2] == ["Month of capture", "Leads"]
    assert set(tables) >= {"Time in each step", "Where leads wait, and on whom", "By channel", "By region"}
    assert sorted(row[:2] for row in tables["By channel"][1:]) == [["Paid search", "6"], ["Webinar", "6"]]
    client.force_login(cast.rep)
    body = Api(cast.rep).get("/reports/cohorts/", period="all")[1]
    assert {one["key"]: one["leads"] for one in body["by_channel"]} == {"sem": 6, "webinar": 6}
    assert sum(one["leads"] for one in body["months"]) == 12
    organisation.current()
    one = queries(client, URL)
    passes()
    organisation.current()
    assert queries(client, URL) == one <= 5 + 2
    client.force_login(cast.service)
    assert client.get(URL).status_code == 403


def test_conversion_by_rep_and_grade_and_where_leads_wait(client, cast):
    """Against a naive count; reps see the reps of their team."""
    people = (cast.rep, cast.teammate, cast.other_rep, None)
    for number in range(16):
        owner, at = people[number % 4], NOON - number * DAY
        lead = make.lead(at=at, owner=owner, grade="ABC"[number % 3], channel=("sem", "webinar")[number % 2])
        Lead.objects.filter(pk=lead.pk).update(
            mql_at=at if number % 5 else None, sql_at=at if number % 5 > 2 else None
        )
        if owner and number < 12:
            accepted = at + DAY / 24 if number % 2 else None
            Handoff.objects.create(lead=lead, rep=owner, agreement=Agreement.objects.get(), offered_at=at,
                                   accepted_at=accepted, contacted_at=at + DAY if number % 3 == 2 and accepted else None)  # fmt: skip
        if not owner:
            stage = ("mql", "ready")[number // 8]
            Lead.objects.filter(pk=lead.pk).update(
                stage=stage, mql_at=at, ready_at=at if stage == "ready" else None
            )
    roll_all()
    for query in ({}, {"channel": "sem"}):
        found = cohorts(parse({"period": "all", **query}, axes(), NOON))
        keys = {"rep": lambda lead: str(lead.owner_id or 0), "grade": lambda lead: lead.grade}
        for name, key in keys.items():
            leads = [
                lead for lead in Lead.objects.all() if query.get("channel", lead.channel) == lead.channel
            ]
            counted = Counter(map(key, leads)), Counter(key(lead) for lead in leads if lead.sql_at)
            assert told(found.sources[name]) == {
                one: (count, counted[1][one]) for one, count in counted[0].items()
            }
    Lead.objects.filter(grade="A").update(grade="D")
    roll_all()
    found = cohorts(parse({"period": "all"}, axes(), NOON))
    assert set(found.sources["grade"]) == {"B", "C", "D"}
    waits = {(one.place, one.rep): one.leads for one in found.queues}
    naive_waits = Counter()
    for offer in Handoff.objects.filter(ended_at=None, contacted_at=None):
        naive_waits["untouched" if offer.accepted_at else "unanswered", offer.rep_id] += 1
    assert waits == {**naive_waits, ("at_desk", None): 2, ("not_offered", None): 2}
    client.force_login(cast.admin)
    for row in client.get(URL).context["waiting"].rows:
        assert len(client.get(row["href"]).context["table"].rows) == row["leads"], row
    mine = cohorts(parse({"period": "all"}, axes(), NOON), cast.other_rep)
    assert set(mine.sources["rep"]) == {str(cast.other_rep.pk)}
    assert {one.rep for one in mine.queues} == {None, cast.other_rep.pk}
    organisation.current()
    assert queries(client, URL) <= 5 + 2
