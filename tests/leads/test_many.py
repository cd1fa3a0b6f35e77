"""One change to many ticked rows: what it shows first, what it does, who stays, and how it is taken back."""

from datetime import date, timedelta

import pytest

from accounts.bulk import picking
from accounts.models import Segment
from leads import funnel, handoffs
from leads.models import Handoff, Lead, Question
from pipeline.models import Campaign, Company, Deal, DealChange
from pipeline.stages import Stage
from tests import cast as make
from tests.api import Api
from tests.leads.ready import ready

pytestmark = pytest.mark.django_db


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def ask(client, room, change, records, **more):
    picks = [record.pk for record in records]
    return client.post(f"/{room}/many/", {"change": change, "pick": picks, **more}, follow=True)


def undo(client, room):
    return client.post(f"/{room}/many/undo/", follow=True)


def values(model, name):
    return dict(model.objects.values_list("pk", name))


def test_companies_get_a_segment_are_shown_first_and_go_back(client, cast):
    small, large = make.segment("smb"), make.segment("large")
    one, two, three = make.company(segment=small), make.company(), make.company(segment=large)
    client.force_login(cast.marketer)
    page = client.get("/companies/").content.decode()
    assert 'form="many"' in page
    shown = ask(client, "companies", "segment", (one, two, three))
    assert {record.pk: now for record, now in shown.context["forecast"].changing} == {
        one.pk: "SMB", two.pk: "–", three.pk: "LARGE"}  # fmt: skip
    assert values(Company, "segment") == {one.pk: small.pk, two.pk: None, three.pk: large.pk}
    done = ask(client, "companies", "segment", (one, two, three), sure=1, value=large.pk)
    assert said(done) == ["Segment: 2 changed."]
    assert values(Company, "segment") == dict.fromkeys((one.pk, two.pk, three.pk), large.pk)
    Company.objects.filter(pk=two.pk).update(segment=small)  # somebody else, meanwhile
    back = undo(client, "companies")
    assert said(back) == ["1 is as it was.", "1 stayed as it is: Somebody has changed it since."]
    assert values(Company, "segment") == {one.pk: small.pk, two.pk: small.pk, three.pk: large.pk}
    assert "nothing to take back" in said(undo(client, "companies"))[0]


def test_all_that_match_may_be_chosen_beyond_the_page(client, cast):
    small, large = make.segment("smb"), make.segment("large")
    many = [Company(name=f"Acme {n}", key=f"acme {n}", segment=small) for n in range(52)]
    matching = {one.pk for one in Company.objects.bulk_create(many)}
    other = make.company("Zeta", segment=large)
    client.force_login(cast.marketer)
    path = f"/companies/?segment={small.pk}"
    page = client.get(path)
    assert len(page.context["table"].rows) == 50
    assert f'name="all" value="{path}" form="many"' in " ".join(page.content.decode().split())
    assert 'name="all"' not in client.get("/companies/?q=Zeta").content.decode(), "all of it is on the page"
    shown = ask(client, "companies", "segment", (other,), all=path)
    assert {record.pk for record, _now in shown.context["forecast"].changing} == matching
    picks = ",".join(map(str, shown.context["picked"]))
    assert f'name="pick" value="{picks}"' in shown.content.decode(), "what is done is what was shown"
    client.post("/companies/many/", {"change": "segment", "pick": picks, "sure": 1, "value": large.pk})
    assert set(Company.objects.values_list("segment", flat=True)) == {large.pk}
    undo(client, "companies")
    assert values(Company, "segment") == dict.fromkeys(matching, small.pk) | {other.pk: large.pk}
    for strange in (
        "/people/",
        "/leads/",
        "https://evil.example/",
        f"{path}&segment=x",
        "/companies/?nothing=1",
    ):
        assert ask(client, "companies", "segment", [other], all=strange).status_code == 400, strange


