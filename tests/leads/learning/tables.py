"""Small tables with a known truth."""

import csv
import io
import random

from leads.learning import tables


def table(names, rows):
    """A tables.Table of rows of anything."""
    return tables.from_rows(names, ([None if cell is None else str(cell) for cell in row] for row in rows))


def history(n=1200, seed=1):
    """[dict] of made-up leads: the channel and the size tell something, the rest nothing or too much."""
    chance = random.Random(seed)
    rows = []
    for number in range(n):
        channel = chance.choice(["seo", "fair", "mail", "?"])
        size = chance.choice([10, 50, 200, 999])
        odds = {"seo": 0.25, "fair": 0.55, "mail": 0.1, "?": 0.3}[channel] + (0.2 if size == 200 else 0)
        won = chance.random() < odds
        rows.append(
            {
                "id": f"L-{number}",
                "captured": f"{number % 28 + 1:02d}.{number * 12 // n + 1:02d}.2025",
                "channel": channel,
                "size": size,
                "noise": chance.choice("abcdefgh"),
                "same": "x",
                "blank": "" if chance.random() < 0.999 else "y",
                "signed_on": "2026-01-05" if won else "",
                "loss_reason": "" if won else chance.choice(["price", "time", ""]),
                "value": chance.randint(100, 900) if won else 0,
                "won": "yes" if won else "no",
            }
        )
    return rows


def as_csv(rows, delimiter=",", mark=""):
    """The rows as the text of a file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return mark + out.getvalue()
