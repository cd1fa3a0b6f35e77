"""Disputes over owners, missed clocks and who brought a deal: argued by rule, carried out, and kept as precedents."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import people
from accounts.models import RepProfile
from leads import because, cases, disputes, handoffs, merging, settling, standing
from leads.models import Agreement, Case, CaseRuling, Handoff, Lead, Notice
from pipeline.models import Company, DealChange, Step
from pipeline.stages import Stage
from reports import rollups, verify
from reports.models import CountedOffer, CountedPromise
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.leads.ready import fresh, ready
from tests.pages import same_queries

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=9)
HOUR = timedelta(hours=1)
WORD = {"argument": "I was there first", "rule": "collision_days", "at": LATER}


def ruled(cast, case, outcome, heads=("marketing_head", "sales_head"), **said):
    said = {"rule": "claims_a_day", "why": "By the clause", "at": LATER, **said}
    return [cases.rule_on(case, outcome, by=getattr(cast, head), **said) for head in heads][-1]


def told(user):
    return set(Notice.objects.filter(user=user, kind="disputed").values_list("facts__step", flat=True))


@pytest.fixture
def reps(cast):
    """Both reps sell."""
    for user in (cast.rep, cast.teammate):
        RepProfile.objects.get_or_create(user=user, defaults={"cap_ceiling": 60})
    return cast


@pytest.fixture
def held(reps):
    """A lead that a rep accepted."""
    lead = ready(by=reps.marketer)
    handoff = handoffs.offer(lead.pk, to=reps.rep, by=reps.marketer, at=NOON)
    handoffs.accept(handoff, by=reps.rep, at=NOON)
    return fresh(lead)


@pytest.fixture
def late(reps):
    """An accepted lead whose answer and first contact came too late."""
    lead = ready(by=reps.marketer)
    made = handoffs.offer(lead.pk, to=reps.rep, by=reps.marketer, at=NOON)
    handoffs.accept(made, by=reps.rep, at=NOON + timedelta(days=2))
    handoffs.contacted([lead.contact_id], NOON + timedelta(days=8), reps.rep)
    return Handoff.objects.get(pk=made)


def over(cast, thing, by=None, **fields):
    by = by or cast.teammate
    return cases.over_owner(thing, claimant=cast.teammate, by=by, **{**WORD, **fields})


def test_whose_a_lead_is_is_argued_answered_and_changes_hands_by_both_heads(reps, held):
    step = Step.objects.create(contact=held.contact, what="Call", owner=reps.rep, due_at=LATER)
    case = over(reps, held)
    assert (case.holder, case.asked, case.track) == (reps.rep, "moves", "sales")
    assert told(reps.rep) == told(reps.marketing_head) == told(reps.sales_head) == {"opened"}
    with pytest.raises(disputes.NotNow):
        over(reps, held)
    with pytest.raises(disputes.NotNow):
        cases.answer(case, "Me too", rule="rest_days", by=reps.teammate, at=LATER)
    cases.answer(case, "I had called", rule="protection_days", by=reps.rep, at=LATER)
    assert not ruled(reps, case, "moves", heads=["sales_head"])
    assert not ruled(reps, case, "stands", heads=["marketing_head"])
    assert fresh(held).owner == reps.rep
    assert ruled(reps, case, "moves", heads=["marketing_head"], why="First contact counts")
    open_now = Handoff.objects.open().get(lead=held)
    assert (open_now.rep, open_now.because, fresh(held).owner) == (
        reps.teammate,
        because.RULED,
        reps.teammate,
    )
    assert Step.objects.get(pk=step.pk).owner == reps.teammate
    assert dict(RepProfile.objects.values_list("user", "open_n"))[reps.rep.pk] == 0
    case.refresh_from_db()
    assert (case.outcome, case.decided_by, case.held_rule, case.held_why) == (
        "moves", "heads", "claims_a_day", "First contact counts",
    )  # fmt: skip
    assert "decided" in told(reps.rep) & told(reps.teammate)
    with pytest.raises(disputes.NotNow):
        ruled(reps, case, "stands")


def test_nothing_goes_to_whoever_has_left_meanwhile(reps, held):
    case = over(reps, held, by=reps.marketer)
    people.deactivate(reps.teammate, LATER)
    with pytest.raises(settling.Refused, match="has left"):
        ruled(reps, case, "moves")
    assert fresh(held).owner == reps.rep
    assert ruled(reps, case, "stands", heads=["marketing_head", "sales_head"])


def test_what_was_merged_away_stays_where_it_is(reps):
    gone, survivor = (make.company(name, sales_owner=reps.rep) for name in ("Acme Ltd", "Acme"))
    case = over(reps, gone)
    Company.objects.filter(pk=gone.pk).update(merged_into=survivor)
    with pytest.raises(settling.Refused, match="merged"):
        ruled(reps, case, "moves")


def test_a_dispute_that_came_with_a_merge_takes_nothing_from_a_third_owner(reps):
    """The survivor is somebody else's, who was no party: it stays; undone, the dispute is about its own company again."""
    gone = make.company("Acme Ltd", sales_owner=reps.rep)
    survivor = make.company("Acme", sales_owner=reps.manager)
    decided = over(reps, make.company(sales_owner=reps.rep))
    ruled(reps, decided, "stands")
    case = over(reps, gone)
    merged = merging.merge_companies(survivor.pk, gone.pk, by=reps.admin, at=LATER)
    case.refresh_from_db()
    assert case.company == survivor
    with pytest.raises(settling.Refused, match="not asked"):
        ruled(reps, case, "moves")
    cases.close_due(case.rule_by)
    survivor.refresh_from_db()
    assert survivor.sales_owner == reps.manager
    merging.undo(merged.pk, by=reps.admin, at=LATER)
    case.refresh_from_db()
    assert (case.company, case.outcome) == (gone, "stands")


