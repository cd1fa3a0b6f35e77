"""Disputed returns: argued by both sides, ruled by both heads, carried out and binding."""

from datetime import timedelta

import pytest

from leads import arbitration, because, disputes, handoffs, returned, standing, verdict
from leads.models import Agreement, Dispute, GoesTo, Handoff, Notice, ReturnReason, Ruling
from pipeline.stages import Stage
from reports import rollups
from reports.models import AnswerMonth, CountedOffer, CountedPass, FunnelMonth
from reports.models.base import ALL, ALL_CHANNELS
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.leads.ready import fresh, offered, ready
from tests.pages import same_queries

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)


@pytest.fixture
def seller(cast):
    """Who gave the leads back."""
    return cast.rep


def a_return(cast, code="wrong_person", by=None, **fields):
    """A lead that a rep (or `by` for the rep) gave back, with its handoff."""
    lead = ready(by=cast.marketer, **fields)
    one = Handoff.objects.get(pk=handoffs.offer(lead.pk, to=cast.rep, by=cast.marketer, at=NOON))
    reason = ReturnReason.objects.get(code=code)
    handoffs.return_lead(
        one.pk, by=by or one.rep, reason=reason, note="Not ours", at=NOON + timedelta(hours=1)
    )
    return lead, Handoff.objects.get(pk=one.pk)


def disputed(cast, **fields):
    lead, back = a_return(cast, **fields)
    return lead, disputes.open_dispute(back.pk, "It meets the agreement", by=cast.marketer, at=LATER)


def both_rule(cast, one, **ruling):
    for head in (cast.marketing_head, cast.sales_head):
        done = disputes.rule(one, by=head, at=LATER, why="By the agreement", **ruling)
    return done


def told(user):
    return set(Notice.objects.filter(user=user, kind="disputed").values_list("facts__step", flat=True))


def test_it_goes_to_both_heads_and_is_answered_by_the_other_side(cast, seller):
    _lead, one = disputed(cast)
    assert (one.track, told(cast.marketing_head), told(cast.sales_head)) == (
        "marketing",
        {"opened"},
        {"opened"},
    )
    with pytest.raises(disputes.NotNow):
        disputes.open_dispute(one.handoff_id, "again", by=cast.marketer, at=LATER)
    with pytest.raises(disputes.NotNow):
        disputes.answer(one, "own side", by=cast.marketing_head, at=LATER)
    disputes.answer(one, "Wrong size", by=seller, at=LATER)
    with pytest.raises(disputes.NotNow):
        disputes.answer(one, "again", by=cast.manager, at=LATER)
    one.refresh_from_db()
    assert (one.answer, one.answered_by) == ("Wrong size", seller)
    assert told(cast.sales_head) == {"opened", "answered"}
    accepted = offered(ready(by=cast.marketer))
    with pytest.raises(disputes.NotNow):
        disputes.open_dispute(accepted.pk, "not a return", by=cast.marketer, at=LATER)
    with pytest.raises(disputes.NotNow):
        disputes.open_dispute(one.handoff_id, "no side", by=cast.admin, at=LATER)


def test_only_the_other_side_disputes_a_return(client, cast, seller):
    """Sales' own return is marketing's to dispute; one that marketing made for a rep is the rep's."""
    lead, back = a_return(cast)
    for one in (seller, cast.manager, cast.sales_head):
        with pytest.raises(disputes.NotNow, match="own side"):
            disputes.open_dispute(back.pk, "x", by=one, at=LATER)
        assert Api(one).post("/disputes/", {"handoff": back.pk, "argument": "x"})[0] == 403
        client.force_login(one)
        assert f"/handoffs/{back.pk}/dispute/" not in client.get("/handoffs/returned/").content.decode()
    theirs = a_return(cast, by=cast.marketing_head)[1]
    assert Api(cast.marketer).post("/disputes/", {"handoff": theirs.pk, "argument": "x"})[0] == 403
    made = Api(seller).post("/disputes/", {"handoff": theirs.pk, "argument": "I had called"})[1]
    assert made["track"] == "sales"
    answered = Api(cast.marketer).post(f"/disputes/{made['id']}/answer/", {"answer": "Nobody was reached"})
    assert answered[1]["answer"] == "Nobody was reached"
    assert Api(cast.marketer).post("/disputes/", {"handoff": back.pk, "argument": "It is ours"})[0] == 201
    client.force_login(cast.marketer)
    assert seller.full_name in client.get(f"/leads/{lead.pk}/").content.decode()


