"""Which signals are worth knowing: win rates with and without each against a naive count, and what both sides say."""

import random
from datetime import timedelta

import pytest

from leads.models import Agreement, Handoff, Lead, Question, ScoreModel, ScoreRule, SignalVerdict, Touch
from leads.proportions import difference
from leads.scoring import signals, versions
from pipeline.models import Contact, CustomField, Product
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.pages import queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def titles(db):
    """A rule of the scorecard in force: 10 points for directors."""
    model = ScoreModel.objects.get(in_force=True, line="")
    return ScoreRule.objects.create(
        model=model, field="contact.job_title", operator="is", value="Director", points=10
    )


def closed(cast, count, seed=5):
    """Closed leads that were handed over, of which directors, and who met us at an event, are won more often.

    Among them some that do not count: tests, open ones, and touches after the hand-over, from us, or by a machine.
    """
    dice = random.Random(seed)
    agreement = Agreement.objects.latest("version")
    Question.objects.get_or_create(code="budget", defaults={"text": "Budget?"})
    CustomField.objects.create(on="lead", code="park", name="Machine park")
    people = Contact.objects.bulk_create(
        Contact(full_name=f"c{n}", job_title="Director" if dice.random() < 0.4 else "") for n in range(count)
    )
    leads = []
    for person in people:
        won = dice.random() < (0.7 if person.job_title else 0.3)
        leads.append(
            Lead(
                contact=person, captured_at=NOON, channel="sem", stage="disqualified", is_test=dice.random() < 0.05,
                ended_at=NOON if dice.random() < 0.9 else None, won_at=NOON if won else None,
                answers={"budget": "yes"} if dice.random() < 0.5 else {}, attributes={"park": "3"} if dice.random() < 0.5 else {},
            )
        )  # fmt: skip
    Lead.objects.bulk_create(leads)
    Handoff.objects.bulk_create(
        Handoff(
            lead=lead,
            rep=cast.rep,
            grade="B",
            agreement=agreement,
            offered_at=NOON,
            ended_at=NOON,
            end="finished",
        )
        for lead in leads
    )
    touches = []
    for person in people:
        for _ in range(dice.randrange(4)):
            touches.append(
                Touch(
                    contact=person, kind=dice.choice(["event", "form", "visit"]), at=NOON + dice.choice([-2, -1, 0, 1]) * DAY,
                    automatic=dice.random() < 0.2, outbound=dice.random() < 0.2,
                )
            )  # fmt: skip
    Touch.objects.bulk_create(touches)
    return leads


def naive(holds):
    """[closed with, won with, closed without, won without] by walking each lead."""
    counts = [0, 0, 0, 0]
    for lead in Lead.objects.select_related("contact").filter(ended_at__isnull=False, is_test=False):
        place = 0 if holds(lead) else 2
        counts[place] += 1
        counts[place + 1] += bool(lead.won_at)
    return counts


def did(kind):
    def holds(lead):
        return any(
            one.kind == kind and one.at <= NOON and not one.automatic and not one.outbound
            for one in lead.contact.touches.all()
        )

    return holds


def test_each_signal_counts_as_a_walk_over_the_leads_does(cast, titles):
    closed(cast, 200)
    found = {one.signal.key: one for one in signals.judged()}
    counted = {
        key: [one.having.closed, one.having.won, one.lacking.closed, one.lacking.won]
        for key, one in found.items()
    }
    wanted = {
        signals.key_of(titles): naive(lambda lead: lead.contact.job_title == "Director"),
        "asked:budget": naive(lambda lead: bool(lead.answers.get("budget"))),
        "known:attributes.park": naive(lambda lead: bool(lead.attributes.get("park"))),
        "known:contact.job_title": naive(lambda lead: bool(lead.contact.job_title)),
        "did:event": naive(did("event")),
        "did:form": naive(did("form")),
        "did:complaint": naive(lambda lead: False),
    }
    assert {key: counted[key] for key in wanted} == wanted
    rule = found[signals.key_of(titles)]
    assert (rule.signal.points, rule.tells, rule.difference.estimate > 0.2) == (10, True, True)
    assert rule.difference.low < rule.difference.estimate < rule.difference.high
    assert found["did:complaint"].difference is None, "nobody complained"
    assert signals.judged()[0].tells


