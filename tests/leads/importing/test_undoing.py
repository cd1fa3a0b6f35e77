"""Taking an import back."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models.functions import Now

from accounts.models import RepProfile
from leads import agreement, capture, closing, fairness, funnel, ownership, scoring, worklists
from leads.importing import TooLate, may_undo, told, undoing
from leads.importing import mapping as mappings
from leads.importing.dry import dry_run
from leads.importing.files import create
from leads.importing.ties import TABLES as TABLES_OF_RUNS
from leads.importing.ties import TIES
from leads.models import (
    Agreement,
    Duplicate,
    Handoff,
    ImportedRow,
    Lead,
    LeadChance,
    LeadScore,
    Merge,
    Moment,
    MomentRule,
    Note,
    PersonalLink,
    StageChange,
    Touch,
    TrackingLink,
    WinModel,
)
from leads.terms import in_force
from pipeline.models import Campaign, Company, Contact, Deal, DealChange, Identity, Receipt, Spend, Step
from reports import rollups
from reports.models import CountedOffer, CountedPass, CountedPromise
from reports.verify import verify
from tests import cast as people
from tests.cast import NOON
from tests.leads.importing.running import figures, rejects

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

LEADS = {
    "kind": "leads",
    "source": "crm",
    "columns": {
        "id": "external_id",
        "name": "full_name",
        "email": "email",
        "company": "company",
        "src": "channel",
    },
}
ROWS = "id,name,email,company,src\n1,Anna,a@x.de,Acme,sem\n2,Boris,b@x.de,Acme,seo\n3,,known@x.de,,\n"
DAY = timedelta(days=1)
TABLES = (Lead, Contact, Identity, Company, Touch, StageChange, LeadScore)


def everything():
    return {model: list(model.objects.order_by("pk").values()) for model in TABLES}


def test_everything_goes(load, back):
    people.contact("Known", "known@x.de")
    before = everything()
    run = load(ROWS, LEADS)
    assert back(run, NOON + timedelta(days=6)) == []
    assert everything() == before
    assert (run.state, run.counts["undone"]) == ("undone", 9)
    assert ("Taken back", 9) in told(run)
    assert load(ROWS, LEADS).counts["leads"] == 3  # and may come again


def test_what_people_worked_on_stays_and_is_named(load, back, cast):
    run = load(ROWS, LEADS)
    anna = Lead.objects.get(external_id="1")
    Handoff.objects.create(lead=anna, rep=cast.rep, agreement=in_force(), offered_at=NOON)
    assert back(run) == ["Anna: worked on since", "Acme: worked on since"]
    assert (run.state, run.counts["kept_count"]) == ("partly", 2)
    assert set(Lead.objects.values_list("external_id", flat=True)) == {"1"}
    assert anna.contact.identities.count() == anna.contact.touches.count() == 1
    assert Company.objects.get().name == "Acme"


def test_changes_are_taken_back_unless_changed_again(load, back):
    load(ROWS, LEADS)
    run = load(ROWS.replace("sem", "social").replace("seo", "email"), LEADS)
    assert run.counts["updated"] == 2
    Lead.objects.filter(external_id="2").update(channel="direct")
    back(run)
    assert dict(Lead.objects.values_list("external_id", "channel")) == {
        "1": "sem",
        "2": "direct",
        "3": "unknown",
    }


def test_campaigns_spend_and_deals(load, back):
    campaigns = {
        "kind": "campaigns",
        "columns": {"name": "name", "start": "starts_on", "cost": "actual_cost"},
    }
    first = load("name,start,cost\nSpring,2026-01-01,5\nAutumn,2026-01-01,6\n", campaigns)
    leads = load(ROWS, LEADS)
    before = standing()
    deals = load(
        "id,lead,campaign,day,sum,stage\n1,1,Spring,2026-02-01,5,won\n",
        {
            "kind": "deals", "source": "crm",
            "columns": {"id": "external_id", "lead": "lead_key", "campaign": "campaign", "day": "closed_at", "sum": "amount",
                        "stage": "stage"},
        },
    )  # fmt: skip
    assert back(first) == ["Spring: worked on since"]  # a deal's touch is owed to it
    assert list(Campaign.objects.values_list("name", flat=True)) == ["Spring"]
    assert not Spend.objects.exists()
    assert back(deals) == []
    assert not Deal.objects.exists()
    assert standing() == before  # with the deal gone, nothing was won
    assert back(leads) == []


SPENT = {
    "kind": "spend",
    "source": "ads",
    "columns": {"id": "external_id", "month": "month", "cost": "amount"},
}


def spent(load, *amounts):
    """As many imports of one row, each with another amount."""
    return [load(f"id,month,cost\nX-77,2026-05,{amount}\n", SPENT) for amount in amounts]


def test_a_row_that_only_imports_touched_is_nobodys_work_once_the_later_ones_are_gone(load, back):
    runs = spent(load, 100, 150, 170)
    for run, left in zip(reversed(runs), ([150], [100], []), strict=True):
        assert back(run) == []
        assert list(Spend.objects.values_list("amount", flat=True)) == left


def test_a_row_that_somebody_edited_between_or_after_imports_stays(load, back):
    first, second = spent(load, 100, 150)
    Spend.objects.update(note="checked", updated_at=Now())
    assert back(second) == []
    assert back(first) == ["100.0000: worked on since"]
    Spend.objects.all().delete()
    (first,) = spent(load, 200)
    Spend.objects.update(note="checked", updated_at=Now())
    (second,) = spent(load, 250)
    assert (back(second), back(first)) == ([], ["200.0000: worked on since"])
    assert Spend.objects.get().note == "checked"


def test_the_earlier_of_two_imports_leaves_what_the_later_one_wrote(load, back):
    first, second = spent(load, 100, 150)
    assert back(first) == ["150.0000: worked on since"]
    assert back(second) == []
    assert Spend.objects.get().amount == 100


def test_money_received_comes_with_deals_and_goes_with_them(load, back):
    mapping = {
        "kind": "deals", "source": "crm",
        "columns": {"id": "external_id", "day": "closed_at", "sum": "amount", "ended": "outcome", "paid": "collected",
                    "paid on": "collected_on"},
    }  # fmt: skip
    head = "id,day,sum,ended,paid,paid on\n"
    load(f"{head}9,2026-02-01,80,won,,\n", mapping)
    run = load(
        f"{head}1,2026-02-01,50,won,20,2026-03-05\n2,2026-02-01,5,won,5,\n3,2026-02-01,5,lost,5,\n9,2026-02-01,80,won,30,2026-04-01\n",
        mapping,
    )
    assert {
        one.deal.external_id: (f"{one.on}", one.base_amount) for one in Receipt.objects.select_related("deal")
    } == {
        "1": ("2026-03-05", 20),
        "2": ("2026-02-01", 5),  # the day of the win, where the file names none
        "9": ("2026-04-01", 30),
    }
    assert run.counts["receipts"] == 3
    assert [reason for *_, reason in rejects(run, warning=True)] == [
        "money is received on deals that are won: left out"
    ]
    again = load(f"{head}1,2026-02-01,50,won,25,2026-03-05\n", mapping)
    assert Receipt.objects.get(deal__external_id="1").amount == 25
    assert back(again) == []
    assert Receipt.objects.get(deal__external_id="1").amount == 20
    assert back(run) == []
    assert not Receipt.objects.exists()
    assert Deal.objects.get().external_id == "9"


DEALS = {
    "kind": "deals",
    "source": "crm",
    "columns": {"id": "external_id", "lead": "lead_key", "day": "closed_at", "ended": "outcome"},
}
STAGED = {**LEADS, "columns": {**LEADS["columns"], "stage": "stage", "won": "won_at"}}
STAGED_ROWS = (
    "id,name,email,company,src,stage,won\n1,Anna,a@x.de,Acme,sem,{},{}\n2,Boris,b@x.de,Acme,seo,{},\n"
)


def test_a_win_that_was_cancelled_since_stays_a_win_and_says_why(load, back, cast, client):
    deals = {"kind": "deals", "source": "crm",
             "columns": {"id": "external_id", "company": "company", "day": "closed_at", "sum": "amount", "stage": "stage"}}  # fmt: skip
    made = load("id,company,day,sum,stage\n1,Acme,,5,proposal\n2,Acme,,5,proposal\n", deals)
    won = load("id,company,day,sum,stage\n1,Acme,2026-02-01,6,won\n2,Acme,2026-02-01,6,won\n", deals)
    first, second = Deal.objects.order_by("external_id")
    closing.cancel(first, amount=6, on=NOON.date(), reason="gone", by=cast.admin, at=NOON)
    why = f"{first.name} stays as it was won: something of it is cancelled"
    assert back(won) == [why]
    assert list(Deal.objects.order_by("external_id").values_list("pk", "outcome", "amount")) == [
        (first.pk, "won", 6), (second.pk, "open", 5),
    ]  # fmt: skip
    assert (won.state, won.counts["kept_count"]) == ("partly", 1)
    assert back(made) == [why, "Acme: worked on since"]
    assert list(Deal.objects.all()) == [first]
    client.force_login(cast.marketer)
    page = client.get(f"/imports/{won.pk}/").content.decode()
    assert f'<a href="/deals/{first.pk}/">{why}</a>' in page
    assert "but for what stays: 1 row." in page
    assert "Undone, but for what stays" in client.get("/imports/").content.decode()
    page = client.get(f"/imports/{made.pk}/").content.decode()
    assert f'<a href="/companies/{first.company_id}/">Acme: worked on since</a>' in page


def standing():
    """How every lead stands, and its history."""
    left_out = ("updated_at",)
    leads = [
        {k: v for k, v in row.items() if k not in left_out} for row in Lead.objects.order_by("pk").values()
    ]
    return leads, list(StageChange.objects.order_by("lead", "seq").values())


def test_leads_that_an_import_moved_go_back(load, back):
    load(STAGED_ROWS.format("mql", "", "new"), STAGED)
    before = standing()
    won = load(STAGED_ROWS.format("won", "2026-02-01", "sql"), STAGED)
    assert set(Lead.objects.values_list("stage", flat=True)) == {"won", "sql"}
    assert StageChange.objects.count() > len(before[1])
    rollups.roll_all()
    assert CountedPass.objects.filter(won_on__isnull=False).count() == 1
    assert back(won) == []
    assert standing() == before
    rollups.roll_all()
    assert not CountedPass.objects.filter(won_on__isnull=False).exists()
    assert verify().clean


def test_what_a_deal_gave_into_hands_is_taken_back_with_it(load, back, cast):
    load(STAGED_ROWS.format("mql", "", "new"), {**STAGED, "mode": "live"})
    before = standing()
    deals = load(
        "id,lead,day,ended,owner\n1,1,2026-02-01,open,Rep\n",
        {**DEALS, "columns": {**DEALS["columns"], "owner": "owner"}},
    )
    assert Handoff.objects.open().get().rep == cast.rep
    assert back(deals) == []
    assert (standing(), Handoff.objects.count()) == (before, 0)
    assert ownership.recount() == []


def test_leads_that_went_on_since_stay_and_say_why(load, back, cast):
    load(STAGED_ROWS.format("new", "", "new"), STAGED)
    deals = load("id,lead,day,ended\n1,1,2026-02-01,open\n2,2,2026-02-01,lost\n", DEALS)
    anna, boris = Lead.objects.order_by("external_id")
    anna_deal = anna.deal
    Step.objects.create(deal=anna_deal, owner=cast.rep, what="Call", due_at=NOON)
    funnel.advance([boris.pk], "mql", at=NOON, actor=cast.marketer, reason="again")
    kept = back(deals)
    assert kept == [
        f"{anna_deal.name}: worked on since",
        "Anna keeps its stage: its deal stays",
        "Boris keeps its stage: it was moved or offered since",
    ]
    anna.refresh_from_db()
    assert (anna.deal, anna.stage) == (anna_deal, "deal")
    assert list(Deal.objects.all()) == [anna_deal]


def test_the_later_of_two_imports_goes_first(load, back):
    load(STAGED_ROWS.format("new", "", "new"), STAGED)
    before = standing()
    first = load("id,lead,day,ended\n1,1,,open\n", DEALS)
    between, changes = standing(), list(DealChange.objects.values())
    second = load("id,lead,day,ended\n1,1,2026-02-01,won\n", DEALS)
    assert Lead.objects.get(external_id="1").stage == "won"
    assert DealChange.objects.filter(field="outcome", after="won").exists()
    assert back(second) == []
    assert (standing(), list(DealChange.objects.values())) == (between, changes)
    assert Deal.objects.get().outcome == "open"
    assert back(first) == []
    assert standing() == before


OWNED = {
    **LEADS,
    "columns": {
        "id": "external_id",
        "name": "full_name",
        "email": "email",
        "stage": "stage",
        "owner": "owner",
    },
}
OWNED_ROWS = (
    "id,name,email,stage,owner\n1,Anna,a@x.de,sql,Rep\n2,Boris,b@x.de,deal,rep@tandem.example\n"
    "3,Clara,c@x.de,sql,Marketer\n4,Dina,d@x.de,sql,\n5,Egon,e@x.de,nurture,Rep\n6,Fritz,f@x.de,won,Rep\n"
)


def in_hands():
    """What is in whose hands, with the reps' counters."""
    held = Handoff.objects.order_by("lead__external_id")
    return (
        list(
            held.values_list(
                "lead__external_id", "rep__full_name", "kind", "unasked", "end", "contact_due_at"
            )
        ),
        list(RepProfile.objects.filter(user__full_name="Rep").values_list("open_n", flat=True)),
        dict(Lead.objects.values_list("external_id", "owner__full_name")),
    )


