"""The rows that a test begins with, kept as text, and put back after a test that committed.

Django's own flush empties every table, makes permissions and content types again and calls each app's reference rows:
ten times what it costs to look which tables were touched.
"""

import io

from psycopg2 import sql

LARGE = 1000  # pages; beyond them rows are not deleted one by one, for what is left of them would slow the next test


class Pristine:
    """What stands in every table of a new test database: `rows` is table → its rows as COPY tells them."""

    def __init__(self, cursor):
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') "
            "AND NOT relispartition ORDER BY relname"
        )
        self.tables = [table for (table,) in cursor.fetchall()]
        self.filled = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {}, pg_relation_size({}::regclass) / 8192 WHERE EXISTS (SELECT FROM {})").format(
                sql.Literal(table), sql.Literal(table), sql.Identifier(table)
            )
            for table in self.tables
        )
        self.rows = {table: _told(cursor, table) for table, _pages in self._filled(cursor)}

    def _filled(self, cursor):
        """(table, pages) of those that are not empty."""
        cursor.execute(self.filled)
        return cursor.fetchall()

    def restore(self, cursor):
        """Put every table back as it was. The cursor is the owner's, past triggers and foreign keys."""
        pages = dict(self._filled(cursor))
        changed = [table for table in self.rows if _told(cursor, table) != self.rows[table]]
        dirty = [*changed, *(pages.keys() - self.rows.keys())]
        if not dirty:
            return
        if any(pages.get(table, 0) > LARGE for table in dirty):
            _run(cursor, "TRUNCATE {}", *self.tables)
            changed = list(self.rows)
        else:
            for table in dirty:
                _run(cursor, "DELETE FROM {}", table)
        for table in changed:
            statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
            cursor.copy_expert(statement, io.StringIO(self.rows[table]))


def _run(cursor, statement, *tables):
    cursor.execute(sql.SQL(statement).format(sql.SQL(", ").join(map(sql.Identifier, tables))))


def _told(cursor, table):
    """The rows of a table as text."""
    told = io.StringIO()
    cursor.copy_expert(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table)), told)
    return told.getvalue()
