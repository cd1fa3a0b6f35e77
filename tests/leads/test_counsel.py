"""Counsel between the tracks: who may ask, offer, give and answer; the adviser writes and never edits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads import counsel, tracks
from leads.consulting import Refused
from leads.models import Counsel, Lead, Note, Notice
from pipeline.models import Attachment, Step
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.pages import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair(cast):
    return make.campaign("Fair", owner=cast.marketer)


@pytest.fixture
def deal(cast):
    """A rep's deal with a company that a marketer looks after."""
    firm = make.company("Firm", marketing_contact=cast.marketer, sales_owner=cast.teammate)
    return make.deal(owner=cast.rep, company=firm)


@pytest.fixture
def sql(cast, fair):
    """A lead that a rep holds."""
    made = make.lead(campaign=fair)
    Lead.objects.filter(pk=made.pk).update(stage="sql", owner=cast.rep, sql_at=NOON)
    return Lead.objects.get(pk=made.pk)


def told(user):
    return [one.facts["step"] for one in Notice.objects.filter(user=user, kind="counsel").order_by("pk")]


def test_the_tracks_owner_is_responsible_and_the_other_advises(cast, fair, deal, sql):
    firm = make.company(sales_owner=cast.teammate)
    new = make.lead(campaign=fair, contact=make.contact(company=firm))
    found = {
        one: (side.responsible, side.person, side.advising, side.adviser)
        for one, side in ((thing, tracks.sides(thing)) for thing in (new, sql, deal))
    }
    assert found == {
        new: ("marketing", cast.marketer, "sales", cast.teammate),
        sql: ("sales", cast.rep, "marketing", cast.marketer),
        deal: ("sales", cast.rep, "marketing", cast.marketer),
    }
    other = make.deal(owner=cast.rep)
    assert tracks.sides(other).adviser is None
    Lead.objects.filter(pk=sql.pk).update(deal=other)
    assert tracks.sides(other).adviser == cast.marketer  # whose campaign brought it


def test_who_may_ask_and_who_may_advise(cast, fair, deal, sql):
    new = make.lead(campaign=fair)
    may = {
        (verb, name): {
            who for who, user in cast.everybody().items() if user.has_perm(f"leads.{verb}_counsel", thing)
        }
        for verb in ("ask", "give")
        for name, thing in (("new", new), ("sql", sql), ("deal", deal))
    }
    marketing, sales = {"marketer", "marketing_head"}, {"rep", "teammate", "manager", "sales_head"}
    assert may == {
        ("ask", "new"): {*marketing, "admin"},
        ("give", "new"): {"sales_head"},
        ("ask", "sql"): {*sales, "admin"},
        ("give", "sql"): marketing,
        ("ask", "deal"): {*sales, "admin"},
        ("give", "deal"): marketing,
    }


def test_asked_given_and_adopted(cast, deal):
    made = counsel.ask(deal, " Which case? ", of=cast.marketer, by=cast.rep, at=NOON)
    assert (made.question, made.track, made.state(NOON), made.state(made.due_at)) == (
        "Which case?", "marketing", "asked", "late",
    )  # fmt: skip
    assert counsel.waiting(cast.marketer) == [made]
    counsel.give(made, "The Lyon one", by=cast.marketing_head, at=NOON)  # a colleague steps in
    assert (counsel.waiting(cast.marketer), counsel.waiting(cast.rep)) == ([], [made])
    with pytest.raises(Refused, match="answered already"):
        counsel.give(made, "Another", by=cast.marketer, at=NOON)
    with pytest.raises(Refused, match="sentence"):
        counsel.reply(made, adopted=True, sentence=" ", by=cast.rep, at=NOON)
    counsel.reply(made, adopted=True, sentence="Sent", by=cast.rep, at=NOON)
    with pytest.raises(Refused, match="no advice"):
        counsel.reply(made, adopted=False, sentence="No", by=cast.rep, at=NOON)
    assert (made.state(NOON), counsel.waiting(cast.rep)) == ("adopted", [])
    assert (told(cast.marketer), told(cast.marketing_head), told(cast.rep)) == (
        ["asked"],
        ["adopted"],
        ["given"],
    )


def test_nobody_of_the_own_department_and_nothing_empty_is_asked(cast, deal):
    with pytest.raises(Refused, match="other department"):
        counsel.ask(deal, "Which?", of=cast.teammate, by=cast.rep, at=NOON)
    with pytest.raises(Refused, match="want to know"):
        counsel.ask(deal, " ", of=cast.marketer, by=cast.rep, at=NOON)
    with pytest.raises(Refused, match="you advise"):
        counsel.offer(deal, "", by=cast.marketer, at=NOON)


