"""Import of leads with everything on, beside a raw COPY of the same rows into every table that it wrote.

Run it on a database that may be written to: what it adds is taken away again.
"""

import contextlib
import csv
import random
import resource
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import connections, transaction
from django.utils import timezone

from bench.clock import Spent, clocked
from bench.figures import RUNS, Figure, speed
from engine.copying import unwrapped
from leads.importing import mapping as mappings
from leads.importing import repeats
from leads.importing.files import create, forget
from leads.importing.runs import CHUNK, Runner, take

# In the order in which foreign keys want them; the key by which new rows are told.
TABLES = {
    "leads_importrun": "id",
    "leads_importkeys": "id",
    "pipeline_company": "id",
    "pipeline_contact": "id",
    "pipeline_identity": "id",
    "leads_lead": "id",
    "leads_stagechange": "lead_id",
    "leads_leadscore": "id",
    "leads_touch": "id",
    "leads_importedrow": "id",
    "leads_importreject": "id",
}
MOST = 100_000
CHANNELS = ("seo", "sem", "email", "exhibition", "referral", "Carrier pigeon")
STAGES = ("", "", "", "", "mql")
HEADER = (
    "id",
    "name",
    "email",
    "mobile",
    "company",
    "title",
    "city",
    "country",
    "met",
    "source",
    "stage",
    "note",
)
MAPPING = {
    "kind": "leads",
    "source": "bench",
    "region": "US",
    "mode": "live",
    "formats": ["%Y-%m-%d %H:%M:%S"],
    "columns": {
        "id": "external_id", "name": "full_name", "email": "email", "mobile": "mobile", "company": "company",
        "title": "job_title", "city": "city", "country": "country", "met": "captured_at", "source": "channel",
        "stage": "stage", "note": "attributes.note",
    },
}  # fmt: skip


def figures(world):
    """The import at up to 100,000 leads, and its peak of memory beside that of a tenth of the file."""
    rows = min(world.size, MOST)
    small = measure(rows // 10)
    runs = [measure(rows) for _ in range(RUNS)]
    yield speed(
        f"import of {rows:,} leads against raw COPY",
        [run.ours for run in runs],
        [run.limit for run in runs],
        "≥ 0.50",
    )
    peak = runs[0].peak
    yield Figure(
        f"import: peak of memory at {rows:,} rows against {rows // 10:,}",
        peak,
        small.peak,
        "MB",
        peak / small.peak,
        "flat",
    )


@dataclass(frozen=True)
class Measured:
    """One import beside its limit: two Spent, the peak of the process's memory in MB so far, the rows refused."""

    ours: Spent
    limit: Spent
    peak: float
    rejected: int


def measure(rows, seed=1):
    """Import `rows` leads, then copy the same rows raw; returns Measured."""
    with tempfile.TemporaryDirectory() as folder:
        file = write_leads(Path(folder) / "leads.csv", rows, seed)
        before = {table: newest(table, key) for table, key in TABLES.items()}
        try:
            ours, run = ours_of(file)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            keep_keys(run, rows)
            dump(folder, before)
            remove(before)
            limit = limit_of(folder)
        finally:
            remove(before)
    return Measured(ours, limit, peak, run.counts["rejected"])


def write_leads(path, rows, seed):
    """A file of invented leads: one in a hundred with a bad address, five to a company."""
    chance = random.Random(seed)
    start = timezone.now() - timedelta(days=10)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(rows):
            address = f"Person.{number}@firm{number // 5}.example" if number % 100 else "nowhere"
            met = start + timedelta(seconds=chance.randrange(864_000))
            writer.writerow(
                [
                    f"B{number}", f"Anna{number % 977} Berg{number % 1009}", address,
                    f"({200 + number % 700}) {200 + number // 9999 % 700}-{number % 9999:04d}", f"Firm {number // 5} Inc.",
                    "Head of purchasing", "Springfield", "US", f"{met:%Y-%m-%d %H:%M:%S}", chance.choice(CHANNELS),
                    chance.choice(STAGES), f"stand {number % 50}",
                ]
            )  # fmt: skip
    return path


def ours_of(file):
    """(Spent, run) of the import, from the upload to the last row."""
    with clocked() as spent:
        run = create(file, mappings.from_spec(MAPPING), by=None)
        runner = Runner(take(run, timezone.now()))
        while runner.step(timezone.now()):
            pass
    forget(runner.run)
    return spent, runner.run


def keep_keys(run, rows):
    """Write the keys of the run again, which it forgot at its end: the limit has to write them as well."""
    for begin in range(0, rows, CHUNK):
        numbers = range(begin, min(begin + CHUNK, rows))
        keys = {"keys": [f"B{number}" for number in numbers], "lines": [number + 2 for number in numbers]}
        with transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute(repeats.KEEP, {"run": run.pk, **keys})


def limit_of(folder):
    """The Spent of COPY from files into the same tables, with all their indexes, constraints and triggers."""
    with clocked() as spent:
        for table in TABLES:
            for part in sorted(Path(folder).glob(f"{table}.*")):
                columns, _, name = part.read_text().partition("\n")
                with transaction.atomic(), raw() as cursor, open(name) as file:
                    cursor.execute("SET LOCAL statement_timeout = 0")
                    cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", file, 1 << 18)
    return spent


def dump(folder, before):
    """Write the new rows of every table to files of COPY's own format."""
    for table, key in TABLES.items():
        columns = ", ".join(f'"{name}"' for name in stored_columns(table))
        new = f'"{key}" > {before[table]}'
        with transaction.atomic(), raw() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {new}")
            total = cursor.fetchone()[0]
            for part in range(-(-total // CHUNK)):  # as many rows at a time as the import takes
                data = Path(folder) / f"{table}-{part:05d}.rows"
                page = f'ORDER BY "{key}" OFFSET {part * CHUNK} LIMIT {CHUNK}'
                with data.open("w") as file:
                    cursor.copy_expert(
                        f"COPY (SELECT {columns} FROM {table} WHERE {new} {page}) TO STDOUT", file
                    )
                (Path(folder) / f"{table}.{part:05d}").write_text(f"{columns}\n{data}")


def remove(before):
    """Take the new rows away, and give the tables and indexes the room back that they took."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SELECT set_config('tandem.erasing', 'on', true)")
        # where the role may, without looking for rows that point to these: there are none left
        cursor.execute(
            "SELECT set_config('session_replication_role', 'replica', true) FROM pg_roles WHERE rolname = current_user AND rolsuper"
        )
        for table, key in reversed(TABLES.items()):
            cursor.execute(f'DELETE FROM {table} WHERE "{key}" > %s', [before[table]])
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        for table in TABLES:
            cursor.execute(f"VACUUM (FULL, ANALYZE) {table}")


def stored_columns(table):
    """Columns that are stored as given, not generated."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return [row[0] for row in cursor.fetchall()]


def newest(table, key):
    """The highest key of a table, 0 where it is empty."""
    with connections["default"].cursor() as cursor:
        cursor.execute(f'SELECT coalesce(max("{key}"), 0) FROM {table}')
        return cursor.fetchone()[0]


@contextlib.contextmanager
def raw():
    """The driver's own cursor."""
    with connections["default"].cursor() as cursor:
        yield unwrapped(cursor)
