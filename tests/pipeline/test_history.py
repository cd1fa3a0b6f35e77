"""History of business records: every change, also a bulk one, with who made it, and never rewritten."""

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
    Campaign.objects.update(note="no event for this")
    assert CampaignEvent.objects.count() == len(campaigns)


@pytest.mark.parametrize(
    "statement", ["UPDATE pipeline_campaignevent SET name = 'x'", "DELETE FROM pipeline_campaignevent"]
)
def test_history_is_never_rewritten(db, statement):
    make.campaign()
    Campaign.objects.update(budget=5)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
