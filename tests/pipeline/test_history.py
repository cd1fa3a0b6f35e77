"""History of business records: every change, also a bulk one, with who made it, and never rewritten."""

import pghistory
import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from pipeline.models import Campaign
from tests import cast as make
from tests.api import Api

CampaignEvent = apps.get_model("pipeline", "CampaignEvent")


def test_a_change_says_who_made_it(cast):
    campaign = make.campaign("Fair")
    Api(cast.marketer).patch(f"/campaigns/{campaign.pk}/", {"name": "Spring fair"})
    event = CampaignEvent.objects.select_related("pgh_context").get()
    assert (event.name, event.pgh_context.metadata["user"]) == ("Fair", cast.marketer.pk)


def test_bulk_changes_are_kept_and_other_columns_are_not(db):
    campaigns = [make.campaign() for _ in range(3)]
    Campaign.objects.update(budget=5)
    assert CampaignEvent.objects.count() == len(campaigns)
    Campaign.objects.update(external_id="")
    assert CampaignEvent.objects.count() == len(campaigns)


def test_a_change_that_nobody_asked_for_has_no_context(db):
    make.campaign()
    Campaign.objects.update(budget=5)
    with pghistory.context(command="rename"):
        Campaign.objects.update(budget=6)
    with connection.cursor() as cursor:  # as a session finds them after the transaction of a request
        cursor.execute(
            "SELECT set_config('pghistory.context_id', '', true), set_config('pghistory.context_metadata', '', true)"
        )
    Campaign.objects.update(budget=7)
    contexts = CampaignEvent.objects.order_by("pk").values_list("pgh_context__metadata", flat=True)
    assert list(contexts) == [None, {"command": "rename"}, None]


def test_triggers_can_be_set_aside(db):
    make.campaign()
    with pgtrigger.ignore():
        Campaign.objects.update(budget=5)
    assert not CampaignEvent.objects.exists()
    with pgtrigger.ignore("pipeline.Campaign:delete_delete"):
        Campaign.objects.update(budget=6)
    assert CampaignEvent.objects.count() == 1


def test_no_row_of_a_bulk_change_fails_inside(db):
    """A block with EXCEPTION is a subtransaction for each row; the packages' own functions have one each."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT f.proname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
               CROSS JOIN LATERAL (SELECT p.proname, p.prosrc UNION ALL SELECT o.proname, o.prosrc FROM pg_proc o
                 WHERE o.proname LIKE '\\_pg%%' AND p.prosrc LIKE '%%' || o.proname || '%%') f
               WHERE NOT t.tgisinternal AND f.prosrc ~* '\\mexception when\\M'"""
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT count(*) FROM pg_proc WHERE proname IN ('_pgh_attach_context', '_pgtrigger_should_ignore')"
        )
        assert cursor.fetchone() == (2,)


@pytest.mark.parametrize(
    "statement", ["UPDATE pipeline_campaignevent SET name = 'x'", "DELETE FROM pipeline_campaignevent"]
)
def test_history_is_never_rewritten(db, statement):
    make.campaign()
    Campaign.objects.update(budget=5)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
