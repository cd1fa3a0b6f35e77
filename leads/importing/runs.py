"""Runs: a file, a mapping, and chunks that are each committed with the count of rows done, so that none comes twice."""

import gc
import logging
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from itertools import islice
from time import monotonic

from django.db import DataError, IntegrityError, OperationalError, connection
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import override

from accounts import organisation
from engine import constraints, copying
from engine.hints import hint
from leads.importing import mapping as mappings
from leads.importing import persons, reading, repeats
from leads.importing.batch import Batch
from leads.importing.batches import Parser
from leads.importing.files import layout_of
from leads.importing.kinds import LOADERS
from leads.importing.problems import FileRefused
from leads.importing.wording import gettext as _
from leads.importing.work import Work
from leads.models import ImportRun, ImportState
from leads.models.imports import ImportKind, ImportMode

logger = logging.getLogger(__name__)
CHUNK = 10_000
LEASE = timedelta(minutes=2)
ATTEMPTS = 4
LOCK = "leads.importing"
HINT = "leads.tasks.import_files"
MOST_UNKNOWN = 200
ENDED = "ended"  # among the counts: when the last row was written, by the database's clock


class TakenOver(Exception):
    """Another worker has done what this one was about to do."""


def start(run):
    """Let the worker begin; a hint makes it begin now."""
    started = ImportRun.objects.filter(pk=run.pk, state=ImportState.DRAFT).update(state=ImportState.QUEUED)
    if started:
        hint(HINT)
    return bool(started)


# -- running -----------------------------------------------------------------------------------------------
def run_due(seconds=4.0):
    """Work for about `seconds` on the oldest run that waits or has lost its worker; returns how many rows it did."""
    run = claim(timezone.now())
    if run is None:
        return 0
    before, until = run.rows_done, monotonic() + seconds
    runner = Runner(run)
    while runner.step(timezone.now()) and monotonic() < until:
        pass
    if runner.run.state == ImportState.RUNNING:
        runner.let_go(timezone.now())
        hint(HINT)
    return max(run.rows_done - before, 1)


def claim(at, pk=None):
    """The run to work on, with a lease on it, or None."""
    free = ImportRun.objects.filter(
        Q(state=ImportState.QUEUED) | Q(state=ImportState.RUNNING, lease_until__lt=at)
    )
    if pk is not None:
        free = free.filter(pk=pk)
    for candidate in free.order_by("pk").values_list("pk", flat=True):
        lease = {"state": ImportState.RUNNING, "lease_until": at + LEASE}
        if free.filter(pk=candidate).update(started_at=Coalesce(F("started_at"), Value(at)), **lease):
            return ImportRun.objects.get(pk=candidate)
    return None


def take(run, at):
    """Begin a draft here and now, instead of leaving it to a worker. Returns the claimed run, or None."""
    facts = {"state": ImportState.RUNNING, "lease_until": at + LEASE, "started_at": at}
    taken = ImportRun.objects.filter(pk=run.pk, state=ImportState.DRAFT).update(**facts)
    return ImportRun.objects.get(pk=run.pk) if taken else None


