"""Scorecards of product lines: which apply, which decides, what changes when they come and go."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisCase

from accounts import organisation
from accounts.models import Organisation
from leads import grading, retrospect, scoring, terms
from leads.models import Lead, LeadScore, ScoreModel, ScoreRule, TouchWeight
from leads.scoring import lines, teaching, versions
from pipeline.models import Product
from reports.verify import scores as verified
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.pages import queries

pytestmark = pytest.mark.django_db
LINES = ["", "Pumps", "Valves"]


def product(line):
    """A product of the line, which may be empty."""
    return Product.objects.get_or_create(code=f"p-{line}", defaults={"name": f"P {line}", "family": line})[0]


def settle():
    """Whatever is due, and a while later what was retired goes."""
    for at in (NOON, NOON + timedelta(minutes=2)):
        while scoring.score_due(at=at):
            pass
    grading.forget()


def scorecard(line, half_life=10.0, **rule):
    """A published scorecard of the line, with one rule of its own and its own half-life."""
    made = versions.draft(line=line)
    made.rules.all().delete()
    ScoreModel.objects.filter(pk=made.pk).update(half_life=half_life)
    ScoreRule.objects.create(
        model=made, **{"field": "contact.job_title", "operator": "known", "points": 70, **rule}
    )
    versions.publish(made, by=None, at=NOON)
    settle()
    return made


def differences():
    with connection.cursor() as cursor:
        return list(verified.differences(cursor))


def naive(line, in_force):
    """{line of each model that applies: whether it decides} for a lead of this product line."""
    applies = {own for own in in_force if own in ("", line) or line == ""}
    decides = line if line in in_force else ""
    return {own: own == decides for own in applies}


def told():
    """{lead: {line of the model: whether it decides}} as stored for the models in force."""
    found = {}
    for lead, line, decides in LeadScore.objects.filter(model__in_force=True).values_list(
        "lead", "model__line", "decides"
    ):
        found.setdefault(lead, {})[line] = decides
    return found


steps = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.sampled_from(LINES)),
        st.tuples(st.just("retire"), st.sampled_from(LINES[1:])),
        st.tuples(st.just("lead"), st.sampled_from(LINES)),
        st.tuples(st.just("product"), st.integers(0, 5), st.sampled_from(LINES)),
        st.tuples(st.just("family"), st.sampled_from(LINES[1:])),
    ),
    max_size=9,
)


class TestWhichApplies(HypothesisCase):
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(steps)
    def test_whatever_happens_one_scorecard_decides(self, steps):
        """After every step each lead has the scores that a naive reading gives it, and verify agrees."""
        for step in steps:
            getattr(self, f"_{step[0]}")(*step[1:])
            settle()
            in_force = set(ScoreModel.objects.filter(in_force=True).values_list("line", flat=True))
            families = dict(Lead.objects.values_list("pk", "product__family"))
            assert told() == {pk: naive(line or "", in_force) for pk, line in families.items()}
            assert differences() == []

    def _publish(self, line):
        versions.publish(versions.draft(line=line), by=None, at=NOON)

    def _retire(self, line):
        if ScoreModel.objects.filter(line=line, in_force=True).exists():
            versions.retire(line, at=NOON)

    def _lead(self, line):
        make.touch(make.lead(product=product(line)).contact)

    def _product(self, n, line):
        for lead in Lead.objects.order_by("pk")[n : n + 1]:
            Lead.objects.filter(pk=lead.pk).update(product=product(line))

    def _family(self, line):
        Product.objects.filter(code="p-Pumps").update(family=line)


def test_the_grade_that_people_see_is_that_of_the_product_line(client, cast):
    leads = {
        line: make.lead(contact=make.contact(job_title="Buyer"), product=product(line)) for line in LINES
    }
    for lead in leads.values():
        make.touch(lead.contact, at=NOON - timedelta(days=10), kind="quote_request")
    settle()
    pumps = scorecard("Pumps")
    TouchWeight.objects.filter(model=pumps, kind="quote_request").update(weight=60, daily_cap=60)
    scoring.mark_touched([lead.contact_id for lead in leads.values()])
    settle()
    offers = scoring.proposed([lead.pk for lead in leads.values()], NOON)
    assert {line: (offers[lead.pk].fit, offers[lead.pk].letter) for line, lead in leads.items()} == {
        "": (10, "D"), "Pumps": (70, "A"), "Valves": (10, "D")
    }  # fmt: skip
    day = (NOON - timedelta(days=10)).replace(hour=0)
    assert offers[leads["Pumps"].pk].engagement == pytest.approx(
        60 * 2 ** (-(NOON - day).total_seconds() / 864_000)
    )
    rows = {row.pk: row for row in scoring.graded(Lead.objects.all(), NOON)}
    for pk, offer in offers.items():
        row = rows[pk]
        assert (row.proposed_grade, row.letter, row.digit, row.fit) == (
            offer.grade, offer.letter, offer.digit, offer.fit,
        )  # fmt: skip
        assert row.engagement == pytest.approx(offer.engagement)
    listed = dict(Lead.objects.annotate(g=scoring.proposed_grade(NOON)).values_list("pk", "g"))
    assert listed == {pk: offer.grade for pk, offer in offers.items()}
    hottest = [row.pk for row in scoring.graded(Lead.objects.all(), NOON).order_by("-warmth")]
    assert hottest == sorted(offers, key=lambda pk: -offers[pk].engagement)
    scales = grading.current(NOON)
    for grade in "ABCD":
        found = scoring.graded(Lead.objects.all(), NOON).filter(scales.where({grade}))
        assert set(found.values_list("pk", flat=True)) == {pk for pk, o in offers.items() if o.grade == grade}

    why = scoring.explain(leads["Pumps"], NOON)
    assert (why.line, why.fit, [(other.line, other.fit) for other in why.others]) == ("Pumps", 70, [("", 10)])
    assert why.engagement == pytest.approx(offers[leads["Pumps"].pk].engagement)
    assert [other.line for other in scoring.explain(leads[""], NOON).others] == ["Pumps"]
    assert scoring.explain(leads["Valves"], NOON).others == []
    later = scoring.proposed([lead.pk for lead in leads.values()], timezone.now())
    rows = Api(cast.marketer).get("/leads/")[1]["results"]
    assert {row["id"]: row["proposed_grade"] for row in rows} == {pk: o.grade for pk, o in later.items()}
    assert Api(cast.marketer).get(f"/leads/{leads['Pumps'].pk}/why/")[1]["line"] == "Pumps"

    client.force_login(cast.marketer)
    page = f"/leads/{leads['Pumps'].pk}/"
    assert "Graded by the scorecard of its product line, Pumps." in client.get(page).content.decode()
    Organisation.objects.update(level=2)
    organisation.forget()
    assert "What other scorecards say" not in client.get(page).content.decode()
    Organisation.objects.update(level=3)
    organisation.forget()
    assert "What other scorecards say" in client.get(page).content.decode()


def test_the_agreement_asks_the_scorecard_that_decides():
    def lead(line):
        made = make.lead(contact=make.contact(job_title="Buyer"), product=product(line))
        make.touch(made.contact, kind="meeting")
        return made

    scorecard("Pumps")
    of_pumps, unknown, other = lead("Pumps"), lead(""), lead("Valves")
    settle()
    stages = dict(Lead.objects.values_list("pk", "stage"))
    assert stages == {of_pumps.pk: "mql", unknown.pk: "new", other.pk: "new"}
    Lead.objects.update(stage="new")
    asked = [of_pumps.pk, unknown.pk, other.pk]
    assert terms.met(asked, NOON) == {of_pumps.pk: terms.MEETS}
    ahead = NOON + timedelta(days=100)
    agreement = terms.in_force()
    assert retrospect.compare([agreement], ahead)[0].mqls == 1
    versions.retire("Pumps", at=NOON)
    assert terms.met(asked, NOON) == {}
    assert retrospect.compare([agreement], ahead)[0].mqls == 0


def test_a_version_of_a_line_is_previewed_published_and_rolled_back():
    leads = [
        make.lead(contact=make.contact(job_title=title), product=product("Pumps")) for title in ("Buyer", "")
    ]
    make.lead(contact=make.contact(job_title="Buyer"))
    settle()
    draft = versions.draft(line="Pumps")
    assert (draft.line, draft.number, draft.name) == ("Pumps", 1, "Pumps")
    ScoreRule.objects.create(model=draft, field="contact.job_title", operator="is", value="Buyer", points=90)
    preview = versions.preview(draft, NOON)
    assert (preview.looked_at, [change.lead for change in preview.first]) == (2, [leads[0]])
    versions.publish(draft, by=None, at=NOON)
    assert scoring.proposed([leads[0].pk], NOON)[leads[0].pk].fit == 10, (
        "the general one grades until all are scored"
    )
    settle()
    assert scoring.proposed([leads[0].pk], NOON)[leads[0].pk].fit == 100
    second = versions.draft(line="Pumps")
    second.rules.all().delete()
    assert second.number == 2
    versions.publish(second, by=None, at=NOON)
    settle()
    assert scoring.proposed([leads[0].pk], NOON)[leads[0].pk].fit == 0
    versions.publish(draft, by=None, at=NOON)
    settle()
    assert scoring.proposed([leads[0].pk], NOON)[leads[0].pk].fit == 100
    assert set(ScoreModel.objects.filter(in_force=True).values_list("line", "number")) == {
        ("", 1),
        ("Pumps", 1),
    }
    versions.retire("Pumps", at=NOON)
    with pytest.raises(versions.NotNow):
        versions.retire("Pumps", at=NOON)
    with pytest.raises(versions.NotNow):
        versions.retire("", at=NOON)
    settle()
    assert scoring.proposed([leads[0].pk], NOON)[leads[0].pk].fit == 10
    assert not LeadScore.objects.exclude(model__in_force=True).exists()


def test_what_another_worker_put_in_force_and_was_retired_stays_retired():
    make.lead(product=product("Pumps"))
    settle()
    draft = versions.draft(line="Pumps")
    versions.publish(draft, by=None, at=NOON)

    def meanwhile(*_chunk):
        """While this worker looked for what there is to score."""
        while scoring.score_due(at=NOON):
            pass
        assert ScoreModel.objects.get(pk=draft.pk).in_force
        versions.retire("Pumps", at=NOON)
        return 0

    assert versions.publish_due(meanwhile, NOON) == 0
    assert set(ScoreModel.objects.filter(in_force=True).values_list("line", flat=True)) == {""}
    settle()
    assert not LeadScore.objects.exclude(model__in_force=True).exists()


def test_a_busy_score_of_a_line_stays_due_and_is_found_again(capsys):
    lead = make.lead(product=product("Pumps"))
    settle()
    pumps = scorecard("Pumps")
    LeadScore.objects.filter(model=pumps).update(scored_at=None)
    LeadScore.objects.filter(model__line="").update(touched_at=NOON, scored_at=NOON)
    settle()
    assert not LeadScore.objects.filter(scored_at=None).exists()
    LeadScore.objects.filter(lead=lead).update(heat=77)
    call_command("score", "--all")
    assert capsys.readouterr().out.splitlines() == ["Leads scored anew: 2.", "Due leads scored: 0."]
    assert set(LeadScore.objects.values_list("heat", flat=True)) == {0}


def test_what_is_set_aside_teaches_every_scorecard():
    scorecard("Pumps")
    spam = make.lead(contact=make.contact(email="x@spam.example"))
    lesson = teaching.teach([spam.pk], "robot")
    assert [(draft.line, draft.is_draft) for draft in lesson.drafts] == [("", True), ("Pumps", True)]
    assert lesson.about == ["spam.example"]
    assert teaching.teach([spam.pk], "robot").about == []


def test_wrong_scores_are_found_by_verify():
    lead = make.lead(product=product("Pumps"))
    scorecard("Pumps")
    assert differences() == []
    LeadScore.objects.filter(lead=lead).update(decides=True)
    assert len(differences()) == 1
    LeadScore.objects.filter(lead=lead, model__line="Pumps").delete()
    LeadScore.objects.filter(lead=lead).update(decides=False)
    assert len(differences()) == 1


def test_lists_cost_the_same_with_one_scorecard_and_with_three(client, cast):
    for line in LINES:
        make.touch(make.lead(product=product(line)).contact)
    settle()
    client.force_login(cast.marketer)
    paths = ("/leads/", "/leads/?grade=D&sort=-heat", "/desk/")
    api = Api(cast.marketer)
    for path in paths:
        queries(client, path)
    one = [queries(client, path) for path in paths]
    scorecard("Pumps")
    scorecard("Valves", half_life=90)
    grading.current(NOON)
    assert [queries(client, path) for path in paths] == one
    assert len(api.get("/leads/")[1]["results"]) == 3


def test_a_head_makes_a_scorecard_for_a_line(client, cast):
    client.force_login(cast.marketing_head)
    assert "No product line without a scorecard" in client.get("/scoring/line/").content.decode()
    product("Pumps")
    make.lead(product=product("Pumps"))
    settle()
    general = ScoreModel.objects.get()
    assert client.post("/scoring/line/", {"line": "Nothing", "source": general.pk}).status_code == 422
    page = client.post("/scoring/line/", {"line": "Pumps", "source": general.pk}).url
    assert client.get(page).status_code == 200
    assert lines.without_scorecard() == []
    client.post(f"{page}publish/")
    settle()
    shown = client.get("/scoring/").content.decode()
    assert "Pumps" in shown
    assert 'name="line" value="Pumps"' in shown
    assert client.post("/scoring/new/", {"line": "Pumps"}).status_code == 302
    assert client.post("/scoring/new/", {"line": "Nothing"}).status_code == 404
    client.force_login(cast.sales_head)
    assert client.post(f"{page}retire/").status_code == 403
    client.force_login(cast.marketing_head)
    client.post(f"{page}retire/")
    assert not ScoreModel.objects.filter(line="Pumps", in_force=True).exists()
    assert client.post(f"{page}retire/", follow=True).context["messages"]


def test_the_api_drafts_changes_and_publishes(cast):
    api, product_line = Api(cast.marketing_head), product("Pumps").family
    lead = make.lead(contact=make.contact(job_title="Buyer"), product=product("Pumps"))
    settle()
    assert api.post("/scorecards/", {"line": "Nothing"})[0] == 400
    assert Api(cast.rep).post("/scorecards/", {"line": product_line})[0] == 403
    status, made = api.post("/scorecards/", {"line": product_line})
    assert (status, made["line"], made["number"]) == (201, "Pumps", 1)
    path = f"/scorecards/{made['id']}/"
    rule = {
        "field": "contact.job_title",
        "operator": "in",
        "value": ["Buyer"],
        "points": 80,
        "group": "Who",
        "cap": 65,
    }
    status, told = api.post(f"{path}rules/", rule)
    assert (status, told["caps"], told["rules"][-1]["value"]) == (200, {"Who": 65}, ["Buyer"])
    for wrong in ({"value": "Buyer"}, {"group": ""}, {"field": "nothing"}, {"points": 0},
                  {"field": "region", "value": ["zebra"]}, {"field": "channel", "value": ["SEM", "zebra"]}):  # fmt: skip
        assert api.post(f"{path}rules/", {**rule, **wrong})[0] == 400
    first = told["rules"][0]["id"]
    assert api.delete(f"{path}rules/{first}/")[0] == 204
    assert api.delete(f"{path}rules/{first}/")[0] == 404
    floors = {"name": "P", "half_life": 9, "fit_floors": {"A": 60, "B": 30, "C": 10},
              "engagement_floors": {"1": 20, "2": 10, "3": 5}}  # fmt: skip
    assert api.post(f"{path}thresholds/", floors)[1]["half_life"] == 9
    assert api.post(f"{path}thresholds/", {**floors, "fit_floors": {"A": 1, "B": 30, "C": 10}})[0] == 400
    assert api.post(f"{path}thresholds/", {**floors, "fit_floors": {"A": 1}})[0] == 400
    shares = {"A": 0.2, "B": 0.5, "C": 0.9}
    assert api.post(f"{path}shares/", {**shares, "C": 0.1})[0] == 400
    assert set(api.post(f"{path}shares/", shares)[1]["fit_floors"]) == {"A", "B", "C"}
    api.post(f"{path}thresholds/", floors)
    assert api.post(f"{path}weights/", [{"kind": "form", "weight": 3}])[1]["weights"] == [
        {"kind": "form", "weight": 3.0, "daily_cap": 3.0}
    ]
    preview = api.get(f"{path}preview/")[1]
    assert (preview["looked_at"], [one["lead"] for one in preview["first"]]) == (1, [lead.pk])
    assert Api(cast.sales_head).post(f"{path}publish/")[0] == 403
    assert api.post(f"{path}publish/")[1]["publishing"]
    settle()
    assert api.post(f"{path}rules/", rule)[0] == 409
    assert api.delete(path)[0] == 409
    assert api.get("/scorecards/", line="Pumps", in_force="true")[1]["results"][0]["id"] == made["id"]
    assert api.post(f"{path}retire/")[0] == 200
    assert api.post(f"{path}retire/")[0] == 409
