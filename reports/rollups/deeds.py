"""What was done by day, counted afresh for the days that are marked: a day is little, and needs no counted rows beside it."""

from reports.models import DeedDay
from reports.statements import statement

TABLE = DeedDay._meta.db_table
IDENTITY = ("day", "deed", "track", "person")
LISTED = ", ".join((*IDENTITY, "n"))


def read(cursor):
    """Fill fresh_deed for the days in due_day."""
    cursor.execute(statement("fresh_deed"))


def move(cursor):
    """Make what is kept of the days in due_day equal to what was done; what is right already is not written again."""
    read(cursor)
    listed = ", ".join(f"kept.{one}" for one in IDENTITY)
    cursor.execute(
        f"DELETE FROM {TABLE} kept USING due_day WHERE kept.day = due_day.day "
        f"AND NOT EXISTS (SELECT 1 FROM fresh_deed f WHERE (f.day, f.deed, f.track, f.person, f.n) = ({listed}, kept.n))"
    )
    cursor.execute(
        f"INSERT INTO {TABLE} ({LISTED}) SELECT {LISTED} FROM fresh_deed ORDER BY {', '.join(IDENTITY)} "
        "ON CONFLICT DO NOTHING"
    )
