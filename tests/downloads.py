"""Downloads as a reader opens them."""

import csv
import io
import re

IN_WORDS = re.compile(r"[€×]|\d\s?%|\bago\b|\+00:00|^'")


def read_csv(answer):
    """Rows of a CSV download; of several tables those of the first."""
    return read_tables(answer)[""]


def read_tables(answer):
    """{caption: rows} of the tables of a CSV download; the first has no caption."""
    caption, tables = "", {"": []}
    rows = iter(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    for row in rows:
        if row:
            tables[caption].append(row)
        else:
            (caption,) = next(rows)
            tables[caption] = []
    return tables


def worded(tables, but=("Note",)):
    """[(caption, column, cell)] of what a file tells in words that could be a number or a day, but in columns of words."""
    return [
        (caption, column, cell)
        for caption, rows in tables.items()
        for row in rows[1:]
        for column, cell in zip(rows[0], row, strict=False)
        if column not in but and IN_WORDS.search(cell)
    ]
