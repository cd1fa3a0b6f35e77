"""Where a customer stands: by every kind of fact, against the definition worked out naively, and in lists."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads import buying
from leads.buying import BuyingStage
from leads.models import Lead, LeadScore, Touch
from pipeline.models import Company, Contact, Deal, DealContact, OutcomeReason
from tests import cast as make
from tests.cast import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = NOON.date()


def stands(company):
    return buying.of_companies([company.pk], NOON)[company.pk]


def won(company, days, **fields):
    on = TODAY - days * DAY
    return make.deal(company=company, outcome="won", signed_on=on, closed_at=NOON - days * DAY, **fields)


def lost(company, days, code="competitor"):
    reason = OutcomeReason.objects.get(code=code)
    return make.deal(
        company=company, outcome="lost", closed_at=NOON - days * DAY, outcome_reason=reason, name="Press"
    )


def person(company, **fields):
    return make.contact(company=company, **fields)


def test_from_nobody_known_to_a_customer(cast):
    company = make.company(sales_owner=cast.rep)
    seen = [stands(company)]
    somebody = person(company, name="Ada")
    seen.append(stands(company))
    make.touch(somebody, at=NOON - 200 * DAY)
    seen.append(stands(company))
    make.touch(somebody, at=NOON - 10 * DAY, kind="call", outbound=True, reached=False)  # heard of nobody
    seen.append(stands(company))
    lead = make.lead(contact=somebody, owner=cast.rep)
    seen.append(stands(company))
    Lead.objects.filter(pk=lead.pk).update(stage="sql")
    seen.append(stands(company))
    Lead.objects.filter(pk=lead.pk).update(ended_at=NOON)
    deal = make.deal(company=company, owner=cast.rep, name="Press", expected_close=TODAY + 60 * DAY)
    seen.append(stands(company))
    Deal.objects.filter(pk=deal.pk).update(category="commit")
    seen.append(stands(company))
    Deal.objects.filter(pk=deal.pk).update(outcome="won", signed_on=TODAY, closed_at=NOON)
    seen.append(stands(company))
    assert [one.stage.value for one in seen] == [
        "unknown", "known", "quiet", "quiet", "engaged", "in_talks", "in_talks", "about_to_buy", "customer",
    ]  # fmt: skip
    assert [one.because for one in seen[4:]] == [
        "Ada is in the funnel: New.",
        "Sales has accepted the lead of Ada.",
        "The deal “Press” is open, expected to close on 9 Aug 2026.",
        "The deal “Press” is committed, expected to close on 9 Aug 2026.",
        "Bought “Press” on 10 Jun 2026.",
    ]
    assert {one.owner for one in seen} == {"Rep"}
    assert [(one.kind, one.name, one.who) for one in seen[5].processes] == [("lead", "Ada", "Rep")]
    assert [(one.kind, one.pk, one.who) for one in seen[7].processes] == [("deal", deal.pk, "Rep")]


@pytest.mark.parametrize(
    ("category", "days", "expected"),
    [
        ("best_case", 30, "about_to_buy"),
        ("best_case", -30, "about_to_buy"),
        ("best_case", 31, "in_talks"),
        ("best_case", -31, "in_talks"),
        ("pipeline", 3, "in_talks"),
        ("commit", 300, "about_to_buy"),
    ],
)
def test_a_deal_that_will_close_soon_is_about_to_buy(cast, category, days, expected):
    company = make.company()
    make.deal(company=company, category=category, expected_close=TODAY + days * DAY)
    assert stands(company).stage == expected


def test_an_unanswered_hand_of_grade_a_is_about_to_buy(cast):
    company = make.company()
    somebody = person(company, name="Ada")
    lead = make.lead(contact=somebody, grade="A", hand_raised_at=NOON - 2 * DAY)
    told = stands(company)
    assert told.stage == "about_to_buy"
    assert told.because == "Ada raised a hand on 8 Jun 2026, of grade A, and nobody has answered yet."
    Lead.objects.filter(pk=lead.pk).update(grade="B")
    assert stands(company).stage == "engaged"
    Lead.objects.filter(pk=lead.pk).update(grade="A")
    make.touch(somebody, at=NOON - DAY, kind="call", outbound=True, reached=False)
    assert stands(company).stage == "engaged"


def test_the_scorecard_says_whether_a_hand_is_hot_where_the_desk_has_not(cast):
    company = make.company()
    lead = make.lead(contact=person(company), hand_raised_at=NOON - 2 * DAY)
    scored = LeadScore.objects.filter(lead=lead)
    scored.update(fit=100, heat=1e9)
    assert stands(company).stage == "about_to_buy"
    assert set(buying.at_stage(Company.objects.all(), "about_to_buy", NOON)) == {company}
    scored.update(fit=0)
    assert stands(company).stage == "engaged"
    scored.delete()
    assert stands(company).stage == "engaged"
    assert set(buying.at_stage(Company.objects.all(), "engaged", NOON)) == {company}


def test_a_contract_that_ends_asks_for_its_renewal(cast):
    company = make.company()
    deal = won(company, 300, contract_until=TODAY + 80 * DAY, name="Press")
    told = stands(company)
    assert (told.stage, told.because) == ("renewal_due", "The contract of “Press” ends on 29 Aug 2026.")
    Deal.objects.filter(pk=deal.pk).update(renewed=True)
    assert stands(company).stage == "customer"
    renewal = make.deal(company=company, kind="renewal", name="Press again", owner=cast.rep)
    told = stands(company)
    assert told.stage == "renewal_due"
    assert [(one.kind, one.pk) for one in told.processes] == [("renewal", renewal.pk)]
    make.deal(company=company)
    assert stands(company).stage == "in_talks"


def test_lost_until_something_is_heard_again(cast):
    company = make.company()
    somebody = person(company)
    make.touch(somebody, at=NOON - 50 * DAY)
    lost(company, 40)
    told = stands(company)
    assert told.stage == "lost"
    assert (
        told.because
        == "“Press” was lost on 1 May 2026: Went to a competitor. Nothing was heard of them since."
    )
    make.touch(somebody, at=NOON - 3 * DAY)
    assert stands(company).stage == "engaged"


def test_what_was_cancelled_in_full_was_not_bought(cast):
    company = make.company()
    deal = won(company, 20, amount=10, name="Press")
    assert stands(company).stage == "customer"
    gone = {"cancels": deal, "outcome": "won", "signed_on": TODAY, "closed_at": NOON}
    make.deal(amount=-4, **gone)
    assert stands(company).stage == "customer"
    make.deal(amount=-6, **gone)
    assert stands(company).stage == "unknown"


def test_a_customer_of_long_ago_is_one_while_we_hear_of_them(cast):
    company = make.company()
    won(company, 500, name="Press")
    told = stands(company)
    assert told.stage == "quiet"
    assert told.because.startswith("Bought “Press” on")
    make.touch(person(company), at=NOON - 100 * DAY, kind="call", outbound=True, reached=True)
    assert stands(company).stage == "customer"


def test_a_person_without_a_company_stands_alone(cast):
    somebody = make.contact()
    deal = make.deal(category="commit", name="Press")
    DealContact.objects.create(deal=deal, contact=somebody)
    assert buying.of_contacts([somebody.pk], NOON)[somebody.pk].stage == "about_to_buy"


# -- against the definition, naively -----------------------------------------------------------------------
def naive(deals, people):
    """The stage of whom these deals and people are, by reading everything that hangs on them."""
    touches = list(Touch.objects.filter(contact__in=people))
    leads = [
        one
        for one in Lead.objects.filter(contact__in=people)
        if one.ended_at is None and one.stage in ("new", "mql", "ready", "sql", "deal")
    ]
    heard = [one.at for one in touches if not one.automatic and (not one.outbound or one.reached)]
    lately = [at for at in heard if at >= NOON - 180 * DAY]
    going = [one for one in deals if one.outcome == "open"]
    bought = [one for one in deals if one.outcome == "won"]
    gone = [one.closed_at for one in deals if one.outcome == "lost"]

    def firm(deal):
        near = deal.expected_close and abs(deal.expected_close - TODAY) <= 30 * DAY
        return deal.category == "commit" or (deal.category == "best_case" and near)

    def waits(lead):
        asked = lead.hand_raised_at
        if lead.grade != "A" or not asked or asked < NOON - 30 * DAY:
            return False
        mine = [one for one in touches if one.contact_id == lead.contact_id]
        return not any(one.outbound and not one.automatic and one.at >= asked for one in mine)

    def lasts(deal):
        on = deal.signed_on >= TODAY - 365 * DAY
        return on or (deal.contract_until is not None and deal.contract_until >= TODAY)

    def ends(deal):
        until = deal.contract_until
        return until is not None and not deal.renewed and TODAY <= until <= TODAY + 90 * DAY

    if any(map(firm, going)) or any(map(waits, leads)):
        return "about_to_buy"
    if any(one.kind != "renewal" for one in going) or any(one.stage in ("sql", "deal") for one in leads):
        return "in_talks"
    if going or any(map(ends, bought)):
        return "renewal_due"
    if any(map(lasts, bought)) or (bought and lately):
        return "customer"
    if gone and not leads:
        last = max(gone)
        if not any(at > last for at in heard) and not any(one.closed_at > last for one in bought):
            return "lost"
    if leads or lately:
        return "engaged"
    if heard or bought or gone:
        return "quiet"
    return "known" if people else "unknown"


DAYS = st.sampled_from([-400, -200, -100, -40, -20, -5, 0])
DEAL = st.fixed_dictionaries(
    {
        "outcome": st.sampled_from(["open", "won", "lost"]),
        "kind": st.sampled_from(["new", "renewal"]),
        "category": st.sampled_from(["commit", "best_case", "pipeline"]),
        "days": DAYS,
        "close": st.sampled_from([None, -60, -10, 20, 90]),
        "until": st.sampled_from([None, -20, 30, 200]),
        "renewed": st.booleans(),
    }
)
TOUCH = st.fixed_dictionaries(
    {
        "days": DAYS,
        "outbound": st.booleans(),
        "automatic": st.booleans(),
        "reached": st.sampled_from([None, True, False]),
    }
)
LEAD = st.fixed_dictionaries(
    {
        "stage": st.sampled_from(["new", "mql", "sql", "nurture"]),
        "grade": st.sampled_from(["A", "B"]),
        "hand": st.sampled_from([None, -60, -20, -2]),
        "ended": st.booleans(),
        "touches": st.lists(TOUCH, max_size=2),
    }
)
WORLD = st.lists(
    st.tuples(st.lists(DEAL, max_size=2), st.lists(LEAD, max_size=2), st.booleans()), min_size=3, max_size=6
)


def build(deals, leads, known):
    company = make.company()
    for one in deals:
        closed = None if one["outcome"] == "open" else NOON + one["days"] * DAY
        make.deal(
            company=company, outcome=one["outcome"], kind=one["kind"], category=one["category"],
            closed_at=closed, signed_on=closed and closed.date(), renewed=one["renewed"],
            expected_close=one["close"] and TODAY + one["close"] * DAY,
            contract_until=one["until"] and TODAY + one["until"] * DAY,
        )  # fmt: skip
    for one in leads:
        somebody = person(company)
        hand = one["hand"] and NOON + one["hand"] * DAY
        lead = make.lead(contact=somebody, grade=one["grade"], hand_raised_at=hand)
        Lead.objects.filter(pk=lead.pk).update(stage=one["stage"], ended_at=NOON if one["ended"] else None)
        for touch in one["touches"]:
            at, facts = NOON + touch["days"] * DAY, {k: v for k, v in touch.items() if k != "days"}
            make.touch(somebody, at=at, **facts)
    if known:
        talked = person(company)
        DealContact.objects.bulk_create(DealContact(deal=one, contact=talked) for one in company.deals.all())
    return company


# Asking costs more than the companies asked about: few examples of many.
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=WORLD)
def test_the_stage_is_what_reading_everything_gives(db, world):
    made = [build(*one) for one in world]
    told = buying.of_companies([one.pk for one in made], NOON)
    expected = {one.pk: naive(list(one.deals.all()), list(one.contacts.all())) for one in made}
    assert {pk: one.stage for pk, one in told.items()} == expected
    assert all(one.because for one in told.values())
    people = Contact.objects.filter(company__in=made)
    alone = buying.of_contacts([one.pk for one in people], NOON)
    assert {pk: one.stage for pk, one in alone.items()} == {
        one.pk: naive(list(one.deals.all()), [one]) for one in people
    }
    ours = Company.objects.filter(pk__in=expected)
    for stage in BuyingStage:
        listed = set(buying.at_stage(ours, stage, NOON).values_list("pk", flat=True))
        assert listed == {pk for pk, one in expected.items() if one == stage}, stage
