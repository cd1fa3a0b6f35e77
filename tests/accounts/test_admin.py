"""The back door: every list and form of it opens for administrators, and journals stay closed to writing."""

import pytest
from django.contrib import admin
from django.urls import reverse

from leads.models import AgreementSignature, Handoff, Lead
from pipeline.models import ConsentEvent, DealChange
from reports.models import CountedDeal
from tests import cast as make

OURS = [
    model
    for model in admin.site._registry
    if model._meta.app_label in ("accounts", "pipeline", "leads", "reports")
]


@pytest.mark.django_db
def test_every_list_opens(client, cast):
    client.force_login(cast.admin)
    make.deal(company=make.company())
    make.campaign()
    for model in OURS:
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert client.get(path).status_code == 200, path
        assert client.get(path.rstrip("/") + "/add/").status_code in (200, 403), path


@pytest.mark.django_db
def test_forms_open(client, cast):
    client.force_login(cast.admin)
    for thing in (make.deal(company=make.company()), make.campaign(), cast.rep, cast.rep.rep, make.contact()):
        path = reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change", args=[thing.pk])
        assert client.get(path).status_code == 200, path


@pytest.mark.django_db
@pytest.mark.parametrize(
    "journal", [ConsentEvent, DealChange, AgreementSignature, Lead, Handoff, CountedDeal]
)
def test_journals_are_read_only(journal, client, cast):
    client.force_login(cast.admin)
    path = reverse(f"admin:{journal._meta.app_label}_{journal._meta.model_name}_add")
    assert client.get(path).status_code == 403


@pytest.mark.django_db
def test_a_stranger_is_sent_to_our_own_door(client):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/login/?next=/admin/"
