"""A slip of the thumb is taken back: everything as it was, by whoever made it, for ten minutes."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads import attempts, capture, handoffs, moments, scoring, usage
from leads.models import (
    Agreement,
    ComplaintAnswer,
    Handoff,
    LeadScore,
    Note,
    Notice,
    ReturnReason,
    Tap,
    Touch,
    UsageSign,
)
from leads.models.moments import Moment
from pipeline.models import Step
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.leads.ready import accepted, ready
from tests.leads.test_moments import held
from tests.leads.usage.making import product, read, unit

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SOON = NOON + 5 * MINUTE
STANDS = "attempts", "contacted_at", "protected_until", "warned_at"


@pytest.fixture
def handoff(cast):
    Agreement.objects.update(around_the_clock=True)
    return accepted(ready(by=cast.marketer))


@pytest.fixture
def now():
    return timezone.now()


def call(handoff, at=SOON, **said):
    """A call logged by one tap, and the tap."""
    facts = {"by": handoff.rep, "outbound": True, "reached": True, **said}
    capture.log_touch(handoff.lead.contact, "call", at=at, tapped=at, **facts)
    return Tap.objects.get(at=at)


def undo(tap, at=None, by=None):
    capture.take_back(tap.pk, by=by or tap.by, at=at or tap.at + MINUTE)


def stands(handoff):
    return Handoff.objects.filter(pk=handoff.pk).values_list(*STANDS).get()


def test_the_attempt_counts_no_more_and_protects_nothing(handoff):
    Handoff.objects.update(protected_until=NOON + DAY, warned_at=NOON)
    scoring.score_due(at=NOON)
    before = stands(handoff)
    tap = call(handoff)
    assert stands(handoff)[:2] == (1, SOON)
    assert stands(handoff) != before
    scored = LeadScore.objects.get().scored_at
    undo(tap)
    assert (stands(handoff), Touch.objects.count(), Tap.objects.count()) == (before, 0, 0)
    assert LeadScore.objects.get().touched_at > scored


def test_a_call_in_vain_goes_with_the_step_that_it_planned(handoff):
    contact = handoff.lead.contact
    tried = Step.objects.create(contact=contact, owner=handoff.rep, what="Call", due_at=NOON)
    before = stands(handoff)
    attempts.call_again(contact, by=handoff.rep, at=SOON, step=tried)
    undo(Tap.objects.get())
    assert list(Step.objects.values_list("pk", "done_at")) == [(tried.pk, None)]
    assert (stands(handoff), Touch.objects.count()) == (before, 0)


def test_a_note_is_taken_back(handoff):
    attempts.note(handoff.lead.contact, "Wrong person", by=handoff.rep, at=SOON)
    undo(Tap.objects.get())
    assert not Note.objects.exists()


@given(
    minutes=st.lists(st.integers(1, 9), min_size=1, max_size=5, unique=True),
    data=st.data(),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_taken_back_in_whatever_order_the_rest_counts_as_if_alone(handoff, minutes, data):
    """The oracle: the handoff as those taps alone leave it."""
    order = data.draw(st.permutations(sorted(minutes)))
    gone = order[: data.draw(st.integers(0, len(order)))]
    Handoff.objects.update(protected_until=NOON + DAY)

    def after(tapped, taken_back):
        with transaction.atomic():
            taps = {minute: call(handoff, NOON + minute * MINUTE) for minute in sorted(tapped)}
            for minute in taken_back:
                undo(taps[minute], at=NOON + 10 * MINUTE)
            found = stands(handoff)
            transaction.set_rollback(True)
        return found

    assert after(minutes, gone) == after(set(minutes) - set(gone), [])


@pytest.mark.parametrize("late", ["another", "old", "twice", "returned"])
def test_what_stays(cast, handoff, late):
    tap, at, by = call(handoff), SOON + 10 * MINUTE, handoff.rep
    if late == "another":
        by = cast.manager
    elif late == "old":
        at += timedelta(seconds=1)
    elif late == "twice":
        undo(tap)
    else:
        reason = ReturnReason.objects.get(code="not_ready")
        handoffs.return_lead(handoff.pk, reason=reason, by=by, at=SOON + MINUTE)
    kept = list(Touch.objects.values()), stands(handoff)
    with pytest.raises(handoffs.Refused):
        undo(tap, at=at, by=by)
    assert (list(Touch.objects.values()), stands(handoff)) == kept


def test_what_is_too_old_is_forgotten_by_the_next_tap(cast, handoff):
    call(handoff)
    capture.log_touch(handoff.lead.contact, "call", by=cast.manager, at=SOON, tapped=SOON, outbound=True)
    latest = call(handoff, at=SOON + 11 * MINUTE)
    assert set(Tap.objects.values_list("by", "at")) == {(handoff.rep_id, latest.at), (cast.manager.pk, SOON)}


def test_a_program_that_corrects_by_key_and_a_raised_hand_are_no_slips(handoff):
    said = {"by": handoff.rep, "at": SOON, "tapped": SOON}
    capture.log_touch(handoff.lead.contact, "call", source="pbx", external_id="1", **said)
    capture.log_touch(handoff.lead.contact, "quote_request", **said)
    assert not Tap.objects.exists()


def test_a_call_in_vain_for_one_step_is_logged_once_however_often_it_is_sent(client, cast, now):
    lead = make.lead(owner=cast.rep, stage="sql")
    step = Step.objects.create(contact=lead.contact, owner=cast.rep, what="Call", due_at=now)
    client.force_login(cast.rep)
    for _twice in range(2):
        client.post(f"/contacts/{lead.contact_id}/again/", {"step": step.pk})
    assert Touch.objects.filter(kind="call").count() == 1
    assert Step.objects.filter(done_at=None).count() == 1


@pytest.mark.parametrize("outcome", ["reached", "again", "nothing"])
def test_a_moment_opens_again(client, cast, now, outcome):
    person = held(cast).contact
    capture.log_touch(person, "complaint", by=None, at=now)
    moments.detect_due(at=now)
    moment = Moment.objects.get()
    client.force_login(cast.rep)
    page = client.post(f"/moments/{moment.pk}/", {"outcome": outcome}, follow=True).content.decode()
    back = f"/taps/{Tap.objects.get().pk}/undo/?next=%2Fmy-day%2F"
    assert f'formaction="{back}"' in page
    client.force_login(cast.teammate)
    client.post(back)
    assert Moment.objects.get().outcome == outcome
    client.force_login(cast.rep)
    assert client.post(back).url == "/my-day/"
    assert (Moment.objects.get().closed_at, Moment.objects.get().outcome) == (None, "")
    assert (Touch.objects.filter(outbound=True).count(), Step.objects.count()) == (0, 0)
    assert [one.pk for one in client.get("/my-day/").context["day"].moments] == [moment.pk]
    client.post(back)
    assert Moment.objects.get().closed_at is None


def test_a_card_that_a_slip_began_goes_and_one_that_it_counted_for_stays(cast, now):
    person = held(cast).contact
    said = {"by": cast.teammate, "at": now, "note": "It leaks"}
    capture.log_touch(person, "complaint", **said, tapped=now)
    moments.detect_due(at=now)
    assert Notice.objects.count() == 1
    undo(Tap.objects.get(), at=now)
    assert (Moment.objects.count(), Notice.objects.count()) == (0, 0)
    first = capture.log_touch(person, "complaint", **said | {"at": now - MINUTE})
    moments.detect_due(at=now)
    capture.log_touch(person, "complaint", **said, tapped=now)
    moments.detect_due(at=now)
    undo(Tap.objects.get(), at=now)
    assert list(Moment.objects.values_list("touch", "at", "times")) == [(first.pk, first.at, 1)]


@pytest.mark.parametrize("how", ["moment", "complaint"])
def test_what_somebody_has_answered_stays(cast, now, how):
    person = held(cast).contact
    touch = capture.log_touch(person, "complaint", by=cast.teammate, at=now, tapped=now)
    moments.detect_due(at=now)
    if how == "moment":
        moments.close(Moment.objects.get(), "nothing", by=cast.rep, at=now)
    else:
        ComplaintAnswer.objects.create(touch=touch, done="New valve", by=cast.rep, at=now)
    with pytest.raises(handoffs.Refused):
        undo(Tap.objects.get(touch=touch), at=now)


@pytest.mark.parametrize("outcome", ["reached", "again", "nothing"])
def test_the_signs_of_a_customers_use_are_open_again(cast, now, outcome):
    firm = make.company(sales_owner=cast.rep)
    make.contact(company=firm)
    read(unit(company=firm, product=product()), [now.date() - n * DAY for n in range(100, 60, -1)])
    usage.judge_due()
    assert usage.close(firm, outcome, by=cast.rep, at=now) == 1
    undo(Tap.objects.get(), at=now)
    assert UsageSign.objects.values_list("closed_at", "closed_by", "outcome").get() == (None, None, "")
    assert (Touch.objects.count(), Step.objects.count()) == (0, 0)


def test_every_page_that_logs_offers_the_way_back(client, cast, handoff):
    firm = make.company(sales_owner=handoff.rep)
    ada = make.contact(company=firm)
    deal = make.deal(company=firm, owner=handoff.rep)
    said = {"kind": "call", "outcome": "reached", "note": "Hello"}
    client.force_login(handoff.rep)
    for address, posted, home in (
        (f"/leads/{handoff.lead_id}/touches/", said, f"/leads/{handoff.lead_id}/"),
        (f"/leads/{handoff.lead_id}/again/", {"next": "/my-day/"}, "/my-day/"),
        (f"/leads/{handoff.lead_id}/notes/", said, f"/leads/{handoff.lead_id}/"),
        (f"/contacts/{ada.pk}/log/", said | {"contact": ada.pk}, f"/contacts/{ada.pk}/"),
        (f"/companies/{firm.pk}/log/", said | {"contact": ada.pk}, f"/companies/{firm.pk}/"),
        (f"/deals/{deal.pk}/log/", said | {"contact": ada.pk}, f"/deals/{deal.pk}/"),
    ):
        page = client.post(address, posted, follow=True)
        assert page.redirect_chain[-1][0] == home
        tap = Tap.objects.get()
        assert f"/taps/{tap.pk}/undo/?next=" in page.content.decode()
        assert client.post(f"/taps/{tap.pk}/undo/?next={home}").url == home
        assert (Touch.objects.count(), Note.objects.count(), Step.objects.count()) == (0, 0, 0), address


def test_a_program_takes_back_its_callers_own(cast, now):
    person = held(cast).contact
    rep, mate = Api(cast.rep), Api(cast.teammate)
    for path, body in (
        (f"/leads/{person.leads.get().pk}/touches/", {"kind": "call", "reached": True}),
        ("/touches/", {"contact": person.pk, "kind": "call", "reached": True}),
    ):
        key = rep.post(path, body)[1]["id"]
        assert mate.post(f"/touches/{key}/undo/")[0] == 403
        assert [rep.post(f"/touches/{key}/undo/")[0] for _ in range(2)] == [204, 404]
    key = rep.post(f"/leads/{person.leads.get().pk}/notes/", {"text": "x"})[1]["id"]
    assert mate.post(f"/notes/{key}/undo/")[0] == 403
    assert rep.post(f"/notes/{key}/undo/")[0] == 204
    key = rep.post("/touches/", {"contact": person.pk, "kind": "call", "source": "pbx", "external_id": "1"})[
        1
    ]["id"]
    assert rep.post(f"/touches/{key}/undo/")[0] == 409
    capture.log_touch(person, "complaint", by=None, at=now)
    moments.detect_due(at=now)
    moment = f"/moments/{Moment.objects.get().pk}"
    assert rep.post(f"{moment}/undo/")[0] == 409
    rep.post(f"{moment}/close/", {"outcome": "again"})
    assert mate.post(f"{moment}/undo/")[0] == 404
    status, row = rep.post(f"{moment}/undo/")
    assert (status, row["outcome"], Step.objects.count()) == (200, "", 0)
