"""Journals: tables that are only ever added to.

A model says so with the class attribute `journal = True` (engine.roles then grants the runtime role no more
than SELECT and INSERT), and its migration with `ProtectJournal("table")`, which holds for the owner too.
"""

from contextlib import contextmanager

from django.db import connections, migrations, transaction

FUNCTION = """
CREATE OR REPLACE FUNCTION engine_journal_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('tandem.erasing', true), '') = 'on' THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  RAISE EXCEPTION 'the journal % is only ever added to', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""
TRIGGERS = """
CREATE TRIGGER journal_is_kept_row BEFORE UPDATE OR DELETE ON "{table}"
  FOR EACH ROW EXECUTE FUNCTION engine_journal_is_kept();
CREATE TRIGGER journal_is_kept_all BEFORE TRUNCATE ON "{table}"
  FOR EACH STATEMENT EXECUTE FUNCTION engine_journal_is_kept();
"""
REMOVAL = """
DROP TRIGGER IF EXISTS journal_is_kept_row ON "{table}";
DROP TRIGGER IF EXISTS journal_is_kept_all ON "{table}";
"""


class ProtectJournal(migrations.RunSQL):
    """A migration operation: from now on the table refuses UPDATE, DELETE and TRUNCATE."""

    def __init__(self, table):
        self.table = table
        super().__init__(FUNCTION + TRIGGERS.format(table=table), REMOVAL.format(table=table))

    def deconstruct(self):
        """As it stands in a migration file."""
        return self.__class__.__name__, [self.table], {}

    def describe(self):
        """The line that `migrate --plan` prints."""
        return f"Protect the journal {self.table}"


@contextmanager
def erasing(using="owner"):
    """A transaction of the owner in which journals may be changed: for erasure and for removing the demo."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config('tandem.erasing', 'on', true)")
        yield cursor
