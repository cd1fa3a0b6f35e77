"""Scores against naive oracles: rules, forward decay with its ceilings, grades, epochs; and the queue of what is due."""

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisCase

from accounts import organisation
from accounts.models import Organisation
from leads import grading, scoring
from leads.models import Lead, LeadScore, ScoreModel, ScoreRule, Touch, TouchWeight
from leads.models.score import Operator
from leads.scoring import rules, statements
from pipeline.models import Contact, Identity
from reports.verify.scores import differences as verified
from tests import cast as make
from tests.cast import NOON

CAREFULLY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ZONES = ["UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin"]


# -- the oracle ------------------------------------------------------------------------------------------
def naive_engagement(touches, model, zone, marked, at):
    """Engagement at `at`, touch by touch: as design.md says it."""
    days, weights = defaultdict(int), {w.kind: w for w in model.weights.all()}
    for touch in touches:
        talk = not touch.automatic and (not touch.outbound or touch.reached is True)
        fresh = touch.at > marked - timedelta(days=50 * model.half_life)
        if talk and fresh and touch.kind in weights:
            local = min(touch.at, marked).astimezone(zone)
            days[touch.kind, local.date()] += 1
    total = 0.0
    for (kind, day), count in days.items():
        points = min(weights[kind].daily_cap, count * weights[kind].weight)
        start = datetime.combine(day, time(), zone).astimezone(UTC)
        total += points * 2 ** (-(at - start).total_seconds() / (model.half_life * 86_400))
    return total


touches = st.lists(
    st.tuples(
        st.sampled_from(["click", "form", "visit", "quote_request", "mail", "call", "complaint"]),
        st.integers(-60 * 24 * 60, 3 * 24 * 60),  # minutes from the mark
        st.booleans(),
        st.booleans(),
        st.sampled_from([None, True, False]),
    ),
    max_size=12,
)


class TestForwardDecay(HypothesisCase):
    @CAREFULLY
    @given(
        touches=touches,
        zone=st.sampled_from(ZONES),
        half_life=st.sampled_from([0.5, 7.0, 30.0]),
        days=st.integers(0, 90),
    )
    def test_heat_is_what_the_naive_sum_says(self, touches, zone, half_life, days):
        Organisation.objects.update(zone=zone)
        organisation.forget()
        ScoreModel.objects.update(half_life=half_life, epoch=NOON - timedelta(days=20))
        model = ScoreModel.objects.get()
        lead = make.lead()
        other = Contact.objects.create(full_name="merged away", merged_into=lead.contact)
        kept = [
            make.touch(other if n % 3 == 0 else lead.contact, at=NOON + timedelta(minutes=minutes), kind=kind,
                       automatic=automatic, outbound=outbound, reached=reached)
            for n, (kind, minutes, automatic, outbound, reached) in enumerate(touches)
        ]  # fmt: skip
        LeadScore.objects.update(touched_at=NOON)
        scoring.rescore([lead.pk], at=NOON)
        score = LeadScore.objects.get()
        at = NOON + timedelta(days=days)
        expected = naive_engagement(kept, model, ZoneInfo(zone), NOON, at)
        assert score.heat * grading.Grading(model, at).factor == pytest.approx(expected, rel=1e-9, abs=1e-12)
        assert score.scored_at == NOON
        LeadScore.objects.update(heat=0, fit=77)
        assert list(scoring.rescore_all(NOON, fit=False)) == [(1, 1)]
        assert LeadScore.objects.get().heat == pytest.approx(score.heat, rel=1e-12)
        assert LeadScore.objects.get().fit == 77

        explained = scoring.explain(lead, at)
        assert explained.engagement == pytest.approx(expected, rel=1e-9, abs=1e-12)
        assert sum(part.points_now for part in explained.touches) == pytest.approx(
            explained.engagement, rel=1e-9
        )
        organisation.forget()

    @CAREFULLY
    @given(days=st.integers(-900, 900), heats=st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=4))
    def test_a_new_epoch_changes_no_engagement(self, days, heats):
        model = ScoreModel.objects.get()
        ScoreModel.objects.update(half_life=1)
        model.refresh_from_db()
        at = model.epoch + timedelta(days=days)
        factor = grading.Grading(model, at).factor
        leads = [make.lead() for _heat in heats]
        for lead, engagement in zip(leads, heats, strict=True):
            LeadScore.objects.filter(lead=lead).update(heat=engagement / factor)
        scoring.rebase(model, at)
        model.refresh_from_db()
        assert model.epoch == at
        assert list(LeadScore.objects.order_by("lead").values_list("heat", flat=True)) == pytest.approx(
            heats, rel=1e-9
        )


