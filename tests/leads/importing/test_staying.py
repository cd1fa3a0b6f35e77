"""What stays of an import that is taken back: all of it is named, and the run is undone but in part."""

import pytest

from leads.models import Lead, Moment, MomentRule, Touch
from pipeline.models import Company, Deal
from tests import cast as people
from tests.cast import NOON
from tests.leads.importing.test_undoing import LEADS, ROWS

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

TOUCHES = {
    "kind": "touches",
    "source": "crm",
    "columns": {"id": "external_id", "email": "email", "kind": "kind", "day": "at"},
}
TOUCHED = "id,email,kind,day\n1,known@x.de,form,2026-02-01\n2,other@x.de,form,2026-02-02\n"
COMPANIES = {"kind": "companies", "columns": {"name": "name", "city": "industry", "country": "country"}}


def stays(run):
    run.refresh_from_db()
    return run.state, run.counts["kept_count"]


def test_a_dealing_that_somebody_answered_is_named(load, back, cast, client):
    known, _other = people.contact("Known", "known@x.de"), people.contact("Other", "other@x.de")
    run = load(TOUCHED, TOUCHES)
    touch = Touch.objects.get(external_id="1")
    rule = MomentRule.objects.create(name="Asks", kind="form")
    Moment.objects.create(
        rule=rule, touch=touch, contact=known, owner=cast.rep, at=NOON, closed_at=NOON, outcome="reached"
    )
    assert back(run) == ["Known · 2026-02-01: worked on since"]
    assert (stays(run), list(Touch.objects.all())) == (("partly", 1), [touch])
    client.force_login(cast.marketer)
    page = client.get(f"/imports/{run.pk}/").content.decode()
    assert f'<a href="/contacts/{known.pk}/">Known · 2026-02-01: worked on since</a>' in page


def test_a_row_changed_by_hand_since_is_named_and_the_rest_is_as_before(load, back):
    for name in ("Acme", "Beta"):
        Company.objects.create(name=name, key=name.lower(), industry="Bonn", country="DE")
    run = load("name,city,country\nAcme,Wien,AT\nBeta,Wien,AT\n", COMPANIES)
    Company.objects.filter(name="Acme").update(industry="Graz")
    assert back(run) == ["Acme keeps what was changed of it since"]
    assert stays(run) == ("partly", 1)
    assert set(Company.objects.values_list("name", "industry", "country")) == {
        ("Acme", "Graz", "DE"),
        ("Beta", "Bonn", "DE"),
    }


def test_what_somebody_gave_back_by_hand_is_nothing_that_stays(load, back):
    Company.objects.create(name="Acme", key="acme", industry="Bonn", country="DE")
    run = load("name,city,country\nAcme,Wien,AT\n", COMPANIES)
    Company.objects.update(industry="Bonn")
    assert back(run) == []
    assert stays(run) == ("undone", 0)


def test_a_row_that_the_run_made_and_changed_is_named_once(load, back, cast):
    run = load("name,city,country\nAcme,Wien,AT\nAcme,Graz,AT\n", COMPANIES)
    people.contact("Ida", "ida@x.at", company=Company.objects.get())
    Company.objects.update(industry="Linz")
    assert back(run) == ["Acme: worked on since"]


def test_a_lead_changed_by_hand_since_is_named(load, back):
    load(ROWS, LEADS)
    run = load(ROWS.replace("sem", "social"), LEADS)
    Lead.objects.filter(external_id="1").update(channel="direct")
    assert back(run) == ["Anna keeps what was changed of it since"]
    assert stays(run) == ("partly", 1)


def test_a_deal_moved_by_hand_since_is_named(load, back):
    deals = {
        "kind": "deals", "source": "crm",
        "columns": {"id": "external_id", "company": "company", "sum": "amount", "stage": "stage"},
    }  # fmt: skip
    load("id,company,sum,stage\n1,Acme,5,proposal\n2,Acme,5,proposal\n", deals)
    run = load("id,company,sum,stage\n1,Acme,6,proposal\n2,Acme,6,proposal\n", deals)
    changed = Deal.objects.get(external_id="1")
    Deal.objects.filter(pk=changed.pk).update(amount=7, base_amount=7)
    assert back(run) == [f"{changed.name} keeps what was changed of it since"]
    assert set(Deal.objects.values_list("amount", flat=True)) == {7, 5}
