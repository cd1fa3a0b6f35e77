"""One next step with its reason: the first rule that fits decides, and says why; the best way is the one that was answered."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from leads import guiding, ways
from leads.models import Lead, UsageSign
from pipeline.models import ConsentEvent, Contact, DealContact, Identity, Step
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.leads.ready import accepted, ready
from tests.leads.usage.making import unit

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def lead_rule(lead, by, at=NOON):
    told = guiding.of_lead(Lead.objects.select_related("contact").get(pk=lead.pk), by=by, at=at)
    return told and told.rule


def test_a_lead_from_the_desk_to_the_deal(cast):
    mql = make.lead(stage="mql")
    assert lead_rule(mql, cast.marketer) == "ask"
    Lead.objects.filter(pk=mql.pk).update(answers={"need": "a press", "when": "soon"})
    assert lead_rule(mql, cast.marketer) in ("ask", "hand_over")
    handoff = accepted(ready(by=cast.marketer))
    lead, rep, at = handoff.lead, handoff.rep, handoff.accepted_at
    assert lead_rule(lead, rep, at) == "contact"
    handoff.contacted_at, handoff.attempts = at, 1
    handoff.save()
    assert lead_rule(lead, rep, at) == "again"
    make.touch(lead.contact, at=at, kind="call", outbound=True, reached=True, track="sales")
    assert lead_rule(lead, rep, at) == "deal"
    Step.objects.create(contact=lead.contact, owner=rep, what="Send it", due_at=at + DAY)
    assert lead_rule(lead, rep, at) == "planned"
    assert lead_rule(lead, rep, at + 2 * DAY) == "promised"
    make.touch(lead.contact, at=at, kind="complaint")
    assert lead_rule(lead, rep, at) == "complaint"


def test_a_deal_and_its_account(cast):
    firm = make.company(sales_owner=cast.rep)
    deal = make.deal(company=firm, owner=cast.rep)
    rules = [guiding.of_deal(deal, by=cast.rep, at=NOON).rule]
    DealContact.objects.create(deal=deal, contact=make.contact(company=firm), role="decides")
    rules.append(guiding.of_deal(deal, by=cast.rep, at=NOON).rule)
    sign = UsageSign.objects.create(
        unit=unit(company=firm), kind="silent", facts={"since": "2026-05-01"}, began_at=NOON
    )
    rules.append(guiding.of_deal(deal, by=cast.rep, at=NOON).rule)
    assert guiding.of_company(firm, by=cast.rep, at=NOON).why.endswith("Not used since 1 May 2026")
    deal.expected_close = NOON.date() - DAY
    rules.append(guiding.of_deal(deal, by=cast.rep, at=NOON).rule)
    deal.outcome = "won"
    assert guiding.of_deal(deal, by=cast.rep, at=NOON) is None
    assert rules == ["decides", "plan", "usage", "late"]
    sign.delete()
    assert guiding.of_company(firm, by=cast.rep, at=NOON) is None
    make.deal(
        company=firm,
        outcome="won",
        signed_on=NOON.date(),
        closed_at=NOON,
        contract_until=NOON.date() + 60 * DAY,
    )
    assert guiding.of_company(firm, by=cast.rep, at=NOON).rule == "renew"


def test_the_next_step_of_an_account_names_nobody_whom_the_reader_does_not_see(cast):
    firm = make.company(sales_owner=cast.rep)
    lead = make.lead(contact=make.contact(company=firm), stage="sql", owner=cast.rep)
    make.deal(company=firm, owner=cast.rep, outcome="won", signed_on=NOON.date(), closed_at=NOON)
    told = {
        name: guiding.of_company(firm, by=user, at=NOON + 100 * DAY)
        for name, user in cast.everybody().items()
    }
    named = {name for name, guide in told.items() if guide and str(lead.contact) in guide.what}
    sees = {
        name
        for name, user in cast.everybody().items()
        if Contact.objects.visible_to(user).filter(pk=lead.contact_id).exists()
    }
    assert named == sees
    assert "rep" in named
    assert not named & {"other_rep", "finance"}


def test_panels_and_the_api_say_the_same(client, cast):
    lead = make.lead(stage="mql", contact=make.contact(company=make.company()))
    deal = make.deal(company=lead.contact.company, owner=cast.rep)
    client.force_login(cast.marketer)
    api = Api(cast.marketer)
    for page in (f"leads/{lead.pk}", f"deals/{deal.pk}"):
        status, told = api.get(f"/{page}/next/")
        assert (status, told["what"] in client.get(f"/{page}/next/").content.decode()) == (200, True)
    assert api.get(f"/companies/{deal.company_id}/next/")[1]["rule"] == ""
    assert api.get(f"/contacts/{lead.contact_id}/ways/")[1]["best"] == "mail"
    assert b"not tried in a year" in client.get(f"/contacts/{lead.contact_id}/ways/").content
    assert Api(cast.other_rep).get(f"/leads/{lead.pk}/next/")[0] == 404


def test_the_best_way_is_the_one_that_was_answered(cast):
    person = make.contact()
    Identity.objects.create(contact=person, kind="mobile", value="+491540003784")
    for n in range(4):
        make.touch(
            person, at=NOON - (40 + n) * DAY, kind="mail", outbound=True, track="marketing", automatic=True
        )
    make.touch(person, at=NOON - 20 * DAY, kind="call", outbound=True, reached=True, track="sales")
    told = ways.of(person, by=cast.rep, at=NOON)
    assert (told.best.kind, told.because) == ("call", "answered 1 of 1 time; Mail: answered 0 of 4 times")
    ConsentEvent.objects.create(contact=person, purpose="marketing", given=False, at=NOON)
    Identity.objects.filter(kind="mobile").delete()
    assert ways.of(person, by=cast.rep, at=NOON).best.kind == "mail"
    assert ways.of(person, by=cast.marketer, at=NOON).best is None


TOLD = st.tuples(
    st.sampled_from(["call", "mail", "chat", "meeting", "visit"]), st.integers(-3, 400), st.booleans(), st.booleans(),
    st.sampled_from([None, True, False]), st.sampled_from(["marketing", "sales"]),
)  # fmt: skip


def expected(touches):
    """kind → (ours, marketing, automatic, answered, theirs)."""
    seen = [one for one in touches if 0 <= one[1] < 365]
    found = {}
    for kind in {one[0] for one in seen} - {"visit"}:
        ours = [one for one in seen if one[0] == kind and one[2]]
        answered = 0
        for _kind, days, _out, _auto, reached, _track in ours:
            later = any(
                not out and not auto and days - 7 <= ago < days for _k, ago, out, auto, _r, _t in seen
            )
            answered += later if reached is None else reached
        theirs = sum(one[0] == kind and not one[2] and not one[3] for one in seen)
        found[kind] = (
            len(ours),
            sum(o[5] == "marketing" for o in ours),
            sum(o[3] for o in ours),
            answered,
            theirs,
        )
    return found


class Oracle(TestCase):
    @settings(max_examples=30)
    @given(st.lists(TOLD, max_size=12))
    def test_ways_are_counted_as_the_words_say(self, touches):
        person, by = make.contact(), make.person("asks", "sales")
        for kind, days, outbound, automatic, reached, track in touches:
            make.touch(
                person,
                at=NOON - days * DAY,
                kind=kind,
                outbound=outbound,
                automatic=automatic,
                reached=reached,
                track=track,
            )
        found = {
            one.kind: (one.ours, one.marketing, one.automatic, one.answered, one.theirs)
            for one in ways.of(person, by=by, at=NOON).ways
        }
        assert {kind: told for kind, told in found.items() if any(told)} == {
            kind: told for kind, told in expected(touches).items() if any(told)
        }
