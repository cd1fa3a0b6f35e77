"""A house that grows to the size that a figure is measured at."""

from functools import cached_property
from pathlib import Path

from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.models import Role, User
from bench.filling.house import House
from bench.web import Browser
from engine.copying import chunk
from reports import rollups
from reports.rollups.counting import all_tables

CHUNK = 50_000
SMALL = 10_000  # leads of a house that only has to show that the bench works
SQL = Path(__file__).parent.parent / "sql"
NAMES, *FILLS = [(SQL / name).read_text() for name in ("names.sql", "leads.sql", "passes.sql")]


class World:
    """`size` is how many leads there shall be in the end, `leads` how many there are; `at` the moment it stands at."""

    def __init__(self, size):
        self.size, self.leads, self.at = size, 0, timezone.now()

    @cached_property
    def house(self):
        """Built at the first look."""
        return House.built(self.at)

    @cached_property
    def browser(self):
        """An admin, signed in."""
        return Browser(User.objects.create_user("bench@tandem.example", full_name="Bench", role=Role.ADMIN))

    def often(self, times):
        """How often a request is sent within one measurement: a quarter of `times` in a small house."""
        return times if self.size > SMALL else max(times // 4, 1)

    def grow(self, to=None):
        """Make leads until there are `to` (else `size`) of them, with everything that belongs to them, rolled up."""
        wanted = to or self.size
        if wanted <= self.leads:
            return
        for first in range(self.leads, wanted, CHUNK):
            self._fill(first, min(first + CHUNK, wanted))
        self.leads = wanted
        # Not mark by mark: each pass is marked by everything that belongs to it. From nothing, as nearly every sum has
        # changed: a house in service never changes all of them at once, which would leave its tables half empty.
        forget()
        rollups.rebuild()
        tidy()

    def _fill(self, low, high):
        bound = {"low": low, "high": high - 1, "at": self.at, **vars(self.house)}
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("DROP FUNCTION IF EXISTS pg_temp.bench_name")
            cursor.execute(NAMES)
            for fill in FILLS:
                cursor.execute(fill, bound)


def forget():
    """Empty what is derived, as it is in a new house."""
    with chunk() as cursor:
        for table in all_tables():
            cursor.execute(f"DELETE FROM {table}")
    tidy(*all_tables())


def tidy(*tables):
    """Leave tables (else all) as a quiet night would: vacuumed, with statistics of today."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(tables)}")
