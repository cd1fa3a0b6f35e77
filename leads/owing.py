"""What marketing owes over time: each version of the agreement for as long as it was in force."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from django.db import connection


@dataclass(frozen=True)
class Version:
    """A version that was in force, or is: since when (None: ever since), and the good SQLs that it asks for in a month."""

    number: int
    since: datetime | None
    owed: int
    by_segment: dict[str, int]

    def said(self):
        """{segment code, "" for all: how many a month}."""
        return {"": self.owed, **self.by_segment}


@dataclass(frozen=True)
class Spell:
    """The part of a month in which one version was in force."""

    version: Version
    since: datetime
    until: datetime


# A row: a version and when both tracks had signed it; the first one whether signed or not, as `terms.in_force_at` has it.
VERSIONS = """
SELECT a.version, s.at, a.owed_sqls AS owed, a.owed_by_segment AS by_segment FROM leads_agreement a
LEFT JOIN (
  SELECT agreement_id, max(at) AS at FROM leads_agreementsignature GROUP BY agreement_id HAVING count(*) = 2
) s ON s.agreement_id = a.id
WHERE s.at IS NOT NULL OR a.version = (SELECT min(version) FROM leads_agreement)
"""


def versions() -> list[Version]:
    """The Versions in the order in which they came into force."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(json_agg(v), '[]') FROM ({VERSIONS}) v")
        (rows,) = cursor.fetchone()
    return in_turn(rows)


def in_turn(rows) -> list[Version]:
    """The Versions of the rows of VERSIONS, in the order in which they came into force: each of a higher number than before."""
    first, *_rest = sorted(rows, key=lambda row: row["version"])
    found = [Version(first["version"], None, first["owed"], first["by_segment"])]
    signed = [
        Version(row["version"], datetime.fromisoformat(row["at"]), row["owed"], row["by_segment"])
        for row in rows
        if row["at"]
    ]
    for one in sorted(signed, key=lambda one: (one.since, one.number)):
        if one.number > found[-1].number:
            found.append(one)
    return found


def spells(held, start, end) -> list[Spell]:
    """The Spells of a span, in turn: which version was in force from when to when."""
    bounds = [*(one.since or start for one in held), end]
    cut = [min(max(bound, start), end).astimezone(UTC) for bound in (start, *bounds[1:])]
    return [
        Spell(one, since, until)
        for one, (since, until) in zip(held, pairwise(cut), strict=True)
        if since < until
    ]


def owed(held, start, end, at) -> Counter:
    """{segment code, "" for all: good SQLs owed by `at`} of the month from `start` to `end`, by the time each version held."""
    whole, found = end.astimezone(UTC) - start.astimezone(UTC), Counter()
    for spell in spells(held, start, max(start, min(end, at))):
        for code, count in spell.version.said().items():
            found[code] += count * ((spell.until - spell.since) / whole)
    return found
