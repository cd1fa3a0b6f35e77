"""Two records of one person or company become one: nothing is lost, and undo gives everything back."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts import dated
from accounts.models import Absence, DatedFact, RepProfile
from leads import capture, handoffs, merging, ownership, scoring, timeline
from leads.capture import Captured, Consent
from leads.models import Handoff, Lead, LeadScore, Merge, Note, Notice, ReturnReason, RuleTurn, Touch
from leads.models.handoffs import HandoffEnd
from pipeline.models import Company, ConsentEvent, Contact, Deal, DealContact, FieldOwner, Identity, Step
from pipeline.models.fields import CustomField
from pipeline.stages import Stage
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.leads.ready import accepted, fresh, offered, ready

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def whole(*models):
    """Every row of some tables, to compare before and after; without the columns that any write changes."""
    return {
        model.__name__: [
            {
                name: value
                for name, value in row.items()
                if name not in ("updated_at", "touched_at", "scored_at")
            }
            for row in model.objects.order_by("pk").values()
        ]
        for model in models
    }


EVERYTHING = (Contact, Identity, Lead, Touch, DealContact, Step, Deal, ConsentEvent)


def two(**fields):
    """The same person twice."""
    return make.contact("Anna Weber", city="Kassel"), make.contact("A. Weber", job_title="Buyer", **fields)


def test_everything_hangs_on_the_survivor_and_comes_back(cast):
    stays, goes = two(company=make.company())
    for one in (stays, goes):
        make.touch(one)
        Step.objects.create(contact=one, owner=cast.rep, what="Call", due_at=NOON)
        ConsentEvent.objects.create(contact=one, purpose="marketing", given=True, at=NOON)
        Identity.objects.create(contact=one, kind="role_email", value="info@weber.example")
    old = make.lead(contact=goes, stage=Stage.WON, ended_at=NOON)
    make.lead(contact=stays, stage=Stage.WON, ended_at=NOON)
    deal = make.deal(owner=cast.rep)
    DealContact.objects.create(deal=deal, contact=goes)
    before = whole(*EVERYTHING)
    merge = merging.merge_contacts(stays.pk, goes.pk, by=cast.marketer, at=NOON)
    stays.refresh_from_db()
    assert (stays.job_title, stays.city, stays.full_name) == ("Buyer", "Kassel", "Anna Weber")
    assert Touch.objects.filter(contact=stays).count() == 2
    assert set(stays.identities.values_list("kind", flat=True)) == {"email", "role_email"}
    assert stays.identities.filter(kind="email").count() == 2
    assert [lead.cycle for lead in Lead.objects.filter(contact=stays).order_by("cycle")] == [1, 2]
    assert fresh(old).cycle == 2
    assert set(deal.contacts.all()) == {stays}
    assert ConsentEvent.objects.filter(contact=goes).count() == 1  # a journal stays as it was written
    merging.undo(merge.pk, by=cast.marketer, at=NOON)
    assert whole(*EVERYTHING) == before


def test_the_pass_that_has_come_further_goes_on(cast):
    stays, goes = two()
    new = make.lead(contact=stays, answers={"need": "", "size": "L"}, attributes={"a": 1})
    handoff = accepted(ready(contact=goes, by=cast.marketer, hand_raised_at=NOON))
    merge = merging.merge_contacts(stays.pk, goes.pk, by=cast.marketer, at=NOON)
    one = fresh(handoff.lead)
    assert (one.contact_id, one.stage, one.owner) == (stays.pk, Stage.SQL, handoff.rep)
    assert one.answers["size"] == "L"
    assert one.answers["need"]
    assert one.attributes == {"a": 1}
    assert fresh(new).merged_into_id == one.pk
    assert Handoff.objects.open().get() == handoff
    assert list(Lead.objects.counted().running()) == [one]
    merging.undo(merge.pk, by=cast.marketer, at=NOON)
    assert (fresh(new).merged_into_id, fresh(new).contact_id) == (None, stays.pk)
    assert (fresh(one).contact_id, fresh(one).attributes) == (goes.pk, {})
    assert ownership.recount() == []


def test_two_reps_with_one_person_become_one_and_two_again(cast):
    stays, goes = two()
    first = accepted(ready(contact=stays, by=cast.marketer))
    second = accepted(ready(contact=goes, by=cast.marketer, at=NOON + HOUR), NOON + HOUR)
    merge = merging.merge_contacts(stays.pk, goes.pk, by=cast.marketer, at=NOON + 2 * HOUR)
    assert list(Handoff.objects.open()) == [first]
    second.refresh_from_db()
    assert second.end == HandoffEnd.RELEASED
    assert ownership.recount() == []
    seen = timeline.events(fresh(first.lead))
    assert sum("has it" in event.title for event in seen) >= 2
    merging.undo(merge.pk, by=cast.marketer, at=NOON + 3 * HOUR)
    back = Handoff.objects.open().get(lead=second.lead)
    assert (back.rep, back.accepted_at) == (second.rep, NOON + 3 * HOUR)
    assert fresh(second.lead).owner == second.rep
    assert ownership.recount() == []


def test_what_a_pass_waited_for_is_given_back(cast):
    waits = {"wake_at": NOON + HOUR, "pooled_at": NOON - HOUR, "desk_due_at": NOON + 2 * HOUR}
    stays, goes = two()
    accepted(ready(contact=stays, by=cast.marketer))
    lead = ready(contact=goes, by=cast.marketer)
    handoffs.set_aside([lead.pk], Stage.NURTURE, by=cast.marketer, reason="later", at=NOON)
    Lead.objects.filter(pk=lead.pk).update(**waits)
    merge = merging.merge_contacts(stays.pk, goes.pk, by=cast.marketer, at=NOON)
    assert Lead.objects.values(*waits).get(pk=lead.pk) == dict.fromkeys(waits)
    merging.undo(merge.pk, by=cast.marketer, at=NOON + HOUR)
    assert Lead.objects.values(*waits).get(pk=lead.pk) == waits


def test_a_pass_that_went_through_several_hands_is_still_one(cast):
    stays, goes = two()
    lead = ready(contact=goes, by=cast.marketer)
    handoff = offered(lead)
    for to in (cast.other_rep, cast.teammate):
        handoffs.offer(lead.pk, to=to, by=cast.manager, at=NOON)
    new = make.lead(contact=stays)
    merging.merge_contacts(stays.pk, goes.pk, by=cast.marketer, at=NOON)
    assert handoff.lead_id == lead.pk
    assert (fresh(new).merged_into_id, fresh(lead).contact_id) == (lead.pk, stays.pk)


def test_an_offer_that_a_merge_took_back_is_made_again_to_the_same_rep_after_undo(cast):
    stays, goes = two()
    accepted(ready(contact=stays, by=cast.marketer))
    lost = offered(ready(contact=goes, by=cast.marketer))
    turns = list(RuleTurn.objects.values_list("rep", "fair", "owed"))
    merge = merging.merge_contacts(stays.pk, goes.pk, by=cast.marketer, at=NOON)
    assert fresh(lost.lead).route_at is None
    merging.undo(merge.pk, by=cast.marketer, at=NOON + HOUR)
    again = Handoff.objects.open().get(lead=lost.lead)
    assert (again.rep, again.accepted_at, again.because) == (lost.rep, None, lost.because)
    assert again.answer_due_at > lost.answer_due_at
    assert list(RuleTurn.objects.values_list("rep", "fair", "owed")) == turns
    assert Notice.objects.filter(user=lost.rep, subject=f"handoff:{again.pk}").exists()
    assert ownership.recount() == []


def test_whom_a_merge_took_an_offer_from_may_be_asked_again_when_back(cast):
    stays, goes = two()
    accepted(ready(contact=stays, by=cast.marketer))
    lost = offered(ready(contact=goes, by=cast.marketer))
    merge = merging.merge_contacts(stays.pk, goes.pk, by=cast.marketer, at=NOON)
    away = Absence.objects.create(rep=lost.rep.rep, during=(NOON, NOON + 2 * HOUR))
    merging.undo(merge.pk, by=cast.marketer, at=NOON + HOUR)
    assert fresh(lost.lead).route_at == NOON + HOUR
    away.delete()
    RepProfile.objects.exclude(user=lost.rep).update(accepting=False)
    assert offered(lost.lead, NOON + 2 * HOUR).rep == lost.rep


def test_a_merged_person_is_known_again(cast):
    stays, goes = two()
    make.lead(contact=stays)
    gone_email = goes.identities.get().value
    merging.merge_contacts(stays.pk, goes.pk, by=cast.marketer, at=NOON)
    lead = capture.capture(Captured(email=gone_email), by=None, at=NOON + HOUR)
    assert lead.contact_id == stays.pk
    assert Contact.objects.count() == 2
    touch = capture.log_touch(stays, "form", by=None, at=NOON + HOUR)
    scoring.score_due(at=NOON + HOUR)
    assert LeadScore.objects.get(lead=lead).heat > 0
    assert touch.contact_id == stays.pk


def test_what_came_by_an_address_goes_back_with_it(cast):
    """A, B and C are one for a while, and come again: each by an own address, one by two, one where nobody asked."""
    people = [make.contact(f"Chain {name}") for name in "ABC"]
    a, b, c = people
    emails = [one.identities.get().value for one in people]
    passes = [make.lead(contact=one, at=NOON - 9 * HOUR) for one in people]
    for one in people:
        make.touch(one, at=NOON - 9 * HOUR)
    inner = merging.merge_contacts(b.pk, c.pk, by=cast.marketer, at=NOON)
    outer = merging.merge_contacts(a.pk, b.pk, by=cast.marketer, at=NOON)

    def came(email="", hour=1, **said):
        lead = capture.capture(Captured(email=email, **said), by=None, at=NOON + hour * HOUR)
        assert lead.contact_id == a.pk
        return Touch.objects.latest("pk").pk

    own = came(emails[0], kind="visit")
    of_b = came(emails[1], hour=2, kind="complaint")
    of_c = came(emails[2], hour=3, kind="quote_request", phone="+49 151 23456789")
    by_phone = came(phone="+49 151 23456789", hour=4, kind="visit")
    logged = capture.log_touch(a, "call", by=cast.rep, at=NOON + HOUR).pk
    assert fresh(passes[0]).hand_raised_at == NOON + 3 * HOUR
    undone = merging.undo(outer.pk, by=cast.marketer, at=NOON + 5 * HOUR)
    assert undone.moved == {"back": [of_b, of_c, by_phone], "unclear": [logged]}
    assert (fresh(passes[0]).hand_raised_at, fresh(passes[1]).hand_raised_at) == (None, NOON + 3 * HOUR)
    undone = merging.undo(inner.pk, by=cast.marketer, at=NOON + 5 * HOUR)
    assert undone.moved == {"back": [of_c, by_phone], "unclear": []}
    assert [set(one.touches.filter(at__gt=NOON).values_list("pk", flat=True)) for one in people] == [
        {own, logged}, {of_b}, {of_c, by_phone},
    ]  # fmt: skip
    assert [fresh(one).hand_raised_at for one in passes] == [None, None, NOON + 3 * HOUR]
    assert [one.identities.count() for one in people] == [1, 1, 2]


@pytest.mark.django_db(transaction=True)
def test_consent_that_came_meanwhile_goes_back_with_it(cast):
    """B withdraws and C consents while they are A's: both say so of themselves afterwards, and A stands as before."""
    a, b = make.contact("A"), make.contact("B")
    emails = [one.identities.get().value for one in (a, b)]

    def says(email, given, purpose):
        word = Consent(purpose, "email", given=given)
        capture.capture(Captured(email=email, kind="form", consents=[word]), by=None, at=timezone.now())

    def stands(one):
        found = ConsentEvent.objects.filter(contact=one).order_by("at", "pk")
        return {event.purpose: event.given for event in found}

    says(emails[0], True, "marketing")
    merged = merging.merge_contacts(a.pk, b.pk, by=cast.marketer, at=timezone.now())
    says(emails[1], False, "marketing")
    says(emails[1], True, "sales")
    assert stands(a) == {"marketing": False, "sales": True}
    merging.undo(merged.pk, by=cast.marketer, at=timezone.now())
    assert (stands(a), stands(b)) == (
        {"marketing": True, "sales": False},
        {"marketing": False, "sales": True},
    )