def test_the_rep_whom_a_file_names_holds_what_is_in_sales_until_it_is_taken_back(load, back, cast, tmp_path):
    path = tmp_path / "owned.csv"
    path.write_text(OWNED_ROWS)

    def free(*_done):
        with transaction.atomic(using="owner"):
            assert RepProfile.objects.using("owner").select_for_update(nowait=True).get(user=cast.rep)

    draft = create(path, mappings.from_spec(OWNED), by=None)
    foreseen = dry_run(draft, NOON, free)
    assert foreseen.counts["held"] == 2
    assert "2 leads are in sales already" in foreseen.rest
    draft.delete()
    run = load(OWNED_ROWS, OWNED)
    given = (
        [(one, "Rep", "imported", True, "", None) for one in "12"],
        [2],
        {"1": "Rep", "2": "Rep", "3": None, "4": None, "5": None, "6": "Rep"},
    )
    assert in_hands() == given
    nobodys = "no rep holds it: the file names nobody who sells here"
    assert rejects(run, warning=True) == [(line, "stage", "sql", nobodys) for line in (4, 5)]
    assert [one.lead.external_id for one in worklists.day_of(cast.rep, NOON).contacts] == ["1", "2"]
    assert [(one.passes, one.turns) for one in fairness.ledger(NOON - DAY, NOON + DAY)] == []
    rollups.roll_all()
    assert not CountedOffer.objects.exists()
    assert not CountedPromise.objects.exists()
    assert set(CountedPass.objects.values_list("answer", "offered_on")) == {("", None)}
    assert load(OWNED_ROWS, OWNED).counts["unchanged"] == 6  # the same file again changes nothing
    assert in_hands() == given

    won = load("id,lead,day,ended\n1,1,2026-06-09,won\n2,2,2026-06-09,lost\n", DEALS)
    assert [row[4] for row in in_hands()[0]] == ["finished", "released"]
    asleep = Lead.objects.filter(wake_at=NOON + in_force().rest_days * DAY)
    assert set(asleep.values_list("external_id", flat=True)) == {"2", "5"}  # lost, and at rest from the start
    assert in_hands()[1:] == ([0], {**given[2], "2": None})
    assert back(won) == []
    assert in_hands() == given
    rollups.roll_all()
    assert verify().clean

    boris = Lead.objects.get(external_id="2").contact
    capture.log_touch(boris, "call", by=cast.rep, at=NOON + DAY, outbound=True, reached=True)
    assert back(run) == ["Boris: worked on since"]
    assert in_hands() == ([given[0][1]], [1], {"2": "Rep"})
    rollups.roll_all()
    assert verify().clean


