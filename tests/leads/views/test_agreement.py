"""The agreement as a page: in force, both sides' standing, drafts, signatures, last quarter under a draft."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import organisation
from accounts.models import Organisation, Segment
from leads import beside, drafting, handoffs, retrospect, scoring, standing
from leads.models import Agreement, AgreementSignature, Handoff, Question, ReturnReason
from leads.terms import in_force
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.leads.ready import accepted, fresh, offered, ready

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def team_level(db):
    Organisation.objects.update(level=2)
    organisation.forget()


def form_of(page, **changes):
    """What the browser would send of a form's page."""
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in {**sent, **changes}.items() if value not in (None, False)}


@pytest.mark.parametrize("who", ["marketer", "rep", "manager", "sales_head", "admin"])
def test_everybody_who_works_reads_it(client, cast, who):
    client.force_login(getattr(cast, who))
    page = client.get("/agreement/")
    assert page.status_code == 200
    assert "Version 1 is in force" in page.content.decode()
    assert client.get("/agreement/1/").status_code == 200


def test_the_page_tells_all_that_was_agreed(client, cast):
    large = Segment.objects.create(code="large", name="Large plants")
    Agreement.objects.update(owed_by_segment={large.code: 10}, desk_days=3, farmer_days=21)
    client.force_login(cast.rep)
    page = client.get("/agreement/").content.decode()
    for words in ("Large plants 10", "3 working days to enrich", "21 days after a hunter"):
        assert words in page


def test_two_signatures_make_a_draft_the_one_in_force(client, cast, team_level):
    client.force_login(cast.manager)
    page = client.get("/agreement/new/")
    answer = client.post("/agreement/new/", form_of(page, answer_minutes_A=45, owed_sqls=50))
    assert answer.url == "/agreement/2/"
    assert in_force().version == 1
    told = [
        (str(term), was, becomes) for term, was, becomes in client.get("/agreement/2/").context["changes"]
    ]
    assert told == [
        ("answer within (working minutes): grade A", 60, 45),
        ("accepted SQLs of grade B or better owed per month", 40, 50),
    ]
    assert client.post("/agreement/2/sign/").status_code == 403
    client.force_login(cast.sales_head)
    assert "Version 2" in client.get("/agreement/").content.decode()
    opened = client.get("/agreement/2/").context["seen"]
    draft = drafting.drafts().get()
    Api(cast.manager).patch(f"/agreements/{draft.pk}/", {"fit_floor": "D", "owed_sqls": 50})
    refused = client.post("/agreement/2/sign/", {"seen": opened}, follow=True).content.decode()
    assert "nothing is signed. Read these again, then sign: fit at least." in refused
    api, path = Api(cast.sales_head), f"/agreements/{draft.pk}/"
    status, problem = api.post(f"{path}sign/", {"stamp": opened})
    assert (status, "fit at least" in problem["detail"]) == (409, True)
    assert api.post(f"{path}sign/", {"stamp": "never anybody's"})[0] == 409
    assert not draft.signatures.exists()
    opened = client.get("/agreement/2/").context["seen"]
    assert api.get(path)[1]["stamp"] == opened
    assert "missing" in client.post("/agreement/2/sign/", {"seen": opened}, follow=True).content.decode()
    assert in_force().version == 1
    client.force_login(cast.marketing_head)
    opened = client.get("/agreement/2/").context["seen"]
    assert set(dict(pair.split(":") for pair in opened.split())) >= {
        "questions",
        "reasons",
        "note",
        "fit_floor",
    }
    client.force_login(cast.sales_head)
    assert "Sign</button>" not in client.get("/agreement/2/").content.decode()
    client.force_login(cast.marketing_head)
    assert client.post("/agreement/2/sign/", {"seen": opened}).url == "/agreement/"
    assert (in_force().version, in_force().answer_minutes["A"], in_force().owed_sqls) == (2, 45, 50)
    assert offered(ready(by=cast.marketer)).agreement.version == 2


def test_questions_and_reasons_are_signed_with_it_and_set_up_may_stray(client, cast):
    client.force_login(cast.marketing_head)
    handoff = offered(ready(by=cast.marketer))
    handoff.reason = ReturnReason.objects.get(code="no_budget")
    assert "Set-up says otherwise" not in client.get("/agreement/").content.decode()
    ReturnReason.objects.filter(code="no_budget").update(destination="desk")
    ReturnReason.objects.filter(code="spam").update(active=False)
    Question.objects.create(code="size", text="How many machines?")
    handoff.reason.refresh_from_db()
    shown = client.get("/agreement/").content.decode()
    for words in (
        "No budget now → Nurture, with a wake-up date, after 90 days",
        "No budget now: Nurture, with a wake-up date, after 90 days → The desk, to enrich within two working days",
        "Spam: Disqualified, teaches the rule → –",
        "How many machines?: – → asked before a lead is ready",
    ):
        assert words in shown
    assert beside.reason_of(handoff)["destination"] == "nurture"
    draft = drafting.save(drafting.blank())
    told = {str(term): becomes for term, _was, becomes in client.get("/agreement/2/").context["changes"]}
    assert told == {
        "No budget now": "The desk, to enrich within two working days",
        "Spam": None,
        "How many machines?": "asked before a lead is ready",
    }
    for head in (cast.marketing_head, cast.sales_head):
        drafting.sign(draft, by=head, at=timezone.now())
    shown = client.get("/agreement/").content.decode()
    assert "Set-up says otherwise" not in shown
    assert "“How many machines?”" in shown
    assert {
        one["version"]: len(one["strayed"]) for one in Api(cast.rep).get("/agreements/")[1]["results"]
    } == {
        2: 0,
        1: 3,
    }


