"""Routing: many leads by eight overlapping rules, and four workers at once, beside the bare statements."""

import multiprocessing
import os
import time
from pathlib import Path

from django.db import connection, connections

from accounts.models import RepProfile
from bench.clock import Spent, backend_cpu, backend_pid, clocked
from bench.figures import Figure, alternate, speed
from bench.filling.world import tidy
from engine.copying import chunk
from leads import assignment
from leads.models import AssignmentRule

SQL = Path(__file__).parent / "sql"
WORKERS, CHUNK, BITE = 4, 20_000, 1_000
TABLES = (
    "leads_lead",
    "leads_handoff",
    "leads_notice",
    "accounts_repprofile",
    "leads_assignmentrun",
    "leads_ruleturn",
)

COLUMNS = """lead_id, rep_id, kind, grade, agreement_id, offered_at, answer_due_at, accepted_at, contact_due_at, protected_until,
  rank, round, because, attempts, "end", note"""
TOLD = "user_id, kind, subject, path, facts, at"
KEPT = f"""DROP TABLE IF EXISTS bench_placed, bench_told;
CREATE TABLE bench_placed AS SELECT row_number() OVER (ORDER BY h.lead_id) AS n, {COLUMNS}
FROM leads_handoff h JOIN (SELECT id AS due_id FROM bench_due) d ON due_id = h.lead_id WHERE h.ended_at IS NULL;
CREATE TABLE bench_told AS SELECT n, {TOLD} FROM leads_notice JOIN (
  SELECT n, 'handoff:' || h.id AS subject FROM leads_handoff h JOIN bench_placed USING (lead_id) WHERE h.ended_at IS NULL
) placed USING (subject)"""
# what routing writes, with the answer known beforehand
BARE = f"""
WITH claimed AS (SELECT id FROM leads_lead l JOIN bench_placed p ON p.lead_id = l.id WHERE p.n BETWEEN %(low)s AND %(high)s
    AND l.route_at IS NOT NULL FOR NO KEY UPDATE OF l SKIP LOCKED)
INSERT INTO leads_handoff ({COLUMNS}) SELECT {COLUMNS} FROM bench_placed JOIN claimed ON id = lead_id ORDER BY lead_id;
INSERT INTO leads_notice ({TOLD}) SELECT {TOLD} FROM bench_told WHERE n BETWEEN %(low)s AND %(high)s ORDER BY user_id;
UPDATE leads_lead l SET route_at = NULL, owner_id = p.rep_id, updated_at = now() FROM bench_placed p
WHERE p.lead_id = l.id AND p.n BETWEEN %(low)s AND %(high)s;
UPDATE accounts_repprofile r SET open_n = open_n + c.n, cap_ceiling = greatest(capacity, open_n + c.n)
FROM (SELECT rep_id, count(*) AS n FROM bench_placed WHERE n BETWEEN %(low)s AND %(high)s GROUP BY rep_id) c WHERE c.rep_id = r.user_id
"""
LOOP = f"""
WITH claimed AS (
  SELECT l.id FROM leads_lead l WHERE l.route_at <= %(at)s AND l.stage IN ('ready', 'won')
  ORDER BY l.route_at, l.id LIMIT %(bite)s FOR NO KEY UPDATE SKIP LOCKED
), opened AS (
  INSERT INTO leads_handoff (lead_id, rep_id, kind, grade, agreement_id, offered_at, rank, round, because, attempts, "end", note)
  SELECT id, rep_id, 'new', grade, agreement_id, %(at)s, rank, 1, because, 0, '', '' FROM claimed JOIN bench_placed ON lead_id = id
  ORDER BY id RETURNING lead_id, rep_id
), owned AS (
  UPDATE leads_lead l SET route_at = NULL, owner_id = o.rep_id, updated_at = %(at)s FROM opened o WHERE o.lead_id = l.id
), told AS (
  INSERT INTO leads_notice ({TOLD}) SELECT {TOLD} FROM bench_told
  WHERE n IN (SELECT n FROM bench_placed JOIN claimed ON id = lead_id) ORDER BY user_id
)
SELECT rep_id FROM opened
"""
COUNTED = """
UPDATE accounts_repprofile p SET open_n = open_n + c.n, cap_ceiling = greatest(capacity, open_n + c.n)
FROM (SELECT rep_id, count(*) AS n FROM unnest(%s::bigint[]) AS rep_id GROUP BY rep_id ORDER BY rep_id) c WHERE c.rep_id = p.user_id
"""


