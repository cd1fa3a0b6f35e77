"""Downloads as a reader opens them."""

import csv
import io


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