def test_a_known_pass_that_goes_to_sales_with_a_file_comes_back_out_of_its_hands(load, back, cast):
    load(STAGED_ROWS.format("mql", "", "sql"), STAGED)
    before = standing(), in_hands()
    rows = "id,name,email,stage,owner\n1,Anna,a@x.de,sql,Rep\n2,Boris,b@x.de,sql,Rep\n"
    run = load(rows, OWNED)
    assert in_hands()[1:] == ([2], {"1": "Rep", "2": "Rep"})
    lost = load(rows.replace("sql,Rep\n2", "disqualified,Rep\n2"), OWNED)
    assert in_hands()[1:] == ([1], {"1": None, "2": "Rep"})
    assert back(lost) == []
    assert in_hands()[1:] == ([2], {"1": "Rep", "2": "Rep"})
    assert back(run) == []
    assert (standing(), in_hands()) == before


CALLS = {
    "kind": "touches", "source": "shop",
    "columns": {"id": "external_id", "mail": "email", "what": "kind", "at": "at", "ours": "outbound"},
}  # fmt: skip
CALLED = (
    "id,mail,what,at,ours\n1,a@x.de,quote_request,2026-06-09 10:00,\n2,b@x.de,quote_request,2026-05-01 10:00,\n"
    "3,c@x.de,quote_request,2026-06-09 10:00,yes\n4,d@x.de,callback,2026-06-09 09:00,\n5,d@x.de,callback,2026-06-09 11:00,\n"
    "6,e@x.de,demo_request,2026-06-09 11:00,\n7,f@x.de,form,2026-06-09 11:00,\n8,g@x.de,callback,2026-06-09 11:00,\n"
)


