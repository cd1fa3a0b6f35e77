"""The table of where a lead goes, as data: each row changed by an administrator changes what the engine does."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import RepKind, RepProfile
from leads import assignment, closing, handoffs, ownership
from leads.models import Agreement, Event, Handoff, HandoverRule, Lead, ReturnReason
from leads.models.handover import BEST, CHOICES
from leads.reference import HANDOVER
from pipeline.models import OutcomeReason
from pipeline.stages import Stage
from tests.api import Api
from tests.cast import NOON, company, contact, deal, lead
from tests.leads.ready import accepted, fresh, offered, ready, rep

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def day_and_night(db):
    Agreement.objects.update(around_the_clock=True)
    yield
    assert ownership.recount() == []


def change(event, **fields):
    assert HandoverRule.objects.filter(event=event).update(**fields) == 1


def run_out(handoff):
    at = handoff.answer_due_at + timedelta(seconds=1)
    handoffs.expire_due(at=at)
    return at


def test_every_event_has_its_row_and_a_change_of_it_stays(cast):
    assert set(HandoverRule.objects.values_list("event", flat=True)) == set(Event.values) == set(CHOICES)
    assert set(HANDOVER) == set(Event)
    for one in HandoverRule.objects.all():
        assert (one.way(), one.way("A")) == (one.goes_to, one.best_goes_to or one.goes_to)
    assert all("pool" not in ways for ways in BEST.values())


@pytest.mark.parametrize("event", Event)
def test_the_database_refuses_a_way_that_an_event_does_not_have(event):
    for field, wrong in (("goes_to", "merge"), ("best_goes_to", "pool")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(event, **{field: wrong})


@pytest.mark.parametrize("field", ["after", "best_after"])
def test_the_line_has_an_end(field):
    for wrong in (None, 0):
        with pytest.raises(IntegrityError), transaction.atomic():
            change("nobody_free", **{field: wrong})


# -- a row each ----------------------------------------------------------------------------------------
def test_unanswered_goes_to_the_team_lead_at_once(cast):
    change("unanswered", goes_to="team_lead")
    one = ready(by=cast.marketer)
    first = offered(one)
    at = run_out(first)
    assert offered(one, at).rep == first.rep.team.head


@pytest.mark.parametrize("times", [0, 1, 3])
def test_how_many_further_reps_are_asked_stands_in_the_agreement(cast, times):
    Agreement.objects.update(reoffers=times)
    rep("fourth")
    one, at, asked = ready(by=cast.marketer), NOON, []
    for _ in range(times + 2):
        handoff = offered(one, at)
        asked.append(handoff.rep)
        at = run_out(handoff)
    assert len(set(asked[:-1])) == times + 1
    assert all(hasattr(user, "rep") for user in asked[:-1])
    assert not RepProfile.objects.filter(user=asked[-1]).exists()


@pytest.mark.parametrize(
    ("grade", "to"), [("B", "pool"), ("B", "desk"), ("B", "sales_head"), ("A", "sales_head"), ("A", "desk")]
)
def test_after_the_agreed_reps_it_goes_where_the_row_says(cast, grade, to):
    Agreement.objects.update(reoffers=0)
    change("reps_exhausted", **{"best_goes_to" if grade == "A" else "goes_to": to})
    one = ready(by=cast.marketer, grade=grade)
    at = run_out(offered(one))
    lands(cast, one, to, at)


@pytest.mark.parametrize(("grade", "to"), [("B", "desk"), ("B", "sales_head"), ("A", "desk")])
def test_what_the_team_lead_let_run_out_goes_where_the_row_says(cast, grade, to):
    Agreement.objects.update(reoffers=0)
    change("lead_unanswered", **{"best_goes_to" if grade == "A" else "goes_to": to})
    one = ready(by=cast.marketer, grade=grade)
    at = run_out(offered(one, run_out(offered(one))))
    lands(cast, one, to, at)


@pytest.mark.parametrize(
    ("grade", "to"), [("B", "desk"), ("B", "sales_head"), ("B", "team_lead"), ("A", "desk")]
)
def test_who_waited_long_enough_in_line_goes_where_the_row_says(cast, grade, to):
    RepProfile.objects.update(accepting=False)
    change("nobody_free", after=3, best_after=2)
    change("nobody_free", **{"best_goes_to" if grade == "A" else "goes_to": to})
    one = ready(by=cast.marketer, grade=grade)
    hours = 2 if grade == "A" else 3
    assignment.assign_due(at=NOON + hours * HOUR - timedelta(minutes=5))
    assert not Handoff.objects.exists()
    assert fresh(one).stage == Stage.READY
    at = NOON + hours * HOUR + timedelta(minutes=5)
    lands(cast, one, "sales_head" if to == "team_lead" else to, at)  # no rule, so no team of its own


def lands(cast, one, to, at):
    """Route, and look where the lead is."""
    assignment.assign_due(at=at)
    one, held = fresh(one), Handoff.objects.open().filter(lead=one).first()
    if to == "sales_head":
        assert held.rep == cast.sales_head
        return
    assert held is None
    if to == "pool":
        assert (one.stage, one.pooled_at) == (Stage.READY, at)
    else:
        assert (one.stage, one.desk_due_at, one.rounds) == (Stage.MQL, at + timedelta(minutes=960), 0)
        assert one.owner is None


@pytest.mark.parametrize("grade", ["A", "B"])
@pytest.mark.parametrize("to", ["route", "nurture", "desk"])
def test_without_follow_up_it_goes_where_the_row_says(cast, grade, to):
    Agreement.objects.update(rest_days=45)
    change("protection_ended", **{"best_goes_to" if grade == "A" else "goes_to": to})
    handoff = accepted(ready(by=cast.marketer, grade=grade))
    at = NOON + 31 * DAY
    handoffs.expire_due(at=at)
    one = fresh(handoff.lead)
    assert (one.stage, one.route_at, one.wake_at, one.desk_due_at, one.pooled_at) == {
        "route": (Stage.READY, at, None, None, None),
        "nurture": (Stage.NURTURE, None, at + 45 * DAY, None, None),
        "desk": (Stage.MQL, None, None, at + timedelta(minutes=960), None),
    }[to]


def test_a_reps_own_find_may_lose_its_protection_like_any_other(cast):
    change("own_find_idle", goes_to="like_others")
    one = lead(channel="sales_own")
    handoffs.own_find(one.pk, by=cast.rep, at=NOON)
    handoffs.expire_due(at=NOON + 31 * DAY)
    assert (fresh(one).stage, fresh(one).pooled_at) == (Stage.NURTURE, NOON + 61 * DAY)


@pytest.mark.parametrize(
    ("grade", "later", "to", "slept", "pooled"),
    [
        ("B", False, "pool", None, 30 * DAY),
        ("A", False, "pool", 30 * DAY, None),
        ("B", False, "nurture", 30 * DAY, None),
        ("B", True, "nurture", 7 * DAY, None),
        ("B", True, "pool", None, 30 * DAY),
        ("A", True, "pool", 7 * DAY, None),
    ],
)
def test_a_lost_deal_goes_where_the_row_says(cast, grade, later, to, slept, pooled):
    change("lost_later" if later else "deal_lost", goes_to=to, after=7 if later else None)
    handoff = accepted(ready(by=cast.marketer, grade=grade))
    made = opened(handoff)
    reason = OutcomeReason.objects.filter(outcome="lost", later=later).first()
    closing.lose(made, reason=reason, by=handoff.rep, at=NOON)
    one = fresh(handoff.lead)
    assert (one.wake_at, one.pooled_at) == (slept and NOON + slept, pooled and NOON + pooled)
    assert one.owner == (handoff.rep if slept == 7 * DAY else None)


def opened(handoff):
    """A deal of an accepted lead."""
    return closing.open_deal(
        handoff.lead, by=handoff.rep, at=NOON, name="Deal", amount=Decimal(100), currency="EUR",
        expected_close=NOON.date(), next_step="Call", next_step_due=NOON,
    )  # fmt: skip


@pytest.mark.parametrize(("to", "kept"), [("account_owner", True), ("route", False)])
def test_a_customers_inquiry_goes_where_the_row_says(cast, to, kept):
    change("customer_asks", goes_to=to)
    owner = rep("owner", accepting=False)
    firm = company(sales_owner=owner)
    deal(company=firm, owner=owner, outcome="won", signed_on=NOON.date(), closed_at=NOON)
    handoff = offered(ready(by=cast.marketer, contact=contact(company=firm)))
    assert (handoff.rep == owner, handoff.kind) == (kept, "inquiry")


@pytest.mark.parametrize(("to", "kept"), [("account_owner", True), ("route", False)])
def test_a_key_accounts_lead_goes_where_the_row_says(cast, to, kept):
    change("key_account", goes_to=to)
    change("customer_asks", goes_to="route")
    owner = rep("owner", kind=RepKind.KEY)
    firm = company(sales_owner=owner, key_account=True)
    deal(company=firm, owner=owner, outcome="won", signed_on=NOON.date(), closed_at=NOON)
    assert (offered(ready(by=cast.marketer, contact=contact(company=firm))).rep == owner) == kept


@pytest.mark.parametrize(("to", "joined"), [("same_rep", True), ("route", False)])
def test_a_second_lead_of_a_company_goes_where_the_row_says(cast, to, joined):
    change("colleague_comes", goes_to=to)
    firm = company()
    first = offered(ready(by=cast.marketer, contact=contact(company=firm)))
    pair = ready(2, by=cast.marketer, contact=None)
    Lead.objects.filter(pk=pair[0].pk).update(contact=contact(company=firm))
    second = offered(pair[0])
    assert (second.rep == first.rep) == joined


@pytest.mark.parametrize(("to", "days"), [("farmer", 12), ("stays", None)])
def test_a_hunters_win_goes_where_the_row_says_after_the_agreed_days(cast, to, days):
    Agreement.objects.update(farmer_days=12)
    change("hunter_won", goes_to=to)
    rep("farmer", kind=RepKind.FARMER)
    handoff = accepted(ready(by=cast.marketer, contact=contact(company=company())))
    Lead.objects.filter(pk=handoff.lead_id).update(stage=Stage.WON, ended_at=NOON)
    handoffs.finish([handoff.lead_id], at=NOON)
    assert fresh(handoff.lead).wake_at == (days and NOON + days * DAY)


@pytest.mark.parametrize(("to", "routed"), [("farmer", NOON), ("stays", None)])
def test_a_customer_no_farmer_took_goes_where_the_row_says(cast, to, routed):
    change("farmer_returned", goes_to=to)
    farmer = rep("farmer", kind=RepKind.FARMER)
    one = lead(contact=contact(company=company()), owner=cast.rep)
    Lead.objects.filter(pk=one.pk).update(stage=Stage.WON, ended_at=NOON, route_at=NOON)
    offer = offered(one)
    assert offer.rep == farmer
    reason = ReturnReason.objects.get(code="wrong_region")
    handoffs.return_lead(offer.pk, reason=reason, by=farmer, at=NOON)
    assert (fresh(one).route_at, fresh(one).stage) == (routed, Stage.WON)


@pytest.mark.parametrize("to", ["nurture", "desk", "route", "disqualify"])
def test_a_reason_may_be_sent_elsewhere(cast, to):
    ReturnReason.objects.filter(code="wrong_person").update(destination=to, wake_days=5)
    handoff = offered(ready(by=cast.marketer))
    reason = ReturnReason.objects.get(code="wrong_person")
    handoffs.return_lead(handoff.pk, reason=reason, by=handoff.rep, at=NOON)
    one = fresh(handoff.lead)
    stages = {
        "nurture": Stage.NURTURE,
        "desk": Stage.MQL,
        "route": Stage.READY,
        "disqualify": Stage.DISQUALIFIED,
    }
    assert (one.stage, one.wake_at) == (stages[to], NOON + 5 * DAY if to == "nurture" else None)


# -- by whom -------------------------------------------------------------------------------------------
def test_an_administrator_changes_a_row_on_its_page(client, cast):
    client.force_login(cast.admin)
    row = HandoverRule.objects.get(event="nobody_free")
    page = client.get("/setup/handover/").content.decode()
    for words in ("Everybody is absent or full", "24 h; grade A 1 h", "2 further reps, as agreed", "90 days"):
        assert words in page
    said = {"goes_to": "desk", "after": 8, "best_goes_to": "sales_head", "best_after": 2}
    address = f"/setup/handover/{row.pk}/"
    assert client.post(address, {**said, "best_goes_to": "pool"}).status_code == 422
    assert client.post(address, {**said, "after": 0}).status_code == 422
    assert client.post(address, said).url == "/setup/handover/"
    row.refresh_from_db()
    assert {name: getattr(row, name) for name in said} == said
    lost = HandoverRule.objects.get(event="customer_asks")
    fields = client.get(f"/setup/handover/{lost.pk}/").context["form"].fields
    assert set(fields) & set(said) == {"goes_to"}


def test_the_api_reads_and_changes_the_same(cast):
    admin, worker = Api(cast.admin), Api(cast.rep)
    rows = worker.get("/handover/")[1]["results"]
    assert [row["event"] for row in rows] == list(HANDOVER)
    row = next(row for row in rows if row["event"] == "protection_ended")
    assert (row["agreed"], row["choices"]) == ("rest_days", ["pool", "route", "nurture", "desk"])
    address = f"/handover/{row['id']}/"
    assert worker.patch(address, {"goes_to": "desk"})[0] == 403
    wrongs = [{"goes_to": "farmer"}, {"best_goes_to": "pool"}, {"best_goes_to": ""}, {"after": 3}]
    for wrong in (*wrongs, {"goes_to": "desk", "event": "deal_lost"}):
        assert admin.patch(address, wrong)[0] == 400, wrong
    status, row = admin.patch(address, {"goes_to": "desk"})
    assert (status, row["goes_to"], row["event"]) == (200, "desk", "protection_ended")
    status, reason = admin.post("/return-reasons/", {"name": "Too small", "destination": "nurture"})
    assert (status, reason["code"], reason["wake_days"]) == (201, "too-small", 90)
    address = f"/return-reasons/{reason['id']}/"
    assert admin.patch(address, {"wake_days": 30})[1]["wake_days"] == 30
    assert admin.patch(address, {"destination": "pool"})[0] == 400
    assert worker.patch(address, {"wake_days": 1})[0] == 403
    assert len(worker.get("/return-reasons/")[1]["results"]) == 12
    assert [row["code"] for row in worker.get("/questions/")[1]["results"]] == ["need", "when"]
    assert worker.post("/questions/", {"text": "How many?"})[0] == 403
    status, question = admin.post("/questions/", {"text": "How many?", "position": 3})
    assert (status, question["code"], question["required"]) == (201, "how-many", True)
    address = f"/questions/{question['id']}/"
    assert admin.patch(address, {"required": False, "code": "x"})[0] == 400
    assert admin.patch(address, {"required": False})[1] == {**question, "required": False}
