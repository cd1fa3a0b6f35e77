"""Credits, counted rows and totals against the source."""

from reports.rollups import deeds
from reports.rollups.counting import COUNTED, SPEND, read_spend
from reports.rollups.totals import columns
from reports.statements import statement
from reports.verify.differences import compared


def differences(cursor):
    """Differences of every derived table, from everything counted afresh."""
    cursor.execute(statement("all_due"))
    for counted in COUNTED:
        counted.read(cursor)
        yield from _rows(cursor, counted)
        for total in counted.totals:
            yield from _sums(cursor, total, counted.fresh)
    read_spend(cursor)
    yield from _sums(cursor, SPEND, "fresh_spend")
    deeds.read(cursor)
    rest = f"SELECT {deeds.LISTED} FROM"
    yield from compared(cursor, "DeedDay", len(deeds.IDENTITY), f"{rest} {deeds.TABLE}", f"{rest} fresh_deed")


def _rows(cursor, counted):
    rest = [one for one in columns(counted.model) if one not in counted.identity]
    listed = ", ".join([*counted.identity, *rest])
    yield from compared(
        cursor,
        counted.model.__name__,
        len(counted.identity),
        f"SELECT {listed} FROM {counted.table}",
        f"SELECT {listed} FROM {counted.fresh}",
    )


def _sums(cursor, total, fresh):
    listed = ", ".join([*total.identity, *total.measured()])
    some = " OR ".join(f"{one} <> 0" for one in total.measured())
    yield from compared(
        cursor,
        total.model.__name__,
        len(total.identity),
        f"SELECT {listed} FROM {total.table} WHERE {some}",
        f"SELECT {listed} FROM ({total.select(fresh)}) AS sums WHERE {some}",
    )
