"""Training on closed leads, in a process of its own: the CPU that it takes and the peak of its memory."""

import multiprocessing
import os
import resource
import time

import pgtrigger
from django.db import connection, connections

from bench.clock import backend_cpu, backend_pid
from bench.figures import Figure
from bench.filling.world import tidy
from leads.learning import chances

SECONDS, MEGABYTES = 60, 1024  # what training on 100,000 closed leads may take

# Whoever has not won by now is history; big budgets and old machines win more often than others.
CLOSE = """
UPDATE leads_lead l SET history = true, attributes = jsonb_build_object(
  'budget', CASE WHEN mod(d.n, 5) > 0 THEN 1000 + abs(mod(d.n / 7, 900)) * 100 + CASE WHEN l.won_at IS NOT NULL THEN 20000 ELSE 0 END END,
  'machine', (ARRAY['press', 'lathe', 'mill', 'saw', 'robot'])[abs(mod(d.n / 11, 5)) + 1],
  'years', abs(mod(d.n / 13, 20)) + CASE WHEN l.won_at IS NOT NULL THEN 3 ELSE 0 END,
  'asked_for', (ARRAY['price', 'visit', 'sample', 'leaflet'])[abs(mod(d.n / 17, 4)) + 1])
FROM (SELECT id, hashint8(id) AS n FROM leads_lead) d WHERE d.id = l.id AND NOT l.history
"""


def figures(world):
    """All passes of the house are closed and learned from; the room comes last, for nothing runs any more after it."""
    world.grow()
    _close()
    cpu, wall, peak, rows = _apart()
    name = f"train: on {rows:,} closed leads"
    yield Figure(name, cpu, SECONDS, "s CPU", cpu / SECONDS, "≤ 60 at 100,000", wall=wall)
    yield Figure(f"{name}, peak of memory", peak, MEGABYTES, "MB", peak / MEGABYTES, "≤ 1,024 at 100,000")


def _close():
    with pgtrigger.ignore(databases=["owner"]), connections["owner"].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        cursor.execute(CLOSE)
    tidy("leads_lead")


def _apart():
    """(CPU of process and backend and wall in seconds, peak of the process in MB, leads learned from)."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    told = context.SimpleQueue()
    process = context.Process(target=_train, args=(told,))
    process.start()
    process.join()
    assert process.exitcode == 0
    return told.get()


def _train(told):
    pid, began = backend_pid(), time.monotonic()
    cpu, backend = time.process_time(), backend_cpu(pid)
    rows = chances.train().card["rows"]
    spent = time.process_time() - cpu + backend_cpu(pid) - backend
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told.put((spent, time.monotonic() - began, peak, rows))
    connection.close()
    os._exit(0)  # past whatever this process is a copy of
