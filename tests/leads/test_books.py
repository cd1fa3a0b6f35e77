"""A rep's book: shared by company, handed over by the one path of ownership, and back, by a click or by itself."""

from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import Absence, RepProfile, User
from engine import sweeping
from leads import attempts, because, books, fairness, handoffs, ownership, returned
from leads.models import Agreement, BookMove, Handoff, Lead, Notice
from leads.notices import texts
from pipeline.models import Company, Deal, DealChange, Step
from pipeline.stages import Stage
from reports import rollups
from reports.models import AnswerMonth, CountedOffer, CountedPass
from reports.models.base import ALL, ALL_CHANNELS
from tests import cast as make
from tests.api import Api
from tests.leads.ready import accepted, offered, ready
from tests.pages import queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SOON = make.NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def day_and_night(db):
    Agreement.objects.update(around_the_clock=True)
    yield
    assert ownership.recount() == []


@pytest.fixture
def book(cast):
    """An offer, an accepted lead and a lead with its deal at two companies; a deal, steps and accounts beside."""
    RepProfile.objects.exclude(user=cast.rep).update(accepting=False)
    acme, bolt, corp = (make.company(name, sales_owner=cast.rep) for name in ("Acme", "Bolt", "Corp"))
    people = [make.contact(company=company) for company in (acme, bolt, bolt)]
    waiting, taken, selling = (ready(by=cast.marketer, contact=person) for person in people)
    accepted(taken)
    accepted(selling)
    offered(waiting)
    deal = make.deal(company=bolt, owner=cast.rep, amount=1, currency="EUR")
    Lead.objects.filter(pk=selling.pk).update(stage=Stage.DEAL, deal=deal)
    alone = make.deal(owner=cast.rep)
    won = make.deal(owner=cast.rep, outcome="won", closed_at=make.NOON, signed_on=make.NOON.date())
    step = {"owner": cast.rep, "due_at": make.NOON}
    Step.objects.create(what="to Acme", contact=people[0], **step)
    Step.objects.create(what="to Bolt", deal=deal, **step)
    Step.objects.create(what="to Corp", company=corp, **step)
    Step.objects.create(what="done", company=corp, done_at=make.NOON, **step)
    return {"waiting": waiting, "taken": taken, "selling": selling, "deal": deal, "alone": alone, "won": won}


@pytest.mark.parametrize(
    ("gone", "why"),
    [
        ({}, because.HEIR),
        ({"is_active": False}, because.SUCCESSOR),
        ({"left_at": make.NOON}, because.SUCCESSOR),
    ],
)
def test_heirs_are_told_whether_somebody_left(cast, book, gone, why):
    type(cast.rep).objects.filter(pk=cast.rep.pk).update(**gone)
    cast.rep.refresh_from_db()
    books.hand_over(cast.rep, [cast.teammate], by=cast.manager, at=make.NOON)
    assert set(Handoff.objects.open().values_list("because", flat=True)) == {why}


def in_hand(user):
    """What somebody holds now, from the tables, naively."""
    return {
        "leads": {
            one.lead_id for one in Handoff.objects.all() if one.ended_at is None and one.rep_id == user.pk
        },
        "deals": {one.pk for one in Deal.objects.all() if one.outcome == "open" and one.owner_id == user.pk},
        "steps": {one.what for one in Step.objects.all() if one.done_at is None and one.owner_id == user.pk},
        "companies": {one.name for one in Company.objects.all() if one.sales_owner_id == user.pk},
    }


def test_shares_keep_a_company_together_and_are_even(cast, book):
    whole = books.book_of(cast.rep)
    assert whole.counts == {"leads": 3, "deals": 2, "steps": 3, "companies": 3, "asleep": 0}
    shares = books.share(cast.rep, [cast.teammate, cast.other_rep])
    assert books.stamp(shares) == books.stamp(books.share(cast.rep, [cast.teammate, cast.other_rep]))
    for kind in books.gathering.KINDS:
        parts = [getattr(part, kind) for _heir, part in shares]
        assert sorted(parts[0] + parts[1]) == getattr(whole, kind)  # everything, and nothing twice
    sizes = [sum(part.counts.values()) for _heir, part in shares]
    assert sorted(sizes) == [5, 6]  # Bolt with its two leads, deal and step is 5; the rest 6
    home = {}
    for heir, part in shares:
        for lead in Lead.objects.filter(pk__in=part.leads):
            home.setdefault(lead.contact.company_id, set()).add(heir)
        for company in part.companies:
            home.setdefault(company, set()).add(heir)
    assert all(len(heirs) == 1 for heirs in home.values())


