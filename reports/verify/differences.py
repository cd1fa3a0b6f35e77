"""One difference between what is stored and what the source says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """`stored` and `source` are None where a row is missing on that side."""

    what: str
    stored: str | None
    source: str | None

    def __str__(self):
        return f"{self.what}: stored {_shown(self.stored)}, the source says {_shown(self.source)}"


def _shown(value):
    return "nothing" if value is None else value


def compared(cursor, what, keys, stored, source):
    """Differences between two SELECTs with the same columns, of which the first `keys` tell rows apart.

    Rows that stand more than once on either side are compared as often as they stand.
    """
    cursor.execute(
        f"SELECT 'stored', gone.* FROM (({stored}) EXCEPT ALL ({source})) AS gone "
        f"UNION ALL SELECT 'source', come.* FROM (({source}) EXCEPT ALL ({stored})) AS come"
    )
    names = [column.name for column in cursor.description[1:]]
    sides = {"stored": {}, "source": {}}
    for side, *row in cursor.fetchall():
        sides[side].setdefault(tuple(row[:keys]), []).append(dict(zip(names[keys:], row[keys:], strict=True)))
    for key in sorted({*sides["stored"], *sides["source"]}, key=str):
        label = ", ".join(f"{name} {value}" for name, value in zip(names, key, strict=False))
        yield _difference(f"{what} ({label})", sides["stored"].get(key), sides["source"].get(key))


def _difference(what, stored, source):
    if stored and source and len(stored) == len(source) == 1:
        (old,), (new,) = stored, source
        changed = [name for name in old if old[name] != new[name]]
        stored, source = ({name: side[name] for name in changed} for side in (old, new))
        return Difference(what, _written(stored), _written(source))
    return Difference(what, *(side and "; ".join(map(_written, side)) for side in (stored, source)))


def _written(values):
    return ", ".join(f"{name} {value}" for name, value in values.items()) or "a row"
