"""Leaving ends access and lets nothing lie: both or neither."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Absence, RepProfile, User
from leads import handoffs, ownership
from leads.models import Agreement, Handoff, Lead
from tests import cast as make
from tests.api import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(cast):
    RepProfile.objects.filter(user=cast.rep).update(open_n=1)
    return Handoff.objects.create(
        lead=make.lead(stage="ready"), rep=cast.rep, agreement=Agreement.objects.get(), offered_at=make.NOON
    )


def test_a_leavers_leads_go_on(client, cast, offered):
    client.force_login(cast.admin)
    person = client.get(f"/people/{cast.rep.pk}/")
    assert person.context["leave_url"] == f"/people/{cast.rep.pk}/leave/"
    assert client.post(person.context["leave_url"]).status_code == 302
    offered.refresh_from_db()
    assert (offered.end, offered.ended_at is not None) == ("released", True)
    assert Lead.objects.get(pk=offered.lead_id).route_at is not None
    assert not User.objects.get(pk=cast.rep.pk).is_active


def test_who_enters_an_absence_is_told_how_many_offers_go_on(client, cast, offered):
    client.force_login(cast.rep)
    path, today = f"/people/{cast.rep.pk}/", timezone.localdate()
    days = {"first": today + timedelta(days=2), "last": today + timedelta(days=3)}
    away = client.get(path).context["absence_url"]
    assert away == f"{path}away/"
    assert client.post(away, {**days, "last": today}).status_code == 422
    assert client.post(f"/people/{cast.other_rep.pk}/away/", days).status_code == 403
    assert "goes on to the next rep" not in client.post(away, days, follow=True).content.decode()
    offered.refresh_from_db()
    assert offered.end == ""
    api, body = Api(cast.rep), {"rep": cast.rep.pk, **{name: str(day) for name, day in days.items()}}
    assert api.post("/absences/", body)[0] == 201
    offered.refresh_from_db()
    assert offered.end == ""
    page = client.post(away, {**days, "first": today}, follow=True).content.decode()
    assert "1 offer that waited for an answer goes on to the next rep." in page
    offered.refresh_from_db()
    assert (offered.end, offered.note) == ("released", "The rep is absent.")
    # By the API the same, for who has come back meanwhile.
    Absence.objects.all().delete()
    held = handoffs.offer(
        offered.lead_id, to=cast.rep, by=cast.manager, at=timezone.now() - timedelta(days=1)
    )
    assert api.post("/absences/", {**body, "first": str(today)})[0] == 201
    assert Handoff.objects.get(pk=held).note == "The rep is absent."
    assert ownership.recount() == []


def test_the_last_administrator_stays_with_everything_in_hand(client, cast):
    client.force_login(cast.admin)
    assert client.post(f"/people/{cast.admin.pk}/leave/").status_code == 302
    assert User.objects.get(pk=cast.admin.pk).is_active


def test_only_administrators_let_people_go(client, cast, offered):
    for name, user in cast.everybody().items():
        client.force_login(user)
        if name != "admin":
            assert client.post(f"/people/{cast.rep.pk}/leave/").status_code == 403, name
    assert client.get(f"/people/{cast.rep.pk}/leave/").status_code == 405
