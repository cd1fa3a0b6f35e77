"""Rollups: derived tables, kept equal to what their sources say.

Triggers mark the keys that a change touches. A round takes the rollups' lock, takes off the marks it sees, reads just
those keys afresh from the source, and moves every total by the difference between what was counted of them and what
is to be counted now. What was counted is kept row by row (`Counted…`, `Credit`), so late data, edits, deletions and
merges all come out as if everything had been counted today; `reports.verify` holds that against the source.
"""

from engine.copying import chunk, take_lock, try_lock
from reports.rollups import deeds
from reports.rollups.counting import COUNTED, drop_forgotten, move_spend, shared_tables
from reports.statements import statement

LOCK = "reports.rollups"
MOST_KEYS = 50_000


def roll_due(limit=MOST_KEYS):
    """Work off one round of marks, of at most `limit` keys (one mark at least). Returns how many marks; 0: none due.

    Somebody else at work counts as none due: whoever holds the lock will see the marks, or the next round will.
    """
    with chunk() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM reports_dirtykey)")
        if not cursor.fetchone()[0] or not try_lock(cursor, LOCK):
            return 0
        return work_off(cursor, limit)


def roll_all():
    """Work off every mark that is there or comes meanwhile. Returns how many."""
    return sum(iter(roll_due, 0))


def rebuild():
    """Count everything anew from the source, in one transaction, and write what is not stored so. Returns how many passes and deals."""
    with chunk() as cursor:
        take_lock(cursor, LOCK)
        for table in ("reports_dirtykey", *shared_tables()):
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute(statement("all_due"))
        move_spend(cursor)
        deeds.move(cursor)
        for counted in COUNTED:
            counted.read(cursor)
            counted.settle(cursor)
        cursor.execute("SELECT (SELECT count(*) FROM due_lead), (SELECT count(*) FROM due_deal)")
        return cursor.fetchone()


# -- inside a round -------------------------------------------------------------------------------------
def work_off(cursor, limit=MOST_KEYS):
    """One round inside the caller's transaction, who holds the lock. Returns how many marks."""
    empty_marks(cursor)
    cursor.execute(statement("claim"), {"most": limit})
    claimed = cursor.rowcount
    cursor.execute("DELETE FROM mark WHERE kind = 'everything'")
    if cursor.rowcount:
        cursor.execute(statement("everything").format(target="reports_dirtykey"))
    count_marked(cursor)
    return claimed


def work_off_all(cursor):
    """Every mark that the caller's transaction sees. Returns how many."""
    return sum(iter(lambda: work_off(cursor), 0))


def empty_marks(cursor):
    """An empty temporary table for the marks of this round."""
    cursor.execute("DROP TABLE IF EXISTS mark")
    cursor.execute("CREATE TEMPORARY TABLE mark (kind varchar(10), low bigint, high bigint) ON COMMIT DROP")


def count_marked(cursor):
    """Count the marked keys afresh and move the totals by the difference."""
    cursor.execute(statement("due"))
    cursor.execute("SELECT count(*) > 0 FROM due_campaign")
    if cursor.fetchone()[0]:
        move_spend(cursor)
    cursor.execute("SELECT EXISTS (SELECT 1 FROM due_day)")
    if cursor.fetchone()[0]:
        deeds.move(cursor)
    for counted in COUNTED:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {counted.due})")
        if cursor.fetchone()[0]:
            counted.read(cursor)
            counted.move(cursor)
    # A campaign leaves after whatever names it, and so does its mark.
    cursor.execute("SELECT EXISTS (SELECT 1 FROM mark WHERE kind IN ('campaign', 'spend'))")
    if cursor.fetchone()[0]:
        drop_forgotten(cursor)
