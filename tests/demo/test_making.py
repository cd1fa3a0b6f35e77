"""The demo: what is in it, that a seed tells the same story again, and that it keeps every promise."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import chain

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Max, Min, Q

from accounts import calendars
from accounts.models import CalendarDay, Organisation, RepProfile, Role, User
from demo import hours, tables
from demo.logins import LOGINS, PASSWORD, greeting
from demo.making import NotHere, make, tell
from demo.models import Demo
from demo.twice import TWICE
from demo.world import CODES, LANGUAGES, world
from leads import assignment, dedupe, fairness
from leads.clocks import Clocks
from leads.models import (
    Agreement,
    AssignmentRule,
    AudienceMember,
    Case,
    DeskPromise,
    Dispute,
    Duplicate,
    Handoff,
    Lead,
    LeadScore,
    RuleTurn,
    ScoreModel,
    StageChange,
    Touch,
)
from leads.reference import RETURN_REASONS
from pipeline import registrations
from pipeline.channels import Channel
from pipeline.models import (
    Advice,
    Campaign,
    Company,
    ConsentEvent,
    Consultation,
    Contact,
    Deal,
    DealRegistration,
    ExchangeRate,
    Identity,
    Spend,
    Step,
)
from reports import verify
from reports.models import DirtyKey, ForecastCall, MonthComment, Quota, Target

in_database = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
MARKETER = {"en": "Marketer:", "zh": "市场人员:", "ru": "Маркетолог:"}
AT = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)  # a Wednesday


def story(language="en", seed=1, small=True):
    """A story, without a database."""
    words = world(language)
    special = [hours.special_days(place.holidays, AT, CODES[language]) for place in words.territories]
    return tell(words, seed, AT, small, special)


# -- the story ------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def full():
    return story(small=False)


def test_size(full):
    """As much as the demo promises."""
    counts = {kind.__name__: len(rows) for kind, rows in full.rows.of.items()}
    assert (counts["Lead"], counts["Touch"], counts["Deal"]) == (20_000, 120_000, 900)
    assert 150 < full.customers.past < 300  # customers have bought before, so that their worth can be told
    assert counts["Campaign"] == 30


def test_seed():
    """The same seed tells the same story, another one another."""
    assert story().rows.of == story().rows.of
    assert story(seed=2).rows.of[tables.Contact] != story().rows.of[tables.Contact]


def test_rates(full):
    """Conversion as such firms have it."""
    passes = full.passes
    mqls = [lead for lead in passes if "mql_at" in lead.first]
    offered = [lead for lead in passes if lead.offers and lead.offers[0].kind == "new"]
    accepted = [lead for lead in offered if "sql_at" in lead.first]
    deals = [lead for lead in passes if lead.deal]
    closed = [
        bargain
        for bargain in full.dealing.bargains[full.customers.past :]
        if bargain.outcome != "open" and bargain.kind == "new"
    ]
    won = [bargain for bargain in closed if bargain.outcome == "won"]
    assert 0.25 < len(mqls) / len(passes) < 0.4
    assert 0.5 < len(accepted) / len(offered) < 0.7
    assert 0.1 < len(deals) / len(accepted) < 0.3
    assert 0.22 < len(won) / len(closed) < 0.4


def test_answers(full):
    """Some answer fast, one is slow, and there is a long tail."""
    minutes = {}
    for lead in full.passes:
        for offer in lead.offers:
            if offer.accepted_at and offer.kind == "new" and offer.due:
                taken = full.house.hours_of(offer.rep).between(offer.offered_at, offer.accepted_at)
                minutes.setdefault(offer.rep, []).append(taken)
    median = {rep: sorted(taken)[len(taken) // 2] for rep, taken in minutes.items()}
    assert median["rep2"] > 1.3 * median["rep"]
    everybody = sorted(chain(*minutes.values()))
    assert everybody[len(everybody) * 9 // 10] > 4 * everybody[len(everybody) // 2]


def test_nobody_works_after_leaving(full):
    """A rep who left has nothing in hand and does nothing any more."""
    touches = [touch.at for touch in full.rows.of[tables.Touch] if touch.actor_id == "leaver"]
    assert touches
    assert max(touches) <= full.house.left
    assert not [lead for lead in full.passes if lead.open_offer and lead.open_offer.rep == "leaver"]


@pytest.fixture
def making(owner):
    """`make()` with the rights that it has outside of tests: the owner's for what only an owner may do."""
    with owner("owner"):
        yield make


def test_every_end(full):
    """Offers end in every way and are returned for every reason; working days are moved."""
    offers = [offer for lead in full.passes for offer in lead.offers]
    assert {offer.reason for offer in offers} - {None} == {code for code, *_ in RETURN_REASONS}
    assert {offer.end for offer in offers} >= {"", "returned", "expired", "released", "finished"}
    assert {offer.kind for offer in offers} == {"new", "inquiry", "own_find", "claim", "farmer"}
    moves = {(change.from_stage, change.to_stage) for change in full.rows.of[tables.StageChange]}
    assert len(moves) > 15
    china = hours.special_days("CN", AT, "en")
    assert any(hours for hours, _ in china.values())


