"""One voice: statements that both heads sign, and texts held against them; page and API alike."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import organisation
from accounts.models import User
from leads import notices
from leads.models import Notice, WebForm
from leads.notices import texts
from pipeline import voice
from pipeline.models import Campaign, Product, Statement, StatementKind, StatementSignature
from tests import cast as make
from tests.api import Api
from tests.pages import posted, same_queries

pytestmark = pytest.mark.django_db
CLAIM, AVOID, PILLAR, ROOF = (
    StatementKind.CLAIM, StatementKind.AVOID, StatementKind.PILLAR, StatementKind.ROOF,
)  # fmt: skip


def said(cast, text, kind=CLAIM, proof="measured", **fields):
    """A statement that both heads have signed."""
    one = voice.propose(Statement(kind=kind, text=text, proof=proof, **fields), by=cast.rep)
    for head in (cast.marketing_head, cast.sales_head):
        voice.sign(one, by=head, at=timezone.now())
    return one


def today():
    return organisation.today(timezone.now())


def test_both_heads_make_it_what_we_say(cast):
    now = timezone.now()
    one = voice.propose(Statement(text="Runs a year without oil", proof="field test"), by=cast.rep)
    assert not Statement.objects.approved(today()).exists()
    for nobody in (cast.rep, cast.manager, cast.admin):
        with pytest.raises(voice.NotNow):
            voice.sign(one, by=nobody, at=now)
    assert voice.sign(one, by=cast.marketing_head, at=now) is False
    with pytest.raises(voice.NotNow):
        voice.sign(one, by=cast.marketing_head, at=now)
    assert list(Statement.objects.waiting()) == [one]
    assert voice.sign(one, by=cast.sales_head, at=now) is True
    assert list(Statement.objects.approved(today())) == [one]
    User.objects.filter(head_of="sales").update(head_of="")
    other = voice.propose(Statement(text="Pays back in a year", proof="three cases"), by=cast.rep)
    assert voice.sign(other, by=cast.admin, at=now) is False
    assert other.signatures.get().track == "sales"


def test_another_wording_takes_the_place_when_it_is_signed(cast):
    old = said(cast, "Runs a year without oil")
    new = voice.propose(
        Statement(text="Runs 8,000 hours without oil", proof="bench"), by=cast.marketer, replaces=old
    )
    voice.sign(new, by=cast.sales_head, at=timezone.now())
    assert list(Statement.objects.approved(today())) == [old]
    voice.sign(new, by=cast.marketing_head, at=timezone.now())
    assert list(Statement.objects.approved(today())) == [new]
    with pytest.raises(voice.NotNow):
        voice.propose(Statement(text="More", proof="x"), by=cast.rep, replaces=old)
    with pytest.raises(voice.NotNow):
        voice.propose(Statement(kind=AVOID, text="More", proof="x"), by=cast.rep, replaces=new)


def test_the_database_keeps_the_promises(cast):
    pillar = said(cast, "Uptime", PILLAR, "")
    for wrong in (
        {"kind": CLAIM, "proof": ""},
        {"kind": AVOID, "proof": ""},
        {"kind": ROOF, "pillar": pillar},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Statement.objects.create(text="x", **wrong)
    with pytest.raises(Exception, match=r"only ever added to|permission denied"), transaction.atomic():
        StatementSignature.objects.update(track="sales")


def test_the_house_has_roof_pillars_and_what_fits(cast):
    product = Product.objects.create(code="p", name="Press", currency="EUR")
    roof, pillar = said(cast, "Never stands still", ROOF, ""), said(cast, "Uptime", PILLAR, "")
    anywhere, special = said(cast, "No oil", pillar=pillar), said(cast, "Two shifts", product=product)
    dealers = said(cast, "Thirty per cent margin", audience="dealers")
    said(cast, "Gone", until=today() - timedelta(days=1))
    avoided = said(cast, "Cheapest", AVOID, "lowest cost over its life")
    whole = voice.house(today())
    assert (whole.roof, whole.avoided) == ([roof], [avoided])
    assert whole.pillars == [(pillar, [anywhere]), (None, [special, dealers])]
    other = Product.objects.create(code="o", name="Oven", currency="EUR")
    assert voice.house(today(), other).pillars == [(pillar, [anywhere]), (None, [dealers])]
    assert voice.house(today(), product, "customers").pillars == [(pillar, [anywhere]), (None, [special])]
    with pytest.raises(voice.NotNow):
        voice.retire(pillar, by=cast.sales_head, at=timezone.now())
    voice.retire(anywhere, by=cast.sales_head, at=timezone.now())
    voice.retire(pillar, by=cast.sales_head, at=timezone.now())
    assert voice.house(today()).pillars == [(None, [special, dealers])]


def test_a_text_is_held_against_the_house(cast):
    old = said(cast, "Runs a year")
    new = voice.propose(Statement(text="Runs 8,000 hours", proof="bench"), by=cast.rep, replaces=old)
    for head in (cast.marketing_head, cast.sales_head):
        voice.sign(new, by=head, at=timezone.now())
    said(cast, "cheapest", AVOID, "lowest cost over its life")
    said(cast, "самый дешёвый", AVOID, "дешевле всего за срок службы")
    said(cast, "最便宜", AVOID, "全生命周期成本最低")
    voice.propose(Statement(text="the best", proof="x", kind=AVOID), by=cast.rep)

    def found(text):
        return [(one.statement.text, one.wrong, one.instead) for one in voice.check(text, today())]

    assert found("It RUNS  8,000\nhours, the best.") == [("Runs 8,000 hours", False, "")]
    assert found("Runs a year: “Cheapest”!") == [
        ("Runs a year", True, "Runs 8,000 hours"),
        ("cheapest", True, "lowest cost over its life"),
    ]
    assert found("the cheapestish thing runs a yearly check") == []
    assert found("Это САМЫЙ дешёвый пресс") == [("самый дешёвый", True, "дешевле всего за срок службы")]
    assert found("我们的设备最便宜了") == [("最便宜", True, "全生命周期成本最低")]


def test_page_proposes_signs_checks_and_retires(client, cast):
    client.force_login(cast.rep)
    assert client.post("/voice/new/", {"kind": CLAIM, "text": "No oil", "audience": "all"}).status_code == 422
    client.post("/voice/new/", {"kind": CLAIM, "text": "No oil", "proof": "bench", "audience": "all"})
    one = Statement.objects.get()
    assert (one.by, one.text) == (cast.rep, "No oil")
    assert client.post(f"/voice/{one.pk}/sign/").status_code == 403
    for head in (cast.sales_head, cast.marketing_head):
        client.force_login(head)
        client.post(f"/voice/{one.pk}/sign/")
    client.force_login(cast.finance)
    page = client.get("/voice/")
    assert page.context["house"].pillars == [(None, [one])]
    assert client.post(f"/voice/{one.pk}/retire/").status_code == 403
    told = client.post("/voice/check/", {"text": "no oil at all"})
    assert [(found.statement, found.wrong) for found in told.context["found"]] == [(one, False)]
    assert client.post("/voice/check/", {"text": ""}).status_code == 422
    client.force_login(cast.marketing_head)
    client.post(
        f"/voice/{one.pk}/reword/", {"text": "No oil for a year", "proof": "bench", "audience": "all"}
    )
    assert Statement.objects.get(replaces=one).kind == CLAIM
    client.post(f"/voice/{one.pk}/retire/")
    assert client.get("/voice/").context["house"].pillars == []
    client.force_login(cast.service)
    assert client.get("/voice/").status_code == 403


def test_page_costs_the_same_with_more(client, cast):
    client.force_login(cast.marketing_head)

    def add():
        n = Statement.objects.count()
        said(cast, f"Claim {n}", pillar=said(cast, f"Pillar {n}", PILLAR, ""))
        voice.propose(Statement(text=f"Waits {n}", proof="x"), by=cast.rep)

    same_queries(client, "/voice/", add)


def test_api_does_the_same(cast):
    rep, marketing, sales = Api(cast.rep), Api(cast.marketing_head), Api(cast.sales_head)
    body = {"kind": "claim", "text": "No oil", "proof": "bench"}
    assert rep.post("/statements/", {**body, "proof": ""})[0] == 400
    strange = {"text": "No oil", "proof": "bench", "signed": None, "sined": 2}
    assert rep.post("/statements/", strange)[1]["errors"].keys() == {"signed", "sined"}
    assert set(rep.post("/statements/", {"text": "No oil"})[1]["errors"]) == {"kind"}
    status, made = rep.post("/statements/", body)
    assert (status, made["signed"], made["by"]) == (201, 0, cast.rep.pk)
    path = f"/statements/{made['id']}/"
    assert rep.post(path + "sign/")[0] == 403
    assert set(marketing.post(path + "sign/", {"track": "sales"})[1]["errors"]) == {"track"}
    assert marketing.post(path + "sign/")[1]["signed"] == 1
    assert marketing.post(path + "sign/")[0] == 409
    assert sales.post(path + "sign/")[1]["signed"] == 2
    found = rep.post("/statements/check/", {"text": "NO OIL"})[1]
    assert found == [{"statement": made["id"], "words": "No oil", "wrong": False, "instead": ""}]
    other = rep.post("/statements/", {**body, "text": "Oil-free", "replaces": made["id"]})[1]
    assert other["replaces"] == made["id"]
    assert sales.post(path + "retire/")[1]["retired_by"] == cast.sales_head.pk
    assert sales.post(path + "retire/")[0] == 409
    assert [one["id"] for one in rep.get("/statements/", kind="claim")[1]["results"]] == [
        other["id"],
        made["id"],
    ]
    assert Api(cast.service).post("/statements/check/", {"text": "x"})[0] == 403


# -- where people work ---------------------------------------------------------------------------------------
def test_what_we_say_of_the_product_stands_on_campaign_deal_and_briefing(client, cast):
    pump, valve = (
        Product.objects.create(code="p", name="Pump"),
        Product.objects.create(code="v", name="Valve"),
    )
    said(cast, "Runs a year without oil", product=pump)
    said(cast, "Never leaks", product=valve)
    said(cast, "We answer within a day")
    lead = make.lead(product=pump, owner=cast.rep)
    campaign, deal = make.campaign(product=pump), make.deal(product=pump, owner=cast.rep)
    panel = f"/voice/said/?product={pump.pk}"
    for user, page in (
        (cast.marketer, f"/campaigns/{campaign.pk}/"),
        (cast.rep, f"/deals/{deal.pk}/"),
        (cast.rep, f"/contacts/{lead.contact_id}/briefing/"),
    ):
        client.force_login(user)
        assert f'hx-get="{panel}"' in client.get(page).content.decode()
    text = client.get(panel, headers={"hx-request": "true"}).content.decode()
    assert text.count("data-copy=") == 2
    assert "Runs a year without oil" in text
    assert "Never leaks" not in text
    assert "Never leaks" in client.get("/voice/said/").content.decode()
    for page in ("/agreement/", "/setup/"):
        client.force_login(cast.sales_head)
        assert 'href="/voice/"' in client.get(page).content.decode()


def test_dealers_get_a_sheet_of_what_they_may_say(client, cast):
    pump = Product.objects.create(code="p", name="Pump")
    said(cast, "Runs a year without oil", product=pump)
    said(cast, "Margin of a fifth", product=pump, audience="dealers")
    said(cast, "Ask your dealer", audience="customers")
    client.force_login(cast.rep)
    text = client.get(f"/voice/sheet/{pump.pk}/").content.decode()
    assert "Runs a year without oil" in text
    assert "Margin of a fifth" in text
    assert "Ask your dealer" not in text
    assert client.get("/voice/sheet/999999/").status_code == 404


def test_a_campaign_and_a_form_are_warned_of_wordings_and_saved_all_the_same(client, cast):
    said(cast, "for life", kind=AVOID, proof="for ten years")
    client.force_login(cast.marketer)
    data = {"name": "Pumps for life", "status": "planned", "channel": "sem", "track": "marketing", "currency": "EUR", "starts_on": "2026-05-01", "note": ""}  # fmt: skip
    page = client.post("/campaigns/new/", data, follow=True)
    assert [str(one) for one in page.context["messages"]] == [
        "“Pumps for life” is saved.", "“for life” is not what we say. Instead: for ten years",
    ]  # fmt: skip
    campaign = Campaign.objects.get()
    form = WebForm.objects.create(campaign=campaign, title="Fair")
    page = client.get(f"/forms/{form.pk}/edit/")
    sent = posted(page, "form") | {"thanks": "Thanks, yours FOR LIFE"}
    page = client.post(f"/forms/{form.pk}/edit/", sent, follow=True)
    assert [str(one) for one in page.context["messages"]][1:] == [
        "“for life” is not what we say. Instead: for ten years"
    ]
    assert WebForm.objects.get().thanks == "Thanks, yours FOR LIFE"


def test_whoever_speaks_with_customers_is_told_of_changes_once(cast):
    one = said(cast, "Runs a year without oil")
    voice.propose(Statement(text="Waits", proof="x"), by=cast.rep)
    everybody = {cast.marketer, cast.marketing_head, cast.rep, cast.teammate, cast.other_rep, cast.manager, cast.other_manager, cast.sales_head}  # fmt: skip
    assert notices.tell_voice_due() == 1
    assert notices.tell_voice_due() == 0
    assert {notice.user for notice in Notice.objects.all()} == everybody
    voice.retire(one, by=cast.marketing_head, at=timezone.now())
    notices.tell_voice_due()
    gone = Notice.objects.filter(subject=f"statement:{one.pk}:retired")
    assert {notice.user for notice in gone} == everybody - {cast.marketing_head}
    assert texts.text("voice", gone[0].facts) == "We say no more: “Runs a year without oil”"
    assert notices.tell_voice_due(timezone.now() + timedelta(days=9)) == 0
