"""Companies and contacts: shared by both teams, each seen with one's own business."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pipeline import companies
from pipeline.models import Attachment, Company, DealContact, DealStage, Step
from pipeline.views import companies as companies_page
from tests import cast as make
from tests.api import Api
from tests.pages import same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def rep(client, cast):
    client.force_login(cast.rep)
    return client


def rows(client, query=""):
    return {row["name"]: row for row in client.get(f"/companies/{query}").context["table"].rows}


# -- the list --------------------------------------------------------------------------------------------
def test_the_list_counts_what_the_user_sees(client, cast):
    acme = make.company("Acme")
    make.company("Bolt")
    make.deal(company=acme, owner=cast.rep, base_amount=100)
    make.deal(company=acme, owner=cast.other_rep, base_amount=1000)
    won = {"outcome": "won", "signed_on": make.NOON.date(), "closed_at": make.NOON}
    make.deal(company=acme, owner=cast.rep, base_amount=7, **won)
    make.lead(contact=make.contact(company=acme), owner=cast.rep)
    make.lead(contact=make.contact(company=acme), owner=cast.other_rep)

    def seen_by(user):
        client.force_login(user)
        found = rows(client)
        return {
            name: tuple(row[key] for key in ("contacts", "open_deals", "open_amount", "won_amount"))
            for name, row in found.items()
        }

    assert seen_by(cast.rep) == {"Acme": (1, 1, 100, 7), "Bolt": (0, 0, 0, 0)}
    assert seen_by(cast.marketer) == {"Acme": (2, 2, 1100, 7), "Bolt": (0, 0, 0, 0)}
    assert seen_by(cast.finance) == {"Acme": (0, 2, 1100, 7), "Bolt": (0, 0, 0, 0)}


def test_lists_tell_and_are_narrowed_to_where_companies_stand(rep, cast):
    acme, bolt = make.company("Acme", sales_owner=cast.rep), make.company("Bolt")
    deal = make.deal(company=acme, owner=cast.rep, category="commit", name="Press")
    theirs = make.deal(company=bolt, owner=cast.other_rep, amount=77_777)
    found = rows(rep)
    assert {name: row["buying_stage"] for name, row in found.items()} == {
        "Acme": "About to buy",
        "Bolt": "In talks",
    }
    assert set(rows(rep, "?buying_stage=about_to_buy")) == {"Acme"}
    listed = rep.get("/api/v1/companies/?buying_stage=in_talks").json()["results"]
    assert [(row["name"], row["buying_stage"]) for row in listed] == [("Bolt", "in_talks")]
    assert listed[0]["because"] == f"The deal “{theirs.name}” is open."
    page = rep.get(f"/companies/{acme.pk}/").content.decode()
    assert f'href="/deals/{deal.pk}/"' in page[: page.index("page-actions")]
    page = rep.get(f"/companies/{bolt.pk}/").content.decode()
    assert theirs.name in page
    assert f'href="/deals/{theirs.pk}/"' not in page
    assert "77" not in page[page.index("stands") : page.index("page-actions")]


def test_a_farmer_reads_what_the_hunter_of_another_team_sold(client, cast):
    account = make.company("Acme", sales_owner=cast.rep)
    won = {"outcome": "won", "signed_on": make.NOON.date(), "closed_at": make.NOON}
    sold = make.deal(company=account, owner=cast.other_rep, amount=7, base_amount=7, **won)
    make.deal(company=account, base_amount=5)
    page = f"/deals/{sold.pk}/"

    def seen_by(user):
        client.force_login(user)
        listed = {row["id"] for row in client.get("/api/v1/deals/").json()["results"]}
        told = client.get(f"/companies/{account.pk}/").context["figures"]
        whole, changed = client.get(page).status_code, client.post(f"{page}reopen/").status_code
        written = client.patch(f"/api/v1{page}", {"name": "x"}, content_type="application/json").status_code
        return rows(client)["Acme"]["won_amount"], told.open_deals, sold.pk in listed, whole, changed, written

    assert seen_by(cast.rep) == (7, 1, True, 200, 403, 403)
    assert seen_by(cast.teammate) == seen_by(cast.manager) == (7, 1, True, 200, 403, 403)
    assert seen_by(cast.other_rep)[:4] == (7, 0, True, 200)
    account.sales_owner = None
    account.save()
    assert seen_by(cast.rep) == (0, 0, False, 404, 404, 404)


def test_lists_cost_the_same_with_more_rows(rep, cast):
    def add():
        company = make.company(segment=make.segment(), region=make.region(), sales_owner=cast.rep)
        make.deal(company=company, owner=cast.rep)
        make.contact(company=company)

    same_queries(rep, "/companies/", add)


def test_a_colleagues_account_is_not_taken_by_the_form_or_in_place(rep, cast):
    company = make.company("Acme", sales_owner=cast.other_rep)
    for address, said in (
        (f"/companies/{company.pk}/edit/", {"name": "Acme", "sales_owner": cast.rep.pk}),
        (f"/companies/{company.pk}/edit/sales_owner/", {"sales_owner": cast.rep.pk}),
    ):
        answer = rep.post(address, said)
        assert (answer.status_code, "hand it over" in answer.content.decode()) == (422, True), address
    company.refresh_from_db()
    assert company.sales_owner == cast.other_rep
    assert (
        rep.post(
            f"/companies/{company.pk}/edit/", {"name": "Acme Ltd", "sales_owner": cast.other_rep.pk}
        ).status_code
        == 302
    )


def test_a_page_costs_the_same_with_more_rows(rep, cast):
    company = make.company(sales_owner=cast.rep)

    def add():
        make.deal(company=company, owner=cast.rep)
        make.contact(company=company)
        make.company(parent=company)
        Step.objects.create(what="Call", owner=cast.rep, due_at=make.NOON, company=company)

    same_queries(rep, f"/companies/{company.pk}/", add)


@pytest.mark.parametrize(
    "query, names",
    [
        ("?q=acm", {"Acme"}),
        ("?q=bolt.com", {"Bolt"}),
        ("?is_partner=true", {"Bolt"}),
        ("?sales_owner={rep}", {"Acme"}),
        ("?sort=name", {"Acme", "Bolt"}),
    ],
)
def test_filters(query, names, rep, cast):
    make.company("Acme", sales_owner=cast.rep)
    make.company("Bolt", domain="bolt.com", is_partner=True)
    make.company("Gone acme bolt.com", merged_into=Company.objects.first(), is_partner=True)
    found = set(rows(rep, query.format(rep=cast.rep.pk)))
    assert found == names


# -- the form --------------------------------------------------------------------------------------------
def test_a_company_is_entered(rep):
    assert rep.get("/companies/new/").status_code == 200
    answer = rep.post("/companies/new/", {"name": "Acme GmbH", "domain": "https://www.Acme.com/en"})
    made = Company.objects.get()
    assert answer["Location"] == f"/companies/{made.pk}/"
    assert (made.key, made.domain) == ("acme", "acme.com")


@pytest.mark.parametrize("entry", [{"name": "ACME, Inc."}, {"name": "Other", "domain": "acme.com"}])
def test_a_company_we_know_is_shown_before_it_is_made_twice(entry, rep):
    known = make.company("acme", domain="acme.com")
    answer = rep.post("/companies/new/", entry)
    assert answer.status_code == 422
    assert answer.context["form"].doubles == [known]
    assert f"/companies/{known.pk}/".encode() in answer.content
    assert rep.post("/companies/new/", {**entry, "anyway": ["", "on"]}).status_code == 302
    assert Company.objects.count() == 2


@pytest.mark.parametrize(
    "text", ["acme.com", "www.acme.com", "https://acme.com", "HTTP://user@Acme.com:80/x?y=1"]
)
def test_a_domain_is_bare(text):
    assert companies.bare_domain(text) == "acme.com"


def test_an_edit_finds_the_parent_by_name_or_number(rep):
    mother, child = make.company("mother"), make.company("child")
    path = f"/companies/{child.pk}/edit/"
    assert rep.post(path, {"name": "Child AG", "parent": "Mother Ltd"}).status_code == 302
    child.refresh_from_db()
    assert (child.name, child.key, child.parent) == ("Child AG", "child", mother)
    assert b'value="mother"' in rep.get(path).content
    assert rep.post(path, {"name": "Child", "parent": "Nobody"}).status_code == 422
    assert rep.post(path, {"name": "Child", "parent": f"#{child.pk}"}).status_code == 422
    grandchild = make.company("grandchild", parent=child)
    ring = {"name": "Mother", "parent": f"#{grandchild.pk}"}
    assert rep.post(f"/companies/{mother.pk}/edit/", ring).status_code == 422
    make.company("mother")
    assert rep.post(path, {"name": "Child", "parent": "mother"}).status_code == 422
    assert rep.post(path, {"name": "Child", "parent": f"#{mother.pk}"}).status_code == 302
    assert rep.post(path, {"name": "Child", "parent": "#" + 40 * "9"}).status_code == 422


# -- the page --------------------------------------------------------------------------------------------
def test_the_page_shows_what_the_user_sees(client, cast):
    company = make.company()
    own, far = make.deal(company=company, owner=cast.rep), make.deal(company=company, owner=cast.other_rep)
    ours, theirs = make.contact(company=company), make.contact(company=company)
    make.lead(contact=ours, owner=cast.rep)
    make.lead(contact=theirs, owner=cast.other_rep)
    client.force_login(cast.rep)
    context = client.get(f"/companies/{company.pk}/").context
    assert (set(context["deals"]), set(context["contacts"])) == ({own}, {ours})
    client.force_login(cast.marketer)
    context = client.get(f"/companies/{company.pk}/").context
    assert (set(context["deals"]), set(context["contacts"])) == ({own, far}, {ours, theirs})


def test_the_page_adds_up_as_the_list_does(client, cast, monkeypatch):
    company = make.company()
    for outcome, amount in (("open", 10), ("open", None), ("won", 30), ("won", 7), ("lost", 500)):
        stage = DealStage.objects.filter(outcome=outcome).first()
        closed = {} if outcome == "open" else {"closed_at": make.NOON}
        signed = {"signed_on": make.NOON.date()} if outcome == "won" else {}
        made = {"outcome": outcome, "stage": stage, "base_amount": amount, **closed, **signed}
        make.deal(company=company, **made)
    make.contact(company=company)
    client.force_login(cast.marketer)
    by_hand = client.get(f"/companies/{company.pk}/").context["figures"]
    assert by_hand == companies.Figures(1, 2, 10, 37)
    monkeypatch.setattr(companies_page, "SHOWN", 1)  # more of them than the page shows: the database adds up
    assert client.get(f"/companies/{company.pk}/").context["figures"] == by_hand


def test_a_merged_company_leads_to_the_survivor(rep):
    survivor = make.company()
    gone = make.company(merged_into=survivor)
    assert rep.get(f"/companies/{gone.pk}/")["Location"] == f"/companies/{survivor.pk}/"


def test_a_step_is_planned(rep, cast):
    company = make.company()
    path = f"/companies/{company.pk}/steps/"
    assert rep.post(path, {"what": "Visit"}).status_code == 422
    assert rep.post(path, {"what": "Visit", "due_at": "2026-07-01T10:00"}).status_code == 302
    step = Step.objects.get()
    assert (step.owner, step.company, step.what) == (cast.rep, company, "Visit")


def test_a_file_comes_back_as_a_download(rep, settings):
    company = make.company()
    path = f"/companies/{company.pk}/files/"
    assert rep.post(path).status_code == 422
    evil = SimpleUploadedFile("../\u202eevil.html", b"<script>", content_type="text/html")
    assert rep.post(path, {"file": evil}).status_code == 302
    kept = Attachment.objects.get()
    assert (kept.name, kept.file.name.startswith("attachments/")) == ("evil.html", True)
    answer = rep.get(f"{path}{kept.pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert b"".join(answer.streaming_content) == b"<script>"
    assert rep.get(f"/companies/{make.company().pk}/files/{kept.pk}/").status_code == 404
    settings.ATTACHMENT_MAX_BYTES = 3
    assert rep.post(path, {"file": SimpleUploadedFile("big", b"1234")}).status_code == 422


# -- contacts ----------------------------------------------------------------------------------------------
def test_a_contact_is_seen_by_whoever_works_with_them(client, cast):
    contact = make.contact("Anna Berg", company=make.company())
    make.lead(contact=contact, owner=cast.rep)
    statuses = {}
    for name, user in cast.everybody().items():
        client.force_login(user)
        statuses[name] = client.get(f"/contacts/{contact.pk}/").status_code
    strangers = {name for name, status in statuses.items() if status == 404}
    assert strangers == {"other_rep", "other_manager", "finance", "service"}
    assert {statuses[name] for name in statuses.keys() - strangers} == {200}


def test_a_contact_is_corrected(rep, cast):
    contact = make.contact()
    company = make.company("acme")
    make.lead(contact=contact, owner=cast.rep)
    path = f"/contacts/{contact.pk}/edit/"
    assert rep.get(path).status_code == 200
    assert rep.post(path, {"full_name": "Anna\u200b Berg", "company": "Acme Ltd"}).status_code == 302
    contact.refresh_from_db()
    assert (contact.full_name, contact.company) == ("Anna Berg", company)
    assert (contact.given_name, contact.family_name) == ("Anna", "Berg")
    api = Api(cast.marketer)
    row = api.patch(f"/contacts/{contact.pk}/", {"family_name": "Stein"})[1]
    assert (row["full_name"], row["given_name"]) == ("Anna Stein", "Anna")
    # another of the same name: the form names ours by its number, and is saved as it stands
    again = make.company("acme")
    shown = rep.get(path).context["form"]["company"].value()
    assert shown == f"acme #{company.pk}"
    assert rep.post(path, {"full_name": "Anna Stein", "company": shown, "city": "Bonn"}).status_code == 302
    for typed in ("acme", f"acme #{cast.rep.pk + 10**6}", f"Bolt #{again.pk}"):
        assert rep.post(path, {"full_name": "Anna Stein", "company": typed}).status_code == 422
    contact.refresh_from_db()
    assert (contact.company, contact.city) == (company, "Bonn")
    apart = {"full_name": "Eva Wolf", "given_name": "Anna Maria"}
    assert set(api.patch(f"/contacts/{contact.pk}/", apart)[1]["errors"]) == {"given_name"}
    row = api.patch(f"/contacts/{contact.pk}/", {"full_name": ""})[1]
    assert [row[name] for name in ("full_name", "given_name", "family_name")] == ["", "", ""]
    assert rep.post(path, {"full_name": "x" * 301}).status_code == 422


def test_a_contacts_page_costs_the_same_with_more_rows(rep, cast):
    contact = make.contact()
    make.lead(contact=contact, owner=cast.rep)

    def add():
        DealContact.objects.create(deal=make.deal(owner=cast.rep), contact=contact)
        due = make.NOON + timedelta(days=1)
        Step.objects.create(what="Call", owner=cast.rep, due_at=due, contact=contact)

    same_queries(rep, f"/contacts/{contact.pk}/", add)


@pytest.mark.parametrize(
    "method, path, out",
    [
        ("get", "/companies/", "service"),
        ("get", "/companies/new/", "finance service"),
        ("get", "/companies/{pk}/", "service"),
        ("get", "/companies/{pk}/edit/", "finance service"),
        ("post", "/companies/{pk}/steps/", "finance service"),
        ("post", "/companies/{pk}/files/", "finance service"),
    ],
)
def test_who_is_kept_out(method, path, out, client, cast):
    path = path.format(pk=make.company().pk)
    kept_out = set()
    for name, user in cast.everybody().items():
        client.force_login(user)
        if getattr(client, method)(path).status_code in (403, 404):
            kept_out.add(name)
    assert kept_out == set(out.split())