def test_what_was_planned_of_a_company_is_planned_of_the_survivor_and_back(cast):
    gone, stays = make.company("Acme Ltd", sales_owner=cast.rep), make.company("Acme", sales_owner=cast.rep)
    now = timezone.now()
    for one, days in ((gone, 5), (gone, 6), (stays, 6)):
        dated.note("account_owner", one.pk, cast.manager.pk, now + timedelta(days=days), now)

    def planned():
        rows = DatedFact.objects.filter(what="account_owner", since__gt=now).order_by("pk")
        return list(rows.values_list("subject", flat=True))

    merged = merging.merge_companies(stays.pk, gone.pk, by=cast.admin, at=now)
    assert planned() == [stays.pk, gone.pk, stays.pk]  # on the sixth day something is planned of the survivor
    merging.undo(merged.pk, by=cast.admin, at=now)
    assert planned() == [gone.pk, gone.pk, stays.pk]


def test_a_pass_that_began_meanwhile_goes_back_too(cast):
    stays, goes = two()
    email = goes.identities.get().value
    for one in (stays, goes):
        make.lead(contact=one, stage=Stage.WON, ended_at=NOON)
    merge = merging.merge_contacts(stays.pk, goes.pk, by=cast.marketer, at=NOON)
    lead = capture.capture(Captured(email=email), by=None, at=NOON + HOUR)
    both = capture.capture(
        Captured(email=email, source="crm", person_key="7", external_id="7"), by=None, at=NOON + HOUR
    )
    assert (lead.contact_id, both.pk) == (stays.pk, lead.pk)
    merging.undo(merge.pk, by=cast.marketer, at=NOON + HOUR)
    assert (fresh(lead).contact_id, fresh(lead).cycle) == (goes.pk, 2)
    assert list(Lead.objects.filter(contact=stays).values_list("cycle", flat=True)) == [1]
    assert set(goes.identities.values_list("kind", flat=True)) == {"email", "external"}


