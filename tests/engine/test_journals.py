"""Journals are only ever added to, by anybody, unless the owner says that it is erasing."""

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from engine.journals import ProtectJournal, erasing

REFUSED = (InternalError, ProgrammingError)


@pytest.fixture
def journal(transactional_db, owner):
    """A journal with one row."""
    operation = ProtectJournal("diary")
    with owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE diary (id int); INSERT INTO diary VALUES (1);")
        cursor.execute("GRANT ALL ON diary TO tandem_app")
        with connection.schema_editor() as editor:
            operation.database_forwards("engine", editor, None, None)
        yield cursor
        cursor.execute("DROP TABLE diary")


@pytest.mark.parametrize("change", ["UPDATE diary SET id = 2", "DELETE FROM diary", "TRUNCATE diary"])
def test_change_is_refused(journal, change):
    with pytest.raises(REFUSED, match="only ever added to"), transaction.atomic():
        journal.execute(change)
    journal.execute("SELECT array_agg(id) FROM diary")
    assert journal.fetchone() == ([1],)


def test_adding_is_allowed(journal):
    journal.execute("INSERT INTO diary VALUES (2)")
    journal.execute("SELECT count(*) FROM diary")
    assert journal.fetchone() == (2,)


@pytest.mark.parametrize("change, left", [("UPDATE diary SET id = 2", [2]), ("DELETE FROM diary", None)])
def test_erasing_is_allowed_and_ends_with_its_transaction(journal, change, left):
    with erasing("default") as cursor:
        cursor.execute(change)
    journal.execute("SELECT array_agg(id) FROM diary")
    assert journal.fetchone() == (left,)
    journal.execute("INSERT INTO diary VALUES (7)")
    with pytest.raises(REFUSED), transaction.atomic():
        journal.execute("DELETE FROM diary")


def test_operation_writes_itself_into_a_migration():
    assert ProtectJournal("diary").deconstruct() == ("ProtectJournal", ["diary"], {})