class Runner:
    """Works through a claimed run, chunk by chunk; a `dry` one is all in one transaction, which its caller takes back."""

    def __init__(self, run, dry=False):
        self.run, self.dry = run, dry
        self.rows = None

    @cached_property
    def layout(self):
        """How the file is laid out. Raises FileRefused."""
        return layout_of(self.run, self.mapping)

    @cached_property
    def mapping(self):
        return mappings.from_spec(self.run.spec)

    @cached_property
    def parser(self):
        return Parser(self.mapping, self.layout, [])

    def step(self, at):
        """Do one chunk; returns whether there is more to do. A file that cannot be read fails the run."""
        with override(organisation.language_of(self.run.by)), uncollected():
            try:
                chunk = list(islice(self.read(), CHUNK))
                if chunk:
                    self.load(chunk, at)
                if len(chunk) < CHUNK:
                    self._finish(at)
            except FileRefused as error:
                self._end(ImportState.FAILED, at, error=str(error))
            except TakenOver:
                return False
        return self.run.state == ImportState.RUNNING

    def read(self):
        """The rows that are not done yet: (number, line, cells, problem)."""
        if self.rows is None:
            self.rows = islice(self._anew(), self.run.rows_done, None)
        return self.rows

    def _anew(self):
        """All rows of the file, from the first one on."""
        return ((number, *row) for number, row in enumerate(reading.rows(self.layout), 1))

    def load(self, rows, at):
        """Write rows in one transaction; a refusal of the database that nobody foresaw is narrowed down to its row."""
        for attempt in range(ATTEMPTS):
            try:
                return self._write(self.parser.batch(rows), rows, at)
            except (DataError, IntegrityError, OperationalError, persons.Raced) as error:
                if attempt < contended(error):
                    continue
                if isinstance(error, (OperationalError, persons.Raced)):
                    raise
                return self._narrow(rows, error, at)
        return None

    def _narrow(self, rows, error, at):
        if len(rows) > 1:
            middle = len(rows) // 2
            self.load(rows[:middle], at)
            self.load(rows[middle:], at)
            return
        number, line, cells, _problem = rows[0]
        batch = Batch([], [], [], {}, raw={number: (line, cells)}, places=self.parser.places())
        fields, why = _refusal(error)
        batch.problems.append(batch.problem(number, fields, "", why))
        self._write(batch, rows, at)

    def _write(self, batch, rows, at):
        with copying.chunk() as cursor:
            copying.take_lock(cursor, LOCK)
            work = Work(cursor, self.run, self.mapping, batch, self.run.started_at or at, self.dry)
            if len(batch):
                repeats.settle(cursor, self.run, batch, self._anew)
            if len(batch):
                LOADERS[self.run.kind](work)
            work.write_problems()
            counts = total(self.run.counts, work)
            done = self.run.rows_done + len(rows)
            mine = ImportRun.objects.filter(
                pk=self.run.pk, state=ImportState.RUNNING, rows_done=self.run.rows_done
            )
            if not mine.update(rows_done=done, counts=counts, lease_until=at + LEASE):
                raise TakenOver
        self.run.rows_done, self.run.counts = done, counts

    def _finish(self, at):
        counts = {**self.run.counts, ENDED: database_clock().isoformat()}
        self._end(ImportState.DONE, at, rows=self.run.rows_done, counts=counts)
        repeats.forget(self.run)
        hint("reports.tasks.rollup")
        if self.run.mode == ImportMode.LIVE and self.run.kind in {ImportKind.LEADS, ImportKind.TOUCHES}:
            hint("leads.tasks.score")

    def _end(self, state, at, **more):
        facts = {"state": state, "finished_at": at, "lease_until": None, **more}
        ImportRun.objects.filter(pk=self.run.pk).update(**facts)
        for name, value in facts.items():
            setattr(self.run, name, value)
        if self.run.file:
            reading.forget(self.run.file.path)

    def let_go(self, at):
        """Leave a run that is not done to whoever looks next."""
        ImportRun.objects.filter(pk=self.run.pk, state=ImportState.RUNNING).update(lease_until=at)


@contextmanager
def uncollected():
    """Without the search for cycles: a chunk's rows hold none, and looking through them takes a third of reading them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def database_clock():
    """The clock by which rows bear the time when they were made; a worker's own may differ."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def _refusal(error):
    """(targets, why) of a row that the database refuses."""
    logger.warning("a row was refused by the database: %s", error)
    if isinstance(error, DataError):
        return "", _("holds a value outside of what can be stored")
    if found := constraints.breach(error):
        return " ".join(found.fields), found.why
    return "", _("the database refuses it: %(error)s") % {"error": str(error).splitlines()[0]}


def contended(error):
    """How many times more to try: another transaction may have been in the way."""
    if isinstance(error, persons.Raced) or getattr(error.__cause__, "pgcode", None) in {
        "40001",
        "40P01",
        "55P03",
    }:
        return ATTEMPTS - 1
    return 1 if isinstance(error, IntegrityError) else 0


def total(counts, work):
    """The run's counts with those of one more chunk."""
    summed = Counter({key: value for key, value in counts.items() if key != "unknown"})
    summed.update(work.counts)
    problems = work.batch.problems
    summed["warnings"] += sum(problem.warning for problem in problems)
    summed["rejected"] += len({problem.number for problem in problems if not problem.warning})
    summed["unchanged"] += work.batch.repeated
    summed["alike"] += work.batch.alike
    summed["signs"] += work.batch.signs
    unknown = Counter(counts.get("unknown", {}))
    unknown.update(work.unknown)
    return {**summed, "unknown": dict(unknown.most_common(MOST_UNKNOWN))}
