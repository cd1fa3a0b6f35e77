"""The runtime role works with rows, never with tables, and only adds to journals."""

import pytest
from django.db import ProgrammingError, connection, transaction

from engine.roles import journals


def allowed(table, right):
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('tandem_app', %s, %s)", [table, right])
        return cursor.fetchone()[0]


def tables():
    return set(connection.introspection.table_names()) - {"django_migrations"}


def test_tests_run_as_the_runtime_role(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('is_superuser')")
        assert cursor.fetchone() == ("tandem_app", "off")


def test_every_table_can_be_read_and_added_to(db):
    for table in tables():
        assert allowed(table, "SELECT")
        assert allowed(table, "INSERT")
        assert not allowed(table, "TRUNCATE")


def test_only_journals_cannot_be_changed(db):
    kept = {table for table in tables() if not allowed(table, "UPDATE")}
    assert kept == {table for table in tables() if not allowed(table, "DELETE")} == set(journals(connection))


def test_each_journal_is_protected_from_its_owner_too(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'journal_is_kept_row'")
        assert {name for (name,) in cursor.fetchall()} == set(journals(connection))


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE mine (id int)", "DROP TABLE engine_delivery", "TRUNCATE engine_delivery"]
)
def test_tables_cannot_be_changed(db, statement):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
