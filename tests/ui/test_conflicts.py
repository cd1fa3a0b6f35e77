"""Two people at one record: nothing is lost, and where both changed the same, the second chooses. Without JavaScript."""

from datetime import date

import pytest
from django.test import Client

from pipeline.models import (
    Campaign,
    Company,
    FieldOwner,
)
from pipeline.models.fields import CustomField
from tests import cast as make
from tests.api import Api
from tests.pages import posted

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_what_both_changed_is_asked_and_the_rest_is_kept_from_both(cast):
    smb, big = make.segment("smb"), make.segment("big")
    CustomField.objects.create(code="floor", name="Floor", on=FieldOwner.COMPANY, kind="text")
    acme = make.company("Acme", segment=smb, employees=10, industry="glass", attributes={"floor": "1"})
    mine, theirs = signed_in(cast.admin), signed_in(cast.marketing_head)
    address = f"/companies/{acme.pk}/edit/"
    first, second = (posted(one.get(address), address) for one in (mine, theirs))
    assert first == second
    by_them = {
        "employees": "20",
        "industry": "steel",
        "segment": str(big.pk),
        "is_partner": "on",
        "x_floor": "2",
    }
    assert theirs.post(address, second | by_them).status_code == 302

    # I change the employees (they did too), the country (they did not), and leave the rest as it was on my screen
    wanted = first | {"employees": "30", "country": "DE"}
    answer = mine.post(address, wanted)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Marketing Head changed this just now." in html
    assert [
        field
        for field in answer.context["form"].fields
        if hasattr(answer.context["form"].fields[field], "difference")
    ] == ["employees"]
    both = answer.context["form"].fields["employees"].difference
    assert (both.mine, both.theirs) == ("30", "20")
    assert Company.objects.get(pk=acme.pk).employees == 20  # nothing is saved yet

    again = posted(answer, address)
    assert (again["employees"], again["country"], again["industry"]) == ("30", "DE", "steel")
    assert mine.post(address, again).status_code == 422  # no choice is no decision
    assert mine.post(address, again | {both.name: f"mine-{both.stamp}"}).status_code == 302
    acme.refresh_from_db()
    kept = (acme.employees, acme.country, acme.industry, acme.segment, acme.is_partner, acme.attributes)
    assert kept == (30, "DE", "steel", big, True, {"floor": "2"})


def test_the_others_value_may_stand_and_a_third_change_is_asked_anew(cast):
    fair = make.campaign("Fair", starts_on=date(2026, 5, 1), owner=cast.marketer)
    mine = signed_in(cast.marketer)
    address = f"/campaigns/{fair.pk}/edit/"
    stale = posted(mine.get(address), address)
    Campaign.objects.filter(pk=fair.pk).update(starts_on=date(2026, 5, 2), name="Trade fair")
    wanted = stale | {"starts_on": "2026-05-09", "name": "Spring fair"}
    asked = mine.post(address, wanted)
    form = asked.context["form"]
    day, name = (form.fields[field].difference for field in ("starts_on", "name"))
    assert (day.mine, day.theirs) == ("9 May 2026", "2 May 2026")
    Campaign.objects.filter(pk=fair.pk).update(name="Expo")
    choice = {day.name: f"theirs-{day.stamp}", name.name: f"theirs-{name.stamp}"}
    asked = mine.post(address, posted(asked, address) | choice)
    assert asked.status_code == 422
    name = asked.context["form"].fields["name"].difference
    assert (name.mine, name.theirs) == ("Spring fair", "Expo")
    # the day was decided and is not asked twice
    assert mine.post(address, posted(asked, address) | {name.name: f"theirs-{name.stamp}"}).status_code == 302
    fair.refresh_from_db()
    assert (fair.name, fair.starts_on) == ("Expo", date(2026, 5, 2))


def test_the_api_writes_only_onto_what_was_read(cast):
    acme = make.company("Acme", employees=10, industry="glass")
    jo, me = Api(cast.marketing_head), Api(cast.marketer)
    me.get(f"/companies/{acme.pk}/")
    seen = me.response.headers["ETag"]
    assert jo.patch(f"/companies/{acme.pk}/", {"employees": 20}, if_match=seen)[0] == 200
    status, body = me.patch(
        f"/companies/{acme.pk}/", {"employees": 30, "industry": "glass"}, if_match=f"W/{seen}"
    )
    assert (status, body["differs"]) == (412, {"employees": {"yours": 30, "theirs": 20}})
    assert body["detail"] == "Marketing Head changed this just now."
    fresh = me.response.headers["ETag"]
    assert me.patch(f"/companies/{acme.pk}/", {"employees": 30}, if_match=f'"other", {fresh}')[0] == 200
    assert (
        me.patch(f"/companies/{acme.pk}/", {"employees": 31})[0] == 200
    )  # who sends none is taken at their word
    assert me.patch(f"/companies/{acme.pk}/", {"employees": 32}, if_match="*")[0] == 200

    deal = make.deal(owner=cast.rep, amount=5, currency="EUR", expected_close=date(2026, 9, 1))
    rep = Api(cast.rep)
    rep.get(f"/deals/{deal.pk}/")
    seen = rep.response.headers["ETag"]
    assert rep.patch(f"/deals/{deal.pk}/", {"amount": "7.50"}, if_match=seen)[0] == 200
    assert rep.response.headers["ETag"] != seen
    status, body = rep.patch(f"/deals/{deal.pk}/", {"amount": "8"}, if_match=seen)
    assert (status, body["differs"]) == (412, {"amount": {"yours": "8", "theirs": "7.5000"}})

    person = make.contact("Ann")
    me.get(f"/contacts/{person.pk}/")
    assert (
        me.patch(f"/contacts/{person.pk}/", {"city": "Kiel"}, if_match=me.response.headers["ETag"])[0] == 200
    )

    admin, head, rep = Api(cast.admin), Api(cast.sales_head), cast.rep.pk
    for address, field, theirs, mine in (
        (f"/teams/{cast.rep.team_id}/", "name", "Far north", "Up north"),
        (f"/reps/{rep}/", "capacity", 6, 7),
        (f"/reps/{rep}/", "region_ids", [make.region("north").pk], [make.region("south").pk]),
    ):
        head.get(address)
        seen = head.response.headers["ETag"]
        assert admin.patch(address, {field: theirs})[0] == 200
        status, body = head.patch(address, {field: mine}, if_match=seen)
        assert (status, body["detail"]) == (412, "Admin changed this just now.")