def test_by_both_addresses_it_stays_and_is_told(cast, client):
    stays, goes = two()
    for one in (stays, goes):
        make.lead(contact=one)
    other = goes.identities.get().value
    stays.identities.update(kind="external", value="crm:1")
    merge = merging.merge_contacts(stays.pk, goes.pk, by=cast.marketer, at=NOON)
    capture.capture(Captured(email=other, source="crm", person_key="1"), by=None, at=NOON + HOUR)
    touch = Touch.objects.latest("pk")
    undone = merging.undo(merge.pk, by=cast.marketer, at=NOON + HOUR)
    assert undone.moved == {"back": [], "unclear": [touch.pk]}
    assert Touch.objects.get(pk=touch.pk).contact_id == stays.pk
    told = Api(cast.marketer).get(f"/merges/{undone.pk}/")[1]
    assert (told["back"], told["unclear"]) == ([], [touch.pk])
    client.force_login(cast.marketer)
    assert "Nothing tells whose these are" in client.get("/merges/").content.decode()


def test_what_was_chosen_is_kept_and_restored_unless_somebody_changed_it(cast):
    stays, goes = two()
    merge = merging.merge_contacts(stays.pk, goes.pk, by=cast.marketer, at=NOON, chosen=["full_name"])
    stays.refresh_from_db()
    assert stays.full_name == "A. Weber"
    Contact.objects.filter(pk=stays.pk).update(job_title="Head of buying")
    merging.undo(merge.pk, by=cast.marketer, at=NOON)
    stays.refresh_from_db()
    assert (stays.full_name, stays.job_title) == ("Anna Weber", "Head of buying")
    with pytest.raises(ValueError, match="merged_into"):
        merging.merge_contacts(stays.pk, goes.pk, by=cast.marketer, at=NOON, chosen=["merged_into"])