# -- in the database ------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", LANGUAGES)
@in_database
def test_worlds(making, language):
    """Each language's small demo: marked, whole, and the hard cases in it."""
    making(language=language, seed=1, at=AT, small=True)
    ours = Organisation.objects.get()
    assert (ours.demo, ours.language) == (True, CODES[language])
    assert greeting()[0].split()[0] == MARKETER[language]
    assert greeting()[-1].split()[-1] == PASSWORD
    _promises()
    _hard_cases()
    _people()
    assert not any(verify.verify().found.values())
    _underway()


def _promises():
    """What the engine holds true of live data holds of the demo."""
    held = Handoff.objects.open().values("rep").annotate(n=Count("pk")).values_list("rep", "n")
    assert dict(held) == {rep: n for rep, n in RepProfile.objects.values_list("user", "open_n") if n}
    assert not RepProfile.objects.filter(cap_ceiling__lt=F("capacity")).exists()
    taken = Handoff.objects.filter(end__in=("released", "reassigned"), accepted_at=None)
    assert not taken.exclude(answer_due_at=None).exists()
    journal = StageChange.objects.values("lead").annotate(n=Count("seq"), last=Max("seq"))
    assert not journal.exclude(n=F("last")).exists()
    assert not Lead.objects.exclude(changes__seq=F("seq"), changes__to_stage=F("stage")).exists()
    for stage in ("mql", "sql", "won"):
        first = Lead.objects.filter(changes__to_stage=stage).annotate(first=Min("changes__at"))
        assert not first.exclude(**{f"{stage}_at": F("first")}).exists()
    assert not LeadScore.objects.filter(Q(scored_at=None) | Q(scored_at__lt=F("touched_at"))).exists()
    assert LeadScore.objects.filter(heat__gt=0).exists()
    assert not DirtyKey.objects.exists()
    assert not Lead.objects.filter(ready_at__isnull=False, grade="").exists()
    assert not Deal.objects.filter(outcome="won").filter(Q(cost=None) | Q(lines__unit_cost=None)).exists()
    assert not Touch.objects.filter(at__gte=AT).exists()
    _agreed_clocks()
    offers = Handoff.objects.open()
    late = [
        Lead.objects.filter(
            Q(stage="mql", desk_due_at__lte=AT) | Q(route_at__lt=AT) | Q(stage="nurture", wake_at__lte=AT)
        ),
        offers.filter(accepted_at=None, answer_due_at__lte=AT),
        offers.filter(contacted_at=None, contact_due_at__lte=AT),
        offers.filter(protected_until__lte=AT),
        Step.objects.filter(done_at=None, due_at__lte=AT),
    ]
    assert [one.count() for one in late] == [0, 0, 0, 0, 0], "open work falls due after now"


def _agreed_clocks():
    """Every answer and first contact is due when the agreement's clocks say so."""
    handed = Handoff.objects.select_related("lead__campaign", "agreement").all()
    clock, wrong = calendars.clocks_for({one.rep_id for one in handed}), []
    for one in handed:
        key = Clocks.key_of(one.lead, one.kind, one.grade)
        offer = Clocks(clock[one.rep_id], one.agreement, one.offered_at)
        if one.answer_due_at:
            due = offer.answer_due(key, offer.start(one.lead.campaign))
            wrong += [(one, due)] * (abs(one.answer_due_at - due) > timedelta(seconds=1))
        if one.contact_due_at:
            taken = Clocks(clock[one.rep_id], one.agreement, one.accepted_at)
            due = taken.contact_due(key, taken.start(one.lead.campaign))
            wrong += [(one, due)] * (abs(one.contact_due_at - due) > timedelta(seconds=1))
    assert [(one.because, one.answer_due_at, one.contact_due_at, due) for one, due in wrong] == []


