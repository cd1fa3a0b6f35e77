"""Taking the demo away: everything of it goes, nothing else does."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from accounts.calendars import clock_for
from accounts.models import Organisation, Role, User, WorkingCalendar
from demo.making import make
from demo.removal import remove
from leads import capture, drafting, merging, scoring, terms
from leads.capture import Captured
from leads.models import Agreement, CameBy, Lead, Merge, Note, ScoreModel, Touch
from leads.scoring import versions
from pipeline.models import Campaign, Company, Contact, Deal, Identity
from reports import rollups, verify
from tests import cast

AT = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def sizes():
    """Table → rows."""
    counted = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counted[table] = cursor.fetchone()[0]
    return counted


def test_everything_goes(owner):
    """Every table is as long as before, and the organisation is itself again."""
    rollups.rebuild()
    before, ours = (
        sizes(),
        [Organisation.objects.values().get(), *WorkingCalendar.objects.values("pk", "zone")],
    )
    with owner("owner"):
        make(language="en", seed=1, at=AT, small=True)
        assert clock_for(None).zone.key == Organisation.objects.get().zone != "UTC"
        assert remove() > 10_000
    assert sizes() == before
    assert [Organisation.objects.values().get(), *WorkingCalendar.objects.values("pk", "zone")] == ours
    assert remove() == 0


def test_what_people_made_and_put_in_force_stays_and_what_hung_on_the_demo_goes(owner):
    """Merges within the demo and a note on its contact go; a campaign of people with its lead and touch stays.

    So do a draft of the demo that both heads signed, and a scorecard that was published: they are no longer the demo's.
    """
    rollups.rebuild()
    with owner("owner"):
        make(language="en", seed=1, at=AT, small=True)
        survivor, gone = Contact.objects.order_by("pk")[:2]
        known = gone.identities.filter(kind="email").first().value
        merging.merge_contacts(survivor.pk, gone.pk, by=None, at=AT)
        capture.capture(Captured(email=known), by=None, at=AT)
        assert CameBy.objects.count() == 1
        marketer = cast.person("mary", Role.MARKETING)
        Note.objects.create(contact=survivor, by=marketer, text="Called", at=AT)
        ours = cast.campaign("Our own", owner=marketer)
        person = cast.contact("Our own person", email="own@example.com")
        cast.touch(person, campaign=ours)
        own = cast.lead(contact=person, campaign=ours, owner=marketer)
        draft, general = put_in_force()
        assert remove() > 10_000
    assert [list(model.objects.values_list("pk", flat=True)) for model in (Contact, Lead, Campaign, Touch)] == [
        [person.pk], [own.pk], [ours.pk], [own.contact.touches.get().pk],
    ]  # fmt: skip
    assert [model.objects.count() for model in (Merge, CameBy, Note, Deal, Company, Identity)] == [
        0,
        0,
        0,
        0,
        0,
        1,
    ]
    assert User.objects.get(is_active=True) == marketer
    assert terms.in_force() == draft
    assert ScoreModel.objects.get(in_force=True) == general
    assert rollups_found() == {}


def put_in_force():
    """What the demo left to decide is decided: (its draft of the agreement, its scorecard), both in force."""
    draft = Agreement.objects.latest("version")
    head = User.objects.get(head_of="marketing", is_active=True)
    assert drafting.sign(draft, by=head, at=AT)
    versions.publish(versions.latest_draft(), by=head, at=AT)
    while scoring.score_due(at=AT):
        pass
    general = ScoreModel.objects.get(in_force=True, line="")
    assert general.number == 2
    return draft, general


def rollups_found():
    """What `verify` finds wrong."""
    return {name: found for name, found in verify.verify().found.items() if found}
