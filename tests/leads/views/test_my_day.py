"""The first pages of reps and marketers."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from leads import assignment, handoffs, worklists
from leads.forms.rep import HOW
from leads.models import Handoff, Lead, Touch
from pipeline.models import Campaign, DealContact, ExchangeRate, Product, Spend, Step
from pipeline.stages import Stage
from tests import cast as make
from tests.api import Api
from tests.leads.ready import accepted, ready
from tests.pages import same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def rep(client, cast):
    client.force_login(cast.rep)
    return client


@pytest.fixture
def marketer(client, cast):
    client.force_login(cast.marketer)
    return client


def offer_to(user, cast, at):
    """An open offer of a new lead to this rep."""
    one = ready(by=cast.marketer, at=at, contact=make.contact(company=make.company()))
    assignment.assign_due(at=at)
    Handoff.objects.filter(lead=one).update(rep=user)
    Lead.objects.filter(pk=one.pk).update(owner=user)
    return Handoff.objects.get(lead=one)


def take(user, cast, at):
    """An accepted lead without contact."""
    handoff = offer_to(user, cast, at)
    Handoff.objects.filter(pk=handoff.pk).update(accepted_at=at, contact_due_at=at + timedelta(hours=1))
    Lead.objects.filter(pk=handoff.lead_id).update(stage=Stage.SQL)
    return Handoff.objects.get(pk=handoff.pk)


def test_an_empty_day_says_what_to_do_next(rep):
    page = rep.get("/my-day/").content.decode()
    assert "Nothing waits for you" in page
    assert "/pool/" in page


def test_the_day_shows_offers_contacts_and_steps_and_nobody_elses(rep, cast, now):
    offer, contact = offer_to(cast.rep, cast, now), take(cast.rep, cast, now)
    other = offer_to(cast.teammate, cast, now)
    Step.objects.create(what="Send the offer", owner=cast.rep, due_at=now, contact=offer.lead.contact)
    Step.objects.create(what="Not mine", owner=cast.teammate, due_at=now, contact=offer.lead.contact)
    Step.objects.create(
        what="Not yet", owner=cast.rep, due_at=now + timedelta(days=9), contact=offer.lead.contact
    )
    day = rep.get("/my-day/").context["day"]
    assert [one.pk for one in day.offers] == [offer.pk]
    assert [one.pk for one in day.contacts] == [contact.pk]
    assert [one.what for one in day.steps] == ["Send the offer"]
    assert other.pk not in {offer.pk, contact.pk}


def test_the_rep_is_spoken_to_where_the_lead_speaks_of_the_rep(rep, cast, now):
    offer = offer_to(cast.rep, cast, now)
    shown, spoken = "It was this rep&#x27;s turn.", "It is your turn."
    day, lead = rep.get("/my-day/").content.decode(), rep.get(f"/leads/{offer.lead_id}/").content.decode()
    assert (spoken in day, shown in day, spoken in lead, shown in lead) == (True, False, False, True)


def test_the_card_says_what_they_want_where_it_is_decided(rep, cast, now):
    press = Product.objects.create(code="press", name="Press")
    offer, contact = offer_to(cast.rep, cast, now), take(cast.rep, cast, now)
    Lead.objects.filter(pk=offer.lead_id).update(product=press, answers={"need": "two presses", "when": ""})
    Lead.objects.filter(pk=contact.lead_id).update(answers={})
    person, hour = offer.lead.contact, timedelta(hours=1)
    make.touch(person, at=now - hour, note="Of a former pass")
    for at, kind, note, ours in (
        (now + hour, "form", "Can it run at night?", False),
        (now + 2 * hour, "visit", "/prices/", False),
        (now + 3 * hour, "mail", "Our catalogue", True),
        (now + 4 * hour, "call", "", False),
    ):
        make.touch(person, at=at, kind=kind, note=note, outbound=ours)
    response = rep.get("/my-day/")
    day, page = response.context["day"], response.content.decode()
    (wanted,), (silent,) = ([one.wants for one in shown] for shown in (day.offers, day.contacts))
    told = [(question.code, answer) for question, answer in wanted.answers]
    assert (wanted.product, wanted.message, told) == (
        press,
        "Can it run at night?",
        [("need", "two presses")],
    )
    assert not silent
    assert page.count('class="wants"') == 1
    assert f"/contacts/{person.pk}/briefing/" in page


def test_what_does_not_fit_is_counted_and_told(rep, cast, now, monkeypatch):
    monkeypatch.setattr(worklists, "MOST", 1)
    for add in (offer_to, offer_to, offer_to, take, take):
        add(cast.rep, cast, now)
    response = rep.get("/my-day/")
    day, page = response.context["day"], response.content.decode()
    assert [(len(shown), shown.n, shown.rest) for shown in (day.offers, day.contacts, day.steps)] == [
        (1, 3, 2), (1, 2, 1), (0, 0, 0),
    ]  # fmt: skip
    assert ("2 more follow as these are done" in page, "1 more follows" in page) == (True, True)
    assert f"/leads/?owner={cast.rep.pk}" in page


def test_the_clock_has_a_tone(rep, cast, now):
    offer = offer_to(cast.rep, cast, now)
    for due, tone in (
        (timedelta(minutes=5), "urgent"),
        (timedelta(hours=2), "soon"),
        (timedelta(days=1), ""),
    ):
        Handoff.objects.filter(pk=offer.pk).update(answer_due_at=timezone.now() + due)
        assert rep.get("/my-day/").context["day"].offers[0].tone == tone


def test_the_day_costs_the_same_with_one_and_with_three(rep, cast, now):
    def add():
        offer_to(cast.rep, cast, now)
        contact = take(cast.rep, cast, now).lead.contact
        make.touch(contact, at=now, note="Two presses, please")
        Step.objects.create(what="Call", owner=cast.rep, due_at=now, contact=contact)
        firm = make.company(sales_owner=cast.rep)
        make.contact(company=firm)
        Step.objects.create(what="Visit", owner=cast.rep, due_at=now, company=firm)

    same_queries(rep, "/my-day/", add)


@pytest.mark.parametrize("who, status", [("rep", 200), ("manager", 200), ("marketer", 403), ("finance", 403)])
def test_the_day_is_for_people_who_sell(client, cast, who, status):
    client.force_login(getattr(cast, who))
    assert client.get("/my-day/").status_code == status


@pytest.mark.parametrize("who, status", [("marketer", 200), ("admin", 200), ("rep", 403), ("finance", 403)])
def test_today_is_for_the_desk(client, cast, who, status):
    client.force_login(getattr(cast, who))
    assert client.get("/today/").status_code == status


def test_today_counts_what_waits(marketer, cast, now):
    make.lead(at=now)
    for days, grade in ((0, "A"), (2, "A"), (5, "B"), (30, "D")):
        at = now - timedelta(days=days)
        Lead.objects.filter(pk=make.lead(at=at, grade=grade).pk).update(stage=Stage.MQL, mql_at=at)
    back = make.lead(grade="C")
    Lead.objects.filter(pk=back.pk).update(stage=Stage.MQL, mql_at=now, desk_due_at=now)
    Lead.objects.filter(pk=back.pk).update(hand_raised_at=now)
    make.campaign("Thrifty", budget=120, status="active")
    ExchangeRate.objects.create(currency="USD", on=date(2026, 1, 1), rate=2)
    campaign = make.campaign("Fair", budget=55, currency="USD", status="active")
    Spend.objects.create(
        campaign=campaign,
        kind="committed",
        month=date(2026, 6, 1),
        on=date(2026, 6, 2),
        amount=120,
        base_amount=120,
    )
    make.touch(back.contact, at=now, kind="callback")
    desk = marketer.get("/today/").context["desk"]
    counts = {grade: [count for _age, count in cells] for grade, cells in desk.grid.items()}
    assert counts == {"A": [1, 1, 0, 0], "B": [0, 0, 1, 0], "C": [1, 0, 0, 0], "D": [0, 0, 0, 1]}
    page = marketer.get("/today/").content.decode()
    for grade, cells in desk.grid.items():
        for age, count in cells:
            behind = f"/desk/?queue=mql&grade={grade}&age={age}"
            assert (behind.replace("&", "&amp;") in page) == bool(count)
            assert len(marketer.get(behind).context["table"].rows) == count
    assert '"/exceptions/?kind=expiring"' in page
    assert marketer.get("/exceptions/?kind=expiring").status_code == 200
    assert [lead.pk for lead in desk.returned] == [back.pk]
    assert [(one.name, one.budget, one.spent) for one in desk.overspent] == [("Fair", 110, 120)]
    assert "/desk/?queue=mql&amp;asked=yes" in page
    asked = marketer.get("/desk/?queue=mql&asked=yes").context["table"]
    assert [row["id"] for row in asked.rows] == [back.pk]
    assert [touch.contact for touch in desk.replies] == [back.contact]
    assert (desk.new, desk.waiting, desk.expiring) == (1, 0, 0)


def test_today_costs_the_same_with_one_and_with_three(marketer, cast, now):
    def add():
        one = make.lead(contact=make.contact(company=make.company()))
        Lead.objects.filter(pk=one.pk).update(stage=Stage.MQL, mql_at=now, desk_due_at=now)
        make.touch(one.contact, at=now, kind="callback", campaign=make.campaign())

    same_queries(marketer, "/today/", add)
    assert Campaign.objects.count() == 3


def test_an_accepted_lead_is_a_first_contact_until_somebody_calls(rep, cast, now):
    handoff = accepted(ready(by=cast.marketer, at=now), now)
    Handoff.objects.update(rep=cast.rep)
    Lead.objects.update(owner=cast.rep)
    assert len(rep.get("/my-day/").context["day"].contacts) == 1
    said = {"kind": "call", "outcome": "missed", "next": "/my-day/"}
    assert rep.post(f"/leads/{handoff.lead_id}/touches/", said).url == "/my-day/"
    assert rep.get("/my-day/").context["day"].contacts == []


def test_no_answer_is_one_tap(rep, cast, now):
    lead = take(cast.rep, cast, now).lead
    assert rep.post(f"/leads/{lead.pk}/again/", {"next": "/my-day/"}).url == "/my-day/"
    day = rep.get("/my-day/").context["day"]
    assert (day.contacts, [step.lead for step in day.steps]) == ([], [lead.pk])
    step = day.steps[0]
    rep.post(f"/leads/{lead.pk}/again/", {"step": step.pk})
    assert Step.objects.get(pk=step.pk).done_at is not None


def test_a_step_without_a_lead_is_done_with_whoever_was_spoken_to_last(rep, cast, now):
    mine, far = make.company(sales_owner=cast.rep), make.company(sales_owner=cast.other_rep)
    ada, bob, cyd = (make.contact(name, company=mine) for name in ("Ada", "Bob", "Cyd"))
    make.contact("Eve", company=far)
    for person, hours in ((ada, 1), (bob, 9), (cyd, 5)):
        make.touch(person, at=now - timedelta(hours=hours), kind="call")
    deal, bare = make.deal(owner=cast.rep, company=mine), make.deal(owner=cast.rep, company=far)
    for person in (bob, cyd):
        DealContact.objects.create(deal=deal, contact=person)
    for what, about in (
        ("deal", {"deal": deal}), ("own", {"deal": deal, "contact": bob}), ("company", {"company": mine}),
        ("person", {"contact": cyd}), ("nobody", {"deal": bare}),
    ):  # fmt: skip
        Step.objects.create(what=what, owner=cast.rep, due_at=now, **about)
    found = {step.what: (step.person_id, step.person) for step in rep.get("/my-day/").context["day"].steps}
    assert found == {
        "deal": (cyd.pk, "Cyd"), "own": (bob.pk, "Bob"), "company": (ada.pk, "Ada"), "person": (cyd.pk, "Cyd"),
        "nobody": (None, ""),
    }  # fmt: skip


def test_a_deals_step_is_logged_and_tried_again_from_the_card(rep, cast, now):
    deal, ada = make.deal(owner=cast.rep), make.contact("Ada")
    DealContact.objects.create(deal=deal, contact=ada)
    step = Step.objects.create(what="Call", owner=cast.rep, due_at=now, deal=deal)
    page = rep.get("/my-day/").content.decode()
    again, log, note = (f"/contacts/{ada.pk}/{way}/" for way in ("again", "log", "notes"))
    assert all(f'action="{address}"' in page for address in (again, log, note))
    back = {"next": "/my-day/"}
    said = back | {"contact": ada.pk, "kind": "meeting", "outcome": "reached", "note": "Two lines"}
    assert [rep.post(address, said).url for address in (log, note)] == ["/my-day/", "/my-day/"]
    assert rep.post(note, back | {"note": ""}).url == "/my-day/"
    assert rep.post(again, back | {"step": step.pk}).url == "/my-day/"
    logged = Touch.objects.filter(contact=ada).order_by("pk").values_list("kind", "reached", "note")
    assert list(logged) == [("meeting", True, "Two lines"), ("call", False, "")]
    assert [one.text for one in ada.notes.all()] == ["Two lines"]
    planned = Step.objects.open().get()
    assert (planned.deal, planned.contact) == (deal, ada)
    step.refresh_from_db()
    assert step.done_at is not None
    assert rep.get("/my-day/").context["day"].deals == []


@pytest.mark.parametrize(
    "who, status", [("rep", 302), ("teammate", 302), ("marketer", 302), ("other_rep", 404), ("finance", 404)]
)
def test_who_sees_a_contact_and_works_logs_without_a_lead(client, cast, who, status):
    ada = make.contact(company=make.company(sales_owner=cast.rep))
    client.force_login(cast.everybody()[who])
    for way in ("again", "notes"):
        assert client.post(f"/contacts/{ada.pk}/{way}/", {"note": "x"}).status_code == status


def test_a_talk_without_a_next_step_is_shown_with_the_deal_to_open(rep, cast, now):
    handoff = take(cast.rep, cast, now - timedelta(minutes=5))
    said = {"kind": "meeting", "outcome": "reached", "note": "Wants two lines", "next": "/my-day/"}
    rep.post(f"/leads/{handoff.lead_id}/touches/", said)
    page = rep.get("/my-day/")
    assert [one.met for one in page.context["day"].going] == [True]
    assert f"/deals/new/?lead={handoff.lead_id}" in page.content.decode()
    rep.post(f"/leads/{handoff.lead_id}/steps/", {"what": "Offer", "due_at": "2030-01-01T09:00"})
    assert rep.get("/my-day/").context["day"].going == []


def test_own_deals_without_a_next_step_are_shown(rep, cast):
    mine = make.deal(owner=cast.rep)
    make.deal(owner=cast.teammate)
    assert rep.get("/my-day/").context["day"].deals == [mine]
    Step.objects.create(what="Call", owner=cast.rep, due_at=timezone.now(), deal=mine)
    assert rep.get("/my-day/").context["day"].deals == []


def test_a_note_is_kept_and_an_empty_one_refused(rep, cast, now):
    lead = take(cast.rep, cast, now).lead
    assert rep.post(f"/leads/{lead.pk}/notes/", {"note": ""}).status_code == 422
    assert rep.post(f"/leads/{lead.pk}/notes/", {"note": "Moves in May"}).status_code == 302
    assert "Moves in May" in rep.get(f"/leads/{lead.pk}/").content.decode()


def test_an_own_find_stays_with_the_rep(rep, cast):
    assert rep.get("/my-day/find/").status_code == 200
    assert rep.post("/my-day/find/", {"kind": "meeting"}).status_code == 422
    given = {"full_name": "Li Wei", "wechat": "li_wei88", "kind": "meeting", "consent": "on"}
    unread = rep.post("/my-day/find/", given | {"wechat": "李伟"})
    assert (unread.status_code, list(unread.context["form"].errors), "李伟" in unread.text) == (
        422,
        ["wechat"],
        True,
    )
    rep.post("/my-day/find/", given)
    lead = Lead.objects.get()
    assert (lead.owner, lead.stage, lead.channel) == (cast.rep, Stage.SQL, "sales_own")
    assert lead.contact.consents.get().purpose == "sales"
    rep.post("/my-day/find/", given)
    assert Lead.objects.count() == 1


def test_whom_a_rep_found_has_been_contacted(rep, cast):
    for kind in ("meeting", "call", "chat", "event", "mail"):
        rep.post("/my-day/find/", {"full_name": f"Li {kind}", "email": f"{kind}@kunde.example", "kind": kind})
    finds = {one.lead_id: one for one in Handoff.objects.all()}
    met = {touch.kind: finds[touch.contact.leads.get().pk] for touch in Touch.objects.all()}
    assert {kind: one.attempts for kind, one in met.items()} == dict.fromkeys(HOW, 1)
    before = Handoff.objects.values_list("pk", "attempts", "contacted_at")
    told = list(before)
    handoffs.recount(Touch.objects.values_list("contact", flat=True))
    assert list(before) == told
    assert None not in {contacted for _pk, _attempts, contacted in told}
    assert rep.get("/my-day/").context["day"].contacts == []


def test_whom_a_rep_found_by_their_form_is_yet_to_be_contacted(cast):
    api = Api(cast.rep)
    for kind in ("form", "call"):
        api.post(
            "/leads/",
            {"full_name": kind, "email": f"{kind}@kunde.example", "channel": "sales_own", "kind": kind},
        )
    owing = Handoff.objects.filter(contacted_at=None)
    assert owing.get().lead.contact.full_name == "form"


@pytest.mark.parametrize("path", ["again", "notes"])
def test_strangers_log_nothing(client, cast, now, path):
    lead = take(cast.rep, cast, now).lead
    adviser = 302 if path == "notes" else 403  # the other track writes down what it knows, and calls nobody
    for who, status in (("other_rep", 404), ("finance", 404), ("marketer", adviser), ("manager", 302)):
        client.force_login(getattr(cast, who))
        assert client.post(f"/leads/{lead.pk}/{path}/", {"note": "x"}).status_code == status, who
