"""Versions of the scorecard: drafted, previewed, published, rolled back; taught by what was set aside; checked by wins."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from django.db.models import F

from leads import disputes, grading, handoffs, scoring
from leads.models import (
    Agreement,
    Handoff,
    Lead,
    LeadScore,
    ReturnReason,
    ScoreModel,
    ScoreRule,
    TouchWeight,
)
from leads.scoring import due, teaching, verdict, versions
from pipeline.models import Company, Contact, Product
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.leads.ready import ready
from tests.pages import same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def leads():
    """A buyer, a student and somebody without a title, all scored."""
    made = [make.lead(contact=make.contact(job_title=title)) for title in ("Buyer", "Student", "")]
    make.touch(made[0].contact, kind="quote_request")
    while scoring.score_due(at=NOON):
        pass
    return made


def settle():
    """Whatever is due, and a while later what was retired goes."""
    for at in (NOON, NOON + timedelta(minutes=2)):
        while scoring.score_due(at=at):
            pass
    grading.forget()


def draft(**rule):
    made = versions.draft()
    if rule:
        ScoreRule.objects.create(model=made, **{"field": "contact.job_title", "operator": "is", **rule})
    return made


def test_a_draft_is_a_copy_with_the_next_number(leads):
    source, made = ScoreModel.objects.get(in_force=True), draft()
    assert (made.number, made.is_draft, source.is_draft) == (2, True, False)
    for kind in (ScoreRule, TouchWeight):
        columns = [f.name for f in kind._meta.fields if f.name not in ("id", "model")]
        assert list(kind.objects.filter(model=made).values(*columns).order_by(*columns)) == list(
            kind.objects.filter(model=source).values(*columns).order_by(*columns)
        )


def test_a_preview_says_who_would_change_and_changes_nothing(leads):
    made = draft(value="Buyer", points=50)
    before = list(LeadScore.objects.order_by("pk").values())
    told = versions.preview(made, NOON)
    was = scoring.proposed([leads[0].pk], NOON)[leads[0].pk].grade
    assert (told.looked_at, told.changed) == (3, 1)
    assert [(change.lead, change.was) for change in told.first] == [(leads[0], was)]
    assert sum(count for *_pair, count in told.moves) == 1
    assert list(LeadScore.objects.order_by("pk").values()) == before
    versions.publish(made, by=None, at=NOON)
    settle()
    assert scoring.proposed([leads[0].pk], NOON)[leads[0].pk].grade == told.first[0].becomes


def test_published_once_every_lead_is_scored_under_it_and_rolled_back(leads, cast, monkeypatch):
    monkeypatch.setattr(versions, "PREPARED", 2)
    first, made = ScoreModel.objects.get(in_force=True), draft(value="Student", points=-80)
    fits = dict(LeadScore.objects.values_list("lead", "fit"))
    versions.publish(made, by=cast.marketing_head, at=NOON)
    assert ScoreModel.objects.get(in_force=True) == first
    assert not LeadScore.objects.filter(
        model=made
    ).exists()  # the click leaves the million rows to the rounds
    scoring.score_due()
    assert LeadScore.objects.filter(model=made).count() == 2
    with pytest.raises(versions.NotNow):
        versions.publish(draft(), by=cast.marketing_head, at=NOON)
    # What a second worker sees that finds every row made, and none to score: they are in the first one's hands.
    while versions.publish_due(lambda *_chunk: 0, NOON):
        pass
    assert ScoreModel.objects.get(in_force=True) == first
    assert LeadScore.objects.filter(model=made, scored_at=None).exists()
    late = make.lead(contact=make.contact(job_title="Student"))
    settle()
    now = ScoreModel.objects.get(in_force=True)
    assert (now, now.published_by, now.publishing) == (made, cast.marketing_head, False)
    told = dict(LeadScore.objects.values_list("lead", "fit"))
    assert told == {**fits, leads[1].pk: fits[leads[1].pk] - 80, late.pk: told[late.pk]}
    assert set(LeadScore.objects.values_list("model", flat=True)) == {made.pk}
    assert not LeadScore.objects.filter(scored_at=None).exists()
    with pytest.raises(versions.NotNow):
        versions.discard(now)

    versions.publish(first, by=cast.marketing_head, at=NOON)
    settle()
    assert ScoreModel.objects.get(in_force=True) == first
    assert {pk: fit for pk, fit in LeadScore.objects.values_list("lead", "fit") if pk in fits} == fits


def test_a_version_that_weighs_otherwise_keeps_the_fit_of_who_is_not_due(leads, cast):
    heats = dict(LeadScore.objects.values_list("lead", "heat"))
    LeadScore.objects.update(fit=77)  # no rule says so: what is worked out anew is something else
    made = draft()
    made.weights.update(weight=2 * F("weight"), daily_cap=2 * F("daily_cap"))
    versions.publish(made, by=cast.marketing_head, at=NOON)
    Contact.objects.filter(pk=leads[1].contact_id).update(job_title="Buyer")
    while versions.publish_due(due._score_published, NOON):
        pass
    told = {lead: (fit, heat) for lead, fit, heat in made_scores(made)}
    scoring.rescore([leads[1].pk], at=NOON)
    worked_out = LeadScore.objects.get(model=made, lead=leads[1]).fit
    assert worked_out != 77
    assert {lead: fit for lead, (fit, _heat) in told.items()} == {
        leads[0].pk: 77, leads[1].pk: worked_out, leads[2].pk: 77
    }  # fmt: skip
    assert {lead: heat for lead, (_fit, heat) in told.items()} == {
        lead: pytest.approx(2 * heat) for lead, heat in heats.items()
    }

    stricter = draft(value="Buyer", points=50)
    versions.publish(stricter, by=cast.marketing_head, at=NOON)
    settle()
    assert 77 not in {fit for _lead, fit, _heat in made_scores(stricter)}


def made_scores(model):
    return LeadScore.objects.filter(model=model).values_list("lead", "fit", "heat")


# -- pages -----------------------------------------------------------------------------------------------
def test_a_head_edits_previews_and_publishes(client, cast, leads):
    client.force_login(cast.marketing_head)
    page = client.post("/scoring/new/").url
    model = ScoreModel.objects.get(number=2)
    assert page == f"/scoring/{model.pk}/"
    rule = {
        "field": "contact.job_title",
        "operator": "in",
        "value": "Buyer, 采购",
        "points": "40",
        "group": "Who",
        "cap": "30",
    }
    assert client.post(f"{page}rules/", rule).status_code == 302
    own = {
        "field": "attributes.",
        "attribute": "budget",
        "operator": "between",
        "value": "100",
        "upto": "",
        "points": "-5",
    }
    assert client.post(f"{page}rules/", own).status_code == 302
    made = list(model.rules.order_by("-pk")[:2].values_list("field", "operator", "value", "points", "group"))
    assert made == [
        ("attributes.budget", "between", ["100", None], -5, ""),
        ("contact.job_title", "in", ["Buyer", "采购"], 40, "Who"),
    ]
    for wrong in ({"operator": "is", "value": ""}, {"field": "attributes.", "attribute": ""}, {"group": ""},
                  {"operator": "between", "value": "many"}):  # fmt: skip
        assert client.post(f"{page}rules/", {**rule, **wrong}).status_code == 422
    floors = {"name": "Cranes", "half_life": "14", "fit_A": "50", "fit_B": "30", "fit_C": "10",
              "heat_1": "25", "heat_2": "12", "heat_3": "4"}  # fmt: skip
    assert client.post(f"{page}save/", {**floors, "fit_B": "60"}).status_code == 422
    assert client.post(f"{page}save/", floors).status_code == 302
    assert (
        client.post(f"{page}weights/", {"weight-form": "9", "cap-form": "18", "weight-call": "3"}).status_code
        == 302
    )
    assert set(model.weights.values_list("kind", "weight", "daily_cap")) == {("form", 9, 18), ("call", 3, 3)}
    removed = model.rules.get(field="attributes.budget")
    assert client.post(f"{page}rules/{removed.pk}/remove/").status_code == 302
    model.refresh_from_db()
    assert (model.name, model.half_life, model.caps, model.fit_floors["A"]) == ("Cranes", 14, {"Who": 30}, 50)
    assert client.get(page).status_code == 200
    shown = client.get(f"{page}preview/")
    assert shown.context["preview"].looked_at == 3
    client.post(f"{page}publish/")
    settle()
    assert ScoreModel.objects.get(in_force=True) == model
    assert client.post(f"{page}rules/", rule).status_code == 404, "a published version stays as it is"
    assert "“Who” gives at most 30" in client.get(f"/leads/{leads[0].pk}/").content.decode()
    other = client.post("/scoring/new/").url
    client.post(f"{other}discard/")
    assert ScoreModel.objects.count() == 2


@pytest.mark.parametrize(
    "fits, shares, expected",
    [([9, 8, 7, 6, 5, 4, 3, 2, 1, 0], (0.1, 0.3, 0.6), (9, 7, 4)), ([5, 5, 5, 5, 1], (0.2, 0.4, 0.9), (7, 6, 5)),
     ([3], (0.1, 0.3, 0.6), (5, 4, 3))],
)  # fmt: skip
def test_thresholds_by_share_of_leads(client, cast, fits, shares, expected):
    model = draft()
    model.rules.all().delete()
    for fit in fits:
        make.lead(attributes={"n": fit})
    for fit in set(fits):
        draft_rule = {"field": "attributes.n", "operator": "is", "value": str(fit), "points": fit}
        ScoreRule.objects.create(model=model, **draft_rule)
    found = versions.floors_by_share(model, dict(zip("ABC", shares, strict=True)))
    assert tuple(one.floor for one in found) == expected
    client.force_login(cast.marketing_head)
    percent = {f"best_{letter}": round(100 * share) for letter, share in zip("ABC", shares, strict=True)}
    told = client.post(f"/scoring/{model.pk}/shares/", percent, follow=True).text
    assert [one.words in told for one in found] == [True] * 3
    assert ("stays empty" in told) == any(not one.leads for one in found)
    answer = Api(cast.marketing_head).post(
        f"/scorecards/{model.pk}/shares/", dict(zip("ABC", shares, strict=True))
    )
    assert answer[1]["reached"] == [asdict(one) | {"words": one.words} for one in found]
    model.refresh_from_db()
    assert tuple(model.fit_floors.values()) == expected
    assert client.post(f"/scoring/{model.pk}/shares/", {**percent, "best_C": 1}).status_code == 422


@pytest.mark.parametrize(
    "who, reads, changes, publishes",
    [("marketing_head", 200, 302, 302), ("sales_head", 200, 302, 403), ("admin", 200, 302, 403), ("marketer", 200, 403, 403),
     ("rep", 200, 403, 403), ("finance", 403, 403, 403)],
)  # fmt: skip
def test_who_may(client, cast, who, reads, changes, publishes):
    model = draft()
    client.force_login(getattr(cast, who))
    for page in ("", f"{model.pk}/", f"{model.pk}/preview/", "check/"):
        assert client.get(f"/scoring/{page}").status_code == reads
    assert client.post("/scoring/new/").status_code == changes
    assert client.post(f"/scoring/{model.pk}/publish/").status_code == publishes
    assert Api(getattr(cast, who)).get("/scorecards/")[0] == 200
    assert bool(Api(getattr(cast, who)).get("/scorecards/")[1]["results"]) == (reads == 200)


def test_versions_cost_the_same_with_one_and_with_three(client, cast):
    client.force_login(cast.marketer)
    same_queries(client, "/scoring/", versions.draft)


def test_the_api_tells_rules_and_weights(cast):
    model = draft(value="Buyer", points=5)
    _status, row = Api(cast.rep).get(f"/scorecards/{model.pk}/")
    assert {"Buyer"} <= {rule["value"] for rule in row["rules"] if isinstance(rule["value"], str)}
    assert {"kind": "form", "weight": 8.0, "daily_cap": 16.0} in row["weights"]


# -- what is set aside teaches -----------------------------------------------------------------------------
def test_setting_aside_drafts_a_rule_that_can_be_taken_out(client, cast):
    one = make.lead(contact=make.contact(email="spy@rival.example"))
    client.force_login(cast.marketer)
    answer = client.post(f"/leads/{one.pk}/disqualify/", {"code": "competitor"}, follow=True)
    assert "rival.example" in answer.content.decode()
    made = versions.latest_draft()
    rule = made.rules.get(group=teaching.GROUP)
    assert (rule.field, rule.operator, rule.value, rule.points) == (
        "contact.email",
        "ends",
        "@rival.example",
        -100,
    )
    again = teaching.teach([one.pk], "competitor")
    assert (again.about, again.not_learned) == ([], [("rival.example", "the scorecard knows it already.")])
    other = make.lead(contact=make.contact(email="anna@rival.example"))
    longer = make.lead(contact=make.contact(email="anna@rival.example.cn"))
    beside = versions.draft()
    versions.publish(beside, by=cast.marketing_head, at=NOON)
    settle()
    fit = {pk: one.fit for pk, one in scoring.proposed([other.pk, longer.pk], NOON).items()}
    assert fit[other.pk] < 0 <= fit[longer.pk]  # a later draft has the lesson, too, and no other's domain
    two = make.lead(contact=make.contact(email="spy@other.example"))
    [taught] = teaching.teach([two.pk], "competitor").drafts
    assert taught.number > beside.number  # not in the draft that was passed by
    assert set(taught.rules.filter(group=teaching.GROUP).values_list("value", flat=True)) == {
        "@rival.example",
        "@other.example",
    }


def test_returns_and_the_api_teach_as_well(cast):
    back = ready(by=cast.marketer, contact=make.contact(email="one@rival.example"))
    offer = handoffs.offer(back.pk, to=cast.rep, by=cast.marketer, at=NOON)
    reason = ReturnReason.objects.get(code="competitor")
    handoffs.return_lead(offer, reason=reason, by=cast.rep, at=NOON)
    aside = make.lead(contact=make.contact(email="two@uni.example"))
    said = {"reason": "writes a thesis", "code": "student"}
    status, answer = Api(cast.marketer).post(f"/leads/{aside.pk}/disqualify/", said)
    assert (status, answer["lesson"]["about"], answer["lesson"]["not_learned"]) == (200, ["uni.example"], [])
    assert answer["lesson"]["drafts"] == [versions.latest_draft().pk]
    learned = versions.latest_draft().rules.filter(group=teaching.GROUP).values_list("value", flat=True)
    assert set(learned) == {"@rival.example", "@uni.example"}


@pytest.mark.parametrize(
    "email, company, code, value",
    [
        ("x@gmail.com", "", "student", None), ("x@uni.example", "", "student", "@uni.example"),
        ("x@qq.com", "Rival AG", "competitor", "Rival AG"), ("x@fine.example", "", "unfit", None),
    ],
)  # fmt: skip
def test_what_teaches_what(email, company, code, value):
    firm = make.company(company) if company else None
    one = make.lead(contact=make.contact(email=email, company=firm))
    lesson = teaching.teach([one.pk], code)
    if value is None:
        assert lesson is None if code == "unfit" else lesson.about == []
        assert versions.latest_draft() is None
    else:
        assert list(lesson.drafts[0].rules.filter(group=teaching.GROUP).values_list("value", flat=True)) == [
            value
        ]


def letter(host, name="x", **fields):
    return make.lead(contact=make.contact(email=f"{name}@{host}", **fields))


def test_a_domain_that_others_use_as_well_teaches_nothing_and_says_why(client, cast):
    firms = [make.company(f"Firm {n}") for n in range(2)]
    for n in range(6):
        letter("post.example", f"p{n}")
        letter("big.example", f"p{n}", company=firms[0])
    letter("two.example", "p", company=firms[0])
    letter("pair.example", "p")
    letter("farm.example", "p", company=firms[0])
    make.deal(company=make.company("Buyer"), owner=cast.rep)
    buyer = Company.objects.get(name="Buyer")
    asides = [letter("post.example"), letter("big.example", company=firms[0]), letter("two.example", company=firms[1]),
              letter("pair.example"), letter("sold.example", company=buyer), letter("alone.example"),
              *(letter("farm.example", f"f{n}", company=firms[0]) for n in range(8))]  # fmt: skip
    lesson = teaching.teach([one.pk for one in asides], "robot")
    assert lesson.about == ["alone.example", "farm.example"]
    assert lesson.not_learned == [
        ("big.example", "6 other people write from there."),
        ("pair.example", "1 other person writes from there."),
        ("post.example", "6 other people write from there."),
        ("sold.example", "there are deals with its people."),
        ("two.example", "its people work for different companies."),
    ]
    rival = letter("post.example", "rival", company=buyer)
    client.force_login(cast.marketer)
    page = client.post(f"/leads/{rival.pk}/disqualify/", {"code": "competitor"}, follow=True).content.decode()
    assert "No rule was learned from Buyer: there are deals with it." in page
    assert "No rule was learned from post.example: there are deals with its people." in page


def test_taking_it_back_takes_the_lesson_back(client, cast):
    firm = make.company("Rival")
    first, second = (letter("rival.example", name, company=firm) for name in "ab")
    client.force_login(cast.marketer)
    for one in (first, second):
        client.post(f"/leads/{one.pk}/disqualify/", {"code": "competitor"})
    page = client.post("/desk/undo/", follow=True).content.decode()
    assert "takes no points" not in page
    assert "goes on taking points from rival.example: others that are set aside teach it as well." in page
    assert versions.latest_draft().rules.filter(group=teaching.GROUP).count() == 1
    api = Api(cast.marketer)
    older = versions.latest_draft()
    opened = versions.draft()  # a copy of it that a head opens, and may publish as well as this one
    status, answer = api.post(f"/leads/{first.pk}/take-back/", {})
    assert not ScoreRule.objects.filter(group=teaching.GROUP).exists()
    assert (status, answer["stage"], answer["forgotten"]) == (200, "new", ["rival.example"])
    assert answer["kept"] == []
    assert list(versions.drafts("")) == [opened], "nothing was left in the lesson's own"
    assert not ScoreModel.objects.filter(pk=older.pk).exists()
    versions.discard(opened)
    assert api.post(f"/leads/{first.pk}/take-back/", {})[0] == 409

    client.post(f"/leads/{first.pk}/disqualify/", {"code": "robot"})
    versions.publish(versions.latest_draft(), by=cast.marketing_head, at=NOON)
    settle()
    page = client.post("/desk/undo/", follow=True).content.decode()
    assert "The next scorecard takes no points from rival.example any more." in page
    assert not versions.latest_draft().rules.filter(group=teaching.GROUP).exists()


def test_a_return_that_both_heads_overrule_takes_its_lesson_back(cast):
    one = ready(by=cast.marketer, contact=make.contact(email="one@rival.example"))
    offer = handoffs.offer(one.pk, to=cast.rep, by=cast.marketer, at=NOON)
    reason = ReturnReason.objects.get(code="competitor")
    assert handoffs.return_lead(offer, reason=reason, by=cast.rep, at=NOON).about == ["rival.example"]
    dispute = disputes.open_dispute(offer, "it is a customer", by=cast.marketer, at=NOON)
    for head in (cast.marketing_head, cast.sales_head):
        disputes.rule(dispute, counts=False, goes_to="route", why="so it is", by=head, at=NOON)
    assert versions.latest_draft() is None


# -- do grades mean something -------------------------------------------------------------------------------
def test_the_check_counts_wins_by_the_first_grade(client, cast):
    template = ready(by=cast.marketer)
    contacts = Contact.objects.bulk_create(Contact(full_name=f"c{n}") for n in range(60))
    leads = Lead.objects.bulk_create(
        Lead(contact=contact, captured_at=NOON, channel="sem", stage="disqualified", ended_at=NOON,
             won_at=NOON if n % (4 if n < 30 else 2) == 0 else None)
        for n, contact in enumerate(contacts)
    )  # fmt: skip
    agreement = Agreement.objects.latest("version")
    Handoff.objects.bulk_create(
        Handoff(lead=lead, rep=cast.rep, grade="A" if n < 30 else "B", agreement=agreement, offered_at=NOON,
                ended_at=NOON, end="finished")
        for n, lead in enumerate(leads)
    )  # fmt: skip
    told = verdict.check(NOON)
    assert {one.grade: (one.closed, one.won) for one in told.rates} == {
        "A": (30, 8),
        "B": (30, 15),
        "C": (0, 0),
        "D": (0, 0),
    }
    assert told.complaints == [("A", "B")]
    assert told.judged == 0, "they have no score"
    assert template.pk
    client.force_login(cast.marketer)
    for page in ("/scoring/check/", "/scoring/"):
        assert "Grade A does not win more than B" in client.get(page).content.decode()
    assert Api(cast.marketer).get("/scorecards/check/")[1]["complaints"] == [["A", "B"]]
    assert Api(cast.finance).get("/scorecards/check/")[0] == 403
    pumps = Product.objects.create(code="pump", name="Pump", family="Pumps")
    Lead.objects.filter(pk__in=[lead.pk for lead in leads[:4]]).update(product=pumps)
    of_pumps = {one.grade: (one.closed, one.won) for one in verdict.check(NOON, "Pumps").rates}
    assert of_pumps == {"A": (4, 1), "B": (0, 0), "C": (0, 0), "D": (0, 0)}
    assert client.get("/scoring/check/?line=Pumps").status_code == 404, "it has no scorecard"
    versions.publish(versions.draft(line="Pumps"), by=None, at=NOON)
    settle()
    assert client.get("/scoring/check/?line=Pumps").context["check"].rates[0].closed == 4


def test_the_machines_grade_is_that_of_the_hand_over(client, cast):
    """Hot when it was handed over, cold by now; what came afterwards does not count."""
    ScoreModel.objects.filter(in_force=True).update(fit_floors={"A": 0, "B": -10, "C": -20})
    hot, cold = make.lead(at=NOON), make.lead(at=NOON)
    make.touch(hot.contact, at=NOON, kind="quote_request")
    make.touch(cold.contact, at=NOON + timedelta(days=5), kind="quote_request")
    settle()
    agreement = Agreement.objects.latest("version")
    for one, grade in ((hot, "A"), (cold, "C")):
        Handoff.objects.create(
            lead=one, rep=cast.rep, grade=grade, agreement=agreement, offered_at=NOON + timedelta(hours=1)
        )
    Lead.objects.filter(pk=hot.pk).update(stage="disqualified", ended_at=NOON, won_at=NOON)
    told = verdict.check(NOON + timedelta(days=400))
    assert (told.judged, told.agreed) == (2, 1.0)
    assert {one.grade: (one.closed, one.won) for one in told.machine} == {
        "A": (1, 1),
        "B": (0, 0),
        "C": (0, 0),
        "D": (0, 0),
    }
    client.force_login(cast.marketer)
    page = client.get("/scoring/check/").content.decode()
    assert "Win rate by the machine" in page
    assert "agree on 100" in page


def test_a_rate_has_wilsons_interval():
    one = verdict.rate("A", 10, 8)
    assert (one.rate, round(one.low, 3), round(one.high, 3)) == (0.8, 0.49, 0.943)
    assert verdict.rate("A", 0, 0).rate is None