def test_all_that_match_are_so_many_at_most_and_go_through_the_desks_verbs(client, cast, monkeypatch):
    fair = make.campaign("Fair")
    leads = [make.lead(campaign=fair) for _ in range(3)]
    apart = make.lead()
    client.force_login(cast.marketer)
    for path in (f"/desk/?queue=new&campaign={fair.pk}", f"/leads/?campaign={fair.pk}"):
        shown = client.post("/desk/many/", {"verb": "student", "all": path})
        assert [lead.pk for lead in shown.context["forecast"].moving] == [lead.pk for lead in leads]
    rated = ask(client, "leads", "grade", (), all=f"/desk/?queue=new&campaign={fair.pk}")
    assert len(rated.context["forecast"].changing) == 3
    monkeypatch.setattr(picking, "MOST", 2)
    shown = client.post("/desk/many/", {"verb": "student", "all": path})
    assert set(shown.context["picked"]) == {leads[1].pk, leads[2].pk}
    assert (
        said(shown)[-1] == "More than 2 match: the newest 2 are taken. Narrow the list to reach the others."
    )
    picks = ",".join(map(str, shown.context["picked"]))
    client.post("/desk/many/", {"verb": "student", "pick": picks, "sure": 1})
    assert values(Lead, "stage") == dict.fromkeys([leads[1].pk, leads[2].pk], "disqualified") | dict.fromkeys(
        [leads[0].pk, apart.pk], "new"
    )
    client.post("/desk/undo/")
    assert set(values(Lead, "stage").values()) == {"new"}
    client.force_login(cast.rep)
    assert client.post("/desk/many/", {"verb": "student", "all": path}).status_code == 403


def test_a_value_that_cannot_be_is_asked_again(client, cast):
    one = make.company()
    client.force_login(cast.marketer)
    answer = ask(client, "companies", "segment", [one], sure=1, value=Segment.objects.count() + 999)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert ask(client, "companies", "segment", [one], sure=1, value="").status_code == 422
    assert ask(client, "companies", "nonsense", [one]).status_code == 404
    assert said(ask(client, "companies", "segment", [])) == ["Choose rows first."]


def test_a_colleagues_account_stays_with_the_colleague(client, cast):
    free, taken = make.company(), make.company(sales_owner=cast.other_rep)
    client.force_login(cast.rep)
    shown = ask(client, "companies", "sales_owner", (free, taken))
    assert [record.pk for record, _why in shown.context["forecast"].staying] == [taken.pk]
    ask(client, "companies", "sales_owner", (free, taken), sure=1, value=cast.rep.pk)
    assert values(Company, "sales_owner") == {free.pk: cast.rep.pk, taken.pk: cast.other_rep.pk}


def test_campaigns_end_on_a_day_but_not_before_they_begin(client, cast):
    early, late = (make.campaign(starts_on=date(2026, month, 1)) for month in (3, 9))
    client.force_login(cast.marketer)
    done = ask(client, "campaigns", "ends_on", (early, late), sure=1, value="2026-06-30")
    assert said(done) == [
        "Last day: 1 changed.",
        "1 stayed as it is: The last day is before the first day.",
    ]
    assert values(Campaign, "ends_on") == {early.pk: date(2026, 6, 30), late.pk: None}
    undo(client, "campaigns")
    assert values(Campaign, "ends_on") == {early.pk: None, late.pk: None}
    ask(client, "campaigns", "owner", (early, late), sure=1, value=cast.marketing_head.pk)
    assert values(Campaign, "owner") == dict.fromkeys((early.pk, late.pk), cast.marketing_head.pk)
    client.force_login(cast.rep)
    ask(client, "campaigns", "owner", [early], sure=1, value=cast.rep.pk)
    assert values(Campaign, "owner")[early.pk] == cast.marketing_head.pk