def test_what_is_signed_stays_as_it_is(client, cast, team_level):
    draft = drafting.save(drafting.blank())
    other = drafting.save(drafting.blank())
    drafting.sign(draft, by=cast.sales_head, at=NOON)
    for refused in (lambda: drafting.save(draft), lambda: drafting.discard(draft)):
        with pytest.raises(drafting.NotToSign):
            refused()
    with pytest.raises(drafting.NotToSign):
        drafting.sign(draft, by=cast.sales_head, at=NOON)
    client.force_login(cast.marketing_head)
    assert client.post(f"/agreement/{other.version}/discard/").url == "/agreement/"
    assert client.get("/agreement/1/edit/").status_code == 403
    assert [one.version for one in drafting.drafts()] == [draft.version]


def test_an_administrator_signs_for_a_track_without_a_head(cast):
    type(cast.admin).objects.filter(pk=cast.marketing_head.pk).update(head_of="")
    draft = drafting.save(drafting.blank())
    assert drafting.tracks_to_sign(cast.admin, draft) == ["marketing"]
    drafting.sign(draft, by=cast.admin, at=NOON)
    assert drafting.sign(draft, by=cast.sales_head, at=NOON)


def test_a_wrong_draft_comes_back(client, cast, team_level):
    Segment.objects.create(code="large", name="Large")
    client.force_login(cast.sales_head)
    page = client.get("/agreement/new/")
    answer = client.post("/agreement/new/", form_of(page, owed_large=99))
    assert answer.status_code == 422
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize("who, level, status", [("rep", 2, 403), ("manager", 1, 403), ("manager", 2, 200)])
def test_who_drafts(client, cast, who, level, status):
    Organisation.objects.update(level=level)
    organisation.forget()
    client.force_login(getattr(cast, who))
    assert client.get("/agreement/new/").status_code == status


def test_marketing_is_measured_by_accepted_sqls_of_grade_b_or_better(cast):
    large = Segment.objects.create(code="large", name="Large")
    accepted(ready(by=cast.marketer, grade="A", segment=large))
    accepted(ready(by=cast.marketer, grade="B"))
    offered(ready(by=cast.marketer, grade="B", segment=large))
    accepted(ready(by=cast.marketer, grade="C"))
    Agreement.objects.update(owed_sqls=30, owed_by_segment={"large": 15})
    at = NOON + DAY
    rows = {row.segment: row for row in standing.owed(at)}
    _start, _end, passed = standing.month_of(at)
    assert (rows[""].accepted, rows[""].offered) == (2, 3)
    assert rows[""].owed == pytest.approx(30 * passed)
    assert (rows["Large"].accepted, rows["Large"].offered, rows["Large"].owed) == (
        1,
        2,
        pytest.approx(15 * passed),
    )
    assert rows["Large"].missing == round(15 * passed) - 1
    assert (rows["No segment"].accepted, rows["No segment"].offered, rows["No segment"].owed) == (1, 1, 0)
    assert len(rows) == 3


