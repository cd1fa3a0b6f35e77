"""Taking an import back: what it made goes, what it changed is as before, and what people worked on since stays.

As the owner, because history of passes that never should have been goes with them. In chunks, each a transaction that
holds the run's row: killed in the middle, it goes on with what is still there.
"""

from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta

import orjson
from django.utils.translation import gettext as _

from engine.hints import hint
from engine.journals import erasing
from leads import ownership
from leads.importing import hands, raised, stepped
from leads.importing.kinds import readings
from leads.importing.kinds.deals import JOURNAL
from leads.importing.left import LEADS, what_stays
from leads.importing.runs import ENDED
from leads.importing.staying import CANCELLED
from leads.importing.ties import FREE, GO, TABLES, TIES, worked
from leads.models import ImportState
from leads.scoring.due import MARK

KEPT = timedelta(days=7)
NAMED = 20
CHUNK = 2_000

# What stands on others goes before them. A person is a lead and its contact, written together.
AFTER_PEOPLE = ("touch", "identity", "receipt", "spend", "reading", "unit", "campaign", "product", "company")
# Columns that mean something only with each other: restored all or none.
TOGETHER = {"deal": ("stage_id", "outcome", "outcome_reason_id", "closed_at", "signed_on")}
COMPARED = ("contact", "company")
# What history says of who changed a row.
CONTEXT = """SELECT set_config('pghistory.context_id', gen_random_uuid()::text, true),
  set_config('pghistory.context_metadata', jsonb_strip_nulls(jsonb_build_object('import', %s, 'undone_by', %s))::text, true)"""


class TooLate(Exception):
    """The import cannot be taken back any more; the text says why."""


def may_undo(run, at):
    """Whether the run is done and young enough to be taken back."""
    return run.state == ImportState.DONE and run.finished_at is not None and at - run.finished_at <= KEPT


def undo(run, at, tell=None, by=None):
    """Take the run back; returns what Stays because people worked with it since; where anything does, the run is but partly undone.

    `by` is the id of whoever asked for it, which history keeps. `tell(done, rows)` hears how far it is, between two transactions. Raises TooLate after seven days, or where it was
    taken back already.
    """
    if not may_undo(run, at):
        raise TooLate(_("An import can be taken back for seven days, once."))
    with _chunk(run, by) as cursor:
        steps = list(_steps(cursor, run))
    rows, done = sum(len(ids) for _verb, _name, ids in steps), 0
    for verb, name, ids in steps:
        with _chunk(run, by) as cursor:
            _count(cursor, run, verb(cursor, run, name, ids))
        done += len(ids)
        if tell:
            tell(done, rows)
    with _chunk(run, by) as cursor:
        kept = what_stays(cursor, run, _since(run))
        named = orjson.dumps([asdict(one) for one in kept[:NAMED]]).decode()
        cursor.execute(
            """UPDATE leads_importrun SET state = %s, undone_at = %s,
               counts = counts || jsonb_build_object('kept', %s::jsonb, 'kept_count', %s) WHERE id = %s""",
            [ImportState.PARTLY if kept else ImportState.UNDONE, at, named, len(kept), run.pk],
        )
    run.refresh_from_db()
    hint("reports.tasks.rollup")
    return kept


@contextmanager
def _chunk(run, by=None):
    """A transaction of the owner that nobody else is in for this run."""
    with erasing() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        cursor.execute(CONTEXT, [run.pk, by])
        cursor.execute("SELECT state FROM leads_importrun WHERE id = %s FOR UPDATE", [run.pk])
        if cursor.fetchone()[0] != ImportState.DONE:
            raise TooLate(_("An import can be taken back for seven days, once."))
        yield cursor


def _count(cursor, run, gone):
    cursor.execute(
        """UPDATE leads_importrun SET counts = counts ||
           jsonb_build_object('undone', coalesce((counts->>'undone')::int, 0) + %s) WHERE id = %s""",
        [gone, run.pk],
    )


