"""One field changed where it is read: with and without htmx, with the form, permission and conflict check of the record."""

import re
from datetime import date

import pytest
from django.test import Client

from leads.models import Lead
from pipeline.models import Campaign, Deal, FieldOwner, Product, Step
from pipeline.models.fields import CustomField
from tests import cast as make

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def seen(answer):
    """The digests that the form of an answer carries."""
    return re.search(r'name="as_seen" value="([^"]*)"', answer.content.decode())[1]


def test_each_kind_of_record_is_changed_field_by_field(cast):
    north = make.region()
    product = Product.objects.create(code="p", name="Pump", currency="EUR")
    for on in FieldOwner.values:
        CustomField.objects.create(code="floor", name="Floor", on=on, kind="text")
    acme = make.company("Acme", employees=5)
    fair = make.campaign("Fair", starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 3), currency="EUR")
    deal = make.deal(company=acme, owner=cast.rep, amount=5, currency="EUR", expected_close=date(2026, 9, 1))
    lead = make.lead(contact=make.contact("Ann", company=acme), stage="sql", owner=cast.rep)
    changes = [
        (cast.rep, acme, "companies", "region", north.pk, "North", north),
        (cast.rep, acme, "companies", "x_floor", "3", "3", None),
        (cast.marketer, fair, "campaigns", "ends_on", "2026-05-09", "9 May 2026", date(2026, 5, 9)),
        (cast.marketer, fair, "campaigns", "budget", "1,500.50", "€1,500.50", 1500.5),
        (cast.rep, deal, "deals", "amount", "700", "€700.00", 700),
        (cast.rep, deal, "deals", "expected_close", "2026-10-01", "1 Oct 2026", date(2026, 10, 1)),
        (cast.rep, deal, "deals", "x_floor", "4", "4", None),
        (cast.rep, lead, "leads", "source_text", "Hall 4", "Hall 4", "Hall 4"),
        (cast.rep, lead, "leads", "product", product.pk, "Pump", product),
        (cast.rep, lead, "leads", "x_floor", "5", "5", None),
    ]
    for user, thing, room, name, value, read, stored in changes:
        client, address = signed_in(user), f"/{room}/{thing.pk}/edit/{name}/"
        page, part = client.get(address), client.get(address, headers=HTMX)
        assert (page.status_code, part.status_code) == (200, 200), address
        assert "<html" in page.content.decode()
        assert "<html" not in part.content.decode()
        answer = client.post(address, {name: value, "as_seen": seen(part)}, headers=HTMX)
        assert (answer.status_code, read in answer.content.decode()) == (200, True), (address, answer.content)
        assert f'hx-get="{address}"' in answer.content.decode()
        thing.refresh_from_db()
        found = thing.attributes["floor"] if name == "x_floor" else getattr(thing, name)
        assert found == (read if stored is None else stored), address
        # without htmx it goes back to where it came from, and only to us
        for following, to in (
            ("/companies/?q=a", "/companies/?q=a"),
            ("https://evil.example/", f"/{room}/{thing.pk}/"),
        ):
            answer = client.post(address, {name: value, "as_seen": seen(part), "next": following})
            assert (answer.status_code, answer.get("Location")) == (302, to), address


def test_rules_of_the_whole_form_and_the_check_for_conflicts_hold(cast):
    fair = make.campaign("Fair", starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 3), currency="EUR")
    client, address = signed_in(cast.marketer), f"/campaigns/{fair.pk}/edit/starts_on/"
    stale = seen(client.get(address, headers=HTMX))
    refused = client.post(address, {"starts_on": "2026-05-05", "as_seen": stale}, headers=HTMX)
    assert refused.status_code == 422
    assert "The last day is before the first day." in refused.content.decode()
    Campaign.objects.filter(pk=fair.pk).update(starts_on=date(2026, 4, 1), name="Expo")
    asked = client.post(address, {"starts_on": "2026-05-02", "as_seen": stale}, headers=HTMX)
    assert asked.status_code == 422
    mine = re.search(r'value="(mine-\w+)"', asked.content.decode())[1]
    sent = {"starts_on": "2026-05-02", "as_seen": seen(asked), "keep-starts_on": mine}
    assert client.post(address, sent, headers=HTMX).status_code == 200
    fair.refresh_from_db()
    assert (fair.starts_on, fair.name) == (date(2026, 5, 2), "Expo")  # what else they changed stays theirs


def test_who_may_not_sees_no_pencil_and_is_refused(cast):
    acme, fair = make.company("Acme"), make.campaign("Fair", owner=cast.marketer)
    deal = make.deal(owner=cast.rep, amount=5, currency="EUR", expected_close=date(2026, 9, 1))
    lead = make.lead(stage="sql", owner=cast.rep)
    for user, address, status in (
        (cast.finance, f"/companies/{acme.pk}/edit/region/", 403),
        (cast.rep, f"/campaigns/{fair.pk}/edit/budget/", 403),
        (cast.other_rep, f"/deals/{deal.pk}/edit/amount/", 404),
        (cast.marketer, f"/leads/{lead.pk}/edit/source_text/", 403),
        (cast.rep, f"/companies/{acme.pk}/edit/name/", 404),
        (cast.rep, f"/companies/{acme.pk}/edit/x_nothing/", 404),
    ):
        client = signed_in(user)
        assert client.get(address).status_code == status, address
        assert client.post(address, {}).status_code == status, address
    assert 'class="edit"' not in signed_in(cast.finance).get("/companies/").content.decode()
    assert (
        f'href="/companies/{acme.pk}/edit/region/"' in signed_in(cast.rep).get("/companies/").content.decode()
    )
    assert 'class="edit"' not in signed_in(cast.rep).get("/campaigns/").content.decode()
    assert 'class="edit"' not in signed_in(cast.marketer).get("/leads/?columns=source_text").content.decode()
    assert 'class="edit"' in signed_in(cast.rep).get("/leads/?columns=source_text").content.decode()
    Deal.objects.filter(pk=deal.pk).update(outcome="lost", closed_at=make.NOON)
    assert 'class="edit"' not in signed_in(cast.rep).get("/deals/").content.decode()
    assert Lead.objects.get(pk=lead.pk).source_text == ""


def test_a_step_is_moved(cast):
    step = Step.objects.create(contact=make.contact("Ann"), what="Call", owner=cast.rep, due_at=make.NOON)
    client, address = signed_in(cast.rep), f"/steps/{step.pk}/edit/"
    form = client.get(address, headers={"Referer": "http://testserver/my-day/"})
    assert 'name="next" value="http://testserver/my-day/"' in form.content.decode()
    sent = {"what": "Call Ann", "due_at": "2026-07-01T09:30", "as_seen": seen(form), "next": "/leads/"}
    assert client.post(address, sent)["Location"] == "/leads/"
    step.refresh_from_db()
    assert step.what == "Call Ann"
    assert step.due_at.month == 7
    assert signed_in(cast.other_rep).get(address).status_code == 404
    assert signed_in(cast.teammate).get(address).status_code == 403