def test_advice_offered_waits_for_whoever_is_responsible(cast, fair, sql, deal):
    on_lead = counsel.offer(sql, "Begin with downtime", by=cast.marketer, at=NOON)
    on_deal = counsel.offer(deal, "Bring the case", by=cast.marketer, at=NOON + timedelta(hours=1))
    new = make.lead(campaign=fair)
    to_marketing = counsel.offer(new, "They merge with a customer of mine", by=cast.sales_head, at=NOON)
    assert counsel.waiting(cast.rep) == [on_lead, on_deal]
    assert counsel.waiting(cast.marketer) == [to_marketing]
    assert counsel.waiting(cast.teammate) == []
    assert told(cast.rep) == ["given", "given"]
    assert counsel.on(sql) == [on_lead]
    Lead.objects.filter(pk=sql.pk).update(deal=deal)
    assert counsel.on(deal) == [on_deal, on_lead]
    assert counsel.on(Lead.objects.get(pk=sql.pk)) == [on_deal, on_lead]


def test_a_marketer_advises_on_an_sql_by_its_page(client, cast, sql):
    client.force_login(cast.marketer)
    page = client.get(f"/leads/{sql.pk}/").content.decode()
    assert "Responsible" in page
    assert "Advise Sales" in page
    assert "Ask Marketing" not in page
    assert client.post(f"/leads/{sql.pk}/touches/", {"kind": "call"}).status_code == 403
    assert client.post(f"/counsel/lead/{sql.pk}/offer/", {"text": ""}).status_code == 422
    assert client.post(f"/counsel/lead/{sql.pk}/offer/", {"text": "<i>Begin</i> here"}).status_code == 302
    assert (
        client.post(f"/counsel/lead/{sql.pk}/ask/", {"question": "?", "of": cast.rep.pk}).status_code == 403
    )
    said = Counsel.objects.get()
    assert client.post(f"/counsel/{said.pk}/reply/", {"adopted": "yes", "sentence": "x"}).status_code == 403
    client.force_login(cast.rep)
    assert f"/counsel/{said.pk}/" in client.get("/my-day/").content.decode()
    page = client.get(f"/leads/{sql.pk}/").content.decode()
    assert "&lt;i&gt;Begin&lt;/i&gt; here" in page
    assert client.post(f"/counsel/{said.pk}/reply/", {"adopted": "yes", "sentence": ""}).status_code == 422
    assert (
        client.post(f"/counsel/{said.pk}/reply/", {"adopted": "no", "sentence": "Too early"}).status_code
        == 302
    )
    assert "Advice declined" in client.get(f"/leads/{sql.pk}/").content.decode()
    client.force_login(cast.other_rep)
    assert client.get(f"/counsel/{said.pk}/").status_code == 404


def test_an_adviser_without_sight_of_the_lead_answers_on_a_page_of_its_own(client, cast, fair):
    firm = make.company("Firm", sales_owner=cast.rep)
    new = make.lead(campaign=fair, contact=make.contact(company=firm))
    client.force_login(cast.marketer)
    sent = {"question": "Do you know them?", "of": cast.rep.pk}
    assert client.post(f"/counsel/lead/{new.pk}/ask/", sent).status_code == 302
    assert "Do you know them?" in client.get(f"/leads/{new.pk}/").content.decode()
    assert client.get(f"/counsel/campaign/{new.pk}/").status_code == 404
    said = Counsel.objects.get()
    client.force_login(cast.rep)
    assert client.get(f"/leads/{new.pk}/").status_code == 404
    assert "Do you know them?" in client.get(f"/counsel/{said.pk}/").content.decode()
    assert client.post(f"/counsel/{said.pk}/give/", {"text": ""}).status_code == 422
    assert client.post(f"/counsel/{said.pk}/give/", {"text": "Well"}).status_code == 302
    assert "Well" in client.get(f"/counsel/{said.pk}/").content.decode()
    client.force_login(cast.marketer)
    assert f"/counsel/{said.pk}/" in client.get("/today/").content.decode()


def test_an_adviser_adds_notes_files_and_steps_for_whoever_is_responsible(
    client, cast, deal, sql, tmp_path, settings
):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(cast.marketer)
    step = {"what": "Send the case", "due_at": "2027-01-01T10:00"}
    assert client.post(f"/deals/{deal.pk}/steps/", step).status_code == 302
    assert client.post(f"/leads/{sql.pk}/steps/", step).status_code == 302
    assert {one.owner for one in Step.objects.all()} == {cast.rep}
    assert client.post(f"/leads/{sql.pk}/notes/", {"note": "Spoke in spring"}).status_code == 302
    assert Note.objects.get().by == cast.marketer
    with open(__file__, "rb") as file:
        assert client.post(f"/deals/{deal.pk}/files/", {"file": file}).status_code == 302
    assert Attachment.objects.get().by == cast.marketer
    for path in ("edit", "win", "lose"):
        assert client.get(f"/deals/{deal.pk}/{path}/").status_code == 403
    assert client.post(f"/deals/{deal.pk}/lines/", {}).status_code == 403
    api = Api(cast.marketer)
    status, made = api.post("/steps/", {**step, "due_at": "2027-01-01T10:00:00Z", "deal": deal.pk})
    assert (status, Step.objects.get(pk=made["id"]).owner) == (201, cast.rep)
    assert api.post(f"/leads/{sql.pk}/notes/", {"text": "And in autumn"})[0] == 201
    assert api.patch(f"/deals/{deal.pk}/", {"amount": "1.00"})[0] == 403