def _steps(cursor, run):
    """Everything that is to be done: (function, name of the table, ids)."""

    def chunks(verb, name, query):
        cursor.execute(query, [run.pk])
        ids = [pk for (pk,) in cursor.fetchall()]
        for begin in range(0, len(ids), CHUNK):
            yield verb, name, ids[begin : begin + CHUNK]

    ledger = "FROM leads_importedrow r WHERE r.run_id = %s"
    for name in TABLES:
        changed = (
            f"""SELECT DISTINCT row_id {ledger} AND "table" = '{name}' AND before IS NOT NULL ORDER BY 1"""
        )
        yield from chunks(_restore, name, changed)
    made = f"""SELECT DISTINCT row_id {ledger} AND "table" = '{{name}}' AND before IS NULL ORDER BY 1"""
    yield from chunks(_remove_unworked, "deal", made.format(name="deal"))
    moved = f"""SELECT DISTINCT row_id {ledger} AND before IS NOT NULL
                AND ("table" = '{stepped.NAME}' OR ("table" = 'lead' AND before->'was' ? 'deal_id')) ORDER BY 1"""
    yield from chunks(_set_back, stepped.NAME, moved)
    lifted = f"""SELECT DISTINCT row_id {ledger} AND "table" = '{raised.NAME}' ORDER BY 1"""
    yield from chunks(_lower, raised.NAME, lifted)
    people = f"""SELECT DISTINCT t.contact_id FROM leads_lead t WHERE t.id IN
                 (SELECT row_id {ledger} AND "table" IN {LEADS} AND before IS NULL) ORDER BY 1"""
    yield from chunks(_remove_people, "contact", people)
    yield from chunks(_take_from_hands, hands.NAME, made.format(name=hands.NAME))
    for name in AFTER_PEOPLE:
        yield from chunks(_remove_unworked, name, made.format(name=name))


def _restore(cursor, run, name, ids):
    """Give changed rows their former values, column by column, where they still say what the file said; what was cancelled stays won."""
    table, facts = TABLES[name], {"run": run.pk, "name": name, "ids": ids}
    mine = """r.run_id = %(run)s AND r."table" = %(name)s AND r.row_id = ANY(%(ids)s::bigint[]) AND r.before IS NOT NULL"""
    cursor.execute(
        f"SELECT DISTINCT jsonb_object_keys(before->'was') FROM leads_importedrow r WHERE {mine}", facts
    )
    columns = [column for (column,) in cursor.fetchall() if (name, column) != ("lead", "deal_id")]
    if not columns:  # which deal a lead has follows the deal
        return 0
    same = {one: f"""(NOT r.now ? '{one}' OR t."{one}" IS NOT DISTINCT FROM n."{one}")""" for one in columns}
    together = " AND ".join(same[one] for one in columns if one in TOGETHER.get(name, ()))
    values = [
        f""""{one}" = CASE WHEN r.was ? '{one}' AND {together if one in TOGETHER.get(name, ()) else same[one]}
            THEN w."{one}" ELSE t."{one}" END"""
        for one in columns
    ]
    cursor.execute(
        f"""UPDATE {table} t SET {", ".join(values)}
            FROM (
              SELECT r.row_id, jsonb_object_agg(k.name, r.before->'was'->k.name ORDER BY r.id DESC) AS was,
                     jsonb_object_agg(k.name, r.before->'now'->k.name ORDER BY r.id) AS now
              FROM leads_importedrow r CROSS JOIN LATERAL jsonb_object_keys(r.before->'was') k (name)
              WHERE {mine} GROUP BY r.row_id
            ) r CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, r.was) w
            CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, r.now) n
            WHERE t.id = r.row_id AND NOT (%(name)s = 'deal' AND {CANCELLED})""",
        facts,
    )
    if name == "deal":
        _forget_changes(cursor, run, ids)
    if name == "reading":
        readings.judge_anew(cursor, ids)
    return 0


def _forget_changes(cursor, run, deals):
    """The journal of deals loses what the run wrote last of a field that is as it was before."""
    now = " ".join(f"WHEN '{field}' THEN {text.format('d')}" for field, (_column, text) in JOURNAL.items())
    cursor.execute(
        f"""DELETE FROM pipeline_dealchange c USING pipeline_deal d
            WHERE d.id = c.deal_id AND d.id = ANY(%s::bigint[]) AND c.actor_id IS NULL AND c.at = %s AND c.created_at <= %s
              AND c.before = CASE c.field {now} END
              AND NOT EXISTS (
                SELECT 1 FROM pipeline_dealchange o WHERE o.deal_id = d.id AND o.field = c.field AND o.id > c.id)""",
        [deals, run.started_at, _since(run)],
    )