def test_a_book_goes_and_clocks_begin_anew(cast, book):
    was = in_hand(cast.rep)
    move = books.hand_over(cast.rep, [cast.teammate], by=cast.manager, at=SOON)
    assert in_hand(cast.rep) == {"leads": set(), "deals": set(), "steps": set(), "companies": set()}
    assert in_hand(cast.teammate) == was
    assert move.counts == {"leads": 3, "deals": 2, "steps": 3, "companies": 3, "asleep": 0}
    now = {one.lead_id: one for one in Handoff.objects.open()}
    waiting, taken = now[book["waiting"].pk], now[book["taken"].pk]
    assert (waiting.accepted_at, waiting.answer_due_at > SOON, waiting.offered_by) == (
        None,
        True,
        cast.manager,
    )
    assert (taken.accepted_at, taken.contacted_at, taken.contact_due_at > SOON) == (SOON, None, True)
    assert Lead.objects.get(pk=book["selling"].pk).stage == Stage.DEAL
    assert Deal.objects.get(pk=book["won"].pk).owner == cast.rep
    assert Counter(DealChange.objects.values_list("field", "after")) == {("owner", str(cast.teammate.pk)): 2}
    told = Notice.objects.get(user=cast.teammate, kind="handed")
    assert texts.text(told.kind, told.facts) == (
        "A book was handed to you: 3 leads, 2 deals, 3 steps, 3 companies"
    )
    assert not RepProfile.objects.get(user=cast.rep).accepting
    with pytest.raises(books.Refused, match="empty"):
        books.hand_over(cast.rep, [cast.teammate], by=cast.manager, at=SOON)


def test_a_book_comes_back_by_itself_but_for_what_went_on(cast, book):
    until = SOON + 3 * DAY
    was = in_hand(cast.rep)
    extended = Handoff.objects.open().filter(lead=book["taken"])
    extended.update(extended=2, protected_until=SOON + 90 * DAY, attempts=3, contacted_at=make.NOON)
    books.hand_over(cast.rep, [cast.teammate, cast.other_rep], by=cast.manager, at=SOON, until=until)
    absence = Absence.objects.get(rep__user=cast.rep)
    assert (absence.during.lower, absence.during.upper) == (SOON, until)
    with pytest.raises(books.Refused, match="already"):
        make.company("New", sales_owner=cast.rep)
        books.hand_over(cast.rep, [cast.teammate], by=cast.manager, at=SOON, until=until)
    Company.objects.filter(name="New").delete()
    # meanwhile one step is done and one lead is passed on to somebody else
    Step.objects.filter(what="to Corp").update(done_at=SOON)
    handoffs.offer(book["waiting"].pk, to=cast.manager, by=cast.manager, at=SOON)
    assert books.back_due(until - timedelta(seconds=1)) == 0
    assert books.back_due(until) == 1
    assert books.back_due(until) == 0
    was["leads"] -= {book["waiting"].pk}
    was["steps"] -= {"to Corp"}
    assert in_hand(cast.rep) == was
    assert extended.values_list("extended", "protected_until").get() == (2, SOON + 90 * DAY)
    talks = extended.values_list("attempts", "contacted_at", "contact_due_at").get()
    assert talks == (3, make.NOON, None), "no second first contact"
    assert Handoff.objects.open().get(lead=book["selling"]).contact_due_at > until
    move = BookMove.objects.get()
    assert move.back_at == until
    with pytest.raises(books.Refused):
        books.bring_back(move, by=cast.manager, at=until)
    assert "leads.books.back_due" in sweeping.settings.SWEEP.values()


@pytest.mark.parametrize(
    ("away", "followed", "left"),
    [
        (timedelta(seconds=2), False, 10 * DAY),
        (12 * DAY, False, 10 * DAY),  # the days for which it was lent do not count
        (12 * DAY, True, 40 * DAY - 12 * DAY),  # the colleague's own, who followed up
    ],
)
def test_lending_gives_no_protection_to_whom_nobody_followed_up(cast, book, away, followed, left):
    open_one = Handoff.objects.open().filter(lead=book["taken"])
    open_one.update(protected_until=SOON + 10 * DAY)
    move = books.hand_over(cast.rep, [cast.teammate], by=cast.manager, at=SOON, until=SOON + 20 * DAY)
    open_one.update(protected_until=SOON + 40 * DAY, **({"attempts": 1} if followed else {}))
    books.bring_back(move, by=cast.manager, at=SOON + away)
    back = open_one.get()
    assert (back.rep, back.protected_until) == (cast.rep, SOON + away + left)