def test_it_is_decided_once_both_heads_say_the_same(cast, seller):
    lead, one = disputed(cast)
    said = {"counts": False, "goes_to": "rep", "why": "It is our size"}
    with pytest.raises(disputes.NotNow):
        disputes.rule(one, by=cast.marketer, at=LATER, **said)
    with pytest.raises(disputes.NotNow):
        disputes.rule(one, by=cast.admin, at=LATER, **said)
    assert not disputes.rule(one, by=cast.marketing_head, at=LATER, **said)
    assert not disputes.rule(one, by=cast.sales_head, at=LATER, **{**said, "counts": True})
    assert not disputes.rule(one, by=cast.sales_head, at=LATER, **{**said, "goes_to": "stays"})
    assert Dispute.objects.waiting().get() == one
    assert disputes.rule(one, by=cast.sales_head, at=LATER, **said)
    one.refresh_from_db()
    assert (one.counts, one.goes_to, one.decided_at) == (False, "rep", LATER)
    assert one.rulings.count() == 4
    again = Handoff.objects.open().get(lead=lead)
    assert (again.rep, again.accepted_at) == (one.handoff.rep, None)
    assert told(cast.marketer) == told(seller) == {"decided"}
    with pytest.raises(disputes.NotNow):
        disputes.rule(one, by=cast.sales_head, at=LATER, **said)


def test_an_administrator_rules_where_a_track_has_no_head(cast, seller):
    type(cast.admin).objects.filter(pk=cast.sales_head.pk).update(head_of="")
    _lead, one = disputed(cast)
    assert told(cast.admin) == {"opened"}
    said = {"counts": True, "goes_to": "stays", "why": "By the agreement", "at": LATER}
    assert not disputes.rule(one, by=cast.admin, **said)
    assert disputes.rule(one, by=cast.marketing_head, **said)
    assert set(one.rulings.values_list("track", "by")) == {
        ("sales", cast.admin.pk),
        ("marketing", cast.marketing_head.pk),
    }


@pytest.mark.parametrize("code", ["no_budget", "wrong_person", "wrong_region", "spam"])
@pytest.mark.parametrize("goes_to", ["stays", "rep", "route", "desk", "out"])
def test_the_lead_goes_where_the_decision_says(cast, seller, code, goes_to):
    lead, one = disputed(cast, code=code)
    before = fresh(lead)
    assert both_rule(cast, one, counts=False, goes_to=goes_to)
    after = fresh(lead)
    if goes_to == "stays":
        assert (after.stage, after.wake_at, after.desk_due_at) == (
            before.stage,
            before.wake_at,
            before.desk_due_at,
        )
    elif goes_to == "rep":
        again = Handoff.objects.open().get(lead=lead)
        assert (after.stage, again.rep, again.because) == (Stage.READY, one.handoff.rep, because.RULED)
    elif goes_to == "route":
        assert (after.stage, after.route_at, after.wake_at) == (Stage.READY, LATER, None)
    elif goes_to == "desk":
        assert after.stage == Stage.MQL
        assert after.desk_due_at > LATER
    else:
        assert (after.stage, after.ended_at is None) == (Stage.DISQUALIFIED, False)


def test_what_cannot_be_carried_out_is_not_decided(cast, seller):
    lead, one = disputed(cast, code="wrong_region")
    offered_again = handoffs.offer(lead.pk, to=cast.teammate, by=cast.marketing_head, at=LATER)
    said = {"counts": False, "goes_to": "desk", "why": "By the agreement", "at": LATER}
    disputes.rule(one, by=cast.marketing_head, **said)
    with pytest.raises(handoffs.Refused):
        disputes.rule(one, by=cast.sales_head, **said)
    assert Dispute.objects.waiting().get().rulings.count() == 1
    assert Handoff.objects.open().get(lead=lead).pk == offered_again