def test_chains_are_flat_and_come_off_in_reverse_order(cast):
    one, two_, three = (make.contact(f"P {n}") for n in range(3))
    first = merging.merge_contacts(two_.pk, one.pk, by=cast.marketer, at=NOON)
    second = merging.merge_contacts(three.pk, two_.pk, by=cast.marketer, at=NOON)
    assert set(Contact.objects.filter(merged_into=three)) == {one, two_}
    with pytest.raises(merging.MergeRefused, match="later merge"):
        merging.undo(first.pk, by=cast.marketer, at=NOON)
    with pytest.raises(merging.MergeRefused, match="before"):
        merging.merge_contacts(three.pk, one.pk, by=cast.marketer, at=NOON)
    with pytest.raises(merging.MergeRefused, match="different"):
        merging.merge_contacts(three.pk, three.pk, by=cast.marketer, at=NOON)
    merging.undo(second.pk, by=cast.marketer, at=NOON)
    merging.undo(first.pk, by=cast.marketer, at=NOON)
    assert not Contact.objects.exclude(merged_into=None).exists()
    with pytest.raises(merging.MergeRefused, match="undone"):
        merging.undo(first.pk, by=cast.marketer, at=NOON)


@pytest.mark.parametrize("by_way_of_daughter", [False, True])
def test_companies_take_people_deals_and_daughters_along(cast, by_way_of_daughter):
    stays, goes = make.company("Acme"), make.company("Acme GmbH", industry="steel", is_partner=True)
    daughter = make.company(parent=goes)
    Company.objects.filter(pk=stays.pk).update(parent=daughter if by_way_of_daughter else goes)
    person, deal = make.contact(company=goes), make.deal(company=goes, owner=cast.rep)
    before = whole(Company, Contact, Deal)
    merge = merging.merge_companies(stays.pk, goes.pk, by=cast.marketer, at=NOON, chosen=["name"])
    for record in (stays, daughter, person, deal):
        record.refresh_from_db()
    assert (stays.name, stays.key, stays.industry, stays.is_partner) == (
        "Acme GmbH",
        "acme gmbh",
        "steel",
        True,
    )
    assert (stays.parent_id, daughter.parent, person.company, deal.company) == (None, stays, stays, stays)
    merging.undo(merge.pk, by=cast.marketer, at=NOON)
    assert whole(Company, Contact, Deal) == before