def test_a_dealing_of_a_file_raises_the_hand_until_it_is_taken_back(load, back, cast):
    """Anna's: raised. Boris's is history, Clara's was ours. Dina's: the later one; history. Egon is an MQL already; Fritz
    only filled in a form; Greta is nurtured and goes on by the desk's hand."""
    at = NOON - 30 * DAY
    names = ("Anna", "Boris", "Clara", "Dina", "Egon", "Fritz", "Greta")
    leads = {one: people.lead(at=at, contact=people.contact(one, f"{one[0].lower()}@x.de")) for one in names}
    Lead.objects.filter(pk=leads["Dina"].pk).update(history=True)
    LeadScore.objects.filter(lead=leads["Dina"]).delete()
    funnel.advance([leads["Egon"].pk], "mql", at=at, reason="")
    funnel.advance([leads["Greta"].pk], "nurture", at=at, reason="", wake_at=NOON + 30 * DAY)
    Agreement.objects.update(fit_floor="A")
    scoring.score_due(at=NOON)
    before = standing()
    run = load(CALLED, CALLS)
    called = Lead.objects.filter(hand_raised_at__isnull=False).order_by("pk").select_related("contact")
    assert {one.contact.full_name: (f"{one.hand_raised_at:%d %H}", one.history) for one in called} == {
        "Anna": ("09 10", False), "Dina": ("09 11", False), "Egon": ("09 11", False), "Greta": ("09 11", False),
    }  # fmt: skip
    assert (run.counts["touches"], run.counts["raised"]) == (8, 4)
    again = load(CALLED, CALLS)
    assert figures(again) == {"unchanged": 8}
    assert not ImportedRow.objects.filter(run=again).exists()
    scoring.score_due(at=NOON)
    at_desk = Lead.objects.filter(stage="mql").order_by("pk").select_related("contact")
    assert [one.contact.full_name for one in at_desk] == ["Anna", "Dina", "Egon", "Greta"]
    greta = leads["Greta"]
    agreement.set_grade(Lead.objects.get(pk=greta.pk), "B", reason="big", at=NOON)
    assert back(run) == ["Greta keeps the raised hand: it went on since"]
    left = [
        [row for row in rows if greta.pk not in (row.get("id"), row.get("lead_id"))]
        for rows in (*standing(), *before)
    ]
    assert left[:2] == left[2:]
    assert list(Touch.objects.values_list("contact__full_name", flat=True)) == ["Greta"]
    assert not LeadScore.objects.filter(lead=leads["Dina"]).exists()
    scoring.score_due(at=NOON)
    assert verify().clean