def test_a_return_that_does_not_count_is_a_delivery(cast, seller):
    fair = make.campaign("Fair")
    cases = [disputed(cast, campaign=fair, grade="A") for _one in range(2)]
    span = NOON - timedelta(days=1), NOON + timedelta(days=1)
    assert sum(row[0] for row in standing.delivered(*span).values()) == 0
    assert returned.whole(returned.offers(*span)).returned == 2
    assert verdict.of_campaign(fair, LATER).answered == 2
    both_rule(cast, cases[0][1], counts=False, goes_to="stays")
    both_rule(cast, cases[1][1], counts=True, goes_to="stays")
    assert sum(row[0] for row in standing.delivered(*span).values()) == 1
    assert returned.whole(returned.offers(*span)).returned == 1
    assert verdict.of_campaign(fair, LATER).answered == 1


# -- pages and API ------------------------------------------------------------------------------------------
def test_both_sides_argue_on_one_page(client, cast, seller):
    lead, back = a_return(cast)
    client.force_login(cast.marketer)
    assert f"/handoffs/{back.pk}/dispute/" in client.get(f"/leads/{lead.pk}/").content.decode()
    assert client.get(f"/handoffs/{back.pk}/dispute/").status_code == 200
    assert client.post(f"/handoffs/{back.pk}/dispute/", {"text": " "}).status_code == 422
    page = client.post(f"/handoffs/{back.pk}/dispute/", {"text": "It meets the agreement"}).url
    assert client.post(f"{page}rule/", {"counts": "no", "goes_to": "stays", "why": "x"}).status_code == 403
    client.force_login(cast.other_rep)
    assert client.get(page).status_code == 404
    client.force_login(seller)
    shown = client.get(page).content.decode()
    assert "It meets the agreement" in shown
    assert f"{page}answer/" in shown
    assert client.post(f"{page}answer/", {"text": ""}).status_code == 422
    client.post(f"{page}answer/", {"text": "Wrong size"})
    client.force_login(cast.marketing_head)
    assert "both sides have argued" in client.get("/disputes/").content.decode()
    assert client.post(f"{page}rule/", {"counts": "no"}).status_code == 422
    for head in (cast.marketing_head, cast.sales_head):
        client.force_login(head)
        client.post(f"{page}rule/", {"counts": "no", "goes_to": "route", "why": "Size was agreed"})
    shown = client.get(page).content.decode()
    for words in (
        "It meets the agreement",
        "Wrong size",
        "Size was agreed",
        "Decided: the return does not count.",
    ):
        assert words in shown
    assert "the return does not count" in client.get("/disputes/").content.decode()
    client.force_login(cast.finance)
    assert client.get("/disputes/").status_code == 403


def test_the_api_disputes_answers_and_rules(cast, seller):
    _lead, back = a_return(cast)
    assert Api(cast.other_rep).post("/disputes/", {"handoff": back.pk, "argument": "x"})[0] == 403
    marketer = Api(cast.marketer)
    status, made = marketer.post("/disputes/", {"handoff": back.pk, "argument": "It meets the agreement"})
    assert (status, made["track"], made["lead"]) == (201, "marketing", back.lead_id)
    assert marketer.post("/disputes/", {"handoff": back.pk, "argument": "again"})[0] == 409
    path = f"/disputes/{made['id']}/"
    assert marketer.post(f"{path}answer/", {"answer": "own side"})[0] == 409
    assert Api(seller).post(f"{path}answer/", {"answer": "Wrong size"})[1]["answer"] == "Wrong size"
    ruling = {"counts": False, "goes_to": "stays", "why": "By the agreement"}
    assert marketer.post(f"{path}rule/", ruling)[0] == 403
    assert Api(cast.marketing_head).post(f"{path}rule/", ruling)[1]["decided_at"] is None
    decided = Api(cast.sales_head).post(f"{path}rule/", ruling)[1]
    assert (decided["counts"], [one["track"] for one in decided["rulings"]]) == (
        False,
        ["marketing", "sales"],
    )
    assert Api(cast.sales_head).post(f"{path}rule/", ruling)[0] == 409
    assert marketer.get("/disputes/", waiting="false")[1]["results"][0]["id"] == made["id"]
    assert Api(cast.other_rep).get("/disputes/")[1]["results"] == []


def test_disputes_cost_the_same_with_one_and_with_three(client, cast, seller):
    client.force_login(cast.marketer)
    same_queries(client, "/disputes/", lambda: disputed(cast))
    assert not Ruling.objects.exists()