def _hard_cases():
    contacts_by_phone = Identity.objects.values("contact").annotate(
        n=Count("pk"), mobile=Count("pk", Q(kind="mobile"))
    )
    assert contacts_by_phone.filter(n=1, mobile=1).exists()
    for channel in Channel:
        assert Campaign.objects.filter(channel=channel).exists(), channel
    for condition in (
        Touch.objects.filter(kind="hot_at_booth"),
        Lead.objects.filter(cycle=2),
        Lead.objects.values("contact__company").annotate(n=Count("pk")).filter(n__gt=2),
        Deal.objects.filter(kind="renewal"),
        Deal.objects.filter(kind="expansion"),
        Company.objects.filter(is_partner=True),
        Handoff.objects.filter(end="expired"),
        Lead.objects.in_pool(),
        Lead.objects.filter(stage="nurture", wake_at__gt=AT),
        Lead.objects.filter(stage="mql"),
        Lead.objects.filter(route_at__isnull=False),
        Handoff.objects.offered(),
        Step.objects.filter(done_at=None, due_at__gt=AT),
        ConsentEvent.objects.filter(given=False),
        Spend.objects.filter(on__gt=F("month") + timedelta(days=80)),
        Spend.objects.exclude(currency=Organisation.objects.get().currency),
        ExchangeRate.objects.all(),
        User.objects.filter(is_active=False, left_at__isnull=False),
        Deal.objects.filter(partner__isnull=False),
        Target.objects.filter(month__gt=AT),
        Quota.objects.filter(person__isnull=False),
        ForecastCall.objects.filter(by=None),
        ForecastCall.objects.filter(by__isnull=False, first=AT.date().replace(day=1)),
        Spend.objects.filter(booked__gt=F("month")),
        MonthComment.objects.filter(track="sales"),
        Consultation.objects.open(),
        Advice.objects.filter(adopted=True),
        AudienceMember.objects.filter(held=True),
        Dispute.objects.filter(counts=False),
        Dispute.objects.filter(decided_at=None),
        Case.objects.filter(kind="clock", outcome="excused"),
        Case.objects.filter(kind="owner", outcome="stands", rulings__isnull=False),
        Case.objects.filter(lead__isnull=False, decided_at=None),
        Touch.objects.filter(kind="chat"),
        Touch.objects.filter(kind="complaint", answer=None),
        Touch.objects.filter(kind="complaint", answer__isnull=False),
        Touch.objects.filter(kind="service_visit"),
        DeskPromise.objects.filter(answered_at__lte=F("due_at")),
    ):
        assert condition.exists(), str(condition.query)
    soon = AT + timedelta(minutes=45)
    hands = Handoff.objects.offered().filter(answer_due_at__lt=soon)
    assert not hands.exclude(
        lead__hand_raised_at__isnull=False, offered_at__gt=AT - timedelta(minutes=7)
    ).exists()
    assert not Lead.objects.filter(wake_at__lt=soon).exists()
    assert CalendarDay.objects.filter(hours=[]).exists()


def _underway():
    """What is going on between the teams: a draft that waits for one head, scorecards, dealers, fair turns, doubles."""
    draft = Agreement.objects.latest("version")
    assert (draft.version, [one.track for one in draft.signatures.all()]) == (2, ["sales"])
    assert ScoreModel.objects.exclude(line="").count() == 1
    assert ScoreModel.objects.filter(line="").count() == 2
    today = AT.date()
    found = {
        conflict.kind
        for one in DealRegistration.objects.all()
        for conflict in registrations.conflicts(one, today)
    }
    assert found == {"registration", "deal"}
    ledger = fairness.ledger(AT - fairness.SPAN, AT)
    assert sum(line.turns for line in ledger) > 10
    for rule in [*AssignmentRule.objects.values_list("pk", flat=True), None]:
        lines = fairness.ledger(AT - fairness.SPAN, AT, rule)
        stand = {one.rep_id: one.owed for one in RuleTurn.objects.filter(rule=rule)}
        assert max((abs(line.over) for line in lines), default=0) < 1
        assert {line.rep_id: -line.over for line in lines} == pytest.approx(
            {pk: stand.get(pk, 0) for pk in {line.rep_id for line in lines}}, abs=0.001
        )
    assert assignment.weighed(Handoff.objects.exclude(run=None).latest("pk")).candidates
    while dedupe.compare_due(at=AT):
        pass
    pairs = Duplicate.objects.to_look_at().filter(kind="contact").order_by("-probability")
    twice = {(one.low_id, one.high_id) for one in pairs[:10]}
    newest = set(Contact.objects.order_by("-pk").values_list("pk", flat=True)[:TWICE])
    assert sum(high in newest for _low, high in twice) >= 2


def _people():
    for _, email in LOGINS:
        assert User.objects.get(email=email).is_active, email
    assert User.objects.get(email=LOGINS[0][1]).check_password(PASSWORD)
    roles = User.objects.filter(is_active=True).values_list("role").annotate(n=Count("pk"))
    assert dict(roles) == {Role.MARKETING: 4, Role.SALES: 6, Role.MANAGER: 2, Role.ADMIN: 1, Role.FINANCE: 1}


@in_database
def test_refuses(making):
    """No second demo, and none over real data unless told so."""
    Company.objects.create(name="Real", key="real")
    with pytest.raises(NotHere):
        making(language="en", seed=1, at=AT, small=True)
    making(language="en", seed=1, at=AT, small=True, beside=True)
    ours = Organisation.objects.get()
    assert (ours.demo, ours.name, ours.currency) == (True, "Tandem", "EUR")
    assert set(Deal.objects.values_list("currency", flat=True)) == {"EUR"}
    with pytest.raises(NotHere):
        making(language="en", seed=1, at=AT, small=True, beside=True)


@in_database
def test_command(making):
    """It says who may sign in; without a demo there is nothing to remove."""
    said = StringIO()
    call_command("demo", remove=True, stdout=said)
    assert "no demo" in said.getvalue()
    call_command("demo", small=True, stdout=said)
    assert PASSWORD in said.getvalue()
    assert Demo.objects.get().language == "en"
    with pytest.raises(CommandError):
        call_command("demo", small=True)