def test_early_back_ends_the_absence_and_for_good_may_be_taken_back(cast, book):
    move = books.hand_over(cast.rep, [cast.teammate], by=cast.manager, at=SOON, until=SOON + 9 * DAY)
    books.bring_back(move, by=cast.manager, at=SOON + timedelta(minutes=5))
    assert not Absence.objects.exists(), "taken back at once: nobody was away"
    told = dict(Notice.objects.filter(kind="handed").values_list("user", "read_at"))
    assert told == {cast.teammate.pk: SOON + timedelta(minutes=5), cast.rep.pk: None}
    move = books.hand_over(cast.rep, [cast.teammate], by=cast.manager, at=SOON, until=SOON + 9 * DAY)
    books.bring_back(move, by=cast.manager, at=SOON + DAY)
    assert Absence.objects.get().during.upper == SOON + DAY
    move = books.hand_over(cast.rep, [cast.teammate], by=cast.manager, at=SOON + DAY)
    books.bring_back(move, by=cast.manager, at=SOON + 2 * DAY)
    assert RepProfile.objects.get(user=cast.rep).accepting
    # who has left meanwhile gets nothing back
    move = books.hand_over(cast.rep, [cast.teammate], by=cast.manager, at=SOON + 2 * DAY)
    User.objects.filter(pk=cast.rep.pk).update(is_active=False)
    move.refresh_from_db()
    books.bring_back(move, by=cast.manager, at=SOON + 3 * DAY)
    assert in_hand(cast.rep)["leads"] == set()


def test_what_is_lent_goes_back_from_whoever_got_the_heirs_book(client, cast, book):
    was, until = in_hand(cast.rep), SOON + 9 * DAY
    own = make.company("Own", sales_owner=cast.teammate)
    lent = books.hand_over(cast.rep, [cast.teammate], by=cast.manager, at=SOON, until=until)
    handoffs.offer(book["waiting"].pk, to=cast.other_rep, by=cast.manager, at=SOON)  # passed on with thought
    client.force_login(cast.sales_head)
    page = client.get(f"/people/{cast.teammate.pk}/book/", {"heirs": [cast.other_rep.pk]})
    assert [one["told"] for one in page.context["shares"][0]["lent"]] == [
        "2 leads, 2 deals, 3 steps, 3 companies"
    ]
    assert "Of these, lent by" in page.content.decode()
    _status, shares = Api(cast.sales_head).get(
        "/books/preview/", rep=cast.teammate.pk, heirs=str(cast.other_rep.pk)
    )
    assert [(one["rep"], len(one["leads"]), len(one["companies"])) for one in shares[0]["lent"]] == [
        (cast.rep.pk, 2, 3)
    ]
    books.hand_over(cast.teammate, [cast.other_rep], by=cast.manager, at=SOON + DAY)
    books.hand_over(cast.other_rep, [cast.manager], by=cast.manager, at=SOON + 2 * DAY)
    back = f"/people/{cast.rep.pk}/book/{lent.pk}/back/"
    said = client.post(back, follow=True).content.decode()
    assert "2 leads, 2 deals, 3 steps" in said.split("toast", 1)[1]
    was["leads"] -= {book["waiting"].pk}
    assert in_hand(cast.rep) == was
    assert Company.objects.get(pk=own.pk).sales_owner == cast.manager
    # lent a second time, and to somebody of the old chain: only its owner has it back
    books.hand_over(cast.rep, [cast.manager], by=cast.manager, at=SOON + 3 * DAY, until=until)
    books.bring_back(BookMove.objects.get(rep=cast.other_rep), by=cast.manager, at=SOON + 4 * DAY)
    assert in_hand(cast.rep)["deals"] == set()
    assert books.back_due(until) == 1
    assert in_hand(cast.rep) == was


def sleepers(cast):
    """Two that sleep in the rep's name, one of a company with a lead in hand; one of a teammate, and one in nobody's."""
    there = Lead.objects.get(handoffs__rep=cast.rep, handoffs__accepted_at=None).contact.company
    beside = make.lead(
        owner=cast.rep, stage="nurture", contact=make.contact(company=there), wake_at=SOON + 9 * DAY
    )
    alone = make.lead(owner=cast.rep, stage="nurture", wake_at=SOON + 8 * DAY)
    for owner in (cast.teammate, None):
        make.lead(owner=owner, stage="nurture", wake_at=SOON + 8 * DAY)
    return [beside, alone]