def test_an_interval_is_newcombes():
    """56/70 against 48/80, method 10 of Newcombe (1998): 0.0524 to 0.3339."""
    found = difference(56, 70, 48, 80)
    assert (found.estimate, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_a_fact_that_comes_with_the_outcome_tells_nothing(client, cast, titles):
    leads = closed(cast, 200)
    pump = Product.objects.create(code="pump", name="Pump")
    Lead.objects.filter(pk__in=[lead.pk for lead in leads if lead.won_at]).update(product=pump)
    one = next(one for one in signals.judged() if one.signal.key == "known:product")
    assert (one.difference.low > 0, one.comes_with_the_outcome, one.tells) == (True, True, False)
    client.force_login(cast.marketer)
    assert "perhaps filled in as they were won" in client.get("/scoring/signals/").content.decode()


def test_somebody_merged_brings_what_they_did(cast, titles):
    leads = closed(cast, 1)
    Lead.objects.update(is_test=False, ended_at=NOON)
    Touch.objects.all().delete()
    other = make.contact("Doublet")
    make.touch(other, NOON - DAY, kind="meeting")
    before = {one.signal.key: one.having.closed for one in signals.judged()}["did:meeting"]
    Contact.objects.filter(pk=other.pk).update(merged_into=leads[0].contact)
    after = {one.signal.key: one.having.closed for one in signals.judged()}["did:meeting"]
    assert (before, after) == (0, 1)


def test_both_sides_say_and_the_last_word_counts(client, cast, titles):
    key = signals.key_of(titles)
    signals.say(key, "useful", "They decide", by=cast.marketing_head)
    signals.say(key, "useless", " They delegate ", by=cast.marketing_head)
    signals.say(key, "useless", "", by=cast.sales_head)
    one = next(one for one in signals.judged() if one.signal.key == key)
    assert [(word.track, word.worth, word.why, word.by) for word in one.words] == [
        ("marketing", "useless", "They delegate", cast.marketing_head), ("sales", "useless", "", cast.sales_head),
    ]  # fmt: skip
    assert one.is_useless
    assert SignalVerdict.objects.count() == 3
    with pytest.raises(signals.NotYours):
        signals.say(key, "useful", "", by=cast.rep)
    with pytest.raises(signals.NotYours):
        signals.say("rule:gone", "useful", "", by=cast.sales_head)


def test_a_rule_that_neither_wants_is_left_out_of_a_draft(client, cast, titles):
    key, before = signals.key_of(titles), titles.model.rules.count()
    client.force_login(cast.marketing_head)
    assert client.post("/scoring/signals/drop/").url == "/scoring/signals/"
    assert versions.latest_draft() is None
    for head in (cast.marketing_head, cast.sales_head):
        client.force_login(head)
        assert (
            client.post("/scoring/signals/say/", {"signal": key, "worth": "useless", "why": "No"}).status_code
            == 302
        )
    assert "Both sides hold one signal for not useful." in client.get("/scoring/signals/").content.decode()
    client.post("/scoring/signals/drop/")
    draft = versions.latest_draft()
    assert (draft.rules.count(), titles.model.rules.count()) == (before - 1, before)
    assert key not in {signals.key_of(rule) for rule in draft.rules.all()}


def test_heads_speak_everybody_at_work_reads(client, cast, titles):
    key = signals.key_of(titles)
    for user, reads, speaks in (
        (cast.marketer, 200, 403), (cast.rep, 200, 403), (cast.sales_head, 200, 302), (cast.finance, 403, 403),
    ):  # fmt: skip
        client.force_login(user)
        answer = client.get("/scoring/signals/")
        assert answer.status_code == reads, user
        assert (b'name="worth"' in answer.content) == (speaks == 302), user
        assert (
            client.post("/scoring/signals/say/", {"signal": key, "worth": "useful"}).status_code == speaks
        ), user
        api = Api(user)
        assert api.get("/scorecards/signals/")[0] == reads
        said = api.post("/scorecards/signals/say/", {"signal": key, "worth": "less", "why": "costly"})
        assert said[0] == {302: 204}.get(speaks, 403), said
    told = {one["key"]: one for one in Api(cast.rep).get("/scorecards/signals/")[1]}[key]
    assert [(one["track"], one["worth"], one["why"]) for one in told["said"]] == [("sales", "less", "costly")]
    assert Api(cast.sales_head).post("/scorecards/signals/say/", {"signal": "x", "worth": "less"})[0] == 409


def test_the_page_costs_the_same_with_more_rules_and_words(client, cast, titles):
    client.force_login(cast.sales_head)
    queries(client, "/scoring/signals/")
    before = queries(client, "/scoring/signals/")
    for title in ("Owner", "Buyer", "Engineer"):
        rule = ScoreRule.objects.create(
            model=titles.model, field="contact.job_title", operator="is", value=title, points=1
        )
        signals.say(signals.key_of(rule), "less", "", by=cast.marketing_head)
    assert queries(client, "/scoring/signals/") == before <= 12