def figures(world):
    """A tenth of the leads routed in a batch, then live by four workers."""
    world.grow()
    count = world.leads // 10
    _prepare(world, count)
    ours, bare = alternate(lambda: _batch(world, _routed), lambda: _batch(world, _placed))
    yield speed(f"route: {count:,} leads by eight rules against bare statements", ours, bare, "≥ 0.60")
    ours, bare = alternate(lambda: _live(world, _assign), lambda: _live(world, _loop))
    yield speed(
        f"route: {count:,} leads, {WORKERS} workers, against a bare SKIP LOCKED loop", ours, bare, "≥ 0.50"
    )
    yield Figure("route: leads offered twice by four workers", _twice(), 0, goal="0")
    _owner("DROP TABLE bench_due, bench_placed, bench_told")


def _prepare(world, count):
    """Eight rules that overlap, reps of both kinds with territories of their own, and leads that are due."""
    house = world.house
    for n in range(8):
        rule = AssignmentRule.objects.create(
            name=f"Bench {n}", position=n, channel=("", "seo", "", "sem")[n % 4]
        )
        rule.segments.set([house.segments[n % 3]] if n % 2 else [])
        rule.regions.set([] if n == 7 else house.regions[n % 3 :])
    for n, rep in enumerate(RepProfile.objects.order_by("pk")):
        rep.kind = "farmer" if n % 5 == 0 else "hunter"
        rep.weight = 1 + n % 3
        rep.capacity = rep.open_n + count // (4 if n % 7 else 40)
        rep.cap_ceiling = max(rep.capacity, rep.open_n)
        rep.save()
        rep.regions.set(house.regions[n % 3 : n % 3 + 2] if n % 4 else [])
    _owner((SQL / "ready.sql").read_text(), {"count": count, "at": world.at})
    _owner("GRANT ALL ON bench_due TO PUBLIC")
    _again(world)
    _routed(world)
    _owner(KEPT)
    _owner(
        """GRANT ALL ON bench_placed, bench_told TO PUBLIC; ALTER TABLE bench_placed ADD PRIMARY KEY (lead_id);
        CREATE INDEX ON bench_placed (n); CREATE INDEX ON bench_told (n)"""
    )


def _batch(world, work):
    _again(world)
    with clocked() as spent:
        work(world)
    return spent


def _again(world):
    _owner((SQL / "again.sql").read_text(), {"at": world.at})
    tidy(*TABLES)


def _routed(world):
    while assignment.assign_due(limit=CHUNK, at=world.at):
        pass


def _placed(world):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bench_placed")
        total = cursor.fetchone()[0]
    for low in range(1, total + 1, CHUNK):
        with chunk() as cursor:
            cursor.execute(BARE, {"low": low, "high": low + CHUNK - 1})


# -- four at once ----------------------------------------------------------------------------------------
def _live(world, work):
    """The Spent of all workers together: their own CPU and that of their backends."""
    _again(world)
    connections.close_all()
    context = multiprocessing.get_context("fork")
    told = context.SimpleQueue()
    workers = [context.Process(target=_worker, args=(work, world.at, told)) for _ in range(WORKERS)]
    began = time.monotonic()
    for worker in workers:
        worker.start()
    costs = [told.get() for _ in workers]
    wall = time.monotonic() - began
    for worker in workers:
        worker.join()
    return Spent(sum(cpu + backend for cpu, backend in costs), wall, sum(backend for _cpu, backend in costs))


def _worker(work, at, told):
    pid = backend_pid()
    cpu, backend = time.process_time(), backend_cpu(pid)
    work(at)
    told.put((time.process_time() - cpu, backend_cpu(pid) - backend))
    connections.close_all()
    os._exit(0)


def _assign(at):
    while assignment.assign_due(limit=BITE, at=at):
        pass


def _loop(at):
    found = True
    while found:
        with chunk() as cursor:
            cursor.execute(LOOP, {"at": at, "bite": BITE})
            found = [row[0] for row in cursor.fetchall()]
            cursor.execute("SELECT id FROM accounts_repprofile ORDER BY id FOR NO KEY UPDATE")
            cursor.execute(COUNTED, [found])


def _twice():
    """Leads of the last round that have more than one handoff."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT h.lead_id FROM leads_handoff h JOIN bench_due d ON d.id = h.lead_id GROUP BY h.lead_id HAVING count(*) > 1) t"
        )
        return cursor.fetchone()[0]


def _owner(statement, bound=None):
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(statement, bound)