def test_what_sleeps_goes_along_and_sleeps_on(cast, book):
    beside, alone = sleepers(cast)
    trails = list(Handoff.objects.filter(ended_at__isnull=False).values())
    shares = books.share(cast.rep, [cast.teammate, cast.other_rep])
    home = {pk: heir for heir, part in shares for pk in part.leads + part.asleep}
    assert home[beside.pk] == home[book["waiting"].pk]
    assert sum(len(part.asleep) for _heir, part in shares) == 2
    before = {row["id"]: row for row in Lead.objects.filter(stage="nurture").values()}
    move = books.hand_over(cast.rep, [cast.teammate], by=cast.manager, at=SOON)
    assert move.counts["asleep"] == 2
    after = {row["id"]: row for row in Lead.objects.filter(stage="nurture").values()}
    changed = {pk for pk in before if after[pk] != before[pk]}
    assert changed == {beside.pk, alone.pk}
    for pk in changed:
        assert after[pk] == {**before[pk], "owner_id": cast.teammate.pk, "updated_at": SOON}
        assert not Handoff.objects.filter(lead=pk).exists()
    assert trails == list(Handoff.objects.filter(pk__in=[row["id"] for row in trails]).values())
    said = Notice.objects.get(user=cast.teammate, kind="handed")
    assert texts.text(said.kind, said.facts).endswith(", 2 leads asleep")


def test_what_sleeps_comes_back_unless_it_woke(cast, book):
    beside, alone = sleepers(cast)
    move = books.hand_over(cast.rep, [cast.teammate], by=cast.manager, at=SOON, until=SOON + 9 * DAY)
    Lead.objects.filter(pk=alone.pk).update(stage=Stage.MQL)
    back = books.bring_back(move, by=cast.manager, at=SOON + DAY)
    assert back.asleep == [beside.pk]
    owners = dict(Lead.objects.filter(pk__in=[beside.pk, alone.pk]).values_list("pk", "owner"))
    assert owners == {beside.pk: cast.rep.pk, alone.pk: cast.teammate.pk}


def test_the_preview_counts_what_sleeps(client, cast, book):
    sleepers(cast)
    client.force_login(cast.admin)
    page = client.get(f"/people/{cast.rep.pk}/book/", {"heirs": [cast.teammate.pk]})
    (share,) = page.context["shares"]
    assert share["told"].endswith("2 leads asleep")
    assert "sleep on until their day" in page.content.decode()
    status, told = Api(cast.admin).get("/books/preview/", rep=cast.rep.pk, heirs=cast.teammate.pk)
    assert (status, len(told[0]["asleep"])) == (200, 2)


def test_the_page_previews_then_hands_over_what_was_seen(client, cast, book):
    client.force_login(cast.manager)
    address = f"/people/{cast.rep.pk}/book/"
    assert f'href="{address}"' in client.get(f"/people/{cast.rep.pk}/").content.decode()
    assert queries(client, address) <= 12 + 2
    page = client.get(address, {"heirs": [cast.teammate.pk, cast.other_rep.pk], "until": "2099-01-31"})
    said = [share["told"] for share in page.context["shares"]]
    assert any("2 leads" in one for one in said)
    assert BookMove.objects.count() == 0
    sent = {
        "heirs": [cast.teammate.pk, cast.other_rep.pk],
        "until": "2099-01-31",
        "seen": page.context["seen"],
    }
    make.company("Late", sales_owner=cast.rep)  # the book grows between looking and doing
    refused = client.post(f"{address}hand-over/", sent)
    assert refused.status_code == 422
    assert "has changed since you looked" in refused.content.decode()
    sent["seen"] = refused.context["seen"]
    assert client.post(f"{address}hand-over/", sent).status_code == 302
    move = BookMove.objects.get()
    assert (move.by, move.counts["companies"]) == (cast.manager, 4)
    assert "until" in client.get(address).content.decode()
    assert client.post(f"{address}{move.pk}/back/").status_code == 302
    assert BookMove.objects.get().back_at is not None
    assert len(in_hand(cast.rep)["companies"]) == 4
    bad = client.get(address, {"heirs": [cast.rep.pk]})
    assert bad.status_code == 422


