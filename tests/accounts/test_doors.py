"""The door: 404 for the unseen, 403 for the seen but not theirs."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.doors import get_permitted, permitted, requires
from leads.models import Lead
from tests import cast as make

pytestmark = pytest.mark.django_db


def asking(user):
    return SimpleNamespace(user=user, method="GET")


def test_unseen_is_not_found(cast):
    lead = make.lead(owner=cast.rep)
    with pytest.raises(Http404):
        get_permitted(asking(cast.other_rep), Lead.objects, "leads.work_lead", lead.pk)


def test_seen_but_not_theirs_is_refused(cast):
    lead = make.lead(owner=cast.rep)
    with pytest.raises(PermissionDenied):
        get_permitted(asking(cast.marketer), Lead.objects, "leads.claim_lead", lead.pk)


def test_open_door(cast):
    lead = make.lead(owner=cast.rep)
    assert get_permitted(asking(cast.rep), Lead.objects.all(), "leads.work_lead", lead.pk) == lead


def test_permitted_without_object_says_perhaps(cast):
    assert permitted(asking(cast.rep), "leads.work_lead")
    assert not permitted(asking(cast.finance), "leads.work_lead")


def test_requires_guards_a_view(cast):
    view = requires("accounts.manage_people")(lambda request: "in")
    assert view(asking(cast.admin)) == "in"
    with pytest.raises(PermissionDenied):
        view(asking(cast.marketer))
