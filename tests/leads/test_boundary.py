"""From which stage on sales is responsible is agreed: who edits and who advises follow it, the moves do not."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import organisation
from accounts.models import Organisation, Track
from engine import lately
from leads import drafting, funnel, tracks
from leads.first_run import presets
from leads.models import Agreement, Handoff, Lead
from leads.terms import in_force
from pipeline.stages import BOUNDARIES, FUNNEL, RESPONSIBLE, SIDE, Stage, responsible
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.leads.ready import ANSWERS
from tests.leads.views.test_agreement import form_of
from tests.pages import queries

pytestmark = pytest.mark.django_db
EARLY = [Stage.MQL, Stage.READY]


def agree(sales_from):
    Agreement.objects.update(sales_from=sales_from)
    lately.forget_all()


def naive(stage, sales_from):
    """Whose a lead is, as the agreement's page says it."""
    if stage in ("new", "nurture", "disqualified"):
        return "marketing"
    if stage == "mql":
        return "sales" if sales_from == "mql" else "marketing"
    if stage == "ready":
        return "marketing" if sales_from == "sql" else "sales"
    return "sales"


def held(stage, rep):
    """A lead at a stage; from SQL on in the rep's hands."""
    lead = make.lead(stage=stage)
    if stage in (Stage.SQL, Stage.DEAL):
        Lead.objects.filter(pk=lead.pk).update(owner=rep)
        Handoff.objects.create(lead=lead, rep=rep, agreement=in_force(), offered_at=NOON, accepted_at=NOON)
    return Lead.objects.get(pk=lead.pk)


@pytest.mark.parametrize("sales_from", BOUNDARIES)
def test_who_is_responsible_edits_and_the_desk_moves_as_before(cast, sales_from):
    agree(sales_from)
    people = cast.everybody()
    for stage in (*FUNNEL, *SIDE):
        lead, track = held(stage, cast.rep), naive(stage, sales_from)
        may = {
            verb: {who for who, user in people.items() if user.has_perm(f"leads.{verb}_lead", lead)}
            for verb in ("change", "work", "qualify")
        }
        heads = {"marketing_head", "sales_head", "admin"}
        hands = {"rep", "teammate", "manager"} if stage in (Stage.SQL, Stage.DEAL) else set()
        edits = heads | hands | ({"marketer"} if track == "marketing" else set())
        desk = heads | ({"marketer"} if RESPONSIBLE[stage] == Track.MARKETING else set())
        assert may == {"change": edits, "work": edits, "qualify": desk}, stage
        assert (tracks.of(lead), tracks.sides(lead).advising) == (track, tracks.OTHER[track]), stage


def test_as_it_comes_nothing_has_changed():
    assert Agreement.objects.get().sales_from == Stage.SQL
    assert responsible(Stage.SQL) == RESPONSIBLE
    assert {stage: naive(stage, "sql") for stage in RESPONSIBLE} == RESPONSIBLE


def test_who_advises_and_who_asks_follow_it(cast):
    lead = make.lead(stage="mql", campaign=make.campaign(owner=cast.marketer))
    assert cast.marketer.has_perm("leads.ask_counsel", lead)
    agree("mql")
    assert not cast.marketer.has_perm("leads.ask_counsel", lead)
    assert cast.marketer.has_perm("leads.give_counsel", lead)
    assert cast.sales_head.has_perm("leads.ask_counsel", lead)


def test_gates_do_not_ask_whose_it_is(cast):
    agree("mql")
    lead = make.lead(answers=ANSWERS, grade="B")
    for stage in EARLY:
        assert funnel.advance([lead.pk], stage, actor=cast.marketer, reason="x", at=NOON).refused == []


def test_a_page_takes_no_statement_more_wherever_the_boundary_is(client, cast):
    leads = [make.lead(stage="mql") for _ in range(3)]
    client.force_login(cast.marketing_head)
    path = f"/leads/{leads[0].pk}/"
    queries(client, path)
    usual = queries(client, path)
    Agreement.objects.update(sales_from="mql")
    lately.forget_all()
    queries(client, path)
    assert queries(client, path) == usual
    page = client.get(path).content.decode()
    assert "Responsible" in page
    assert tracks.of(leads[0]) == "sales"


def test_the_words_say_whose_each_stage_is(client, cast):
    agree("ready")
    client.force_login(cast.rep)
    table = client.get("/agreement/words/").context["tables"][0]
    assert [row["track"] for row in table.rows] == [
        str(Track(naive(stage, "ready")).label) for stage in (*FUNNEL, *SIDE)
    ]


def test_a_draft_tells_what_changes_hands_and_is_in_force_at_once(client, cast):
    Organisation.objects.update(level=2)
    organisation.forget()
    for stage in ("new", "mql", "mql", "mql", "ready", "ready", "sql", "nurture"):
        make.lead(stage=stage)
    gone = make.lead(stage="mql")
    Lead.objects.filter(pk=gone.pk).update(merged_into=make.lead(stage="won"))
    client.force_login(cast.sales_head)
    sent = form_of(client.get("/agreement/new/"), sales_from="mql")
    address = client.post("/agreement/new/", sent).url
    page = client.get(address)
    changes = [(str(term), was, becomes) for term, was, becomes in page.context["changes"]]
    assert changes == [("sales is responsible from", "SQL", "MQL")]
    assert page.context["passing"] == drafting.Passing("sales", 3, 2)
    assert "5 leads change hands: sales becomes responsible (MQLs: 3, ready: 2)" in page.content.decode()
    draft = Agreement.objects.latest("version")
    told = Api(cast.sales_head).get(f"/agreements/{draft.pk}/quarter/")[1]
    assert told["passing"] == {"to": "sales", "mql": 3, "ready": 2}
    assert tracks.of_stage(Stage.MQL) == "marketing"
    for head in (cast.marketing_head, cast.sales_head):
        drafting.sign(draft, by=head, at=timezone.now())
    assert tracks.of_stage(Stage.MQL) == "sales"
    assert "Sales from “MQL” on" in client.get("/agreement/").content.decode()
    back = drafting.blank()
    assert (back.sales_from, drafting.passing(back)) == ("mql", None)
    back.sales_from = "ready"
    assert drafting.passing(back) == drafting.Passing("marketing", 3, 0)


def test_the_api_drafts_it_and_no_other_stage_is_a_boundary(cast):
    api = Api(cast.manager)
    status, row = api.post("/agreements/", {"sales_from": "ready"})
    assert (status, row["sales_from"]) == (201, "ready")
    assert api.post("/agreements/", {})[1]["sales_from"] == "sql"
    for wrong in ("new", "won", "", None, 1):
        assert api.post("/agreements/", {"sales_from": wrong})[0] == 400, wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.update(sales_from="new")


def test_each_way_to_sell_says_it():
    for name, preset in presets.PRESETS.items():
        presets.take(name, 2)
        assert Agreement.objects.get().sales_from == preset.terms["sales_from"]
        assert tracks.of_stage(Stage.READY) == naive("ready", preset.terms["sales_from"])