def test_a_month_gone_by_stands_under_the_version_of_then(client, cast):
    large = Segment.objects.create(code="large", name="Large")
    taken = accepted(ready(by=cast.marketer, grade="A", segment=large))
    waiting = offered(ready(by=cast.marketer, grade="B"))
    Agreement.objects.update(owed_sqls=30, owed_by_segment={"large": 15})
    second, passed_over, third = (Agreement.objects.create(version=n, owed_sqls=99) for n in (2, 3, 4))
    for one in (second, third):
        for track in ("marketing", "sales"):
            AgreementSignature.objects.create(agreement=one, track=track, at=timezone.now())
    AgreementSignature.objects.create(agreement=passed_over, track="sales", at=timezone.now())
    client.force_login(cast.marketer)
    assert [one.version for one in client.get("/agreement/").context["older"]] == [2, 1]
    month = f"{NOON:%Y-%m}"
    context = client.get(f"/agreement/?month={month}").context
    assert (context["held"].version, context["after"] > month) == (1, True)
    rows = {row.segment: (row.owed, row.accepted, row.offered) for row in context["owed"]}
    assert rows == {"": (30, 1, 2), "Large": (15, 1, 1), "No segment": (0, 0, 1)}
    now = client.get("/agreement/").context
    assert (now["held"].version, now["after"]) == (4, "")
    behind = client.get(f"/agreement/delivered/?month={month}").context["page"].rows
    assert {lead.pk for lead in behind} == {taken.lead_id, waiting.lead_id}
    behind = client.get(f"/agreement/delivered/?month={month}&segment={large.pk}").context["page"].rows
    assert [lead.pk for lead in behind] == [taken.lead_id]
    address = f"/agreement/delivered/?month={month}&segment=none"
    assert (
        f'href="{address.replace("&", "&amp;")}"' in client.get(f"/agreement/?month={month}").content.decode()
    )
    rest = client.get(address)
    assert [lead.pk for lead in rest.context["page"].rows] == [waiting.lead_id]
    assert "No segment" in rest.content.decode()
    for wrong in ("month=2026-13", "month=2999-01", "segment=x"):
        assert client.get(f"/agreement/delivered/?{wrong}").status_code == 400
    body = Api(cast.marketer).get("/standing/", month=f"{NOON:%Y-%m-%d}")[1]
    assert (body["version"], body["marketing"][1]["segment"], body["marketing"][1]["accepted"]) == (
        1,
        "Large",
        1,
    )
    assert [row["name"] for row in body["sales"]] == ["answer", "contact", "persistence"]
    assert Api(cast.marketer).get("/standing/", month="soon")[0] == 400
    assert Api(cast.finance).get("/standing/")[0] == 200
    assert Api(cast.service).get("/standing/")[0] == 403


def test_sales_is_measured_by_what_fell_due(cast):
    in_time, late = accepted(ready(by=cast.marketer)), accepted(ready(by=cast.marketer))
    offered(ready(by=cast.marketer))  # never answered
    handoffs.contacted([in_time.lead.contact_id], NOON)
    Handoff.objects.filter(pk=late.pk).update(accepted_at=late.answer_due_at + DAY)
    start, end, _passed = standing.month_of(NOON)
    found = {one.name: (one.due, one.kept) for one in standing.kept(start, end, NOON + 10 * DAY)}
    assert found["answer"] == (3, 1)
    assert found["contact"] == (2, 1)
    given_back = accepted(ready(by=cast.marketer))
    wrong = ReturnReason.objects.get(code="wrong_region")
    handoffs.return_lead(given_back.pk, reason=wrong, by=given_back.rep, at=NOON, region=make.region("south"))
    found = {one.name: (one.due, one.kept) for one in standing.kept(start, end, NOON + 10 * DAY)}
    assert found["contact"] == (2, 1), "what left the rep's hands before it fell due is owed by nobody"
    later = NOON + 60 * DAY
    handoffs.expire_due(at=later)
    start, end, _passed = standing.month_of(later)
    assert {one.name: (one.due, one.kept) for one in standing.kept(start, end, later + DAY)}[
        "persistence"
    ] == (2, 0)


def test_last_quarter_under_two_versions(cast):
    hot, hand, cold, cooled = (make.lead() for _ in range(4))
    make.touch(hot.contact, kind="quote_request")
    make.touch(
        cooled.contact, at=NOON - 300 * DAY, kind="quote_request"
    )  # hot in a former pass, and cold since
    type(hand).objects.filter(pk=hand.pk).update(hand_raised_at=NOON)
    make.touch(cold.contact, kind="click")
    scoring.score_due(at=NOON)
    handoff = accepted(ready(by=cast.marketer, at=NOON))
    Handoff.objects.filter(pk=handoff.pk).update(accepted_at=NOON + DAY)
    now = in_force()
    now.fit_floor, now.engagement_floor, now.answer_minutes["B"] = "D", 1, 960
    strict = Agreement(version=2, fit_floor="A", hand_raisers=False, answer_minutes=dict.fromkeys("ABCD", 30))
    held, left = (
        make.lead(channel="sales_own", hand_raised_at=NOON) for _ in range(2)
    )  # the agreement makes none an MQL
    for own in (held, left):
        handoffs.own_find(own.pk, by=cast.rep, at=NOON)
    handoffs.set_aside([left.pk], "nurture", by=cast.rep, reason="later", at=NOON)
    assert (fresh(held).owner, fresh(left).owner) == (cast.rep, None)
    at = NOON + 40 * DAY  # the next quarter
    first, second = retrospect.compare([now, strict], at)
    assert (first.mqls, first.hands) == (2, 1)
    assert (second.mqls, second.hands) == (0, 0)
    assert (first.handoffs, first.answered, second.answered) == (1, 1, 0)
    assert (first.accepted, first.owed) == (1, 120)
    for grade in ("A", ""):  # what became of the lead since changes nothing of what was kept
        type(hand).objects.filter(pk=handoff.lead_id).update(grade=grade)
        assert [one.answered for one in retrospect.compare([now, strict], at)] == [1, 0]
    campaign = make.campaign("Fair", channel="exhibition", ends_on=(NOON + 9 * DAY).date())
    type(hand).objects.filter(pk=handoff.lead_id).update(campaign=campaign)
    assert retrospect.compare([strict], at)[0].answered == 1, "the clock began after the fair"