def test_who_may_hand_over_a_book_and_the_api(cast, book):
    allowed = {"manager", "sales_head", "marketing_head", "admin"}
    for name, user in cast.everybody().items():
        api = Api(user)
        status, _body = api.get("/books/preview/", rep=cast.rep.pk, heirs=str(cast.teammate.pk))
        assert (status == 200) == (name in allowed), (name, status)
        status, _body = api.post("/books/", {"rep": cast.rep.pk, "heirs": [cast.finance.pk]})
        assert status == (400 if name in allowed or name == "other_manager" else 403), (name, status)
    api = Api(cast.manager)
    _status, shares = api.get(
        "/books/preview/", rep=cast.rep.pk, heirs=f"{cast.teammate.pk},{cast.manager.pk}"
    )
    status, move = api.post(
        "/books/",
        {"rep": cast.rep.pk, "heirs": [cast.teammate.pk, cast.manager.pk], "until": "2099-01-01T00:00Z"},
    )
    assert status == 201
    each = [("rep", cast.rep.pk), ("heirs", cast.teammate.pk), ("heirs", cast.manager.pk)]
    again = "/books/preview/?" + "&".join(f"{name}={value}" for name, value in each)
    assert [one["heir"] for one in api.get(again)[1]] == [cast.teammate.pk, cast.manager.pk]
    assert api.get(f"{again}&untill=2099-01-01")[0] == 400
    assert [one.pop("lent") for one in shares] == [[], []]
    assert move["given"] == {str(one.pop("heir")): one for one in shares}
    assert api.get("/books/", rep=cast.rep.pk)[1]["results"][0]["id"] == move["id"]
    assert Api(cast.other_rep).get(f"/books/{move['id']}/")[0] == 404
    assert Api(cast.teammate).post(f"/books/{move['id']}/back/")[0] == 403
    assert api.post(f"/books/{move['id']}/back/")[0] == 200
    assert api.post(f"/books/{move['id']}/back/")[0] == 409


def test_what_moves_with_a_book_was_offered_to_nobody(cast, book):
    """Three trips change no figure of offers and answers; the heir's first attempt is the one that was owed."""
    figures = "offers", "accepted", "returned", "expired", "waiting", "due"
    whole = AnswerMonth.objects.filter(channel=ALL_CHANNELS, segment=ALL, region=ALL).values_list(*figures)
    passes = CountedPass.objects.order_by("lead_id").values_list("lead_id", "offered_on", "answer")
    lead = book["taken"]
    rollups.roll_all()
    before, stood = list(whole), list(passes)
    waiting = Handoff.objects.get(lead=book["waiting"])
    handoffs.accept(waiting.pk, by=cast.rep, at=SOON)  # an offer that is open would be made anew
    rollups.roll_all()
    before, stood = list(whole), list(passes)
    for _trip in range(2):
        move = books.hand_over(cast.rep, [cast.teammate], by=cast.manager, at=SOON, until=SOON + DAY)
        books.bring_back(move, by=cast.manager, at=SOON)
    books.hand_over(cast.rep, [cast.teammate], by=cast.manager, at=SOON, until=SOON + DAY)
    attempts.call_again(lead.contact, by=cast.teammate, at=SOON + timedelta(minutes=30))
    rollups.roll_all()
    assert (list(whole), list(passes)) == (before, stood)
    kept = CountedOffer.objects.filter(lead=lead.pk)
    assert [one.outcome for one in kept.order_by("handoff")] == ["accepted", *["moved"] * 5]
    assert kept.get(outcome="accepted").contact == 90
    assert kept.get(speaks=True).owner == cast.teammate.pk
    assert sum(one.passes for one in fairness.ledger(make.NOON - DAY, SOON + DAY)) == 3, (
        "as they were offered at first"
    )
    tally = returned.whole(returned.offers())
    assert (tally.answered, tally.returned) == (3, 0)


def test_an_offer_that_goes_on_with_a_book_is_one_offer(cast, book):
    """Whoever has it now was asked in the other's place."""
    whole = AnswerMonth.objects.filter(channel=ALL_CHANNELS, segment=ALL, region=ALL)
    figures = whole.values_list("offers", "waiting", "accepted")
    rollups.roll_all()
    before = list(figures)
    move = books.hand_over(cast.rep, [cast.teammate], by=cast.manager, at=SOON, until=SOON + DAY)
    rollups.roll_all()
    assert list(figures) == before
    books.bring_back(move, by=cast.manager, at=SOON)
    rollups.roll_all()
    assert list(figures) == before