def test_a_deal_goes_with_its_lead_and_a_company_by_itself(reps):
    firm = make.company(sales_owner=reps.rep)
    deal = make.deal(owner=reps.rep, company=firm)
    lead = make.lead(owner=reps.rep, stage="deal", deal=deal)
    assert ruled(reps, over(reps, deal), "moves")
    deal.refresh_from_db()
    assert (deal.owner, fresh(lead).owner) == (reps.teammate, reps.teammate)
    change = DealChange.objects.get(deal=deal, field="owner")
    assert (change.reason, change.actor) == (because.RULED, reps.sales_head)
    assert ruled(reps, over(reps, firm), "moves")
    assert Company.objects.get(pk=firm.pk).sales_owner == reps.teammate


def test_what_nobody_owns_or_is_closed_or_theirs_is_not_disputed(reps, held):
    lone, closed = make.lead(), make.deal(owner=reps.rep)
    closed.closed_at = NOON
    for thing in (lone, closed, make.company()):
        with pytest.raises(disputes.NotNow):
            over(reps, thing)
    with pytest.raises(disputes.NotNow):
        cases.over_owner(held, claimant=reps.rep, by=reps.rep, **WORD)
    with pytest.raises(disputes.NotNow, match="clause"):
        over(reps, held, rule="who sells most")
    with pytest.raises(disputes.NotNow):
        over(reps, held, by=reps.admin)
    assert not Case.objects.exists()


@pytest.mark.parametrize("clock", ["answer", "contact"])
def test_an_excused_clock_counts_neither_kept_nor_missed(reps, late, clock):
    due = getattr(late, f"{clock}_due_at")
    span = (NOON - timedelta(days=1), LATER, LATER)
    before = {one.name: (one.due, one.kept) for one in standing.kept(*span)}
    assert (before["answer"], before["contact"]) == ((1, 0), (1, 0))
    case = cases.over_clock(late, clock, by=reps.rep, **{**WORD, "rule": f"{clock}_minutes"})
    assert (case.due_at, case.holder, case.asked, case.agreement) == (
        due,
        reps.rep,
        "excused",
        late.agreement,
    )
    assert ruled(reps, case, "excused")
    after = {one.name: (one.due, one.kept) for one in standing.kept(*span)}
    assert after == {**before, clock: (0, 0)}
    rollups.roll_all()
    offer, promise = (
        CountedOffer.objects.get(handoff_id=late.pk),
        CountedPromise.objects.get(handoff_id=late.pk),
    )
    assert (offer.in_time is None, promise.answer_on is None, promise.contact_on is None) == (
        clock == "answer", clock == "answer", clock == "contact",
    )  # fmt: skip
    with connection.cursor() as cursor:
        assert verify.differences(cursor).clean
    assert Case.objects.get().due_at == due
    with pytest.raises(disputes.NotNow):
        cases.over_clock(Handoff.objects.get(pk=late.pk), clock, by=reps.rep, **WORD)