def test_pages_cost_the_same_however_much_was_said(client, cast, deal, sql):
    client.force_login(cast.rep)
    paths = f"/deals/{deal.pk}/", f"/leads/{sql.pk}/", "/counsel/", "/my-day/"
    both = lambda: [counsel.offer(one, "So", by=cast.marketer, at=timezone.now()) for one in (deal, sql)]  # noqa: E731
    both()
    before = [queries(client, path) and queries(client, path) for path in paths]
    both()
    both()
    assert [queries(client, path) for path in paths] == before


def test_the_api_does_the_same(cast, deal, sql):
    marketing, rep = Api(cast.marketer), Api(cast.rep)
    assert rep.post("/counsel/", {"deal": deal.pk, "text": "So"})[0] == 403
    assert rep.post("/counsel/", {"deal": deal.pk, "question": "Which?"})[0] == 400
    assert rep.post("/counsel/", {"deal": deal.pk, "lead": sql.pk, "text": "So"})[0] == 400
    wish = {"deal": deal.pk, "question": "Which?", "adviser": cast.marketer.pk}
    assert rep.post("/counsel/", {**wish, "adviser": cast.teammate.pk})[0] == 409
    status, made = rep.post("/counsel/", wish)
    assert (status, made["adviser"], made["text"]) == (201, cast.marketer.pk, "")
    path = f"/counsel/{made['id']}"
    assert rep.post(f"{path}/give/", {"text": "So"})[0] == 403
    assert marketing.post(f"{path}/give/", {"text": "So"})[1]["text"] == "So"
    assert marketing.post(f"{path}/give/", {"text": "So"})[0] == 409
    assert marketing.post(f"{path}/reply/", {"adopted": True, "sentence": "Yes"})[0] == 403
    assert rep.post(f"{path}/reply/", {"adopted": True, "sentence": "Yes"})[1]["adopted"] is True
    assert marketing.post("/counsel/", {"lead": sql.pk, "text": "And so"})[0] == 201
    assert len(rep.get("/counsel/", answered="false")[1]["results"]) == 1
    assert Api(cast.other_rep).get("/counsel/")[1]["results"] == []


@pytest.fixture
def account(cast):
    return make.company("Account", marketing_contact=cast.marketer, sales_owner=cast.rep)


def test_of_a_company_its_owner_in_sales_is_responsible_and_marketing_where_it_has_none(cast, account):
    free = make.company("Free", marketing_contact=cast.marketer)
    found = [tracks.sides(one) for one in (account, free)]
    assert [(side.responsible, side.person, side.adviser) for side in found] == [
        ("sales", cast.rep, cast.marketer),
        ("marketing", cast.marketer, None),
    ]
    on_account = counsel.offer(account, "They open a plant", by=cast.marketer, at=NOON)
    on_free = counsel.offer(free, "A customer of mine owns it", by=cast.rep, at=NOON)
    assert (counsel.on(account), counsel.on(free)) == ([on_account], [on_free])
    assert (counsel.waiting(cast.rep), counsel.waiting(cast.marketer)) == ([on_account], [on_free])
    assert (counsel.waiting(cast.teammate), counsel.waiting(cast.marketing_head)) == ([], [])


def test_advice_on_a_company_is_asked_and_given_from_its_page(client, cast, account):
    client.force_login(cast.rep)
    assert (
        f'hx-get="/counsel/company/{account.pk}/"' in client.get(f"/companies/{account.pk}/").content.decode()
    )
    part = client.get(f"/counsel/company/{account.pk}/", headers={"hx-request": "true"}).content.decode()
    assert "Ask Marketing for advice" in part
    assert "<html" not in part
    ask = f"/counsel/company/{account.pk}/ask/"
    assert client.post(ask, {"question": "", "of": cast.marketer.pk}).status_code == 422
    sent = client.post(ask, {"question": "Who decides there?", "of": cast.marketer.pk})
    assert sent.url == f"/companies/{account.pk}/#counsel"
    said = Counsel.objects.get()
    client.force_login(cast.marketer)
    page = f"/counsel/company/{account.pk}/"
    assert client.get(f"/counsel/{said.pk}/").url == f"{page}#counsel-{said.pk}"
    assert "Who decides there?" in client.get(page).content.decode()
    assert client.post(f"/counsel/{said.pk}/give/", {"text": "The plant manager"}).status_code == 302
    client.force_login(cast.finance)
    assert client.get(page).status_code == 200
    assert client.post(ask, {"question": "?", "of": cast.marketer.pk}).status_code == 403


def test_the_api_takes_advice_on_companies(cast, account):
    api = Api(cast.marketer)
    status, made = api.post("/counsel/", {"company": account.pk, "text": "So"})
    assert (status, made["company"], made["deal"]) == (201, account.pk, None)
    assert len(api.get("/counsel/", company=account.pk)[1]["results"]) == 1
    assert api.post("/counsel/", {"company": account.pk, "question": "?", "adviser": cast.rep.pk})[0] == 403
