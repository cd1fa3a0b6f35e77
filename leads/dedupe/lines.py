"""Numbers and addresses of a table that several people hold: a switchboard, an office mailbox. They name nobody."""

import re
from collections import defaultdict

from pipeline.likeness import FAR, level

MANY = 3  # people of quite different names
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
LETTERS = re.compile(r"[^\W\d_]")
DIGITS = 6  # of a number that somebody is reached by


def shared(values):
    """{(place of a column, value): rows that hold it} of numbers and addresses that people of many names hold."""
    columns = list(zip(*values, strict=True))
    named = names(columns)
    if named is None:
        return {}
    found = {}
    for place, column in enumerate(columns):
        if not _are_addresses(column):
            continue
        holders = defaultdict(list)
        for row, value in enumerate(column):
            if value:
                holders[value].append(row)
        for value, rows in holders.items():
            if len(rows) >= MANY and _many_names(columns[named][row] for row in rows):
                found[place, value] = rows
    return found


def _are_addresses(column):
    """Whether most of what stands there is a mail address or a number to call."""
    known = [value for value in column if value]
    return sum(_is_address(value) for value in known) * 2 > len(known)


def _is_address(value):
    return bool(ADDRESS.fullmatch(value)) or (
        not LETTERS.search(value) and sum(map(str.isdigit, value)) >= DIGITS
    )


def names(columns):
    """The place of the words that differ most from row to row, or None where no column holds words."""
    different = {}
    for place, column in enumerate(columns):
        words = {value for value in column if LETTERS.search(value) and not any(map(str.isdigit, value))}
        if len(words) * 4 >= sum(map(bool, column)) > 0 and not _are_addresses(column):
            different[place] = len(words)
    return max(different, key=lambda place: different[place]) if different else None


def _many_names(names):
    """Whether MANY of these names are far from each other."""
    apart: list[str] = []
    for name in names:
        if name and all(level(name, other) == FAR for other in apart):
            apart.append(name)
            if len(apart) >= MANY:
                return True
    return False