def test_deals_change_their_month_with_a_line_in_the_journal_and_closed_ones_stay(client, cast):
    soon, later = (make.deal(owner=cast.rep, expected_close=date(2026, 7, day)) for day in (1, 9))
    lost = make.deal(owner=cast.rep, expected_close=date(2026, 5, 1))
    Deal.objects.filter(pk=lost.pk).update(outcome="lost", closed_at=make.NOON)
    foreign = make.deal(owner=cast.other_rep)
    client.force_login(cast.rep)
    shown = ask(client, "deals", "expected_close", (soon, later, lost, foreign))
    assert [record.pk for record, _now in shown.context["forecast"].changing] == [soon.pk, later.pk]
    assert [record.pk for record, _why in shown.context["forecast"].staying] == [lost.pk]
    ask(client, "deals", "expected_close", (soon, later, lost, foreign), sure=1, value="2026-08-31")
    journal = DealChange.objects.values_list("deal", "field", "before", "after", "actor")
    assert set(journal) == {
        (soon.pk, "expected_close", "2026-07-01", "2026-08-31", cast.rep.pk),
        (later.pk, "expected_close", "2026-07-09", "2026-08-31", cast.rep.pk),
    }
    undo(client, "deals")
    assert values(Deal, "expected_close") == {
        soon.pk: date(2026, 7, 1), later.pk: date(2026, 7, 9), lost.pk: date(2026, 5, 1), foreign.pk: None}  # fmt: skip
    assert DealChange.objects.count() == 4
    ask(client, "deals", "category", (soon, later), sure=1, value="commit")
    assert values(Deal, "category")[soon.pk] == "commit"
    assert ask(client, "deals", "category", [soon], sure=1, value="").status_code == 422
    ask(client, "deals", "category", [soon], sure=1, value="nothing")
    assert values(Deal, "category") == {soon.pk: "", later.pk: "commit", lost.pk: "", foreign.pk: ""}


def test_deals_go_to_another_owner_with_their_leads(client, cast):
    lead, alone = ready(by=cast.marketer), make.deal(owner=cast.rep)
    handoffs.accept(
        handoffs.offer(lead.pk, to=cast.rep, by=cast.manager, at=make.NOON), by=cast.rep, at=make.NOON
    )
    deal = make.deal(owner=cast.rep)
    Lead.objects.filter(pk=lead.pk).update(deal=deal)
    funnel.advance([lead.pk], Stage.DEAL, actor=cast.rep, reason="", at=make.NOON)
    client.force_login(cast.rep)
    assert ask(client, "deals", "owner", [deal], sure=1, value=cast.teammate.pk).status_code == 403
    client.force_login(cast.manager)
    done = ask(client, "deals", "owner", (deal, alone), sure=1, value=cast.teammate.pk)
    assert said(done) == ["Owner: 2 changed."]
    assert values(Deal, "owner") == dict.fromkeys((deal.pk, alone.pk), cast.teammate.pk)
    assert Lead.objects.get(pk=lead.pk).owner == cast.teammate
    undo(client, "deals")
    assert values(Deal, "owner") == dict.fromkeys((deal.pk, alone.pk), cast.rep.pk)
    assert Lead.objects.get(pk=lead.pk).owner == cast.rep


def test_leads_are_offered_to_a_rep_and_taken_back_while_nobody_accepted(client, cast):
    one, two, new = ready(by=cast.marketer), ready(by=cast.marketer), make.lead()
    client.force_login(cast.sales_head)
    shown = ask(client, "leads", "owner", (one, two, new))
    assert [record.pk for record, _why in shown.context["forecast"].staying] == [new.pk]
    ask(client, "leads", "owner", (one, two, new), sure=1, value=cast.rep.pk)
    opened = Handoff.objects.open().values_list("lead", "rep", "offered_by")
    assert set(opened) == {(pk, cast.rep.pk, cast.sales_head.pk) for pk in (one.pk, two.pk)}
    handoffs.accept(Handoff.objects.get(lead=two).pk, by=cast.rep, at=make.NOON + timedelta(days=900))
    back = undo(client, "leads")
    assert said(back) == ["1 is as it was.", "1 stayed as it is: The rep has accepted it already."]
    one.refresh_from_db()
    assert (one.owner_id, one.stage, one.route_at is not None) == (None, Stage.READY, True)
    assert Lead.objects.get(pk=two.pk).owner == cast.rep