def test_only_for_a_week_and_once(load, back):
    run = load(ROWS, LEADS)
    assert may_undo(run, NOON + timedelta(days=7))
    assert not may_undo(run, NOON + timedelta(days=8))
    with pytest.raises(TooLate):
        back(run, NOON + timedelta(days=8))
    back(run)
    with pytest.raises(TooLate):
        back(run)


def test_every_foreign_key_has_its_fate():
    tables = {table: name for name, table in TABLES_OF_RUNS.items()}
    keys = {name: set() for name in TIES}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.is_relation and (name := tables.get(field.related_model._meta.db_table)):
                keys[name].add(f"{model._meta.db_table}.{field.column}")
    assert keys == {name: set(ties) for name, ties in TIES.items()}


def test_every_foreign_key_has_an_index_that_its_check_can_use():
    tables = list(TABLES_OF_RUNS.values())
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.conrelid::regclass || '.' || a.attname FROM pg_constraint c
               JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
               WHERE c.contype = 'f' AND c.confrelid = ANY(%s::regclass[]) AND NOT EXISTS (
                 SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = a.attnum
                   AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) = format('(%%I IS NOT NULL)', a.attname)))""",
            [tables],
        )
        assert cursor.fetchall() == []


@pytest.fixture
def rule(db):
    return MomentRule.objects.create(name="Asks", kind="form")


def _moment(lead, rule, cast, **more):
    return Moment.objects.create(
        rule=rule,
        touch=lead.contact.touches.get(),
        contact=lead.contact,
        lead=lead,
        owner=cast.rep,
        at=NOON,
        **more,
    )


@pytest.mark.parametrize("work", ["note", "link", "moment", "step", "merge", "edit"])
def test_any_work_with_the_person_keeps_them(load, back, cast, rule, work):
    run = load(ROWS, LEADS)
    anna = Lead.objects.get(external_id="1")
    contact = anna.contact
    if work == "note":
        Note.objects.create(contact=contact, text="Call in May", at=NOON)
    elif work == "link":
        campaign = Campaign.objects.create(name="Spring", channel="sem")
        link = TrackingLink.objects.create(campaign=campaign, name="Page", target="https://x.example/")
        PersonalLink.objects.create(link=link, contact=contact, key="k")
    elif work == "moment":
        _moment(anna, rule, cast, closed_at=NOON, outcome="reached")
    elif work == "step":
        Step.objects.create(contact=contact, owner=cast.rep, what="Call", due_at=NOON)
    elif work == "merge":
        Merge.objects.create(kind="contact", survivor_id=contact.pk, gone_id=0, at=NOON)
    else:
        with connection.cursor() as cursor, transaction.atomic():
            cursor.execute(
                """SELECT set_config('pghistory.context_id', gen_random_uuid()::text, true),
                          set_config('pghistory.context_metadata', '{"user": 1}', true)"""
            )
            Contact.objects.filter(pk=contact.pk).update(full_name="Anna B")
    kept = back(run)
    assert (kept[1:], set(Lead.objects.values_list("external_id", flat=True))) == (
        ["Acme: worked on since"],
        {"1"},
    )
    assert contact.touches.count() == contact.identities.count() == 1


def test_what_the_machine_made_of_a_person_goes(load, back, cast, rule):
    run = load(ROWS, LEADS)
    anna = Lead.objects.get(external_id="1")
    other = people.contact("Other", "other@x.de")
    _moment(anna, rule, cast)
    WinModel.objects.create(card={}, learned={}, shown=True)
    LeadChance.objects.create(lead=anna, model=WinModel.objects.get(), probability=0.5)
    low, high = sorted([anna.contact_id, other.pk])
    Duplicate.objects.create(kind="contact", low_id=low, high_id=high, probability=0.9, found_at=NOON)
    assert back(run) == []
    for model in (Lead, Moment, LeadChance, Duplicate):
        assert not model.objects.exists()


def test_killed_in_the_middle_it_goes_on(load, back, monkeypatch):
    monkeypatch.setattr(undoing, "CHUNK", 1)

    def die(done, rows):
        assert (done, rows) == (1, 4)
        raise KeyboardInterrupt

    run = load(ROWS, LEADS)
    with pytest.raises(KeyboardInterrupt):
        back(run, tell=die)
    run.refresh_from_db()
    assert (Lead.objects.count(), run.state) == (2, "done")
    heard = []
    assert back(run, tell=lambda *far: heard.append(far)) == []
    assert heard == [(1, 3), (2, 3), (3, 3)]
    assert (Lead.objects.count(), Contact.objects.count(), Company.objects.count()) == (0, 0, 0)
    assert run.counts["undone"] == 10