def _set_back(cursor, run, _name, leads):
    return stepped.take_back(cursor, run, leads, _since(run))


def _take_from_hands(cursor, run, name, ids):
    """Known passes that the run gave to reps without moving them. Returns 0: no row of the file made them."""
    cursor.execute(
        "SELECT 1 FROM leads_lead WHERE id IN (SELECT lead_id FROM leads_handoff WHERE id = ANY(%s::bigint[])) ORDER BY id FOR UPDATE",
        [ids],
    )
    ownership.forget(cursor, _unworked(cursor, run, name, ids))
    return 0


def _lower(cursor, run, _name, leads):
    return raised.take_back(cursor, run, leads)


def _since(run):
    """What was done later than this was not done by the run."""
    return run.counts.get(ENDED, run.finished_at)


def _remove_people(cursor, run, _name, contacts):
    """The leads that the run gave these contacts, with the dealing by which each pass began, and contacts that came along."""
    cursor.execute(
        f"""SELECT t.id, t.contact_id, bool_or(r."table" = 'person') FROM leads_lead t JOIN leads_importedrow r
            ON r.run_id = %s AND r."table" IN {LEADS} AND r.row_id = t.id AND r.before IS NULL
            WHERE t.contact_id = ANY(%s::bigint[]) GROUP BY t.id""",
        [run.pk, contacts],
    )
    made = cursor.fetchall()
    leads = _unworked(cursor, run, "lead", [row[0] for row in made], [row[0] for row in made if row[2]])
    cursor.execute(
        """SELECT o.id FROM leads_lead t JOIN leads_touch o ON o.source = t.source AND o.external_id = 'lead:' || t.external_id
           WHERE t.id = ANY(%s::bigint[]) AND t.external_id <> ''""",
        [leads],
    )
    touches = [pk for (pk,) in cursor.fetchall()]
    gone = set(leads)
    people = list({contact for lead, contact, whole in made if whole and lead in gone})
    removed = _remove(cursor, "lead", leads) + _remove_unworked(cursor, run, "touch", touches)
    return removed + _remove_unworked(cursor, run, "contact", people)


def _remove_unworked(cursor, run, name, ids):
    return _remove(cursor, name, _unworked(cursor, run, name, ids))


def _unworked(cursor, run, name, ids, whole=()):
    """Those of the rows that nobody worked with since, locked so that it stays like this."""
    cursor.execute(
        f"""SELECT t.id FROM {TABLES[name]} t WHERE t.id = ANY(%(ids)s::bigint[]) AND ({worked(name)}) IS NOT TRUE
            ORDER BY t.id FOR UPDATE""",
        {
            "ids": ids,
            "whole": list(whole),
            "run": run.pk,
            "since": _since(run),
        },
    )
    return [pk for (pk,) in cursor.fetchall()]


def _remove(cursor, name, ids):
    """Delete rows with what belongs to them. Returns how many rows went, without those."""
    if not ids:
        return 0
    if name == "lead":  # before the handoffs go as rows: their reps' hands are emptier
        cursor.execute("SELECT id FROM leads_handoff WHERE lead_id = ANY(%s::bigint[])", [ids])
        ownership.forget(cursor, [pk for (pk,) in cursor.fetchall()])
    if name == "touch":  # what stays of their people is scored without them
        cursor.execute("SELECT DISTINCT contact_id FROM leads_touch WHERE id = ANY(%s::bigint[])", [ids])
        cursor.execute(MARK, [[pk for (pk,) in cursor.fetchall()]])
    if name == "reading":
        readings.judge_anew(cursor, ids)
    for tie, (_shows, fate) in TIES[name].items():
        table, column = tie.split(".")
        if fate == GO:
            cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s::bigint[])", [ids])
        elif fate == FREE:
            cursor.execute(f"UPDATE {table} SET {column} = NULL WHERE {column} = ANY(%s::bigint[])", [ids])
    if name in COMPARED:
        for side in ("low_id", "high_id"):
            cursor.execute(
                f"DELETE FROM leads_duplicate WHERE kind = %s AND {side} = ANY(%s::bigint[])", [name, ids]
            )
    cursor.execute(f"DELETE FROM {TABLES[name]} WHERE id = ANY(%s::bigint[])", [ids])
    return cursor.rowcount