def test_only_a_missed_clock_is_disputed_and_once(reps, late, held):
    kept = Handoff.objects.get(lead=held)
    with pytest.raises(disputes.NotNow, match="not missed"):
        cases.over_clock(kept, "answer", by=reps.rep, **WORD)
    with pytest.raises(disputes.NotNow, match="not missed"):
        cases.over_clock(kept, "contact", by=reps.rep, **{**WORD, "at": NOON})
    assert ruled(reps, cases.over_clock(late, "answer", by=reps.rep, **WORD), "stands")
    with pytest.raises(disputes.NotNow, match="already"):
        cases.over_clock(late, "answer", by=reps.rep, **WORD)
    assert Handoff.objects.get(pk=late.pk).answer_due_at == late.answer_due_at


def test_who_brought_a_deal_is_a_note_on_it(reps, client):
    deal = make.deal(owner=reps.rep)
    with pytest.raises(disputes.NotNow):
        cases.over_origin(deal, "moves", by=reps.marketer, **WORD)
    case = cases.over_origin(deal, "marketing", by=reps.marketer, **WORD)
    cases.answer(case, "I knew them", rule="silent", by=reps.rep, at=LATER)
    with pytest.raises(disputes.NotNow):
        ruled(reps, case, "excused")
    assert ruled(reps, case, "both")
    client.force_login(reps.rep)
    assert "Both brought it" in client.get(f"/disputes/deal/{deal.pk}/").content.decode()


@pytest.mark.parametrize("clause, outcome", [("stands", "stands"), ("asked", "moves")])
def test_what_nobody_decides_goes_to_the_arbiter_and_then_by_the_clause(reps, held, clause, outcome):
    Agreement.objects.update(arbiter=reps.admin, undecided=clause)
    case = over(reps, held)
    cases.close_due(case.rule_by)
    case.refresh_from_db()
    assert (told(reps.admin), case.passed_on_at is not None, case.is_open) == ({"passed"}, True, True)
    cases.close_due(case.rule_by)
    case.refresh_from_db()
    assert (case.outcome, case.decided_by) == (outcome, "clause")
    assert fresh(held).owner == (reps.teammate if outcome == "moves" else reps.rep)
    why = Handoff.objects.open().get(lead=held).because
    assert (why == because.RULED_BY_CLAUSE) is (outcome == "moves")


def test_the_arbiter_decides_alone(reps, held):
    Agreement.objects.update(arbiter=reps.admin)
    case = over(reps, held)
    cases.close_due(case.rule_by)
    case.refresh_from_db()
    assert ruled(reps, case, "moves", heads=["admin"])
    assert fresh(held).owner == reps.teammate
    assert Handoff.objects.open().get(lead=held).because == because.RULED_ALONE


def test_precedents_of_the_same_clause_come_first_and_clauses_alone_are_none(reps, late):
    made = []
    for place, rule in enumerate(("rest_days", "collision_days", "talk_days")):
        one = over(reps, make.company(sales_owner=reps.rep))
        ruled(reps, one, "stands", rule=rule, at=LATER + timedelta(hours=place))
        made.append(one.pk)
    by_clause = over(reps, make.company(sales_owner=reps.rep))
    cases.close_due(by_clause.rule_by)
    ruled(reps, cases.over_clock(late, "answer", by=reps.rep, **WORD), "stands")
    case = over(reps, make.company(sales_owner=reps.rep))
    assert [one.pk for one in cases.precedents(case)] == [made[1], made[2], made[0]]


def test_who_sees_and_answers_a_dispute(reps, held, late):
    case = over(reps, held)
    seen = {name for name, user in reps.everybody().items() if case in Case.objects.visible_to(user)}
    assert seen == {"marketer", "marketing_head", "sales_head", "admin", "rep", "teammate", "manager"}
    may = {name for name, user in reps.everybody().items() if user.has_perm("leads.answer_case", case)}
    assert may == {"marketer", "marketing_head", "rep", "manager"}
    clock = cases.over_clock(late, "answer", by=reps.rep, **WORD)
    may = {name for name, user in reps.everybody().items() if user.has_perm("leads.answer_case", clock)}
    assert may == {"marketer", "marketing_head"}


