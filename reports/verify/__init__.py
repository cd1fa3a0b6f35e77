"""Does everything that is derived still say what its source says? Works it all out again and names each difference.

`verify` looks at one snapshot of the database. What is still marked or due in that snapshot is worked off inside of it
(rollups) or left out (scores, which the next round writes; a currency that is being converted anew), and nothing is kept: the transaction is rolled back.
"""

from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from engine.copying import lock_key
from reports import rollups
from reports.verify import amounts, campaigns, handoffs, history, months, scores, targets, totals
from reports.verify.differences import Difference

CHECKS = {
    "scores": scores.differences,
    "history": history.differences,
    "handoffs": handoffs.differences,
    "rollups": totals.differences,
    "months": months.differences,
    "amounts": amounts.differences,
    "campaigns": campaigns.differences,
    "targets": targets.differences,
}

TRIES = 20  # snapshots taken until one has nothing left to work off

__all__ = ["CHECKS", "Difference", "Report", "differences", "verify"]


@dataclass(frozen=True)
class Report:
    """What a verification found: differences by check, and how many marks it worked off in its snapshot first."""

    found: dict[str, list[Difference]]
    pending: int

    @property
    def clean(self):
        return not any(self.found.values())


def verify(*, roll=False):
    """A Report over one REPEATABLE READ snapshot. Must not be called inside a transaction.

    Rollups stand still only while the snapshot is taken, and where marks have to be worked off inside of it. With `roll` such
    marks are worked off for good and another snapshot is taken, so that figures stay current while this one is looked at.
    """
    for last in [False] * (TRIES if roll else 0) + [True]:
        with _rollups_at_rest() as go_on:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute("SET LOCAL statement_timeout = 0")
                pending = rollups.work_off_all(cursor)
                if not pending:
                    go_on()
                report = Report(_found(cursor), pending) if last or not pending else None
                transaction.set_rollback(True)
            if report:
                return report
            rollups.roll_all()
    raise AssertionError("unreachable")


def differences(cursor) -> Report:
    """A Report over what the open transaction sees."""
    pending = rollups.work_off_all(cursor)
    return Report(_found(cursor), pending)


def _found(cursor):
    return {name: list(check(cursor)) for name, check in CHECKS.items()}


@contextmanager
def _rollups_at_rest():
    """Nobody rolls until what it gives is called: a round that began before the snapshot would collide with ours."""
    held = True

    def go_on():
        nonlocal held
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock_key(rollups.LOCK)])
            held = False

    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [lock_key(rollups.LOCK)])
        cursor.execute("RESET lock_timeout; RESET statement_timeout")
    try:
        yield go_on
    finally:
        go_on()
