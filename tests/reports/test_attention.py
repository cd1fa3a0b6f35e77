"""The page of exceptions: each kind, by team, for whoever may see it, with the next action on each row."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import RepProfile
from leads.models import Handoff
from leads.terms import in_force
from pipeline.models import DealChange
from reports import exceptions, reading
from reports.choice import axes, parse
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.pages import queries


@pytest.fixture
def trouble(cast):
    """One of each kind for the north team, and a deal without a step for the south."""
    at = timezone.now()
    lead = make.lead(contact=make.contact("Expiring"), stage="ready", grade="B")
    due = {"offered_at": at - timedelta(hours=5), "answer_due_at": at + timedelta(minutes=20)}
    Handoff.objects.create(lead=lead, rep=cast.rep, grade="B", agreement=in_force(), **due)
    hot = make.lead(contact=make.contact("Hot"), stage="ready", grade="A")
    due = {"offered_at": at, "answer_due_at": at + timedelta(days=1)}
    Handoff.objects.create(lead=hot, rep=cast.rep, grade="A", agreement=in_force(), **due)
    for name, stage, fields in (
        ("Untried", "sql", {"contact_due_at": at - timedelta(hours=1)}),
        ("In time", "sql", {"contact_due_at": at + timedelta(hours=1)}),
        ("Tried", "sql", {"contact_due_at": at - timedelta(hours=1), "contacted_at": at}),
        ("Slept", "nurture", {"contact_due_at": at - timedelta(hours=1)}),
    ):
        lead = make.lead(contact=make.contact(name), stage=stage, grade="B")
        taken = {"offered_at": at - timedelta(days=1), "accepted_at": at - timedelta(days=1)}
        Handoff.objects.create(lead=lead, rep=cast.rep, grade="B", agreement=in_force(), **taken, **fields)
    make.lead(contact=make.contact("Unoffered"), stage="ready", grade="A", ready_at=at)
    firm = make.company("Customer")
    make.deal(name="Won", company=firm, owner=cast.rep, outcome="won", signed_on=at.date(), closed_at=at)
    for name, fields in {
        "Asks again": {"route_at": at + timedelta(seconds=30)},
        "Asks now": {"ready_at": at, "route_at": at},
        "Asks later": {"route_at": at + timedelta(days=2)},
        "Came back": {"route_at": at},
        "Rests": {},
        "In the pool": {"route_at": None, "pooled_at": at},
    }.items():
        asks = make.contact(name, company=firm)
        fields = {"ready_at": at - timedelta(minutes=5), **fields}
        lead = make.lead(contact=asks, stage="ready", grade="B", **fields)
        if name == "Came back":
            let_go = {"ended_at": at - timedelta(seconds=9), "end": "expired", "grade": "B"}
            Handoff.objects.create(
                lead=lead, rep=cast.rep, agreement=in_force(), offered_at=at - timedelta(hours=9), **let_go
            )
    make.lead(contact=make.contact("No customer"), stage="ready", grade="B", ready_at=at, route_at=at)
    RepProfile.objects.filter(user=cast.teammate).update(capacity=3, open_n=3, cap_ceiling=3)
    make.deal(name="Stepless", owner=cast.rep, amount=100, base_amount=100)
    make.deal(name="Far away", owner=cast.other_rep, amount=100, base_amount=100)
    slipped = make.deal(
        name="Slipped", owner=cast.rep, amount=50, base_amount=50, expected_close="2026-09-01"
    )
    for after in ("2026-08-01", "2026-09-01"):
        DealChange.objects.create(
            deal=slipped, field="expected_close", before="2026-07-01", after=after, at=at
        )
    roll_all()


def shown(client, user, **query):
    client.force_login(user)
    return client.get("/exceptions/", query).context["table"].rows


@pytest.mark.django_db
def test_kinds_read_together_are_those_read_one_by_one(cast):
    """More of each than the dashboard shows, those of one kind behind those of the other."""
    at = timezone.now()
    for number in range(20):
        lead = make.lead(contact=make.contact(f"P{number}"), stage="ready", grade="A")
        due = {"offered_at": at, "answer_due_at": at + timedelta(minutes=number) if number % 5 else None}
        grade = "A" if number % 7 == 0 or number > 12 else "B"
        Handoff.objects.create(
            lead=lead,
            rep=cast.rep if number % 3 else cast.other_rep,
            grade=grade,
            agreement=in_force(),
            **due,
        )
        deal = make.deal(
            name=f"D{number}",
            owner=cast.rep if number % 4 else cast.other_rep,
            base_amount=100 + number,
            amount=100 + number,
        )
        if number < 9:
            deal.steps.create(what="call", owner=cast.rep, due_at=at)
        for after in ("2026-08-01", "2026-09-01") if number % 3 else ():
            DealChange.objects.create(
                deal=deal, field="expected_close", before="2026-07-01", after=after, at=at
            )
    roll_all()
    choice = parse({}, axes(), at)
    for user in (cast.sales_head, cast.rep, cast.other_rep):
        sets = exceptions.sets(user, choice)
        apart = reading.read({name: rows[: exceptions.MOST] for name, rows in sets.items()})
        found = exceptions.exceptions(user, choice, at)
        assert [one.lead for one in found.offers] == [row["lead_id"] for row in apart["offers"]]
        assert [one.lead for one in found.waiting] == [row["lead_id"] for row in apart["waiting"]]
        for kind in ("stepless", "slipped"):
            assert [one.deal for one in getattr(found, kind)] == [row["deal_id"] for row in apart[kind]]
        assert found.waiting
        assert found.stepless
        assert found.slipped


@pytest.mark.django_db
def test_every_kind_in_one_list_with_what_to_do(client, cast, trouble):
    rows = shown(client, cast.sales_head)
    found = {(str(row["kind"]), row["name"]) for row in rows}
    assert found == {
        ("Offers about to run out", "Expiring"),
        ("First contact overdue", "Untried"),
        ("Grade A, not offered", "Unoffered"),
        ("Customers for whom nobody is free", "Asks again"),
        ("Grade A, offered and unanswered", "Hot"),
        ("Full hands", "Teammate"),
        ("No next step", "Stepless"),
        ("No next step", "Far away"),
        ("No next step", "Slipped"),
        ("Close moved twice", "Slipped"),
    }
    assert all(row["action"] and client.get(row["action_href"]).status_code == 200 for row in rows)


@pytest.mark.django_db
def test_filters_and_what_each_may_see(client, cast, trouble):
    assert {
        row["name"] for row in shown(client, cast.sales_head, kind="stepless", team=cast.rep.team_id)
    } == {
        "Stepless",
        "Slipped",
    }
    assert {row["name"] for row in shown(client, cast.other_manager)} == {"Far away"}
    assert {row["name"] for row in shown(client, cast.other_rep)} == {"Far away"}
    for user, status in ((cast.finance, 403), (cast.service, 403)):
        client.force_login(user)
        assert client.get("/exceptions/").status_code == status
    client.force_login(cast.manager)
    assert client.get("/exceptions/?kind=strange").status_code == 422
    assert client.get("/exceptions/?strange=1").status_code == 400
    assert queries(client, "/exceptions/") <= 7


@pytest.mark.django_db
def test_the_api_tells_the_same(client, cast, trouble):
    rows = shown(client, cast.sales_head)
    status, told = Api(cast.sales_head).get("/reports/exceptions/")
    assert status == 200
    assert [(one["kind"], one["name"], one["page"]) for one in told] == [
        (row["kind_code"], row["name"], row["href"]) for row in rows
    ]
    assert [one["name"] for one in Api(cast.rep).get("/reports/exceptions/", kind="untried")[1]] == [
        "Untried"
    ]
    assert Api(cast.other_manager).get("/reports/exceptions/", kind="untried")[1] == []
    assert Api(cast.rep).get("/reports/exceptions/", kind="strange")[0] == 400
    assert Api(cast.rep).get("/reports/exceptions/", strange="1")[0] == 400
    assert Api(cast.finance).get("/reports/exceptions/")[0] == 403