# -- rules -------------------------------------------------------------------------------------------------
def naive_rule(operator, value, said, custom):
    """Whether a rule holds for what a field says (None: nothing is known); of several values of an attribute one is enough."""
    texts = said if isinstance(said, list) else [said]
    return any(naive_text(operator, value, text, custom) for text in texts)


def naive_text(operator, value, text, custom):
    known = bool(text) and not (custom and text.strip().lower() in {"n/a", "-", "unknown"})
    if operator == Operator.KNOWN or (operator in (Operator.CONTAINS, Operator.ENDS) and not known):
        return known
    if text is None:
        return False
    folded = text.lower()
    if operator in (Operator.IS, Operator.IN):
        asked = value if isinstance(value, list) else [value]
        same = custom and text in NUMBERS and NUMBERS[text] in [NUMBERS.get(one) for one in asked]
        return folded in [one.lower() for one in asked] or same
    if operator == Operator.CONTAINS:
        return str(value).lower() in folded
    if operator == Operator.ENDS:
        return folded.endswith(str(value).lower())
    number = NUMBERS.get(text)
    if number is None:
        return False
    low, high = value
    return (low is None or number >= low) and (high is None or number <= high)


NUMBERS = {
    "50": 50, "49.5": 49.5, "-3": -3, "49,5": 49.5, "1.250,5": 1250.5, "1,250": 1250, "1 250": 1250, "1\u00a0250,5": 1250.5,
    "1,250.5": 1250.5, " 7 ": 7, "7,0": 7, "+7": 7, "007": 7, "1.250": 1.25, "1,25": 1.25, "1250": 1250,
}  # fmt: skip
words = st.sampled_from(
    ["", "Buyer", "buyer", "Head of buying", "采购", "Закупки", "1e9", "50%", "'; --", "n/a", "-", " Unknown ", "1,25,0", "1.2.3",
     "1,2 500", *NUMBERS]
)  # fmt: skip
rule = st.one_of(
    st.tuples(st.just(Operator.IS), words.filter(bool)),
    st.tuples(st.just(Operator.IN), st.lists(words.filter(bool), min_size=1, max_size=3)),
    st.tuples(st.just(Operator.CONTAINS), words.filter(bool)),
    st.tuples(st.just(Operator.ENDS), words.filter(bool)),
    st.tuples(st.just(Operator.KNOWN), st.none()),
    st.tuples(
        st.just(Operator.BETWEEN),
        st.tuples(
            st.none() | st.sampled_from([-5, 1.2, 40]), st.none() | st.sampled_from([1.3, 60, 1251])
        ).map(list),
    ),
)


class TestRules(HypothesisCase):
    @CAREFULLY
    @given(title=words, attribute=st.none() | words | st.lists(words, max_size=3),
           given_rules=st.lists(st.tuples(rule, st.booleans(), st.integers(-50, 50), st.sampled_from(["", "a", "b"])), max_size=6),
           caps=st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(0, 60)))  # fmt: skip
    def test_fit_is_what_the_rules_say_one_by_one(self, title, attribute, given_rules, caps):
        ScoreRule.objects.all().delete()
        ScoreModel.objects.update(caps=caps)
        model = ScoreModel.objects.get()
        for (operator, value), custom, points, group in given_rules:
            field = "attributes.what's this %s?" if custom else "contact.job_title"
            ScoreRule.objects.create(
                model=model, field=field, operator=operator, value=value, points=points, group=group
            )
        lead = make.lead(attributes={"what's this %s?": attribute})
        Contact.objects.filter(pk=lead.contact_id).update(job_title=title)
        scoring.rescore([lead.pk], at=NOON)
        points = [
            points if naive_rule(operator, value, attribute if custom else title, custom) else 0
            for (operator, value), custom, points, _group in given_rules
        ]
        sums = defaultdict(int)
        for gave, (*_rest, group) in zip(points, given_rules, strict=True):
            sums[group] += gave
        fit = sum(min(total, caps.get(group, total)) for group, total in sums.items())
        assert LeadScore.objects.get().fit == fit
        told = scoring.explain(lead, NOON)
        assert [part.points for part in told.rules][: len(points)] == points
        assert sum(part.points for part in told.rules) == told.fit == fit