def test_a_merge_is_a_journal(cast):
    stays, goes = two()
    merge = merging.merge_contacts(stays.pk, goes.pk, by=cast.marketer, at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        Merge.objects.filter(pk=merge.pk).update(reason="other")


def test_a_contact_returned_as_duplicate_waits_at_the_desk_to_be_merged(cast):
    handoff = offered(ready(by=cast.marketer))
    handoffs.return_lead(
        handoff.pk, by=handoff.rep, at=NOON, reason=ReturnReason.objects.get(code="duplicate"), note=""
    )
    assert fresh(handoff.lead).stage == Stage.MQL
    assert fresh(handoff.lead).desk_due_at


def test_what_only_one_can_keep_is_told_in_a_note_until_the_merge_is_undone(cast):
    CustomField.objects.create(code="x_floor", name="Floor", on=FieldOwner.LEAD, kind="text")
    one, other = (
        make.contact("Ann Berg", job_title="Buyer"),
        make.contact("Ann Berg", job_title="Head of buying"),
    )
    make.lead(contact=one, stage="mql", answers={"need": "valve"}, attributes={"x_floor": "1"})
    make.lead(
        contact=other,
        stage="mql",
        answers={"need": "pump", "when": "autumn"},
        attributes={"x_floor": "2", "size": "9"},
    )
    done = merging.merge_contacts(one.pk, other.pk, by=cast.marketer, at=NOON)
    note = Note.objects.get(contact=one)
    assert note.text.split("\n")[1:] == ["Job title: Head of buying", "What do they need?: pump", "Floor: 2"]
    merging.undo(done.pk, by=cast.marketer, at=NOON)
    assert not Note.objects.exists()
    chosen = merging.merge_contacts(one.pk, other.pk, by=cast.marketer, at=NOON, chosen=["job_title"])
    assert "Job title: Buyer" in Note.objects.get(pk=chosen.moved["note"]).text


def test_undo_is_refused_where_somebody_has_come_again_since(cast):
    one, two = make.contact("Ada"), make.contact("Ada Byron")
    make.lead(contact=one, stage="new")
    further = make.lead(contact=two, stage="mql")
    merge = merging.merge_contacts(one.pk, two.pk, by=cast.marketer, at=NOON)
    Lead.objects.filter(pk=further.pk).update(ended_at=NOON)
    make.lead(contact=one, cycle=9)
    before = list(Lead.objects.order_by("pk").values())
    with pytest.raises(merging.MergeRefused, match="come again since"):
        merging.undo(getattr(merge, "pk", merge), by=cast.marketer, at=NOON)
    assert list(Lead.objects.order_by("pk").values()) == before
