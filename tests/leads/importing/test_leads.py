"""Leads: whose they are, which pass they make, what they bring, and the same file changing nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts import organisation
from accounts.models import Organisation
from leads import scoring
from leads.models import ImportedRow, Lead, LeadScore, StageChange, Touch
from pipeline.identities import digest
from pipeline.models import Company, Contact, Identity, Suppression
from tests import cast as people
from tests.cast import NOON
from tests.leads.importing.running import figures, rejects

pytestmark = pytest.mark.django_db

MAPPING = {
    "kind": "leads",
    "source": "crm",
    "region": "DE",
    "formats": ["%Y-%m-%d"],
    "columns": {
        "id": "external_id",
        "name": "full_name",
        "email": "email",
        "mobile": "mobile",
        "company": "company",
        "day": "captured_at",
        "stage": "stage",
        "won": "won_at",
        "source": "channel",
        "size": "attributes.size",
    },
}
HEADER = "id,name,email,mobile,company,day,stage,won,source,size\n"


def everything():
    """All that an import writes, to see whether anything changed."""
    tables = (Contact, Identity, Company, Lead, Touch, StageChange, LeadScore)
    return {model: list(model.objects.order_by("pk").values()) for model in tables}


def keep_promises():
    """Deferred constraints speak up now."""
    connection.check_constraints()


def test_a_live_lead(load, cast):
    spring = people.campaign(name="Spring", code="spring")
    run = load(
        "id,name,email,mobile,company,day,source,campaign,note,owner\n"
        "7,Anna Berg,Anna@Acme.DE,0171 1234567,Acme GmbH,2026-06-09,sem,spring,hello,Rep\n",
        {
            **MAPPING,
            "columns": {
                "id": "external_id", "name": "full_name", "email": "email", "mobile": "mobile", "company": "company",
                "day": "captured_at", "source": "channel", "campaign": "campaign", "note": "note", "owner": "owner",
            },
        },
    )  # fmt: skip
    keep_promises()
    lead = Lead.objects.select_related("contact__company").get()
    assert (lead.source, lead.external_id, lead.stage, lead.seq, lead.cycle) == ("crm", "7", "new", 1, 1)
    assert (lead.campaign, lead.channel, lead.source_text, lead.history) == (spring, "sem", "sem", False)
    assert (lead.owner, lead.owner_text) == (None, "Rep")  # the machine routes live leads
    assert lead.captured_at == datetime(2026, 6, 9, tzinfo=UTC)
    contact = lead.contact
    assert (contact.full_name, contact.given_name, contact.family_name) == ("Anna Berg", "Anna", "Berg")
    assert (contact.company.name, contact.company.key) == ("Acme GmbH", "acme")
    assert set(contact.identities.values_list("kind", "value", "raw")) == {
        ("email", "anna@acme.de", "Anna@Acme.DE"),
        ("mobile", "+491711234567", "0171 1234567"),
    }
    touch = Touch.objects.get()
    assert (touch.contact, touch.kind, touch.campaign, touch.at, touch.note) == (
        contact, "form", spring, lead.captured_at, "hello",
    )  # fmt: skip
    assert LeadScore.objects.get().scored_at is None
    assert scoring.score_due(at=NOON) == 1
    assert figures(run) == {
        "leads": 1, "created": 1, "contacts": 1, "companies": 1,
    }  # fmt: skip


def test_history_keeps_the_machine_still(load, cast):
    load(
        "name,email,day,owner\nAnna,a@x.de,2025-01-01,rep@tandem.example\nBoris,b@x.de,2025-01-01,Somebody Else\n",
        {
            **MAPPING,
            "mode": "history",
            "columns": {"name": "full_name", "email": "email", "day": "captured_at", "owner": "owner"},
        },
    )
    assert set(Lead.objects.values_list("history", "owner", "owner_text")) == {
        (True, cast.rep.pk, ""), (True, None, "Somebody Else"),
    }  # fmt: skip
    assert not LeadScore.objects.exists()


def test_rows_older_than_two_weeks_are_history_where_no_mode_is_told(load):
    load(HEADER + "1,A,,,,2026-06-01,,,,\n2,B,,,,2026-05-20,,,,\n3,C,,,,,,,,\n", MAPPING)
    assert dict(Lead.objects.values_list("external_id", "history")) == {"1": False, "2": True, "3": False}
    assert set(LeadScore.objects.values_list("lead__external_id", flat=True)) == {"1", "3"}


@pytest.mark.parametrize("by_mapping", [False, True])
def test_live_is_live_however_old_the_rows_are(load, by_mapping):
    spec = MAPPING | {"mode": "live"} if by_mapping else MAPPING
    load(HEADER + "1,A,a@x.de,,,2026-01-01,,,,\n", spec, **({} if by_mapping else {"mode": "live"}))
    assert not Lead.objects.get().history
    assert LeadScore.objects.count() == 1


def test_the_same_file_changes_nothing(load):
    rows = (
        "Anna,a@x.de,0171 1234567,Acme,2026-06-01,form\n"
        ",,0172 7654321,,2026-06-02,\n"
        "Nobody In Particular,,,Beta AG,2026-06-03,\n"
        "Anna B.,a@x.de,,Acme,2026-06-05,\n"
        ",info@x.de,030 901820,,2026-06-05,\n"
    )
    mapping = {
        **MAPPING,
        "columns": {
            "name": "full_name", "email": "email", "mobile": "mobile", "company": "company", "day": "captured_at",
            "what": "touch_kind",
        },
    }  # fmt: skip
    load("name,email,mobile,company,day,what\n" + rows, mapping)
    keep_promises()
    assert (Lead.objects.count(), Contact.objects.count(), Touch.objects.count()) == (4, 4, 5)
    before = everything()
    again = load("name,email,mobile,company,day,what\n" + rows, mapping)
    assert everything() == before
    assert figures(again) == {"unchanged": 5}
    assert not ImportedRow.objects.filter(run=again).exists()


def test_rows_of_one_person_join_the_open_pass(load):
    run = load(
        HEADER
        + "1,Anna,a@x.de,0171 1234567,,2026-06-01,,,,\n2,,a@x.de,0172 1234567,,2026-06-02,,,,\n3,,,0172 1234567,,2026-06-03,,,,\n",
        MAPPING,
    )
    keep_promises()
    lead = Lead.objects.get()
    assert list(lead.contact.touches.order_by("at").values_list("external_id", flat=True)) == [
        "lead:1",
        "lead:2",
        "lead:3",
    ]
    assert lead.contact.identities.count() == 3
    assert (run.counts["leads"], run.counts["joined"]) == (1, 2)
    rows = "1,Bea,b@x.de,,Acme,2026-06-01,,,Fair,5\n2,Bea,b@x.de,,Acme,2026-06-02,,,Fair,5\n3,Bea,b@x.de,,,2026-06-03,,,Web,6\n"
    load(HEADER + rows.replace("Bea", "Bea Rau"), {**MAPPING, "source": "other"})
    notes = Touch.objects.filter(source="other").order_by("external_id").values_list("note", flat=True)
    assert list(notes) == ["", "", "size: 6\nSource: Web"]  # a joined row says only what it tells otherwise


def test_what_a_row_tells_of_a_known_company_fills_it_or_is_told(load, cast):
    """Empty facts are filled, those that stand there stay and the other word is kept; to be taken back."""
    known = Company.objects.create(name="Acme", key="acme", industry="Steel", employees=40)
    header = "id,name,email,company,site,branch,staff,owner\n"
    columns = {
        "id": "external_id", "name": "full_name", "email": "email", "company": "company", "site": "domain",
        "branch": "industry", "staff": "employees", "owner": "owner",
    }  # fmt: skip
    mapping = {"kind": "leads", "source": "fair", "columns": columns, "mode": "live"}
    rows = (
        "1,Ann Berg,a@x.de,Acme GmbH,https://www.Acme.de/contact,Pumps,50,\n2,Bo Lind,b@x.de,Acme,acme.de,steel,40,\n"
        f"3,Bo Lind,b@x.de,Acme,acme.com,,,{cast.rep.full_name}\n4,Cy Ohm,c@x.de,New Ltd,,,7,\n5,Di Ohm,d@x.de,New,new.de,Gears,8,\n"
    )
    run = load(header + rows, mapping)
    known.refresh_from_db()
    assert (known.domain, known.industry, known.employees) == ("acme.de", "Steel", 40)
    fresh = Company.objects.exclude(pk=known.pk).get()
    assert (fresh.domain, fresh.industry, fresh.employees) == ("new.de", "Gears", 7)
    told = dict(Lead.objects.values_list("external_id", "attributes"))
    assert told == {"1": {"industry": "Pumps", "employees": "50"}, "2": {}, "4": {}, "5": {"employees": "8"}}
    joined = Touch.objects.get(external_id="lead:3")
    assert joined.note == "Web domain: acme.com\nOwner: Rep"
    before = everything()
    load(header + rows, mapping)
    assert everything() == before
    ledger = ImportedRow.objects.get(run=run, table="company", row_id=known.pk)
    told = {side: {"domain": one["domain"]} for side, one in ledger.before.items()}
    assert told == {"was": {"domain": ""}, "now": {"domain": "acme.de"}}
    assert {key for one in ledger.before.values() for key in one} == {"domain", "updated_at"}


def test_a_known_person_joins_the_open_pass_and_fills_in_blanks(load):
    known = people.lead(at=NOON - timedelta(days=30), contact=people.contact("x", "a@x.de"), history=True)
    Contact.objects.update(full_name="")
    LeadScore.objects.all().delete()
    run = load(HEADER + "1,Anna Berg,A@x.de,0171 1234567,Acme,2026-06-08,,,,\n", MAPPING)
    keep_promises()
    known.refresh_from_db()
    contact = known.contact
    contact.refresh_from_db()
    assert (contact.full_name, contact.family_name, contact.company.key) == ("Anna Berg", "Berg", "acme")
    assert set(contact.identities.values_list("kind", flat=True)) == {"email", "mobile"}
    assert Touch.objects.get().contact == contact
    assert not known.history  # somebody came now
    assert LeadScore.objects.get().lead == known
    assert run.counts["joined"] == 1
    load(HEADER + "2,Another Name,A@x.de,,Beta,2026-06-09,,,,9\n", MAPPING)
    contact.refresh_from_db()
    assert (contact.full_name, contact.company.key) == ("Anna Berg", "acme")
    notes = list(Touch.objects.order_by("pk").values_list("note", flat=True))
    assert notes == ["", "Company: Beta\nFull name: Another Name\nsize: 9"]  # nothing told is lost

    # without a day, or under a mapping that tells no dealing, the row is known again by a touch that warms nobody
    for rows, mapping in (
        (HEADER + "9,,A@x.de,,,,,,,\n", MAPPING),
        (HEADER + "10,,A@x.de,,,2026-06-09,,,,\n", {**MAPPING, "touch": ""}),
    ):
        assert load(rows, mapping).counts["joined"] == 1
        Lead.objects.update(stage="disqualified", ended_at=NOON)
        before = everything()
        assert load(rows, mapping).counts["unchanged"] == 1
        assert everything() == before
        Lead.objects.update(stage="new", ended_at=None)
    assert list(Touch.objects.order_by("pk").values_list("external_id", "automatic")) == [
        ("lead:1", False), ("lead:2", False), ("lead:9", True), ("lead:10", True),
    ]  # fmt: skip


def test_a_customer_begins_another_pass(load):
    load(
        HEADER + "2,Anna,a@x.de,,,2025-05-01,,,,\n1,Anna,a@x.de,,,2024-01-01,won,2024-02-01,,\n",
        {**MAPPING, "mode": "history"},
    )
    keep_promises()
    assert list(Lead.objects.order_by("cycle").values_list("external_id", "stage", "cycle")) == [
        ("1", "won", 1),
        ("2", "new", 2),
    ]
    load(HEADER + "3,Anna,a@x.de,,,2026-06-09,,,,\n", MAPPING)
    assert Lead.objects.count() == 2  # the second pass is open
    further = (
        HEADER
        + "4,Anne,a@x.de,,Beta,2023-05-01,won,2023-06-01,,\n5,Anna,a@x.de,,Gamma,2022-05-01,won,2022-06-01,,\n"
    )
    load(further, {**MAPPING, "mode": "history"})
    Lead.objects.filter(external_id="5").update(attributes={"company": "ours"})
    for _again in range(2):
        load(further, {**MAPPING, "mode": "history"})
        assert set(Lead.objects.filter(external_id__in=("4", "5")).values_list("external_id", "attributes__company")) == {
            ("4", None), ("5", "ours"),
        }  # fmt: skip
    assert Contact.objects.get().company.name == "Beta"
    assert Lead.objects.get(external_id="4").attributes == {"full_name": "Anne"}
    assert Lead.objects.get(external_id="5").attributes == {"company": "ours", "company (crm)": "Gamma"}


def test_keys_of_two_people_are_refused(load):
    one, two = people.contact("Anna", "a@x.de"), people.contact("Boris", "b@x.de")
    Identity.objects.create(contact=two, kind="mobile", value="+491711234567")
    run = load(
        HEADER
        + "1,,a@x.de,0171 1234567,,2026-06-01,,,,\n2,,c@x.de,0172 1111111,,2026-06-01,,,,\n3,,d@x.de,,,2026-06-01,,,,\n"
        "4,,d@x.de,0172 1111111,,2026-06-01,,,,\n",
        MAPPING,
    )
    assert rejects(run) == [
        (
            2,
            "email, mobile",
            "a@x.de, 0171 1234567",
            f"its keys belong to two people: Anna ({one.pk}) and Boris ({two.pk})",
        ),
        (5, "email, mobile", "d@x.de, 0172 1111111", "its keys belong to two people of this file"),
    ]
    assert Lead.objects.count() == 2


def test_a_lead_whose_key_and_address_are_of_two_people_is_refused(load):
    people.lead(contact=people.contact("Anna", "a@x.de"), source="crm", external_id="1")
    people.contact("Boris", "b@x.de")
    run = load(HEADER + "1,,b@x.de,,,2026-06-01,,,,\n", MAPPING)
    assert [reason[:30] for _line, _column, _value, reason in rejects(run)] == [
        "its keys belong to two people:"
    ]


def test_merged_people_stand_for_their_survivor(load):
    gone, stays = people.contact("Gone", "g@x.de"), people.contact("Stays", "s@x.de")
    people.lead(contact=gone, source="crm", external_id="1")
    gone.identities.update(contact=stays)
    gone.merged_into = stays
    gone.save()
    load(HEADER + "1,,,0171 1234567,,2026-06-01,,,,\n", MAPPING)
    assert set(stays.identities.values_list("value", flat=True)) == {"g@x.de", "s@x.de", "+491711234567"}


def test_updates_by_external_id(load):
    load(HEADER + "1,Anna,a@x.de,,Acme,2026-06-01,,,sem,10\n", MAPPING)
    run = load(HEADER + "1,Anna Berg,a@x.de,,Acme,2026-06-01,mql,,seo,20\n", MAPPING)
    keep_promises()
    lead = Lead.objects.get()
    assert (lead.channel, lead.attributes, lead.stage, lead.seq) == ("seo", {"size": "20"}, "mql", 2)
    assert lead.contact.full_name == "Anna Berg"
    assert figures(run) == {"updated": 1, "contacts_updated": 1}
    before = ImportedRow.objects.get(run=run, table="lead").before
    assert (before["was"]["channel"], before["now"]["channel"]) == ("sem", "seo")
    for row in ("1,Anna Bergmann,a@x.de,,Acme,2026-06-01,,,,\n", "1,,,0171 1234567,,2026-06-01,,,,\n"):
        assert (
            load(HEADER + row, MAPPING).counts["updated"] == 1
        )  # the person, and the address, are the row's too
        assert load(HEADER + row, MAPPING).counts["unchanged"] == 1


def test_a_lead_never_goes_back(load):
    run = load(HEADER + "1,Anna,,,,2026-06-01,sql,,,\n2,Boris,,,,2026-06-01,disqualified,,,\n", MAPPING)
    nobodys = "no rep holds it: the file names nobody who sells here"
    assert rejects(run, warning=True) == [(2, "stage", "sql", nobodys)]
    load(HEADER + "1,Anna,,,,2026-06-01,mql,,,\n2,Boris,,,,2026-06-01,mql,,,\n", MAPPING)
    assert dict(Lead.objects.values_list("external_id", "stage")) == {"1": "sql", "2": "disqualified"}


def test_steps_without_a_date_are_inferred(load):
    run = load(
        HEADER + "1,Anna,,,,2026-01-10,,2026-01-08,,\n2,Boris,,,,2026-01-10,nurture,,,\n",
        {**MAPPING, "mode": "history"},
    )
    keep_promises()
    steps = StageChange.objects.filter(lead__external_id="1").order_by("seq")
    assert list(steps.values_list("to_stage", "inferred")) == [
        ("new", False), ("mql", True), ("ready", True), ("sql", True), ("deal", True), ("won", False),
    ]  # fmt: skip
    won = Lead.objects.get(external_id="1")
    assert (won.stage, won.won_at, won.ended_at) == (
        "won",
        datetime(2026, 1, 8, tzinfo=UTC),
        datetime(2026, 1, 8, tzinfo=UTC),
    )
    assert rejects(run, warning=True) == [
        (2, "won", "2026-01-08", "the win is dated before the first contact")
    ]
    aside = StageChange.objects.filter(lead__external_id="2").order_by("seq")
    assert list(aside.values_list("to_stage", flat=True)) == ["new", "nurture"]


def test_hand_raisers_are_marked(load):
    load(
        "id,day,what\n1,2026-06-09,quote_request\n2,2026-06-09,form\n3,2026-06-09,热\n4,2026-06-09,Тёплый\n",
        {**MAPPING, "columns": {"id": "external_id", "day": "captured_at", "what": "touch_kind"}},
    )
    day = datetime(2026, 6, 9, tzinfo=UTC)
    raised = {"1": day, "2": None, "3": day, "4": None}
    assert dict(Lead.objects.values_list("external_id", "hand_raised_at")) == raised
    assert set(Touch.objects.values_list("kind", flat=True)) == {
        "quote_request",
        "form",
        "hot_at_booth",
        "event",
    }


def test_bad_addresses_are_refused(load):
    run = load(
        HEADER + "1,Anna,nowhere,,,,,,,\n2,Boris,,1.38E+10,,,,,,\n3,Clara,,ask,,,,,,\n4,Dora,n/a,-,,,,,,\n",
        MAPPING,
    )
    assert rejects(run) == [
        (2, "email", "nowhere", "is not an e-mail address"),
        (3, "mobile", "1.38E+10", "has lost its digits in Excel: format the column as text"),
        (4, "mobile", "ask", "is not a telephone number"),
    ]
    assert Lead.objects.get().external_id == "4"


def test_a_row_that_names_nobody_is_refused(load):
    run = load("name,email,day\n,,2026-06-01\nAnna,,2026-06-01\n", {
        **MAPPING, "columns": {"name": "full_name", "email": "email", "day": "captured_at"},
    })  # fmt: skip
    assert rejects(run) == [(2, "", "", "names nobody")]


def test_whoever_asked_not_to_be_kept_is_refused(load):
    Suppression.objects.create(digest=digest("email", "a@x.de"), kind="email")
    run = load(HEADER + "1,Anna,A@x.de,,,,,,,\n2,Boris,b@x.de,,,,,,,\n", MAPPING)
    assert rejects(run) == [(2, "email", "A@x.de", "asked not to be kept: it is on the suppression list")]
    assert Lead.objects.get().external_id == "2"


def test_one_id_on_two_lines(load):
    run = load(HEADER + "1,Anna,,,,,,,,\n1,Boris,,,,,,,,\n1,Anna,,,,,,,,\n", MAPPING)
    assert rejects(run) == [(3, "id", "1", "line 2 is the same record")]
    assert figures(run) == {"leads": 1, "created": 1, "contacts": 1, "rejected": 1, "unchanged": 1}


def test_naive_dates_are_of_the_organisations_zone(load):

    Organisation.objects.update_or_create(only=True, defaults={"zone": "Asia/Shanghai"})
    organisation.forget()
    load(HEADER + "1,Anna,,,,2026-06-09,,,,\n", MAPPING)
    assert Lead.objects.get().captured_at == datetime(2026, 6, 8, 16, tzinfo=UTC)


def test_own_words_of_the_file_are_kept(load):
    load(HEADER + "1,Anna,,,,,,,Carrier pigeon,\n2,Boris,,,,,,,,\n", MAPPING)
    assert dict(Lead.objects.values_list("source_text", "channel")) == {
        "Carrier pigeon": "other",
        "": "unknown",
    }