def test_the_list_of_leads_has_the_desks_verbs_and_comes_back_to_where_it_was(client, cast):
    one, two = make.lead(), make.lead()
    client.force_login(cast.marketer)
    assert 'formaction="/desk/many/"' in client.get("/leads/").content.decode()
    picks = {"pick": [one.pk, two.pk], "verb": "student"}
    here = {"HTTP_REFERER": "http://testserver/leads/?channel=sem"}
    shown = client.post("/desk/many/", picks, **here)
    assert [lead.pk for lead in shown.context["forecast"].moving] == [one.pk, two.pk]
    done = client.post("/desk/many/", {**picks, "sure": 1, "next": shown.context["back"]})
    assert done.url == "http://testserver/leads/?channel=sem"
    assert values(Lead, "stage") == dict.fromkeys((one.pk, two.pk), Stage.DISQUALIFIED)
    assert client.post("/desk/undo/").url == done.url
    assert values(Lead, "stage") == dict.fromkeys((one.pk, two.pk), Stage.NEW)
    client.force_login(cast.rep)
    assert 'formaction="/desk/many/"' not in client.get("/leads/").content.decode()


def test_a_program_changes_many_as_the_page_does(cast):
    one, two = make.company(), make.company(sales_owner=cast.other_rep)
    rep = Api(cast.rep)
    asked = {"ids": [one.pk, two.pk], "change": "sales_owner", "value": str(cast.rep.pk)}
    foreseen = rep.post("/companies/many/", {**asked, "preview": True})
    done = rep.post("/companies/many/", asked)
    assert foreseen == done
    status, body = done
    assert (status, body["changed"]) == (200, [{"id": one.pk, "before": None}])
    assert [stayed["id"] for stayed in body["stayed"]] == [two.pk]
    assert values(Company, "sales_owner") == {one.pk: cast.rep.pk, two.pk: cast.other_rep.pk}
    _status, again = rep.post("/companies/many/", {**asked, "value": None})
    assert again["changed"] == [{"id": one.pk, "before": str(cast.rep.pk)}]
    for room, known in (("deals", "category"), ("campaigns", "ends_on"), ("leads", "product")):
        status, body = rep.post(f"/{room}/many/", {"ids": [1], "change": "nonsense"})
        assert status == 400
        assert known in str(body)
    assert rep.post("/companies/many/", {**asked, "value": "somebody"})[0] == 400
    assert rep.post("/deals/many/", {**asked, "change": "owner"})[0] == 403


def test_mqls_are_rated_and_answered_together_and_go_back(client, cast):
    question = Question.objects.filter(active=True).first()
    one, two = (make.lead(stage=Stage.MQL, mql_at=make.NOON) for _lead in "12")
    Lead.objects.filter(pk=one.pk).update(grade="B", answers={question.code: "soon", "other": "kept"})
    client.force_login(cast.marketer)
    page = client.get("/desk/").content.decode()
    name = f"answer-{question.pk}"
    assert 'value="grade"' in page
    assert f'value="{name}"' in page
    assert said(ask(client, "leads", "grade", (one, two), sure=1, value="A")) == ["Rate: 2 changed."]
    assert values(Lead, "grade") == {one.pk: "A", two.pk: "A"}
    assert set(values(Lead, "grade_reason").values()) == {"Rated together with 1 other."}
    undo(client, "leads")
    assert values(Lead, "grade") == {one.pk: "B", two.pk: ""}
    ask(client, "leads", name, (one, two), sure=1, value="in May")
    assert values(Lead, "answers") == {
        one.pk: {question.code: "in May", "other": "kept"}, two.pk: {question.code: "in May"}}  # fmt: skip
    undo(client, "leads")
    assert values(Lead, "answers") == {one.pk: {question.code: "soon", "other": "kept"}, two.pk: {}}
    api = Api(cast.marketer)
    asked = {"ids": [one.pk, two.pk], "change": name, "value": "now"}
    assert api.post("/leads/many/", asked)[1]["changed"] == [
        {"id": one.pk, "before": "soon"}, {"id": two.pk, "before": ""}]  # fmt: skip
    assert api.post("/leads/many/", asked | {"value": None})[0] == 200
    assert values(Lead, "answers") == {one.pk: {"other": "kept"}, two.pk: {}}
    client.force_login(cast.rep)
    assert client.post("/leads/many/", {"change": "grade", "pick": [one.pk]}).status_code == 403
