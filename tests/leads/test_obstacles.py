"""Obstacles and refusals: written down in two taps, answered by marketing, found by the next rep."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import organisation
from accounts.models import Organisation, User
from leads import consulting, obstacles
from leads.consulting import Refused
from leads.models import Lead, Notice, Obstacle, ReturnReason
from leads.needs import of_marketing
from pipeline.models import Deal, OutcomeReason, Statement
from reports import hindering
from reports.attention import listed
from reports.choice import axes, parse, together
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.leads.ready import offered, ready
from tests.pages import queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def deal(cast):
    """An open deal of the rep, with a company that the marketer looks after."""
    return make.deal(
        owner=cast.rep, amount=100, base_amount=100, company=make.company(marketing_contact=cast.marketer)
    )


def met(deal, cast, kind="price", at=NOON, **more):
    return obstacles.log(deal, kind, more.pop("words", "Too dear"), by=more.pop("by", cast.rep), at=at)


def answered(deal, cast, text="The price holds for three years", at=NOON, **more):
    one = met(deal, cast, at=at, **more)
    return obstacles.answer(one, text, kind="argument", by=cast.marketer, at=at + timedelta(hours=1))


def test_whoever_looks_after_the_company_owes_an_answer_in_three_working_days(deal, cast):
    one = met(deal, cast)
    assert (one.asked, one.due_at) == (cast.marketer, consulting.due(cast.marketer, NOON))
    assert [one.state(at) for at in (NOON, one.due_at)] == ["open", "late"]
    (told,) = Notice.objects.all()
    assert (told.user, told.path) == (cast.marketer, f"/obstacles/{one.pk}/")
    obstacles.answer(one, " Three years ", kind="price", by=cast.marketer, at=NOON)
    assert (one.answer, one.state(NOON)) == ("Three years", "answered")
    assert Notice.objects.get(user=cast.rep).path == f"/obstacles/{one.pk}/"
    with pytest.raises(Refused, match="answered already"):
        obstacles.answer(one, "Again", kind="price", by=cast.marketer, at=NOON)
    for text, kind in ((" ", "price"), ("So", "song")):
        with pytest.raises(Refused):
            obstacles.answer(met(deal, cast), text, kind=kind, by=cast.marketer, at=NOON)
    with pytest.raises(Refused):
        obstacles.log(deal, "weather", by=cast.rep, at=NOON)


def test_without_anybody_who_looks_after_it_the_head_of_marketing_owes_it(cast):
    lone = make.deal(owner=cast.rep)
    assert met(lone, cast).asked == cast.marketing_head


def test_answers_are_shown_where_the_same_stops_a_talk_those_that_helped_most_first(deal, cast):
    first, second, third = (answered(deal, cast, text) for text in ("One", "Two", "Three"))
    answered(deal, cast, "Elsewhere", kind="trust")
    for user in (cast.rep, cast.teammate, cast.rep):
        obstacles.helps(second, by=user)
    obstacles.helps(third, by=cast.rep)
    answered(deal, cast, "One")  # the same words are shown once
    other = make.deal(owner=cast.other_rep)
    mine = met(other, cast, by=cast.other_rep)
    found = obstacles.answers_to(["price"], [mine.pk])
    assert [one.answer for one in found["price"]] == ["Two", "Three", "One"]
    assert second.helped.count() == 2
    with pytest.raises(Refused):
        obstacles.helps(mine, by=cast.rep)
    assert first.pk


def test_an_answer_becomes_an_argument_that_both_heads_sign(deal, cast):
    one = met(deal, cast)
    with pytest.raises(Refused):
        obstacles.speak(one, "Words", proof="Proof", by=cast.marketer)
    one = answered(deal, cast)
    said = obstacles.speak(one, "Our price holds", proof="Contract, section 4", by=cast.marketer)
    assert (one.statement, said.kind) == (said, "claim")
    with pytest.raises(Refused, match="already"):
        obstacles.speak(one, "Our price holds", proof="Contract", by=cast.marketer)
    with pytest.raises(Refused):
        obstacles.speak(answered(deal, cast), "", proof="", by=cast.marketer)
    assert Statement.objects.count() == 1


def test_a_rep_logs_it_in_two_taps_and_marketing_answers_on_its_page(client, cast, deal):
    client.force_login(cast.rep)
    panel = client.get(f"/obstacles/deal/{deal.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert 'name="kind" value="price"' in panel
    assert f"/obstacles/deal/{deal.pk}/" in client.get(f"/deals/{deal.pk}/").content.decode()
    sent = client.post(f"/obstacles/deal/{deal.pk}/log/", {"kind": "price", "words": "Too dear"})
    assert sent.status_code == 302
    one = Obstacle.objects.get()
    assert (one.deal, one.words, one.by) == (deal, "Too dear", cast.rep)
    assert client.post(f"/obstacles/deal/{deal.pk}/log/", {"kind": "weather"}).status_code == 422
    assert client.post(f"/obstacles/{one.pk}/answer/", {"kind": "price", "text": "x"}).status_code == 403
    client.force_login(cast.marketer)
    needed = [need.href for need in of_marketing(cast.marketer, timezone.now())]
    assert "/obstacles/?answered=false" in needed
    assert client.post(f"/obstacles/{one.pk}/answer/", {"kind": "price"}).status_code == 422
    said = {"kind": "material", "text": "Show them the sheet", "link": "https://files.example/sheet"}
    assert client.post(f"/obstacles/{one.pk}/answer/", said).status_code == 302
    page = client.get(f"/obstacles/{one.pk}/").content.decode()
    assert "Show them the sheet" in page
    assert client.post(f"/obstacles/{one.pk}/speak/", {"text": "Our price holds"}).status_code == 422
    assert (
        client.post(f"/obstacles/{one.pk}/speak/", {"text": "Our price holds", "proof": "§ 4"}).status_code
        == 302
    )
    assert Obstacle.objects.get().statement.text == "Our price holds"
    client.force_login(cast.other_rep)
    assert client.get(f"/obstacles/{one.pk}/").status_code == 404
    other = make.deal(owner=cast.other_rep)
    client.post(f"/obstacles/deal/{other.pk}/log/", {"kind": "price"})
    assert "Show them the sheet" in client.get(f"/obstacles/deal/{other.pk}/").content.decode()
    client.post(f"/obstacles/{one.pk}/helps/?kind=deal&about={other.pk}")
    assert list(one.helped.all()) == [cast.other_rep]


def test_the_dialogs_of_a_loss_and_of_a_return_write_it_down_too(client, cast, deal):
    client.force_login(cast.rep)
    reason = OutcomeReason.objects.get(code="price_lost")
    sent = {"reason": reason.pk, "note": "Twice our price", "obstacle": "price"}
    assert client.post(f"/deals/{deal.pk}/lose/", sent).status_code == 302
    one = Obstacle.objects.get()
    assert (one.deal, one.kind, one.words) == (deal, "price", "Twice our price")
    handoff = offered(ready(by=cast.marketer))
    client.force_login(handoff.rep)
    back = {"reason": ReturnReason.objects.get(code="not_ready").pk, "note": "No need", "obstacle": "need"}
    assert client.post(reverse("leads:return", args=[handoff.pk]), back).status_code == 302
    assert Obstacle.objects.get(lead=handoff.lead).kind == "need"


def test_what_is_overdue_stands_among_the_exceptions(cast, deal):
    one = met(deal, cast)
    choice = parse({"period": "all"}, axes(), NOON)

    def found(user, at):
        return [row["action_href"] for row in listed(user, choice, at, kind="obstacles")]

    assert found(cast.admin, NOON) == []
    assert found(cast.admin, one.due_at) == found(cast.rep, one.due_at) == [f"/obstacles/{one.pk}/"]
    assert found(cast.other_rep, one.due_at) == []


def test_the_list_shows_what_the_reader_sees_in_as_many_statements(client, cast, deal):
    met(deal, cast)
    other = met(make.deal(owner=cast.other_rep), cast, "need", by=cast.other_rep)
    client.force_login(cast.rep)
    assert [row["id"] for row in client.get("/obstacles/").context["table"].rows] != [other.pk]
    client.force_login(cast.marketer)
    one = queries(client, "/obstacles/")
    assert len(client.get("/obstacles/?kind=need").context["table"].rows) == 1
    for _ in range(3):
        met(deal, cast)
    assert queries(client, "/obstacles/") == one <= 14


def test_by_kind_answered_and_what_became_of_the_deals(client, cast):
    """Against a naive count."""
    kinds, at = ("price", "need", "trust"), NOON - 30 * DAY
    for number in range(24):
        deal = make.deal(owner=cast.rep, amount=10, base_amount=10)
        lead = make.lead(owner=cast.rep) if number % 4 == 0 else None
        if number % 8 == 1:  # it met another one, of another kind, that nobody answers
            met(deal, cast, kinds[(number + 1) % 3], at)
        if lead:
            Lead.objects.filter(pk=lead.pk).update(deal=deal)
            lead.refresh_from_db()
        one = met(lead or deal, cast, kinds[number % 3], at)
        if number % 5 < 3:
            obstacles.answer(one, "So", kind="price", by=cast.marketer, at=at + number * DAY / 3)
        if number % 7 < 5:
            closed = at + (number % 9 - 1) * DAY
            won = {"outcome": "won", "signed_on": closed.date()} if number % 2 else {"outcome": "lost"}
            Deal.objects.filter(pk=deal.pk).update(closed_at=closed, **won)
        if number % 6 == 0:
            one.refresh_from_db()
            if one.answered_at:
                obstacles.helps(one, by=cast.teammate)
    whole, told = hindering.hindered(parse({"period": "all"}, axes(), NOON), cast.admin, NOON)
    everything = list(Obstacle.objects.select_related("deal", "lead__deal"))

    def naive(rows):
        deals = {"after": ({}, {}), "without": ({}, {})}
        for one in rows:
            it = one.deal or one.lead.deal
            if it.outcome == "open" or it.closed_at <= one.at:
                continue
            when = "after" if one.answered_at and it.closed_at > one.answered_at else "without"
            deals[when][it.outcome == "lost"][it.pk] = it
        for after, without in zip(*deals.values(), strict=True):
            for pk in after:
                without.pop(pk, None)
        return (
            len(rows),
            sum(one.answered_at is not None for one in rows),
            sum(one.answered_at is not None and one.answered_at <= one.due_at for one in rows),
            sum(one.answered_at is None and one.due_at <= NOON for one in rows),
            sum(one.helped.count() for one in rows),
            *(hindering.Closed(*map(len, sides)) for sides in deals.values()),
        )

    def figures(one):
        return (one.n, one.answered, one.in_time, one.overdue, one.helped, one.after, one.without)

    assert figures(whole) == naive(everything)
    assert {one.kind: figures(one) for one in told} == {
        kind: naive([one for one in everything if one.kind == kind]) for kind in kinds
    }
    client.force_login(cast.marketer)
    page = client.get("/dashboard/obstacles/?period=all")
    for row in page.context["table"].rows:
        assert len(client.get(row["n_href"]).context["table"].rows) == row["n"]
        assert len(client.get(row["answered_href"]).context["table"].rows) == round(row["share"] * row["n"])
        assert bool(row["open_href"]) == bool(row["overdue"])
        for side in ("after", "without"):
            if row[f"{side}_href"]:
                listed = client.get(row[f"{side}_href"]).context["table"].rows
                assert row[f"{side}_range"].startswith(f"{len(listed)} ")
    assert "Too few to compare" in page.content.decode()
    body = Api(cast.marketer).get("/reports/obstacles/", period="all")[1]
    assert (body["total"]["obstacles"], len(body["kinds"])) == (27, 3)
    assert queries(client, "/dashboard/obstacles/?period=all") <= 5 + 2


def test_lists_and_figures_agree_for_whomever_they_are_narrowed_to(client, cast):
    """Of sales by who wrote them down, of marketing by what their campaigns brought."""
    fair, others = make.campaign("Fair", owner=cast.marketer), make.campaign("Others", owner=cast.admin)
    staff, crew = cast.other_rep.team, cast.marketer.team
    sold = make.deal(owner=cast.rep)
    Lead.objects.filter(pk=make.lead(campaign=fair).pk).update(deal=sold)
    Lead.objects.filter(pk=make.lead(campaign=others).pk).update(deal=sold)  # a later pass
    where = {
        "deal of the fair": (sold, cast.rep),
        "lead of the fair": (make.lead(campaign=fair), cast.other_rep),
        "lead of others": (make.lead(campaign=others), cast.rep),
        "deal of nobody": (make.deal(owner=cast.other_rep), cast.admin),
    }
    for words, (thing, by) in where.items():
        met(thing, cast, by=by, words=words)
    both = together([cast.rep.team_id, staff.pk])
    client.force_login(cast.sales_head)
    wanted = {
        f"team={cast.rep.team_id}": {"deal of the fair", "lead of others"},
        f"team={both}": {"deal of the fair", "lead of others", "lead of the fair"},
        f"team={crew.pk}": {"deal of the fair", "lead of the fair"},
        f"team={staff.pk}.{crew.pk}": {"lead of the fair"},
        "team=none": {"deal of nobody"},
        f"rep={cast.marketer.pk}": {"deal of the fair", "lead of the fair"},
        f"rep={cast.rep.pk}": {"deal of the fair", "lead of others"},
    }
    for narrow, words in wanted.items():
        (whole, *_kinds) = client.get(f"/dashboard/obstacles/?period=all&{narrow}").context["table"].rows
        told = {row["words"] for row in client.get(whole["n_href"]).context["table"].rows}
        assert (told, whole["n"]) == (words, len(words)), narrow


def test_days_are_those_of_the_house_wherever_the_reader_is(client, cast, deal):
    Organisation.objects.update(zone="Europe/Moscow")
    organisation.forget()
    User.objects.filter(pk=cast.sales_head.pk).update(zone="Asia/Yekaterinburg")
    met(deal, cast, at=datetime(2026, 5, 31, 23, 30, tzinfo=ZoneInfo("Europe/Moscow")))
    met(deal, cast, at=datetime(2026, 6, 1, 0, 30, tzinfo=ZoneInfo("Europe/Moscow")))
    client.force_login(cast.sales_head)
    for month in ("2026-05", "2026-06"):
        (whole, _kind) = client.get(f"/dashboard/obstacles/?from={month}&to={month}").context["table"].rows
        assert (whole["n"], len(client.get(whole["n_href"]).context["table"].rows)) == (1, 1)


def test_obstacles_of_tests_and_spam_count_nowhere_and_of_merged_leads_as_the_other_ones(client, cast):
    won = make.deal(owner=cast.rep, outcome="won", closed_at=NOON + DAY, signed_on=NOON.date() + DAY)
    kept, gone, test, spam = (make.lead(owner=cast.rep) for _number in range(4))
    for lead in (kept, gone, test, spam):
        met(lead, cast)
    for lead, what in (
        (kept, {"deal": won}),
        (gone, {"merged_into": kept, "ended_at": NOON}),
        (test, {"is_test": True}),
        (spam, {"stage": "disqualified", "disqualified_because": "spam", "ended_at": NOON}),
    ):
        Lead.objects.filter(pk=lead.pk).update(**what)
    whole, _kinds = hindering.hindered(parse({"period": "all"}, axes(), NOON), cast.admin, NOON)
    assert (whole.n, whole.without) == (2, hindering.Closed(1, 0))
    listed = {one.lead_id for one in obstacles.with_deals(obstacles.waiting()) if one.met == won.pk}
    assert listed == {kept.pk, gone.pk}
    client.force_login(cast.admin)
    assert len(client.get("/obstacles/").context["table"].rows) == 2
    assert obstacles.waiting().count() == 2


def test_enter_in_the_words_chooses_nothing_and_keeps_them(client, cast, deal):
    client.force_login(cast.rep)
    panel = client.get(f"/obstacles/deal/{deal.pk}/").content.decode()
    first = panel[panel.index(f"/obstacles/deal/{deal.pk}/log/") :].partition("<button")[2]
    assert first.startswith(' name="kind" value=""')  # the one that Enter presses
    answer = client.post(f"/obstacles/deal/{deal.pk}/log/", {"kind": "", "words": "Too dear by half"})
    page = answer.content.decode()
    assert (answer.status_code, Obstacle.objects.count()) == (422, 0)
    assert "Choose what stopped it." in page
    assert 'value="Too dear by half"' in page


def test_the_api_says_the_same_under_the_same_permissions(cast, deal):
    status, made = Api(cast.rep).post("/obstacles/", {"deal": deal.pk, "kind": "price", "words": "Too dear"})
    assert (status, made["kind"], made["asked"]) == (201, "price", cast.marketer.pk)
    assert Api(cast.other_rep).post("/obstacles/", {"deal": deal.pk, "kind": "price"})[0] == 403
    assert Api(cast.rep).post("/obstacles/", {"kind": "price"})[0] == 400
    path = f"/obstacles/{made['id']}/"
    said = {"kind": "argument", "text": "It holds"}
    assert Api(cast.rep).post(f"{path}answer/", said)[0] == 403
    assert Api(cast.marketer).post(f"{path}speak/", {"text": "It holds", "proof": "§"})[0] == 409
    assert Api(cast.marketer).post(f"{path}answer/", said)[1]["answer"] == "It holds"
    assert Api(cast.marketer).post(f"{path}answer/", said)[0] == 409
    assert Api(cast.marketer).post(f"{path}speak/", {"text": "It holds", "proof": "§"})[1]["statement"]
    assert Api(cast.rep).post(f"{path}helps/", {})[0] == 200
    rows = {name: len(Api(user).get("/obstacles/")[1]["results"]) for name, user in cast.everybody().items()}
    assert {name for name, count in rows.items() if count} == {
        "marketer", "marketing_head", "rep", "teammate", "manager", "sales_head", "admin",
    }  # fmt: skip
