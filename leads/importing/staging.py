"""Into the database: a temporary table per chunk, filled by COPY in the fewest steps."""

import io

from engine.copying import ESCAPES, unwrapped

SPECIAL = "\\\t\n\r\b\f\v"


def create(cursor, name, columns):
    """A temporary table that goes with the transaction. `columns` are "name type" pairs, ours and never input."""
    cursor.execute(
        f"DROP TABLE IF EXISTS {name}; CREATE TEMP TABLE {name} ({', '.join(columns)}) ON COMMIT DROP"
    )


def fill(cursor, name, columns):
    """COPY columns (name → list of text or None, all of one length) into a table."""
    names = list(columns)
    texts = [lined(values) for values in columns.values()]
    text = "\n".join(map("\t".join, zip(*texts, strict=True)))
    if not text:
        return
    with cursor.db.wrap_database_errors:
        unwrapped(cursor).copy_expert(
            f"COPY {name} ({', '.join(names)}) FROM STDIN", io.StringIO(text + "\n"), 1 << 18
        )


def lined(values):
    r"""The values as COPY's text format has them; looked at one by one only where a character needs it."""
    texts = ["\\N" if value is None else value for value in values]
    joined = "".join(filter(None, values))
    if any(char in joined for char in SPECIAL):
        return ["\\N" if value is None else value.translate(ESCAPES) for value in values]
    return texts
