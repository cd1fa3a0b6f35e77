"""Deals in the browser's terms: list, board, page and the verbs behind the buttons."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from leads import capture, handoffs
from leads.models import Handoff, Touch
from pipeline import companies
from pipeline.models import Deal, OutcomeReason, Product
from tests import cast as make
from tests.api import Api
from tests.leads.ready import ready
from tests.pages import same_queries

OPEN = {
    "name": "Pumps", "kind": "new", "amount": "1 200,50", "currency": "EUR", "expected_close": str(timezone.localdate() + timedelta(days=60)),
    "next_step": "Send the offer", "next_step_due": f"{timezone.localdate() + timedelta(days=2)}T09:00",
}  # fmt: skip


@pytest.fixture
def rep(cast, client):
    """A browser in which the rep is signed in."""
    client.force_login(cast.rep)
    return client


@pytest.fixture
def deal(cast):
    company = make.company("Nordlicht")
    make.contact("Ada", company=company)
    return make.deal(owner=cast.rep, company=company, amount=100, base_amount=100, name="Pumps")


def page(name, *args):
    return reverse(f"leads:{name}", args=args)


@pytest.mark.parametrize("name", ["deal-list", "deal-board"])
def test_lists_cost_the_same_with_one_row_and_three(cast, rep, name):
    same_queries(rep, page(name), lambda: make.deal(owner=cast.rep, company=make.company(), amount=5))


def test_a_deal_page_costs_the_same_with_one_row_and_three(cast, rep, deal):
    product = Product.objects.create(code="pump", name="Pump", list_price=5)

    def add():
        deal.lines.create(product=product, unit_price=5)
        deal.steps.create(what="call", owner=cast.rep, due_at=timezone.now())
        deal.deal_contacts.create(contact=make.contact())

    same_queries(rep, page("deal", deal.pk), add)


def test_who_opens_the_page_of_a_deal(cast, client, deal):
    seen = {}
    for name, user in cast.everybody().items():
        client.force_login(user)
        seen[name] = client.get(page("deal", deal.pk)).status_code
    assert {name for name, status in seen.items() if status == 200} == {
        "marketer", "marketing_head", "rep", "teammate", "manager", "sales_head", "admin", "finance",
    }  # fmt: skip


def test_marketing_sees_no_buttons_and_may_not_press_them(cast, client, deal):
    client.force_login(cast.marketer)
    assert page("deal-win", deal.pk) not in client.get(page("deal", deal.pk)).content.decode()
    assert client.post(page("deal-move", deal.pk), {"stage": "proposal"}).status_code == 403


def test_who_may_move_nothing_is_offered_no_move(client, cast, deal):
    for user, moves in ((cast.rep, True), (cast.sales_head, True), (cast.finance, False)):
        client.force_login(user)
        page = client.get("/deals/board/").text
        assert deal.name in page
        assert ("data-move" in page, 'draggable="true"' in page, "Drag a card" in page) == (moves,) * 3, user


def test_the_ticket_moves_on_the_board(rep, deal):
    answer = rep.post(page("deal-move", deal.pk), {"stage": "proposal"}, headers={"hx-request": "true"})
    assert (answer.status_code, "HX-Trigger-After-Swap" in answer.headers) == (200, True)
    assert Deal.objects.get().stage.code == "proposal"


def test_a_move_is_taken_back_unless_the_deal_moved_on(rep, deal):
    def move(address, **to):
        answer = rep.post(address, to, headers={"hx-request": "true"})
        return answer, json.loads(answer.headers["HX-Trigger-After-Swap"])["toast"]

    def stood():
        return Deal.objects.get().stage.code

    first = deal.stage.code
    address = f"{page('deal-move', deal.pk)}?mine=1"
    assert move(address, stage=first)[1]["undo"] == ""
    undo = move(address, stage="proposal", was=deal.stage_id)[1]["undo"]
    answer, said = move(undo)
    assert (stood(), said["kind"], said["undo"]) == (first, "ok", "")
    assert (answer["HX-Retarget"], answer.context["mine"]) == ("#board", True)
    assert list(deal.changes.values_list("field", flat=True)) == ["stage", "stage"]
    undo = move(address, stage="proposal")[1]["undo"]
    move(address, stage="negotiation")
    assert (move(undo)[1]["kind"], stood()) == ("warn", "negotiation")


def test_a_move_without_scripts_is_taken_back_by_the_toasts_own_form(rep, deal):
    shown = rep.post(page("deal-move", deal.pk), {"stage": "proposal"}, follow=True).content.decode()
    undo = html.unescape(re.search(r'formaction="([^"]+)"', shown)[1])
    shown = rep.post(undo, follow=True).content.decode()
    assert (Deal.objects.get().stage, "formaction=" in shown) == (deal.stage, False)


def test_a_ticket_moves_without_scripts_too(rep, deal):
    assert rep.post(page("deal-move", deal.pk), {"stage": "discovery"}).status_code == 302
    assert Deal.objects.get().stage.code == "discovery"


def test_dropping_on_won_asks_for_the_reason(rep, deal):
    answer = rep.post(page("deal-move", deal.pk), {"stage": "won"}, headers={"hx-request": "true"})
    assert answer.headers["HX-Redirect"] == page("deal-win", deal.pk)
    assert Deal.objects.get().outcome == "open"


def test_winning_needs_a_reason_and_a_day(rep, deal):
    assert rep.post(page("deal-win", deal.pk), {"signed_on": "2026-11-01"}).status_code == 422
    reason = OutcomeReason.objects.get(code="best_fit")
    early = rep.post(page("deal-win", deal.pk), {"signed_on": "0001-01-01", "reason": reason.pk})
    assert set(early.context["form"].errors) == {"signed_on"}
    answer = rep.post(page("deal-win", deal.pk), {"signed_on": "2026-11-01", "reason": reason.pk})
    assert answer.status_code == 302
    won = Deal.objects.get()
    assert (won.outcome, won.outcome_reason, won.stage.code) == ("won", reason, "won")
    assert rep.get(page("deal", deal.pk)).status_code == 200


def test_losing_and_reopening(cast, rep, deal):
    reason = OutcomeReason.objects.get(code="competitor")
    assert "wake_at" not in rep.get(page("deal-lose", deal.pk)).context["form"].fields  # no lead to ask again
    assert rep.post(page("deal-lose", deal.pk), {"reason": reason.pk, "note": "cheaper"}).status_code == 302
    assert Deal.objects.get().outcome == "lost"
    assert rep.post(page("deal-reopen", deal.pk), {"reason": "again"}).status_code == 403
    rep.force_login(cast.manager)
    assert rep.post(page("deal-reopen", deal.pk), {"reason": "again"}).status_code == 302
    assert Deal.objects.get().outcome == "open"


def test_a_deal_of_somebody_without_a_company_asks_for_it(rep, cast):
    lead, other = (ready(by=cast.marketer, contact=make.contact(name)) for name in ("Ada", "Bob"))
    for one in (lead, other):
        handoff = handoffs.offer(one.pk, to=cast.rep, by=cast.marketer, at=timezone.now())
        handoffs.accept(handoff, by=cast.rep, at=timezone.now())
    address = f"{page('deal-open')}?lead={lead.pk}"
    assert "firm" in rep.get(address).context["form"].fields
    said = {**OPEN, "amount": "1200.50", "talked": "call"}
    assert set(rep.post(address, said).context["form"].errors) == {"firm"}
    known = companies.called("Nordlicht GmbH")
    assert rep.post(address, {**said, "firm": "nordlicht"}).status_code == 302
    lead.refresh_from_db()
    assert (lead.deal.company, lead.contact.company) == (known, known)
    made = Api(cast.rep).post("/deals/", {**said, "lead": other.pk, "firm": "Südwind"})[1]
    other.contact.refresh_from_db()
    assert (made["company"], str(other.contact.company)) == (other.contact.company_id, "Südwind")
    assert "firm" not in rep.get(f"{page('deal-open')}?company={known.pk}").context["form"].fields


def test_opening_a_deal_asks_how_they_talked_unless_it_is_logged(rep, cast):
    lead = ready(by=cast.marketer, contact=make.contact(company=make.company()))
    handoff = handoffs.offer(lead.pk, to=cast.rep, by=cast.marketer, at=timezone.now())
    handoffs.accept(handoff, by=cast.rep, at=timezone.now())
    address = f"{page('deal-open')}?lead={lead.pk}"
    assert rep.get(address).context["form"]["talked"].value() is None
    for wrong in ({}, {"talked": "form"}):
        assert set(rep.post(address, {**OPEN, **wrong}).context["form"].errors) == {"talked"}
    assert (Deal.objects.count(), Touch.objects.count()) == (0, 0)
    assert rep.post(address, {**OPEN, "talked": "meeting"}).status_code == 302
    talk, held = Touch.objects.get(), Handoff.objects.get()
    assert (talk.kind, talk.actor, talk.outbound, talk.reached) == ("meeting", cast.rep, True, True)
    assert (held.contacted_at, held.attempts, held.lead.deal) == (talk.at, 1, Deal.objects.get())


@pytest.mark.parametrize("tried", [True, False])
def test_a_program_may_say_how_they_talked(cast, tried):
    lead = ready(by=cast.marketer, contact=make.contact(company=make.company()))
    handoff = handoffs.offer(lead.pk, to=cast.rep, by=cast.marketer, at=timezone.now())
    handoffs.accept(handoff, by=cast.rep, at=timezone.now())
    if tried:
        capture.log_touch(lead.contact, "call", by=cast.rep, at=timezone.now(), outbound=True)
    said = {**OPEN, "amount": "1200.50", "lead": lead.pk, "talked": "mail"}
    status, opened = Api(cast.rep).post("/deals/", said)
    assert (status, opened["owes_contact"]) == (201, False)
    assert (Touch.objects.get().kind, Handoff.objects.get().attempts) == ("call" if tried else "mail", 1)


@pytest.mark.parametrize("who", ["rep", "manager", "admin"])
def test_a_program_that_says_nothing_is_told_that_the_clock_runs_on(cast, who):
    api, firm = Api(getattr(cast, who)), make.company()
    lead = ready(by=cast.marketer, contact=make.contact(company=firm))
    handoffs.accept(
        handoffs.offer(lead.pk, to=cast.rep, by=cast.marketer, at=timezone.now()),
        by=cast.rep,
        at=timezone.now(),
    )
    said = {**OPEN, "amount": "1200.50"}
    assert api.post("/deals/", {**said, "lead": lead.pk})[1]["owes_contact"] is True
    assert api.post("/deals/", {**said, "company": firm.pk})[1]["owes_contact"] is False


def test_whoever_cannot_owe_the_contact_is_not_asked(client, rep, cast):
    lead = ready(by=cast.marketer, contact=make.contact(company=make.company()))
    handoff = handoffs.offer(lead.pk, to=cast.rep, by=cast.marketer, at=timezone.now())
    handoffs.accept(handoff, by=cast.rep, at=timezone.now())
    asked = {}
    for who in ("rep", "manager", "admin"):
        client.force_login(getattr(cast, who))
        form = client.get(f"{page('deal-open')}?lead={lead.pk}").context["form"]
        asked[who] = "talked" in form.fields
    assert asked == {"rep": True, "manager": True, "admin": False}
    capture.log_touch(lead.contact, "call", by=cast.rep, at=timezone.now(), outbound=True, reached=False)
    client.force_login(cast.rep)
    assert "talked" not in client.get(f"{page('deal-open')}?lead={lead.pk}").context["form"].fields


def test_a_deal_is_opened_for_a_company(rep):
    company = make.company("Nordlicht")
    address = f"{page('deal-open')}?company={company.pk}"
    assert rep.get(address).status_code == 200
    assert rep.post(address, {**OPEN, "amount": ""}).status_code == 422
    over = {"expected_close": "2020-01-01", "next_step_due": "2020-01-01T10:00"}
    assert set(rep.post(address, {**OPEN, **over}).context["form"].errors) == set(over)
    assert rep.post(address, OPEN).status_code == 302
    made = Deal.objects.get()
    assert (made.company, str(made.amount), made.steps.count()) == (company, "1200.5000", 1)


def test_editing_goes_through_the_journal(rep, deal):
    facts = {"name": "Pumps", "amount": "250", "currency": "EUR", "expected_close": "2027-02-28"}
    far = {"expected_close": "0001-01-01", "contract_until": "9999-12-31"}
    wrong = rep.post(page("deal-edit", deal.pk), {**facts, **far}).context["form"].errors
    assert set(wrong) == set(far)
    assert rep.post(page("deal-edit", deal.pk), facts).status_code == 302
    assert set(deal.changes.values_list("field", flat=True)) == {"amount", "expected_close"}
    body = rep.get(page("deal", deal.pk)).content.decode()
    assert "250" in body


def test_lines_people_and_steps_are_added(cast, rep, deal):
    product = Product.objects.create(code="pump", name="Pump", list_price=5)
    line = {"product": product.pk, "quantity": "2", "unit_price": "7", "discount": "0"}
    assert rep.post(page("line-new", deal.pk), {**line, "quantity": "0"}).status_code == 422
    assert rep.post(page("line-new", deal.pk), line).status_code == 302
    lines = rep.get(page("deal", deal.pk)).content.decode().split('id="lines"')[1].split("</table>")[0]
    assert "as-cards" in lines
    assert re.findall(r'data-label="([^"]+)"', lines) == [
        "Product",
        "Quantity",
        "Unit price",
        "Discount",
        "Amount",
    ]
    ada = deal.company.contacts.get()
    assert rep.post(page("deal-contact-new", deal.pk), {"contact": ada.pk, "role": "pays"}).status_code == 302
    step = {"what": "Visit", "due_at": (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")}
    assert rep.post(page("deal-step-new", deal.pk), step).status_code == 302
    assert (deal.lines.get().amount, deal.deal_contacts.get().role, deal.steps.get().owner) == (
        14,
        "pays",
        cast.rep,
    )
    assert rep.post(page("line-remove", deal.pk, deal.lines.get().pk)).status_code == 302
    assert not deal.lines.exists()


def test_files_come_back_only_as_downloads(rep, deal, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("../../offer.html", b"<script>alert(1)</script>", "text/html")
    assert rep.post(page("attachment-new", deal.pk), {"file": file}).status_code == 302
    kept = deal.attachments.get()
    answer = rep.get(page("attachment", deal.pk, kept.pk))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="offer.html"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"


def test_a_file_may_be_too_large(rep, deal, settings):
    settings.ATTACHMENT_MAX_BYTES = 3
    answer = rep.post(page("attachment-new", deal.pk), {"file": SimpleUploadedFile("a.txt", b"1234")})
    assert answer.status_code == 422
    assert not deal.attachments.exists()


def test_a_ticket_that_somebody_else_moved_meanwhile_stays_where_it_is(rep, cast, deal, client):
    was = {"was": deal.stage_id}
    assert rep.post(page("deal-move", deal.pk), {"stage": "proposal", **was}).status_code == 302
    answer = rep.post(
        page("deal-move", deal.pk), {"stage": "discovery", **was}, headers={"hx-request": "true"}
    )
    assert "changed this just now" in answer.headers["HX-Trigger-After-Swap"]
    assert Deal.objects.get(pk=deal.pk).stage.code == "proposal"
    told = rep.post(page("deal-move", deal.pk), {"stage": "discovery", **was}, follow=True)
    assert "move it again if you still want to" in told.content.decode()
