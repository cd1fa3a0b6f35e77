"""Whom sales tries to reach: every attempt by what the rep had of the person then, as a naive reader tells it."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from accounts import organisation
from leads.models import Agreement, Handoff, Lead, Touch
from pipeline.models import Deal
from reports import attempting
from reports.choice import axes, parse
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.pages import queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
JUNE = {"period": "custom", "from": "2026-06", "to": "2026-06"}


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


def june(**more):
    asked = {**JUNE, **more}
    return parse(asked, axes(asked), NOON)


def handed(lead, rep, kind, since, until=None):
    Handoff.objects.create(
        lead=lead, rep=rep, kind=kind, agreement=Agreement.objects.get(), offered_at=since, ended_at=until,
        end="released" if until else "",
    )  # fmt: skip


def tried(contact, rep, at, **fields):
    return make.touch(
        contact, at, **{"kind": "call", "outbound": True, "actor": rep, "track": "sales", **fields}
    )


@pytest.fixture
def world(cast):
    """Persons of whom reps have something for some time, and attempts before, while and after."""
    dice = random.Random(7)
    kinds = ["new", "inquiry", "claim", "own_find", "farmer", "imported", None]
    for number in range(40):
        rep = dice.choice([cast.rep, cast.teammate, cast.other_rep])
        firm = make.company() if number % 3 else None
        person = make.contact(company=firm)
        own = "sales_own" if number % 9 == 0 else "sem"
        lead = make.lead(NOON - dice.randint(0, 6) * DAY, contact=person, channel=own)
        kind, since = dice.choice(kinds), NOON - dice.randint(-3, 6) * DAY
        if kind:
            handed(lead, rep, kind, since, since + dice.randint(1, 4) * DAY if number % 2 else None)
        if firm and number % 4 == 0:
            opened = NOON - dice.randint(0, 8) * DAY
            outcome = dice.choice(["open", "won", "lost"])
            closed = None if outcome == "open" else opened + 2 * DAY
            make.deal(opened, company=firm, outcome=outcome, closed_at=closed,
                      signed_on=closed.date() if outcome == "won" else None)  # fmt: skip
        for _ in range(3):
            tried(person, rep, NOON - dice.randint(-6, 8) * DAY + timedelta(minutes=1))
    person = make.contact()
    tried(person, cast.rep, NOON, automatic=True)
    tried(person, cast.rep, NOON, outbound=False)
    tried(person, cast.rep, NOON, kind="click")
    tried(person, cast.marketer, NOON)
    tried(person, cast.rep, NOON - 60 * DAY)


def naive(touch):
    """The kind of one attempt, or None where it is none of June's."""
    human = touch.kind in ("call", "meeting", "mail", "service_visit")
    if not (human and touch.outbound and not touch.automatic and touch.actor.role in ("sales", "manager")):
        return None
    if touch.at.month != 6:
        return None

    def lasts(since, until):
        return since <= touch.at and (until is None or until > touch.at)

    held = {
        one.kind
        for one in Handoff.objects.filter(lead__contact=touch.contact)
        if lasts(one.offered_at, one.ended_at)
    }
    if held & {"new", "inquiry", "imported"}:
        return "handed"
    if "claim" in held:
        return "pool"
    finds = Lead.objects.filter(contact=touch.contact, channel="sales_own")
    if "own_find" in held or any(lasts(one.captured_at, one.ended_at) for one in finds):
        return "own"
    deals = Deal.objects.filter(company=touch.contact.company) if touch.contact.company else []
    won = any(one.outcome == "won" and one.closed_at <= touch.at for one in deals)
    return (
        "customers"
        if "farmer" in held or won or any(lasts(one.opened_at, one.closed_at) for one in deals)
        else "cold"
    )


def test_as_a_naive_reader_tells_it(cast, world):
    told = {touch.pk: naive(touch) for touch in Touch.objects.select_related("actor", "contact__company")}
    found = attempting.attempts(june())
    expected = Counter(kind for kind in told.values() if kind)
    assert found.total.counts == {kind: expected[kind] for kind in attempting.KINDS}
    assert min(found.total.counts.values()) > 0  # the world has some of each
    of_rep = Counter(told[touch.pk] for touch in Touch.objects.filter(actor=cast.rep) if told[touch.pk])
    (mine,) = (one for one in found.reps if one.rep == cast.rep.pk)
    assert mine.counts == {kind: of_rep[kind] for kind in attempting.KINDS}
    assert attempting.attempts(june(rep=str(cast.rep.pk))).total.counts == mine.counts
    for kind in attempting.KINDS:
        assert set(attempting.behind(june(), kind, 1000)) == {pk for pk, one in told.items() if one == kind}


def test_page_lists_and_api(client, cast, world):
    client.force_login(cast.sales_head)
    query = "?period=custom&from=2026-06&to=2026-06"
    page = client.get(f"/dashboard/attempts/{query}").content.decode()
    assert "Handed-over leads" in page
    assert f"rep={cast.rep.pk}" in page
    listed = client.get(f"/dashboard/attempts/{query}&kind=cold&rep={cast.rep.pk}")
    mine = attempting.attempts(june(rep=str(cast.rep.pk)))
    assert len(listed.context["listed"].rows) == mine.total.counts["cold"]
    client.force_login(cast.other_rep)
    theirs = client.get(f"/dashboard/attempts/{query}&kind=cold&rep={cast.rep.pk}").context["listed"].rows
    assert len(theirs) < mine.total.counts["cold"]  # of the persons one sees
    assert client.get(f"/dashboard/attempts/{query}&kind=strange").status_code == 400
    assert queries(client, f"/dashboard/attempts/{query}") <= 20
    status, body = Api(cast.rep).get("/reports/attempts/", **JUNE)
    found = attempting.attempts(june())
    assert (status, body["total"]["handed"], body["total"]["share"], len(body["reps"])) == (
        200, found.total.counts["handed"], found.total.share, 3,
    )  # fmt: skip
    assert Api(cast.service).get("/reports/attempts/")[0] == 403
    client.force_login(cast.sales_head)
    assert client.get(f"/dashboard/attempts/{query}&format=csv").status_code == 200
