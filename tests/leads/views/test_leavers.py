"""Leaving ends access and lets nothing lie: both or neither."""

import pytest

from accounts.models import RepProfile, User
from leads.models import Agreement, Handoff, Lead
from tests import cast as make

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