def test_a_rep_disputes_what_was_theirs_and_another_team_has(client, reps, held):
    """The own handoff proves the interest, though the lead is out of sight; for whoever never had it, it stays so."""
    at = timezone.now() - HOUR
    handoffs.offer(held.pk, to=reps.other_rep, by=reps.sales_head, at=at)
    path = f"/disputes/lead/{held.pk}/owner/"
    wish = {"kind": "owner", "lead": held.pk, "rule": "silent", "argument": "x"}
    client.force_login(reps.teammate)
    assert client.get(path).status_code == 404
    assert path not in client.get("/disputes/of/").content.decode()
    assert Api(reps.teammate).post("/cases/", {**wish, "claimant": reps.teammate.pk})[0] == 403
    client.force_login(reps.rep)
    assert client.get(f"/leads/{held.pk}/").status_code == 404
    assert path in client.get("/disputes/of/").content.decode()
    assert cases.gone(reps.rep, at + timedelta(days=30)) == []
    assert client.get(path).status_code == 200
    client.post(path, {"claimant": reps.rep.pk, "rule": "cooling_days", "text": "I had called"})
    case = Case.objects.get()
    assert (case.holder, case.claimant, case.lead) == (reps.other_rep, reps.rep, held)
    assert client.get(f"/disputes/of/{case.pk}/").status_code == 200
    assert Api(reps.rep).post("/cases/", {**wish, "claimant": reps.rep.pk})[0] == 409
    other = ready(by=reps.marketer)
    for user in (reps.rep, reps.other_rep):
        handoffs.offer(other.pk, to=user, by=reps.sales_head, at=at)
    status, made = Api(reps.rep).post("/cases/", {**wish, "lead": other.pk, "claimant": reps.rep.pk})
    assert (status, made["holder"]) == (201, reps.other_rep.pk)


def test_what_went_elsewhere_is_each_lead_once_and_only_what_is_out_of_sight(reps, held):
    """Not what the own team has, what has ended, or what the rep has again."""
    one, own, over, back = (ready(by=reps.marketer) for _ in range(4))
    for lead in (one, own, over, back):
        handoffs.offer(lead.pk, to=reps.rep, by=reps.sales_head, at=NOON)
        handoffs.offer(lead.pk, to=reps.other_rep, by=reps.sales_head, at=NOON + HOUR)
    handoffs.offer(one.pk, to=reps.rep, by=reps.sales_head, at=NOON + 2 * HOUR)
    handoffs.offer(one.pk, to=reps.other_rep, by=reps.sales_head, at=NOON + 3 * HOUR)
    handoffs.offer(own.pk, to=reps.teammate, by=reps.sales_head, at=NOON + 3 * HOUR)
    handoffs.offer(back.pk, to=reps.rep, by=reps.sales_head, at=NOON + 3 * HOUR)
    handoffs.set_aside(
        [over.pk], Stage.DISQUALIFIED, by=reps.sales_head, reason="x", at=NOON + 3 * HOUR, code="spam"
    )
    told = cases.gone(reps.rep, NOON + 4 * HOUR)
    assert [(found.lead, found.ended_at) for found in told] == [(one, NOON + 3 * HOUR)]


def test_a_deal_won_meanwhile_stays_however_close_the_ruling_comes(reps):
    """Two heads rule while the rep wins: whoever comes second finds the deal closed, and no lead is handed over."""
    lead = ready(by=reps.marketer)
    handoffs.accept(handoffs.offer(lead.pk, to=reps.rep, by=reps.marketer, at=NOON), by=reps.rep, at=NOON)
    deal = make.deal(owner=reps.rep)
    Lead.objects.filter(pk=lead.pk).update(stage="deal", deal=deal)
    case = over(reps, deal)
    with CaptureQueriesContext(connection) as asked:
        assert ruled(reps, case, "moves")
    said = [query["sql"] for query in asked if "FOR " in query["sql"]]
    last = max(n for n, sql in enumerate(said) if "leads_case" in sql)
    before = " ".join(said[:last])
    assert "leads_lead" in before
    assert "pipeline_deal" in before


def test_nothing_is_chosen_before_somebody_looks(client, reps, held):
    case = over(reps, held)
    client.force_login(reps.sales_head)
    page = client.get(f"/disputes/of/{case.pk}/").content.decode()
    chosen = re.search(r'<select name="rule".*?</select>', page, re.S).group()
    assert re.search(r'<option value=""\s+selected', chosen)
    assert client.post(f"/disputes/of/{case.pk}/rule/", {"outcome": "moves", "why": "y"}).status_code == 422
    assert not CaseRuling.objects.exists()


