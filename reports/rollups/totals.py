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

    def settle(self, cursor, source):
        """Make the table hold the totals over the rows of `source`; where it is shared with other Totals, it was emptied."""
        if self.measures:
            self.move(cursor, source)
        else:
            order = [one.column for one in self.model._meta.pk_fields]
            settle(cursor, self.table, self.identity, self.measured(), self.select(source), order)

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

    def settle(self, cursor):
        """Make the stored rows equal to the fresh ones, and the totals to what they sum to."""
        rest = columns(self.model, self.identity)
        select = f"SELECT {', '.join([*self.identity, *rest])} FROM {self.fresh}"
        settle(cursor, self.table, self.identity, rest, select)
        for total in self.totals:
            total.settle(cursor, self.table)


def settle(cursor, table, identity, rest, select, order=()):
    """Make a table hold just the rows of `select` (the columns `identity`, which tell rows apart, then `rest`).

    Written in the `order` of the index that they are read by, what a page adds up stands side by side instead of a row to a page.

    A row that is stored already is not written again: that would leave as many dead ones behind, and every index entry of a
    new row would be held against that of its dead twin.
    """
    names, told = ", ".join([*identity, *rest]), ", ".join(identity)
    sort = f" ORDER BY {', '.join(order)}" if order else ""
    cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")
    if not cursor.fetchone()[0]:
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT * FROM ({select}) AS told{sort}")
        return
    kept, fresh = ("".join(f", {side}.{one}" for one in rest) for side in ("kept", "fresh"))
    cursor.execute(
        "DROP TABLE IF EXISTS moved; CREATE TEMPORARY TABLE moved ON COMMIT DROP AS "
        f"SELECT {told}{fresh}, kept.there AS stored, fresh.there AS counted FROM (SELECT *, true AS there FROM {table}) AS kept "
        f"FULL JOIN (SELECT *, true AS there FROM ({select}) AS told) AS fresh USING ({told}) "
        f"WHERE (kept.there{kept}) IS DISTINCT FROM (fresh.there{fresh})"
    )
    if not cursor.rowcount:
        return
    cursor.execute("ANALYZE moved")
    same = " AND ".join(f"kept.{one} = moved.{one}" for one in identity)
    cursor.execute(f"DELETE FROM {table} kept USING moved WHERE moved.stored AND {same}")
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM moved WHERE counted{sort}")