class TestNumbers(HypothesisCase):
    @CAREFULLY
    @given(
        texts=st.lists(
            words | st.text(alphabet="0123456789.,  +-\u00a0\u2003\u3000\t\n７e", max_size=9), max_size=30
        )
    )
    def test_python_reads_the_numbers_that_sql_reads(self, texts):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT said, {rules.measured('said')} FROM unnest(%s::text[]) AS one (said)",
                [[*texts, *NUMBERS]],
            )
            read = cursor.fetchall()
        assert [(text, rules.written(text)) for text, _number in read] == read
        assert {text: number for text, number in read if text in NUMBERS} == NUMBERS


@pytest.mark.django_db
def test_lists_blanks_and_decimal_commas_of_attributes():
    """The preview of a draft and the score itself read them alike."""
    model = ScoreModel.objects.get()
    model.rules.all().delete()
    asked = [
        ("lang", "in", ["zh", "de"]), ("lang", "is", "RU"), ("lang", "contains", "r"), ("none", "known", None),
        ("size", "known", None), ("budget", "between", [1000, 2000]), ("lang", "known", None), ("lang", "in", ["h", "zh, ru"]),
    ]  # fmt: skip
    for n, (key, operator, value) in enumerate(asked):
        field = f"attributes.{key}"
        ScoreRule.objects.create(model=model, field=field, operator=operator, value=value, points=2**n)
    lead = make.lead(attributes={"lang": ["zh", "ru"], "size": " N/A", "budget": "1.250,50", "none": []})
    scoring.rescore([lead.pk], at=NOON)
    met = [part.met for part in scoring.explain(lead, NOON).rules]
    assert met == [True, True, True, False, False, True, True, False]
    expected = sum(2**n for n, holds in enumerate(met) if holds)
    assert LeadScore.objects.get().fit == expected
    sql, params = statements.preview(model, model, "s.lead_id = %(lead)s", {"lead": lead.pk})
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        assert [fit for _lead, _heat, fit in cursor.fetchall()] == [expected]