def test_a_return_that_does_not_count_is_left_out_of_the_reports(cast, seller):
    """The answer was in time, but neither a return nor an answer of the pass; the decision itself marks the lead."""
    lead, one = disputed(cast)
    other, _back = a_return(cast)
    rollups.roll_all()
    counted = CountedPass.objects.order_by("lead_id").values_list("lead_id", "answer")
    assert list(counted) == [(lead.pk, "returned"), (other.pk, "returned")]
    both_rule(cast, one, counts=False, goes_to=GoesTo.STAYS)
    rollups.roll_all()
    assert list(counted.all()) == [(lead.pk, ""), (other.pk, "returned")]
    assert list(CountedOffer.objects.order_by("lead").values_list("outcome", "in_time")) == [
        ("uncounted", True),
        ("returned", True),
    ]
    month = AnswerMonth.objects.get(channel=ALL_CHANNELS, segment=ALL, region=ALL)
    assert (month.offers, month.returned, month.in_time) == (2, 1, 2)
    flow = FunnelMonth.objects.get(channel=ALL_CHANNELS, segment=ALL, region=ALL, offered__gt=0)
    assert (flow.offered, flow.answered, flow.accepted) == (2, 1, 0)


def agreed(**terms):
    Agreement.objects.update(**terms)
    return arbitration.term(NOON)


def test_heads_who_do_not_agree_in_time_leave_it_to_the_arbiter(client, cast, seller):
    agreed(ruling_days=2, arbiter=cast.admin)
    _lead, one = disputed(cast)
    term = Dispute.objects.get().rule_by
    disputes.rule(one, counts=True, goes_to="stays", why="Clause 2", by=cast.sales_head, at=LATER)
    disputes.rule(one, counts=False, goes_to="desk", why="Clause 3", by=cast.marketing_head, at=LATER)
    disputes.close_due(term - timedelta(seconds=1))
    assert Dispute.objects.get().passed_on_at is None
    assert not arbitration.decides(one, cast.admin)
    disputes.close_due(term)
    one = Dispute.objects.get()
    assert (one.passed_on_at, one.rule_by > term, one.is_open) == (term, True, True)
    told = Notice.objects.filter(user=cast.admin, kind="disputed").order_by("-pk").first()
    assert told.facts["step"] == "passed"
    client.force_login(cast.admin)
    assert "the arbiter decides by" in client.get(f"/disputes/{one.pk}/").content.decode()
    sent = {"counts": "no", "goes_to": "desk", "why": "The reason is not one of the agreement's"}
    assert client.post(f"/disputes/{one.pk}/rule/", sent).status_code == 302
    one = Dispute.objects.get()
    assert (one.counts, one.goes_to, one.decided_by) == (False, "desk", "arbiter")
    assert list(one.rulings.values_list("track", flat=True)) == ["sales", "marketing", ""]


@pytest.mark.parametrize(("undecided", "counts"), [("stands", True), ("asked", False)])
def test_what_nobody_decides_ends_by_the_agreements_clause(cast, seller, undecided, counts):
    agreed(arbiter=cast.admin, undecided=undecided)
    disputed(cast)
    for _round in range(2):
        disputes.close_due(Dispute.objects.get().rule_by)
    one = Dispute.objects.get()
    assert (one.counts, one.goes_to, one.decided_by) == (counts, "stays", "clause")


def test_without_an_arbiter_the_clause_decides_at_once_and_old_disputes_get_a_term(cast, seller):
    disputed(cast)
    Dispute.objects.update(rule_by=None)
    disputes.close_due(LATER)
    term = Dispute.objects.get().rule_by
    assert term == arbitration.term(LATER)
    disputes.close_due(term)
    one = Dispute.objects.get()
    assert (one.passed_on_at, one.decided_by) == (None, "clause")


def test_the_agreement_names_an_administrator_who_heads_no_track(cast):
    assert set(arbitration.arbiters()) == {cast.admin}
    api = Api(cast.marketing_head)
    assert api.post("/agreements/", {"arbiter": cast.rep.pk})[0] == 400
    status, made = api.post(
        "/agreements/", {"arbiter": cast.admin.pk, "undecided": "asked", "ruling_days": 3}
    )
    assert (status, made["arbiter"], made["undecided"], made["ruling_days"]) == (
        201,
        cast.admin.pk,
        "asked",
        3,
    )
