"""Capture: one person once, one open pass, whatever they came by and however many come at once."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.utils import OperationalError
from django.test.utils import CaptureQueriesContext

from accounts import organisation
from leads import funnel
from leads.capture import Captured, Consent, IdentityConflict, Suppressed, capture, log_touch
from leads.merging import merge_contacts
from leads.models import Lead, LeadScore, StageChange, Touch, TouchKind
from pipeline import identities
from pipeline.channels import Channel
from pipeline.models import Company, ConsentEvent, Contact, Identity, Suppression
from pipeline.stages import Stage
from tests import cast as make
from tests.cast import NOON


def come(by=None, at=NOON, **fields):
    return capture(Captured(**fields), by=by, at=at)


ANNA = {"full_name": "Anna Berg", "email": "Anna.Berg@acme.example", "company": "Acme GmbH"}


@pytest.mark.django_db
class TestOnePerson:
    def test_a_new_person_comes_with_everything(self):
        campaign = make.campaign()
        lead = come(**ANNA, phone="+49 151 23456789", job_title="Buyer", campaign=campaign, channel=Channel.SEM,
                    attributes={"budget": "50"}, note="hello", source="web", external_id="f1")  # fmt: skip
        contact = lead.contact
        assert (contact.full_name, contact.given_name, contact.family_name) == ("Anna Berg", "Anna", "Berg")
        assert (contact.company.name, contact.company.domain) == ("Acme GmbH", "acme.example")
        assert set(contact.identities.values_list("kind", "value")) == {
            ("email", "anna.berg@acme.example"),
            ("mobile", "+4915123456789"),
        }
        assert (lead.stage, lead.cycle, lead.seq, lead.campaign) == (Stage.NEW, 1, 1, campaign)
        assert (lead.attributes, lead.captured_at, lead.hand_raised_at) == ({"budget": "50"}, NOON, None)
        assert list(lead.changes.values_list("seq", "from_stage", "to_stage", "at")) == [
            (1, "-", "new", NOON)
        ]
        touch = Touch.objects.get()
        assert (touch.contact, touch.kind, touch.campaign, touch.at) == (
            contact,
            TouchKind.FORM,
            campaign,
            NOON,
        )
        assert LeadScore.objects.get().scored_at is None

    @pytest.mark.parametrize(
        "again",
        [
            {"email": "ANNA.BERG@ACME.EXAMPLE "},
            {"phone": "0151 23456789", "phone_region": "DE"},
            {"wechat": "Anna_Berg"},
            {"source": "crm", "person_key": "77"},
            {"source": "web", "external_id": "f1"},
        ],
    )
    def test_is_known_again_by_each_key(self, again):
        first = come(**ANNA, phone="+4915123456789", wechat="anna_berg", source="web", external_id="f1")
        Identity.objects.create(contact=first.contact, kind="external", value="crm:77")
        assert come(**again) == first
        assert Contact.objects.count() == 1

    @pytest.mark.parametrize("hint", [{"email": "info@acme.example"}, {"phone": "+493012345678"}])
    def test_a_shared_address_is_no_key(self, hint):
        assert come(**hint, full_name="A").contact != come(**hint, full_name="B").contact

    def test_keys_of_two_people_are_a_conflict(self):
        anna, ben = come(email="anna@acme.example"), come(phone="+4915123456789")
        with pytest.raises(IdentityConflict) as error:
            come(email="anna@acme.example", phone="+4915123456789")
        assert error.value.people == {
            anna.contact_id: ["anna@acme.example"],
            ben.contact_id: ["+4915123456789"],
        }
        assert "anna@acme.example" in str(error.value)
        assert Touch.objects.count() == 2

    def test_a_merged_person_stands_for_the_survivor(self):
        gone, survivor = come(email="anna@acme.example"), come(email="anna.berg@acme.example")
        Contact.objects.filter(pk=gone.contact_id).update(merged_into=survivor.contact)
        assert come(email="anna@acme.example").contact == survivor.contact

    def test_what_we_did_not_know_is_filled_in(self):
        first = come(email="anna@acme.example", full_name="Anna")
        come(
            email="anna@acme.example",
            full_name="Anna Berg",
            job_title="Buyer",
            company="Acme",
            attributes={"a": 1},
        )
        contact = Contact.objects.get()
        assert (contact.full_name, contact.job_title, contact.company.name) == ("Anna", "Buyer", "Acme")
        first.refresh_from_db()
        assert first.attributes == {"a": 1}

    def test_an_unreadable_address_loses_nobody(self):
        assert come(full_name="Anna", email="anna at acme").contact.identities.count() == 0


@pytest.mark.django_db
class TestCompanies:
    def test_are_known_by_name_without_legal_form(self):
        assert come(**ANNA).contact.company == come(full_name="Ben", company="ACME").contact.company

    def test_are_known_by_the_domain_of_a_business_mailbox(self):
        acme = make.company("Acme", domain="acme.example")
        assert come(email="anna@acme.example").contact.company == acme
        assert come(email="anna@gmail.com").contact.company is None
        pasted = {
            "full_name": "Ben",
            "company": "Acme Works",
            "company_domain": "https://www.ACME.example/contact",
        }
        assert come(**pasted).contact.company.domain == "acme.example"
        assert come(full_name="Cleo", company_domain=pasted["company_domain"]).contact.company == acme
        assert come(full_name="Dora", company_domain="http://[acme.example").contact.company is None

    def test_a_merged_one_stands_for_the_survivor(self):
        acme, old = make.company("Acme"), make.company("Akme")
        Company.objects.filter(pk=old.pk).update(merged_into=acme)
        assert come(full_name="Anna", company="Akme").contact.company == acme


@pytest.mark.django_db
class TestPasses:
    def test_the_same_inquiry_changes_nothing(self):
        first = come(**ANNA, source="web", external_id="f1")
        assert come(**ANNA, source="web", external_id="f1") == first
        assert (Touch.objects.count(), StageChange.objects.count(), Lead.objects.count()) == (1, 1, 1)

    def test_an_open_pass_is_joined_with_a_touch(self):
        first = come(**ANNA)
        LeadScore.objects.update(scored_at=NOON + timedelta(days=3650))
        assert come(**ANNA, kind=TouchKind.QUOTE_REQUEST) == first
        assert Touch.objects.count() == 2
        score = LeadScore.objects.get()
        assert score.touched_at > score.scored_at
        first.refresh_from_db()
        assert first.hand_raised_at == NOON

    def test_after_an_ended_pass_the_next_begins(self, cast):
        first = come(**ANNA)
        funnel.advance([first.pk], Stage.DISQUALIFIED, actor=cast.marketer, reason="student", at=NOON)
        second = come(**ANNA)
        assert (second.contact, second.cycle, second.stage) == (first.contact, 2, Stage.NEW)

    def test_imported_history_lives_again(self):
        lead = make.lead(history=True, contact=make.contact(email="anna@acme.example"))
        come(email="anna@acme.example")
        lead.refresh_from_db()
        assert lead.history is False

    @pytest.mark.parametrize("kind", ["quote_request", "demo_request", "callback", "hot_at_booth"])
    def test_a_raised_hand_is_noted(self, kind):
        assert come(**ANNA, kind=kind).hand_raised_at == NOON

    def test_a_reps_own_find_is_the_reps(self, cast):
        lead = come(by=cast.rep, **ANNA, channel=Channel.SALES_OWN)
        assert lead.owner == cast.rep
        assert Touch.objects.get().track == "sales"

    def test_who_comes_in_the_future_came_now(self):
        lead = come(**ANNA, at=NOON)
        assert lead.captured_at == NOON


@pytest.mark.django_db
class TestPrivacy:
    def test_consent_is_kept_with_text_and_evidence(self):
        lead = come(
            **ANNA,
            consents=[Consent("marketing", "email", text_version="3", language="de", evidence={"form": 1})],
        )
        event = ConsentEvent.objects.get()
        assert (event.contact, event.purpose, event.given, event.text_version) == (
            lead.contact,
            "marketing",
            True,
            "3",
        )
        assert (event.evidence, event.at) == ({"form": 1}, NOON)

    def test_a_suppressed_address_is_not_entered_again(self):
        Suppression.objects.create(digest=identities.digest("email", "anna.berg@acme.example"), kind="email")
        with pytest.raises(Suppressed):
            come(**ANNA)
        assert (Contact.objects.count(), Company.objects.count()) == (0, 0)

    def test_except_when_the_person_asks_for_contact_anew(self):
        Suppression.objects.create(digest=identities.digest("email", "anna.berg@acme.example"), kind="email")
        assert come(**ANNA, consents=[Consent("sales", text_version="1")]).pk

    def test_a_suppressed_person_whom_we_know_still_reaches_us(self):
        first = come(**ANNA)
        Suppression.objects.create(digest=identities.digest("email", "anna.berg@acme.example"), kind="email")
        assert come(**ANNA) == first


@pytest.mark.django_db
class TestCost:
    @pytest.fixture(params=["new", "known", "known and told more"])
    def person(self, request):
        if request.param != "new":
            come(email="anna.berg@acme.example", full_name="" if "more" in request.param else "Anna Berg")
        return ANNA | {
            "attributes": {"a": 1},
            "consents": [Consent()],
            "phone": "+4915123456789",
            "kind": "callback",
        }

    @pytest.mark.parametrize(("phone", "most"), [("+4915123456789", 8), ("0151 23456789", 9)])
    def test_at_most_eight_statements_and_one_for_the_country_of_a_number(self, person, phone, most):
        organisation.current()
        with CaptureQueriesContext(connection) as queries:
            come(**person | {"phone": phone})
        statements = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
        assert len(statements) <= most, statements


def together(work, count):
    """Run `work(number)` in that many threads at once, each with a connection of its own; returns the errors."""
    errors, start = [], threading.Barrier(count)

    def run(number):
        try:
            start.wait()
            work(number)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_make_one_contact_and_one_open_pass():
    spellings = ["anna@acme.example", "Anna@Acme.example", " anna@acme.example", "ANNA@ACME.EXAMPLE"]

    def visits(number):
        for visit in range(10):
            come(full_name="Anna", email=spellings[(number + visit) % 4], company="Acme GmbH",
                 phone="+4915123456789" if visit % 2 else "")  # fmt: skip

    assert together(visits, 8) == []
    assert (Contact.objects.count(), Company.objects.count(), Lead.objects.count()) == (1, 1, 1)
    assert (Touch.objects.count(), Identity.objects.count(), StageChange.objects.count()) == (80, 2, 1)


@pytest.mark.django_db(transaction=True)
def test_capturing_beside_scoring_waits_for_nobody_for_ever():
    from leads import scoring

    def work(number):
        for visit in range(15):
            if number % 2:
                scoring.score_due(at=NOON)
            else:
                come(full_name="P", email=f"p{visit % 3}@acme.example", kind="quote_request")

    assert [error for error in together(work, 6) if not isinstance(error, OperationalError)] == []
    while scoring.score_due(at=NOON):
        pass
    assert set(Lead.objects.values_list("stage", flat=True)) == {"mql"}


@pytest.mark.django_db(transaction=True)
def test_touches_logged_while_their_person_is_merged_away_are_kept(cast):
    """The merge and the touches of both people come through, and are the survivor's, however they meet."""
    pairs = [(make.lead(at=NOON), make.lead(at=NOON)) for _ in range(6)]

    def work(number):
        for stays, goes in pairs:
            if number == 0:
                merge_contacts(stays.contact_id, goes.contact_id, by=None, at=NOON)
            else:
                log_touch(goes.contact, TouchKind.CALLBACK, by=cast.marketer, at=NOON)

    assert together(work, 4) == []
    survivors = {stays.contact_id: 3 for stays, _goes in pairs}
    assert Counter(Touch.objects.values_list("contact", flat=True)) == survivors
    assert Lead.objects.filter(merged_into=None, hand_raised_at=NOON).count() == len(pairs)


# -- touches logged by hand --------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_logged_touch_makes_the_score_due(cast):
    lead = make.lead()
    LeadScore.objects.update(scored_at=NOON + timedelta(days=3650))
    touch = log_touch(
        lead.contact, TouchKind.CALL, by=cast.rep, at=NOON, outbound=True, reached=False, note="no answer"
    )
    assert (touch.track, touch.actor, touch.reached) == ("sales", cast.rep, False)
    score = LeadScore.objects.get()
    assert score.touched_at > score.scored_at


@pytest.mark.django_db
def test_the_same_touch_again_corrects_it(cast):
    lead, other = make.lead(), make.lead()
    key = {"source": "phone", "external_id": "1"}
    log_touch(lead.contact, TouchKind.CALL, by=cast.rep, at=NOON, **key)
    LeadScore.objects.update(scored_at=NOON + timedelta(days=3650), touched_at=NOON)
    log_touch(other.contact, TouchKind.MEETING, by=cast.rep, at=NOON, **key)
    assert Touch.objects.values_list("contact", "kind").get() == (other.contact_id, "meeting")
    assert not LeadScore.objects.filter(touched_at=NOON).exists()
