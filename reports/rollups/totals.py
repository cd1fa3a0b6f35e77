"""How a total follows from counted rows, and how both are kept in step."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import AutoField, Model

from reports.rollups.arms import Arm, added_up

CELL = ("channel", "segment", "region")


def columns(model, but=()):
    """The column names of a model without its serial key."""
    return [
        one.column
        for one in model._meta.concrete_fields
        if not isinstance(one, AutoField) and one.column not in but
    ]


@dataclass(frozen=True)
class Total:
    """Totals by key: what the `arms` read of counted rows, summed.

    With `cube`, each row counts in its cell of channel × segment × region and in the seven cells above it; with `whose`,
    once for each of those columns that names anybody. `measures` are the columns that this Total keeps, where several share a table.
    """

    model: type[Model]
    keys: tuple[str, ...]
    arms: tuple[Arm, ...]
    cube: bool = True
    whose: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()

    @property
    def table(self):
        return self.model._meta.db_table

    @property
    def identity(self):
        """The columns that tell its rows apart."""
        return [*self.keys, *(CELL if self.cube else ()), *(("who", "whose") if self.whose else ())]

    def measured(self):
        """The columns that hold sums."""
        return list(self.measures) or columns(self.model, self.identity)

    def select(self, source, *, signed=False):
        """The totals over the rows of `source` (`signed`: each counts with its `sign`): its identity, then its measures."""
        by = CELL if self.cube else ()
        added = added_up(self, self.arms, source, by=by, whose=self.whose, signed=signed)
        if len(self.arms) == 1 and not self.cube and not self.arms[0].ever:
            return added
        summed = {one: f"sum({one})" for one in self.measured()}
        some = f" HAVING {' OR '.join(f'{one} <> 0' for one in summed.values())}" if signed else ""
        told = [f"{sql} AS {one}" for one, sql in (CUBE if self.cube else {}).items()]
        plain = [one for one in self.identity if one not in by]
        groups = [*plain, *([f"CUBE ({', '.join(by)})"] if self.cube else [])]
        return (
            f"SELECT {', '.join([*plain, *told, *(f'{sql} AS {one}' for one, sql in summed.items())])} "
            f"FROM ({added}) AS added GROUP BY {', '.join(groups)}{some}"
        )

    def fill(self, cursor, source):
        """Store the totals over the rows of `source` in the table, which is empty unless it is shared with other Totals.

        Without a conflict to look for, which is two fifths of the CPU of counting everything.
        """
        if self.measures:
            self.move(cursor, source)
            return
        names = ", ".join([*self.identity, *self.measured()])
        cursor.execute(f"INSERT INTO {self.table} ({names}) {self.select(source)}")

    def move(self, cursor, source, *, signed=False):
        """Move the stored totals by the rows of `source`."""
        sums = ", ".join(f"{one} = {self.table}.{one} + excluded.{one}" for one in self.measured())
        cursor.execute(
            f"INSERT INTO {self.table} ({', '.join([*self.identity, *self.measured()])}) "
            f"{self.select(source, signed=signed)} ON CONFLICT ({', '.join(self.identity)}) DO UPDATE SET {sums}"
        )


CUBE = {
    "channel": "CASE WHEN grouping(channel) = 1 THEN '*' ELSE channel END",
    "segment": "CASE WHEN grouping(segment) = 1 THEN -1 ELSE segment END",
    "region": "CASE WHEN grouping(region) = 1 THEN -1 ELSE region END",
}


@dataclass(frozen=True)
class Counted:
    """A table of rows that are counted now. `read` fills the temporary table `fresh` for the keys in `due`.

    `key` is the stored column that matches the one column of `due`; `identity` tells its rows apart.
    """

    model: type[Model]
    due: str
    due_key: str
    key: str
    identity: tuple[str, ...]
    fresh: str
    read: Callable
    totals: tuple[Total, ...] = field(default=())

    @property
    def table(self):
        return self.model._meta.db_table

    def move(self, cursor):
        """Make the stored rows equal to the fresh ones, and move the totals by the difference."""
        listed = ", ".join(columns(self.model))
        stored = (
            f"SELECT {listed} FROM {self.table} WHERE {self.key} IN (SELECT {self.due_key} FROM {self.due})"
        )
        fresh = f"SELECT {listed} FROM {self.fresh}"
        cursor.execute(
            "DROP TABLE IF EXISTS moved; CREATE TEMPORARY TABLE moved ON COMMIT DROP AS "
            f"SELECT -1 AS sign, gone.* FROM ({stored} EXCEPT ALL {fresh}) AS gone "
            f"UNION ALL SELECT 1, come.* FROM ({fresh} EXCEPT ALL {stored}) AS come"
        )
        if not cursor.rowcount:
            return
        cursor.execute("ANALYZE moved")
        same = " AND ".join(f"stored.{one} = moved.{one}" for one in self.identity)
        cursor.execute(f"DELETE FROM {self.table} stored USING moved WHERE sign = -1 AND {same}")
        cursor.execute(f"INSERT INTO {self.table} ({listed}) SELECT {listed} FROM moved WHERE sign = 1")
        for total in self.totals:
            total.move(cursor, "moved", signed=True)

    def fill(self, cursor):
        """Store the fresh rows in the table, which is empty, and add them to the totals."""
        listed = ", ".join(columns(self.model))
        cursor.execute(f"INSERT INTO {self.table} ({listed}) SELECT {listed} FROM {self.fresh}")
        for total in self.totals:
            total.fill(cursor, self.fresh)
