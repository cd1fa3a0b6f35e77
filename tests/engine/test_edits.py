"""Tables tell who edits their rows: any way of writing, by somebody; what machines do by themselves is no edit."""

import json

import pghistory
import pytest
from django.contrib.admin.models import LogEntry

from accounts.models import RepProfile, Team
from tests import cast as make

pytestmark = pytest.mark.django_db


def told():
    """{(user, table and key, columns), …} of every edit."""
    entries = LogEntry.objects.values_list("user__full_name", "object_repr", "change_message")
    return sorted((who, what, *json.loads(message)[0]["changed"]["fields"]) for who, what, message in entries)


def test_somebodys_edits_are_told_by_row_and_column(cast):
    north, south = cast.rep.team, cast.other_rep.team
    profile, region = cast.rep.rep, make.region("north")
    Team.objects.update(region=region)
    RepProfile.objects.filter(pk=profile.pk).update(open_n=1)
    profile.regions.add(region)
    assert told() == [], "nobody did that"
    with pghistory.context(user=cast.admin.pk):
        Team.objects.filter(pk__in=[north.pk, south.pk]).update(track="sales", region=None)
        north.refresh_from_db()
        north.name = "Far north"
        north.save()
        north.save()
        RepProfile.objects.filter(pk=profile.pk).update(open_n=2)
        RepProfile.objects.filter(pk=profile.pk).update(open_n=3, weight=2)
        profile.regions.set([])
        profile.segments.set([make.segment()])
        cast.finance.last_login = make.NOON
        cast.finance.save()
    one = f"accounts_repprofile {profile.pk}"
    assert told() == [
        ("Admin", one, "regions"),
        ("Admin", one, "segments"),
        ("Admin", one, "weight"),
        ("Admin", f"accounts_team {north.pk}", "name"),
        ("Admin", f"accounts_team {north.pk}", "region_id"),
        ("Admin", f"accounts_team {south.pk}", "region_id"),
    ]


@pytest.mark.parametrize("user", [None, 0])
def test_an_edit_by_nobody_we_know_is_made_and_not_told(cast, user):
    with pghistory.context(user=user):
        Team.objects.filter(pk=cast.rep.team_id).update(name="Far north")
    assert (Team.objects.filter(name="Far north").count(), told()) == (1, [])
