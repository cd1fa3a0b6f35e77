"""Live passes that come as SQLs or with a deal: the rep whom the file names has them at once.

By the one path of ownership, but unasked: no answer and no first contact is owed of what was sales' before it came here.
"""

from datetime import timedelta

from accounts.models import Role
from leads import agreement, because, ownership
from leads.models.handoffs import HandoffEnd, HandoffKind
from pipeline.stages import Stage

SELLING = (Role.SALES, Role.MANAGER)
# Who sells and is there; others hold nothing.
SELLERS = (
    f"SELECT id FROM accounts_user WHERE is_active AND left_at IS NULL AND role IN {tuple(map(str, SELLING))}"
)
HELD = "EXISTS (SELECT 1 FROM leads_handoff h WHERE h.lead_id = l.id AND h.ended_at IS NULL)"
# A row: a live pass in sales that nobody holds, with the rep whom its row names.
NOBODYS = f"""
SELECT n.no, n.line, l.id AS lead_id, n.owner_id AS rep_id FROM ({{named}}) n JOIN leads_lead l ON l.id = n.lead_id
WHERE NOT l.history AND l.merged_into_id IS NULL AND l.stage IN ('sql', 'deal') AND NOT {HELD}
"""
GIVEN = """
SELECT h.lead_id, h.rep_id, CASE WHEN l.channel = 'sales_own' THEN %(find)s ELSE %(kind)s END AS kind, l.grade,
  %(by)s::bigint AS offered_by_id, NULL::timestamptz AS answer_due_at, %(at)s::timestamptz AS accepted_at,
  NULL::timestamptz AS contact_due_at, %(protected)s::timestamptz AS protected_until, NULL::bigint AS run_id,
  NULL::smallint AS rank, l.rounds, %(because)s AS because
FROM import_hand h JOIN leads_lead l ON l.id = h.lead_id
"""
# What an import gave, its rep has not worked with yet: whatever the files say next still holds.
FOLLOWS = (
    f"h.because = '{because.IMPORTED}' AND h.ended_at IS NULL AND h.contacted_at IS NULL AND h.extended = 0"
)
NAME, ENDED = "handoff", "ended"  # in the ledger: handoffs that the run opened, and ended


def give(work, named):
    """Hand the passes of `named` (a query of no, line, lead_id, owner_id) to whom their rows name. Last of all in a chunk.

    A look ahead only counts them: it holds what it locks until its end. Returns the numbers of rows that nobody holds.
    """
    free = work.rows(
        f"SELECT lead_id, rep_id IN ({SELLERS}) IS TRUE, no FROM ({NOBODYS.format(named=named)}) f"
    )
    if given := sorted({lead for lead, told, _no in free if told}):
        _take(work, named, given)
    return sorted(no for _lead, told, no in free if not told)


def _take(work, named, leads):
    if not work.dry:
        ownership.lock_leads(work.cursor, leads)
    held = work.table(
        "import_hand",
        f"""SELECT DISTINCT ON (lead_id) * FROM ({NOBODYS.format(named=named)}) f
            WHERE lead_id = ANY(%s) AND rep_id IN ({SELLERS}) ORDER BY lead_id, no""",
        [leads],
    )
    work.count("held", held)
    if work.dry:
        return
    ownership.lock_reps(work.cursor, [rep for (rep,) in work.rows("SELECT DISTINCT rep_id FROM import_hand")])
    in_force = agreement.in_force()
    facts = {
        "by": work.run.by_id,
        "protected": work.at + timedelta(days=in_force.protection_days),
        "because": because.IMPORTED,
        "kind": HandoffKind.IMPORTED,
        "find": HandoffKind.OWN_FIND,
    }
    opened, _offered = ownership.take_many(work.cursor, GIVEN, facts, agreement=in_force, at=work.at)
    work.note(
        NAME,
        """SELECT i.line, h.id, NULL::jsonb FROM leads_handoff h JOIN import_hand i USING (lead_id)
           WHERE h.id = ANY(%s::bigint[])""",
        [opened],
    )


def let_go(work, passes):
    """What has left sales by the steps of `passes` (see `steps.plan`) leaves its rep's hands, too; won, it stays the rep's."""
    if work.dry:
        return
    left = work.rows(
        f"""SELECT h.id, l.stage, p.line, h.answer_due_at FROM {passes} p JOIN leads_lead l ON l.id = p.lead_id
            JOIN leads_handoff h ON h.lead_id = l.id AND h.ended_at IS NULL
            WHERE l.stage NOT IN ('ready', 'sql', 'deal') AND p.lead_id IN (SELECT lead_id FROM import_step)"""
    )
    if not left:
        return
    work.note(
        ENDED,
        "SELECT line, id, jsonb_build_object('due', due) FROM unnest(%s::int[], %s::bigint[], %s::timestamptz[]) AS t (line, id, due)",
        [[one[2] for one in left], [one[0] for one in left], [one[3] for one in left]],
    )
    won, lost = ([pk for pk, stage, *_rest in left if (stage == Stage.WON) == so] for so in (True, False))
    ownership.end(work.cursor, won, HandoffEnd.FINISHED, at=work.at)
    ownership.end(work.cursor, lost, HandoffEnd.RELEASED, at=work.at)


def take_back(cursor, run, leads):
    """These leads, which the run had moved, are as before: out of the hands that it gave, back in those that it ended."""
    mine = """FROM leads_importedrow r JOIN leads_handoff h ON h.id = r.row_id
              WHERE r.run_id = %s AND r."table" = %s AND h.lead_id = ANY(%s::bigint[])"""
    cursor.execute(f"SELECT h.id {mine}", [run.pk, NAME, leads])
    ownership.forget(cursor, [pk for (pk,) in cursor.fetchall()])
    cursor.execute(f"SELECT h.id, (r.before->>'due')::timestamptz {mine}", [run.pk, ENDED, leads])
    ownership.reopen(cursor, dict(cursor.fetchall()))
