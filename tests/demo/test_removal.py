"""Taking the demo away: everything of it goes, nothing else does."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from accounts.models import Organisation
from demo.making import make
from demo.removal import remove
from reports import rollups

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
    before, ours = sizes(), Organisation.objects.values().get()
    with owner("owner"):
        make(language="en", seed=1, at=AT, small=True)
        assert remove() > 10_000
    assert sizes() == before
    assert Organisation.objects.values().get() == ours
    assert remove() == 0
