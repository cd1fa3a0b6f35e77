"""The ledger of contributions: as a naive reader counts it from the source, and each figure as the list behind it holds it."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from accounts import organisation
from accounts.models import User
from leads.models import Agreement, Counsel, Handoff, Lead, Note, ReturnReason, Touch
from leads.models.touches import TALKS
from pipeline.models import Advice, Campaign, Consultation, Deal, OutcomeReason, Spend, Step
from pipeline.models.deals import Outcome
from reports import ledger
from reports.choice import axes, parse
from reports.models import Growth, Lesson
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.pages import queries

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OWN, OTHERS = ("sales_own", "cold_call", "tender"), ("dealer", "referral", "partner_swap", "other", "unknown")
CHANNELS = ("sem", "exhibition", "website", *OWN, *OTHERS)


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


def world(cast, seed):
    """Ten weeks of two campaigns of marketing and one of sales: leads, offers, deals, and what people did and said."""
    chance = Random(seed)
    people = [cast.rep, cast.teammate, cast.manager, cast.other_rep, cast.marketer, cast.admin]
    campaigns = [
        make.campaign("a", owner=cast.marketer, status="active", starts_on=(NOON - 60 * DAY).date()),
        make.campaign(
            "b", status="done", starts_on=(NOON - 90 * DAY).date(), ends_on=(NOON - 40 * DAY).date()
        ),
        make.campaign("c", track="sales", owner=cast.rep, status="active", starts_on=(NOON - 9 * DAY).date()),
        make.campaign("d", status="planned", starts_on=(NOON - 9 * DAY).date()),
    ]
    segment = make.segment("big")

    def some_time():
        return NOON - timedelta(hours=chance.randrange(24 * 70))

    for number in range(40):
        at = some_time()
        rep = chance.choice(people[:4])
        campaign = chance.choice([None, *campaigns[:3]])
        where = {"channel": chance.choice(CHANNELS), "segment": chance.choice([None, segment])}
        lead = make.lead(at=at, campaign=campaign, **where)
        ready = at + HOUR if chance.random() < 0.7 else None
        taken = ready and chance.random() < 0.6
        Lead.objects.filter(pk=lead.pk).update(
            stage="sql" if taken else "ready" if ready else "new",
            mql_at=ready,
            ready_at=ready,
            sql_at=ready + HOUR if taken else None,
        )
        if ready:
            _offer(lead, rep, ready, taken, chance)
        if number % 2:
            _deal(lead, rep, at, chance)
    for _number in range(60):
        _work(chance.choice(people), some_time(), chance)
    for campaign in (*campaigns[:3], None):
        day = some_time().date()
        Spend.objects.create(
            campaign=campaign,
            kind=chance.choice(["paid", "committed", "planned"]),
            month=day.replace(day=1),
            on=day,
            amount=100 * chance.randrange(1, 9),
            base_amount=100 * chance.randrange(1, 9),
        )
    _words(cast, campaigns[0], some_time, chance)
    roll_all()
    return campaigns


def _offer(lead, rep, at, taken, chance):
    due = at + 4 * HOUR
    fields = {"end": "returned", "ended_at": at + HOUR, "reason": ReturnReason.objects.first()}
    if taken:
        fields = {"accepted_at": at + HOUR * chance.randrange(1, 8), "contact_due_at": at + 20 * HOUR}
        fields["contacted_at"] = at + 10 * HOUR if chance.random() < 0.6 else None
    Handoff.objects.create(
        lead=lead,
        rep=rep,
        agreement=Agreement.objects.get(),
        offered_at=at,
        answer_due_at=due,
        grade="B",
        **fields,
    )


def _deal(lead, rep, at, chance):
    outcome = chance.choice(["open", "won", "won", "lost"])
    amount = Decimal(chance.randrange(1, 90) * 100)
    closed = {} if outcome == "open" else {"closed_at": at + DAY, "outcome": outcome}
    if outcome == "won":
        closed |= {"signed_on": (at + DAY).date(), "cost": amount / 2 if chance.random() < 0.8 else None}
    if outcome == "lost":
        reasons = OutcomeReason.objects.filter(outcome=Outcome.LOST)
        closed["outcome_reason"] = chance.choice([None, *reasons])
    deal = make.deal(at=at, owner=rep, amount=amount, base_amount=amount, **closed)
    Lead.objects.filter(pk=lead.pk).update(deal=deal)
    if outcome == "won" and chance.random() < 0.3:
        make.deal(
            at=at,
            stage=deal.stage,
            cancels=deal,
            outcome="won",
            amount=-amount,
            base_amount=-amount,
            cost=-amount / 2,
            signed_on=(at + 2 * DAY).date(),
            closed_at=at + 2 * DAY,
        )


def _work(who, at, chance):
    contact = make.contact()
    match chance.randrange(3):
        case 0:
            Note.objects.create(contact=contact, text="so", by=who, at=at)
        case 1:
            Step.objects.create(
                contact=contact, owner=who, what="it", due_at=at, done_at=chance.choice([None, at])
            )
        case _:
            Touch.objects.create(
                contact=contact,
                kind=chance.choice(["call", "meeting", "mail", "click"]),
                at=at,
                track=who.side or "marketing",
                actor=chance.choice([who, None]),
                automatic=chance.random() < 0.2,
            )


def _words(cast, campaign, some_time, chance):
    asked = Consultation.objects.create(
        campaign=campaign, audience="a", offer="o", asked_by=cast.marketer, asked_at=NOON - 70 * DAY
    )
    for rep in (cast.rep, cast.other_rep):
        at = some_time()
        Advice.objects.create(
            consultation=asked,
            rep=rep,
            due_at=NOON,
            agrees=False,
            text="Too early",
            answered_at=at,
            adopted=True,
            reply="Later then",
            replied_by=cast.marketer,
            replied_at=at + DAY,
        )
    for who, track in ((cast.marketer, "marketing"), (cast.rep, "sales"), (cast.other_rep, "sales")):
        Counsel.objects.create(
            lead=Lead.objects.order_by("?").first(),
            track=track,
            adviser=who,
            text="Ring",
            given_at=some_time(),
        )
    for who in (cast.marketer, cast.manager):
        one = Growth.objects.create(
            name="North", known="so", margin=1, cost=1, entered_by=who, campaign=campaign
        )
        Lesson.objects.create(growth=one, text="It works", by=who, at=some_time())


def choose(**data):
    return parse({"period": "month", **data}, axes(data), NOON)


def told(choice):
    """{(line, side): (value, of)} of the ledger."""
    return {
        (line.name, side): (entry.value, entry.of)
        for line, sides in ledger.ledger(choice, NOON)
        for side, entry in sides.items()
    }


def naive(first, until):
    """{(line, side): (value, of)} from the source, for days from `first` to before `until`, save what is owed (see test_sides)."""
    zone, found = organisation.zone(), Counter()

    def inside(moment):
        day = (
            moment if moment is None or not hasattr(moment, "astimezone") else moment.astimezone(zone).date()
        )
        return day is not None and first <= day < until

    def side_of(lead):
        return "sales" if lead.channel in OWN else "" if lead.channel in OTHERS else "marketing"

    for lead in Lead.objects.all():
        found["leads", side_of(lead)] += inside(lead.captured_at)
        found["ready", "marketing"] += inside(lead.ready_at)
        found["sqls", "sales"] += inside(lead.sql_at)
    for offer in Handoff.objects.all():
        found["returned", "sales"] += (
            offer.end == "returned" and offer.lead.channel != "sales_own" and inside(offer.offered_at)
        )
    for note in Note.objects.all():
        found["notes", note.by.side] += inside(note.at)
    for step in Step.objects.all():
        found["steps", step.owner.side] += inside(step.done_at)
    for touch in Touch.objects.filter(automatic=False):
        found["touches", touch.track] += inside(touch.at)
        found["talks", touch.track] += inside(touch.at) and touch.kind in TALKS
    for advice in Advice.objects.all():
        found["advice", "sales"] += inside(advice.answered_at)
        found["advice", "marketing"] += inside(advice.replied_at)
    for one in Counsel.objects.all():
        found["counsel", one.track] += inside(one.given_at)
    for name, model, by, at in (
        ("growth", Growth, "entered_by", "created_at"),
        ("lessons", Lesson, "by", "at"),
    ):
        for one in model.objects.all():
            found[name, getattr(one, by).side] += inside(getattr(one, at))
    for one in Campaign.objects.filter(status__in=("active", "done")):
        found["campaigns", one.track] += one.starts_on < until and (
            one.ends_on is None or one.ends_on >= first
        )
    for one in Spend.objects.exclude(kind="planned"):
        found["spend", one.campaign.track if one.campaign else "marketing"] += (
            inside(one.month) * one.base_amount
        )
    _naive_deals(found, inside)
    return found


def _naive_deals(found, inside):
    sources = {}
    for lead in Lead.objects.exclude(deal=None).select_related("campaign"):
        track = lead.campaign.track if lead.campaign else "sales" if lead.channel in OWN else ""
        sources[lead.deal_id] = track
    for deal in Deal.with_cancellations.select_related("outcome_reason"):
        side = sources.get(deal.cancels_id or deal.pk, "")
        if deal.cancels_id is None:
            found["opened", side] += inside(deal.opened_at) * deal.base_amount
            found["losses", "sales"] += (
                deal.outcome == "lost" and inside(deal.closed_at) and bool(deal.outcome_reason)
            )
            rival = deal.outcome_reason and deal.outcome_reason.code == "competitor"
            found["rivals", "sales"] += deal.outcome == "lost" and inside(deal.closed_at) and bool(rival)
        if deal.outcome == "won" and inside(deal.signed_on):
            found["deals", side] += deal.cancels_id is None
            found["won", side] += deal.base_amount
            found["margin", side] += deal.base_amount - deal.cost if deal.cost is not None else 0


OWED = ("in_time", "contact", "persistence")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("span", [{}, {"period": "all"}, {"from": "2026-04", "to": "2026-05"}])
def test_every_line_is_what_a_naive_reader_counts(cast, seed, span):
    world(cast, seed)
    choice = choose(**{"period": "custom" if "from" in span else "month", **span})
    counted = naive(choice.period.first, choice.period.until)
    found = told(choice)
    assert {key: value for key, (value, _of) in found.items() if key[0] not in OWED} == {
        key: counted[key] for key in found if key[0] not in OWED
    }
    assert {side for _name, side in counted} <= {"marketing", "sales", "", None}
    if span.get("period") == "all":
        assert sum(bool(value) for value, _of in found.values()) > 20


def listed(client, href):
    """The rows of all pages of a list."""
    rows = []
    while href:
        table = client.get(href).context["table"]
        rows += table.rows
        href = table.older and href.split("?")[0] + "?" + table.older.split("?")[1]
    return rows


def behind(client, line, href):
    """What the list behind a figure amounts to."""
    rows = listed(client, href)
    if line.unit != "money":
        return len(rows)
    column = {"spend": "base_amount", "opened": "opening", "margin": "margin"}.get(line.name, "amount")
    return sum((row[column] or 0) for row in rows)


NARROWED = [
    {"period": "all"},
    {"period": "all", "channel": "sem"},
    {"period": "all", "team": "own"},
    {"period": "all", "rep": "marketer"},
]


@pytest.mark.parametrize("narrow", NARROWED)
def test_each_figure_is_the_list_behind_it(client, cast, narrow):
    world(cast, 1)
    keys = {"own": cast.rep.team_id, "marketer": cast.marketer.pk}
    client.force_login(cast.admin)
    query = "&".join(f"{name}={keys.get(value, value)}" for name, value in narrow.items())
    page = client.get(f"/dashboard/ledger/?{query}")
    rows = {row["name"]: row for table in page.context["tables"].values() for row in table.rows}
    assert len(rows) == len(ledger.LINES)
    shown = 0
    for line in ledger.LINES:
        row = rows[str(line.label)]
        for side in line.lists:
            if href := row[f"{side}_href"]:
                shown += 1
                assert behind(client, line, href) == row[f"{side}_exact"], (line.name, side)
    assert shown >= {"channel": 17, "team": 32, "rep": 32}.get(list(narrow)[-1], 35)


@pytest.mark.parametrize("by", ledger.BY)
def test_each_figure_of_a_team_or_person_is_the_list_behind_it(client, cast, by):
    world(cast, 2)
    client.force_login(cast.admin)
    table = client.get(f"/dashboard/ledger/?period=all&by={by}").context["table"]
    lines = [line for line in ledger.LINES if line.name in ledger.COLUMNS]
    shown = Counter()
    for row in table.rows:
        for line in lines:
            if line.unit != "share" and (href := row[f"{line.name}_href"]):
                shown[line.name] += 1
                assert behind(client, line, href) == row[f"{line.name}_exact"], (row["name"], line.name)
    assert set(shown) == {line.name for line in lines} - {"in_time"}


def test_people_sum_to_what_a_side_did(cast):
    """What has somebody's name is told of them; the machine's touches are of the side alone."""
    world(cast, 0)
    choice = choose(period="all")
    whole, by_person = told(choice), ledger.people(cast.admin, choice, "rep")
    for name in ("notes", "steps", "lessons", "advice"):
        for side in ("marketing", "sales"):
            people = [
                one.entries[name].value for one in by_person if one.side == side and name in one.entries
            ]
            assert sum(people) == whole[name, side][0]
    talks = Touch.objects.filter(automatic=False, kind__in=TALKS, track="sales").exclude(actor=None)
    named = [
        one.entries["talks"].value for one in by_person if one.side == "sales" and "talks" in one.entries
    ]
    assert sum(named) == talks.count()


def test_people_are_seen_as_in_leagues_of_reps(client, cast):
    world(cast, 0)
    choice = choose(period="all")
    everybody = {one.key for one in ledger.people(cast.admin, choice, "rep")}
    team = set(User.objects.filter(team=cast.rep.team).values_list("pk", flat=True)) | {cast.rep.pk}
    assert {one.key for one in ledger.people(cast.rep, choice, "rep")} == everybody & team
    for who in (cast.marketer, cast.finance):
        assert {one.key for one in ledger.people(who, choice, "rep")} == everybody
    teams = {one.key for one in ledger.people(cast.admin, choice, "team")}
    assert {one.key for one in ledger.people(cast.rep, choice, "team")} == teams


def test_money_is_for_those_who_read_it(client, cast):
    world(cast, 0)
    money = {line.name for line in ledger.LINES if line.by_money}
    assert money == {"growth", "lessons", "spend", "opened", "won", "margin"}
    for who, sees in ((cast.marketer, True), (cast.finance, True), (cast.rep, False)):
        status, api = Api(who).get("/reports/ledger/", period="all")
        assert status == 200
        assert (
            {one["name"] for one in api["lines"]} >= money,
            bool(money & {one["name"] for one in api["lines"]}),
        ) == (sees, sees)
        told_of = Api(who).get("/reports/ledger/", period="all", by="rep")[1]["whose"]
        assert told_of
        assert any(money & set(one["entries"]) for one in told_of) == sees
        client.force_login(who)
        page = client.get("/dashboard/ledger/?period=all&by=rep")
        assert ("Margin" in page.content.decode()) == sees
    assert Api(cast.service).get("/reports/ledger/")[0] == 403
    client.force_login(cast.service)
    assert client.get("/dashboard/ledger/").status_code == 403
    client.force_login(cast.rep)
    assert client.get("/dashboard/behind/sales_margin/").status_code == 403
    assert client.get("/dashboard/behind/sales_lessons/").status_code == 403


def test_the_page_the_file_and_the_api_tell_the_same(client, cast):
    world(cast, 1)
    client.force_login(cast.admin)
    page = client.get("/dashboard/ledger/?period=all")
    rows = {row["name"]: row for table in page.context["tables"].values() for row in table.rows}
    status, api = Api(cast.admin).get("/reports/ledger/", period="all")
    assert status == 200
    for line in api["lines"]:
        row = rows[line["label"]]
        for side in ("marketing", "sales"):
            entry = line[side]
            assert (entry and Decimal(str(entry["value"]))) == row[f"{side}_exact"]
    text = b"".join(client.get("/dashboard/ledger/?period=all&format=csv")).decode("utf-8-sig")
    assert "Information,Leads brought in," in text
    assert client.get("/dashboard/ledger/?format=xlsx&by=rep").status_code == 200
    assert client.get("/dashboard/ledger/?by=shoe").status_code == 400
    assert "Ledger of contributions" in client.get("/dashboard/agreement/").content.decode()
    client.force_login(cast.rep)
    assert client.get("/dashboard/ledger/?format=csv").status_code == 403


def test_it_costs_the_same_with_few_and_with_many(client, cast):
    client.force_login(cast.rep)
    for query in ("", "?by=team", "?by=rep"):
        client.get(f"/dashboard/ledger/{query}")
    few = [queries(client, f"/dashboard/ledger/{query}") for query in ("", "?by=team", "?by=rep")]
    world(cast, 0)
    many = [queries(client, f"/dashboard/ledger/{query}") for query in ("", "?by=team", "?by=rep")]
    assert many == few
    assert max(many) <= 2 + 3  # session and user beside them


def test_filters_that_a_line_cannot_heed_leave_a_dash(client, cast):
    world(cast, 0)
    whole = set(told(choose(period="all")))
    by_channel = set(told(choose(period="all", channel="sem")))
    assert {name for name, _side in whole - by_channel} == {
        "notes", "advice", "counsel", "growth", "lessons", "touches", "talks", "steps", "contact", "persistence",
    }  # fmt: skip
    team = {"team": str(cast.rep.team_id)}
    by_team = set(told(choose(period="all", **team)))
    assert {name for name, _side in whole - by_team} == {"contact", "persistence"}
    client.force_login(cast.admin)
    assert "A dash on both sides" in client.get("/dashboard/ledger/?channel=sem").content.decode()
