"""Does everything that is derived still say what its source says? Works it all out again and names each difference.

`verify` looks at one snapshot of the database. What is still marked or due in that snapshot is worked off inside of it
(rollups) or left out (scores, which the next round writes; a currency that is being converted anew), and nothing is kept: the transaction is rolled back.
"""

from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from engine.copying import lock_key
from reports import rollups
from reports.verify import amounts, campaigns, handoffs, history, months, scores, totals
from reports.verify.differences import Difference

CHECKS = {
    "scores": scores.differences,
    "history": history.differences,
    "handoffs": handoffs.differences,
    "rollups": totals.differences,
    "months": months.differences,
    "amounts": amounts.differences,
    "campaigns": campaigns.differences,
}

__all__ = ["CHECKS", "Difference", "Report", "differences", "verify"]


@dataclass(frozen=True)
class Report:
    """What a verification found: differences by check, and how many marks it worked off in its snapshot first."""

    found: dict[str, list[Difference]]
    pending: int

    @property
    def clean(self):
        return not any(self.found.values())


def verify():
    """A Report over one REPEATABLE READ snapshot. Must not be called inside a transaction."""
    with _rollups_at_rest(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL statement_timeout = 0")
        report = differences(cursor)
        transaction.set_rollback(True)
    return report


def differences(cursor) -> Report:
    """A Report over what the open transaction sees."""
    pending = rollups.work_off_all(cursor)
    return Report({name: list(check(cursor)) for name, check in CHECKS.items()}, pending)


@contextmanager
def _rollups_at_rest():
    """Nobody rolls meanwhile: a round that began before the snapshot would collide with ours."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [lock_key(rollups.LOCK)])
        cursor.execute("RESET lock_timeout; RESET statement_timeout")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [lock_key(rollups.LOCK)])