def test_pages_from_the_fact_to_the_decision(client, reps, held, late):
    client.force_login(reps.rep)
    panel = client.get(f"/disputes/lead/{late.lead_id}/").content.decode()
    assert f"/disputes/handoff/{late.pk}/answer/" in panel
    assert f"/disputes/handoff/{late.pk}/contact/" in panel
    client.force_login(reps.teammate)
    assert f"/disputes/lead/{held.pk}/owner/" in client.get(f"/disputes/lead/{held.pk}/").content.decode()
    path = f"/disputes/lead/{held.pk}/owner/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"claimant": reps.rep.pk, "rule": "silent", "text": "x"}).status_code == 422
    sent = {"claimant": reps.teammate.pk, "rule": "cooling_days", "text": "It is mine"}
    answer = client.post(path, sent)
    case = Case.objects.get()
    assert answer.url == f"/disputes/of/{case.pk}/"
    client.force_login(reps.rep)
    assert client.post(f"{answer.url}answer/", {"rule": "", "text": "No"}).status_code == 422
    client.post(f"{answer.url}answer/", {"rule": "rest_days", "text": "It was mine before"})
    assert client.post(f"{answer.url}rule/", {}).status_code == 403
    for head in (reps.marketing_head, reps.sales_head):
        client.force_login(head)
        assert client.post(f"{answer.url}rule/", {"outcome": "excused"}).status_code == 422
        client.post(
            f"{answer.url}rule/", {"outcome": "moves", "rule": "cooling_days", "why": "Claimed too soon"}
        )
    case.refresh_from_db()
    assert (case.outcome, case.answer_rule, CaseRuling.objects.count()) == ("moves", "rest_days", 2)
    again = client.get(f"/disputes/handoff/{late.pk}/answer/")
    assert again.status_code == 200
    other = client.get(f"/disputes/lead/{fresh(held).pk}/owner/").content.decode()
    assert "Claimed too soon" in other  # the precedent is shown where a similar one is opened
    client.force_login(reps.other_rep)
    assert client.get(answer.url).status_code == 404


def test_the_list_asks_no_more_for_more_rows(client, reps):
    client.force_login(reps.sales_head)

    def one_more():
        over(reps, make.company(sales_owner=reps.rep))
        ruled(reps, cases.over_origin(make.deal(owner=reps.rep), "sales", by=reps.rep, **WORD), "sales")

    same_queries(client, "/disputes/of/", one_more)


def test_the_api_opens_answers_and_rules(reps, late):
    firm = make.company(sales_owner=reps.rep)
    wish = {
        "kind": "owner",
        "company": firm.pk,
        "claimant": reps.teammate.pk,
        "rule": "silent",
        "argument": "x",
    }
    assert Api(reps.other_rep).post("/cases/", wish)[0] == 403
    assert Api(reps.teammate).post("/cases/", {**wish, "claimant": reps.rep.pk})[0] == 403
    assert Api(reps.teammate).post("/cases/", {**wish, "handoff": late.pk})[0] == 400
    status, made = Api(reps.teammate).post("/cases/", wish)
    assert (status, made["holder"], made["asked"]) == (201, reps.rep.pk, "moves")
    assert Api(reps.teammate).post("/cases/", wish)[0] == 409
    path = f"/cases/{made['id']}/"
    said = {"rule": "rest_days", "answer": "Mine"}
    assert Api(reps.teammate).post(f"{path}answer/", said)[0] == 403
    assert Api(reps.rep).post(f"{path}answer/", said)[1]["answer_rule"] == "rest_days"
    ruling = {"outcome": "moves", "rule": "silent", "why": "y"}
    assert Api(reps.rep).post(f"{path}rule/", ruling)[0] == 403
    Api(reps.marketing_head).post(f"{path}rule/", ruling)
    whole = Api(reps.sales_head).post(f"{path}rule/", ruling)[1]
    assert (whole["outcome"], len(whole["rulings"]), whole["precedents"]) == ("moves", 2, [])
    other = cases.over_origin(make.deal(owner=reps.rep), "sales", by=reps.rep, **WORD)
    assert not Api(reps.rep).get(f"/cases/{other.pk}/")[1]["precedents"]
    third = over(reps, make.company(sales_owner=reps.rep))
    told = Api(reps.rep).get(f"/cases/{third.pk}/")[1]["precedents"]
    assert [(one["id"], one["about"]) for one in told] == [(made["id"], "company")]
    clock = {
        "kind": "clock",
        "handoff": late.pk,
        "clock": "answer",
        "rule": "answer_minutes",
        "argument": "Ill",
    }
    assert Api(reps.teammate).post("/cases/", clock)[0] == 403
    assert Api(reps.rep).post("/cases/", clock)[0] == 201
    deal = {
        "kind": "origin",
        "deal": make.deal(owner=reps.rep).pk,
        "asked": "marketing",
        "rule": "silent",
        "argument": "z",
    }
    assert Api(reps.marketer).post("/cases/", deal)[0] == 201
    assert len(Api(reps.sales_head).get("/cases/?waiting=true")[1]["results"]) == 4