@pytest.mark.django_db
class TestEveryField:
    @pytest.fixture
    def lead(self):
        segment, region = make.segment(), make.region()
        company = make.company("Acme GmbH", industry="Steel", employees=120, segment=segment, region=region,
                               domain="acme.example", country="Germany")  # fmt: skip
        contact = make.contact("Anna Berg", "anna@acme.example", company=company, city="Köln", country="Germany",
                               language="de", job_title="Buyer")  # fmt: skip
        for kind, value in (("mobile", "+4915123456789"), ("wechat", "anna_berg")):
            Identity.objects.create(contact=contact, kind=kind, value=value)
        return make.lead(
            contact=contact, campaign=make.campaign(code="c-1"), source_text="Google", attributes={"x": True}
        )

    def test_is_read(self, lead):
        for field, text in (
            ("company", "acme gmbh"), ("company.domain", "acme.example"), ("company.employees", "120"),
            ("company.industry", "steel"), ("company.country", "germany"), ("contact.full_name", "anna berg"),
            ("contact.job_title", "buyer"), ("contact.country", "germany"), ("contact.city", "KÖLN"),
            ("contact.language", "de"), ("contact.email", "anna@acme.example"), ("contact.phone", "+4915123456789"),
            ("contact.wechat", "anna_berg"), ("segment", "smb"), ("region", "north"), ("campaign", "c-1"),
            ("channel", "sem"), ("source", "google"), ("attributes.x", "true"),
        ):  # fmt: skip
            LeadScore.objects.update(fit=0)
            ScoreRule.objects.all().delete()
            ScoreRule.objects.create(
                model=ScoreModel.objects.get(), field=field, operator="is", value=text, points=7
            )
            scoring.rescore([lead.pk], at=NOON)
            assert LeadScore.objects.get().fit == 7, field

    def test_the_first_scorecard_grades_by_what_is_known(self, lead):
        scoring.score_due(at=NOON)
        assert scoring.proposed([lead.pk], NOON)[lead.pk].letter == "A"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "field, operator, value",
    [
        ("company.shoes", "is", "x"), ("attributes.", "is", "x"), ("company", "is", None), ("company", "is", ""),
        ("company", "in", "x"), ("company", "in", []), ("company", "between", [1]), ("company", "between", ["a", 2]),
        ("company", "between", ["NaN", 2]), ("company", "between", [10, 1]), ("company", "contains", []),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_read_says_why_and_stops_nobody(field, operator, value):
    rule = ScoreRule.objects.create(
        model=ScoreModel.objects.get(), field=field, operator=operator, value=value, points=1, position=99
    )
    with pytest.raises(ValueError, match=r"\w"):
        rules.condition(rule, lambda value: "%s")
    lead = make.lead()
    assert scoring.score_due(at=NOON) == 1
    assert scoring.explain(lead, NOON).rules[-1].met is False


# -- grades ------------------------------------------------------------------------------------------------
class TestGrades(HypothesisCase):
    @CAREFULLY
    @given(st.lists(st.tuples(st.integers(-10, 90), st.floats(0, 60)), min_size=1, max_size=6))
    def test_sql_and_python_propose_the_same(self, pairs):
        scale = grading.in_force(NOON)
        for fit, engagement in pairs:
            LeadScore.objects.filter(lead=make.lead()).update(fit=fit, heat=engagement / scale.general.factor)
        expected = scoring.proposed(Lead.objects.values("pk"), NOON)
        rows = scoring.graded(Lead.objects.all(), NOON)
        assert {
            row.pk: (row.proposed_grade, row.letter, row.digit, row.fit, row.engagement) for row in rows
        } == {
            pk: (p.grade, p.letter, p.digit, p.fit, pytest.approx(p.engagement)) for pk, p in expected.items()
        }
        listed = dict(Lead.objects.annotate(g=scoring.proposed_grade(NOON)).values_list("pk", "g"))
        assert listed == {pk: proposal.grade for pk, proposal in expected.items()}
        for grade in "ABCD":
            found = rows.filter(scale.where({grade})).values_list("pk", flat=True)
            assert set(found) == {pk for pk, proposal in expected.items() if proposal.grade == grade}


@pytest.mark.django_db
def test_a_grade_cools_down_without_being_written():
    lead = make.lead()
    make.touch(lead.contact, kind="quote_request")
    scoring.score_due(at=NOON)
    digits = [scoring.proposed([lead.pk], NOON + timedelta(days=d))[lead.pk].digit for d in (0, 30, 60, 400)]
    assert digits == [1, 2, 3, 4]


@pytest.mark.django_db
def test_the_desks_grade_stands_before_the_proposed_one():
    lead = make.lead(grade="A")
    scoring.score_due(at=NOON)
    row = scoring.graded(Lead.objects.all(), NOON).get(pk=lead.pk)
    assert (row.grade_now, row.proposed_grade) == ("A", "D")


@pytest.mark.django_db
def test_the_list_of_grades_costs_no_statement_of_its_own(django_assert_num_queries):
    grading.current(NOON)
    for _ in range(2):
        make.lead()
        with django_assert_num_queries(1):
            list(Lead.objects.annotate(g=scoring.proposed_grade(NOON)).values("g"))


# -- what is due -------------------------------------------------------------------------------------------
@pytest.mark.django_db
class TestDue:
    def test_nothing_due_costs_eight_statements(self, django_assert_num_queries):
        with transaction.atomic(), django_assert_num_queries(12):  # four of them are savepoints
            assert scoring.score_due(at=NOON) == 0

    def test_works_in_batches_until_nothing_is_due(self):
        leads = [make.lead() for _ in range(5)]
        assert [scoring.score_due(2, NOON) for _ in range(4)] == [2, 2, 1, 0]
        assert not LeadScore.objects.filter(scored_at=None).exists()
        scoring.mark_touched([leads[0].contact_id])
        assert scoring.score_due(2, NOON) == 1

    def test_every_pass_of_a_contact_is_marked(self):
        lead = make.lead(ended_at=NOON)
        make.lead(contact=lead.contact, cycle=2)
        assert scoring.mark_touched([lead.contact_id]) == 2

    @pytest.mark.parametrize("fact", ["lead", "contact", "company"])
    def test_a_fact_that_changes_marks_the_lead(self, fact):
        lead = make.lead(contact=make.contact(company=make.company()))
        scoring.score_due(at=NOON)
        Lead.objects.update(stage="new", attributes={"a": 1} if fact == "lead" else {})
        Contact.objects.update(job_title="Buyer" if fact == "contact" else "")
        lead.contact.company.industry = "Steel" if fact == "company" else ""
        lead.contact.company.save()
        assert scoring.score_due(at=NOON) == 1

    def test_a_fact_that_stays_marks_nothing(self):
        lead = make.lead(contact=make.contact(company=make.company()))
        scoring.score_due(at=NOON)
        for row in (lead, lead.contact, lead.contact.company):
            row.save()
        assert scoring.score_due(at=NOON) == 0

    def test_another_time_zone_scores_every_lead_anew(self):
        """Two touches on one day of Shanghai are on two days of UTC, so that one ceiling holds for both or for each."""
        TouchWeight.objects.filter(kind="click").update(weight=5, daily_cap=5)
        leads = [make.lead(), make.lead()]
        kept = {
            lead: [make.touch(lead.contact, at=NOON.replace(hour=hour) + timedelta(days=days), kind="click")
                   for days, hour in ((-1, 20), (0, 3))]
            for lead in leads
        }  # fmt: skip
        scoring.score_due(at=NOON)
        before = dict(LeadScore.objects.values_list("lead", "heat"))
        assert organisation.current().zone == "UTC"
        Organisation.objects.update(zone="Asia/Shanghai", name="Firm", half_life_days=9)
        due = LeadScore.objects.filter(scored_at__lt=F("touched_at"))
        assert set(due.values_list("lead", flat=True)) == {lead.pk for lead in leads}
        # by the new zone, though this process still remembers the old one
        assert [scoring.score_due(at=NOON), scoring.score_due(at=NOON)] == [2, 0]
        grade = grading.Grading(ScoreModel.objects.get(), NOON)
        for score in LeadScore.objects.select_related("lead"):
            expected = naive_engagement(
                kept[score.lead], grade.model, ZoneInfo("Asia/Shanghai"), score.touched_at, NOON
            )
            assert score.heat * grade.factor == pytest.approx(expected, rel=1e-9)
            assert score.heat < 0.6 * before[score.lead_id]
        with connection.cursor() as cursor:
            assert list(verified(cursor)) == []
        Organisation.objects.update(zone="Asia/Shanghai", name="Another", half_life_days=8)
        assert not due.exists()

    def test_the_command_scores_what_is_due_or_everything(self, capsys):
        make.lead()
        call_command("score")
        call_command("score", "--all")
        assert capsys.readouterr().out.splitlines() == [
            "Due leads scored: 1.", "Leads scored anew: 1.", "Due leads scored: 0."
        ]  # fmt: skip
        LeadScore.objects.update(heat=5, fit=77)
        call_command("score", "--heat")
        LeadScore.objects.update(heat=5, scored_at=None)
        call_command("score", "--heat")
        assert capsys.readouterr().out.splitlines() == [
            "Leads scored anew: 1.", "Due leads scored: 0.", "Leads scored anew: 0.", "Due leads scored: 1."
        ]  # fmt: skip

    def test_a_mark_is_always_after_the_score(self):
        make.lead()
        future = NOON + timedelta(days=9999)
        LeadScore.objects.update(scored_at=future)
        scoring.mark_touched(Lead.objects.values_list("contact", flat=True))
        assert LeadScore.objects.get().touched_at > future

    def test_rescoring_everything_reports_its_progress(self):
        for _ in range(5):
            make.lead()
        assert list(scoring.rescore_all(NOON, 2)) == [(2, 5), (4, 5), (5, 5)]

    def test_a_corrected_touch_counts_as_corrected(self, cast):
        lead = make.lead()
        touch = make.touch(lead.contact, kind="quote_request")
        scoring.score_due(at=NOON)
        Touch.objects.filter(pk=touch.pk).update(automatic=True)
        scoring.mark_touched([lead.contact_id])
        scoring.score_due(at=NOON)
        assert LeadScore.objects.get().heat == 0

    def test_an_epoch_far_away_is_moved_before_scoring(self):
        ScoreModel.objects.update(half_life=0.01, epoch=NOON - timedelta(days=20))
        lead = make.lead()
        make.touch(lead.contact, kind="click", at=NOON)
        TouchWeight.objects.filter(kind="click").update(weight=1)
        LeadScore.objects.update(touched_at=NOON)
        scoring.score_due(at=NOON)
        assert ScoreModel.objects.get().epoch == NOON
        assert LeadScore.objects.get().heat == pytest.approx(2.0 ** (-0.5 / 0.01))


@pytest.mark.django_db
def test_hottest_first_and_at_least_use_the_index():
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"
        )
        scale = grading.current(NOON)
        scores = LeadScore.objects.filter(scale.deciding(""), heat__gte=scale.general.least_heat(2)).order_by(
            "-heat"
        )[:50]
        assert "score_hottest" in scores.explain()


@pytest.mark.django_db
def test_points_beyond_all_reason_end_where_a_number_ends():
    model = ScoreModel.objects.get(in_force=True, line="")
    for _twice in range(2):
        ScoreRule.objects.create(
            model=model, field="channel", operator="is", value="sem", points=2_000_000_000
        )
    lead = make.lead()
    scoring.score_due(at=NOON)
    assert LeadScore.objects.get(lead=lead).fit == 2_000_000_000
