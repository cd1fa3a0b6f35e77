"""The one path by which a lead comes into somebody's hands and leaves them: handoff, owner and counters together.

Whoever changes ownership locks in this order: leads, handoffs, reps by id. The caller holds the leads' locks.
"""

from django.db import connection

from leads.models.handoffs import HandoffEnd, HandoffKind

LOCK_LEADS = "SELECT id FROM leads_lead WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
LOCK_REPS = "SELECT id FROM accounts_repprofile WHERE user_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
LOCK_HOLDERS = """
SELECT p.id FROM accounts_repprofile p
WHERE p.user_id IN (SELECT rep_id FROM leads_handoff WHERE id = ANY(%s)) ORDER BY p.id FOR NO KEY UPDATE
"""

# An offer that was taken away again with somebody else's slip, which brought it: its rep never was to have the lead.
SLIP = """(h."end" = 'released' AND h.accepted_at IS NULL AND h.note = ANY(%(slips)s))"""

# A rep's own hunter-to-farmer handoff leaves the lead with its hunter until the farmer accepts.
TAKE = """
WITH opened AS (
  INSERT INTO leads_handoff (lead_id, rep_id, kind, grade, agreement_id, offered_at, offered_by_id, answer_due_at,
                             accepted_at, contact_due_at, protected_until, run_id, rank, round, because, attempts, "end", note,
                             unasked)
  SELECT o.lead_id, o.rep_id, o.kind, o.grade, %(agreement)s, %(at)s, o.offered_by_id, o.answer_due_at,
         o.accepted_at, o.contact_due_at, o.protected_until, o.run_id, o.rank, o.rounds + 1, o.because, 0, '', '',
         o.accepted_at IS NOT NULL
  FROM ({rows}) o ORDER BY o.lead_id
  RETURNING id, lead_id, rep_id, kind, accepted_at
), owned AS (
  UPDATE leads_lead l SET route_at = NULL, pooled_at = NULL, wake_at = NULL, desk_due_at = NULL, updated_at = %(at)s,
    owner_id = CASE WHEN o.kind = 'farmer' AND o.accepted_at IS NULL THEN l.owner_id ELSE o.rep_id END
  FROM opened o WHERE l.id = o.lead_id
), counted AS (
  UPDATE accounts_repprofile p SET open_n = p.open_n + c.n, cap_ceiling = greatest(p.capacity, p.open_n + c.n)
  FROM (SELECT rep_id, count(*) AS n FROM opened GROUP BY rep_id) c WHERE p.user_id = c.rep_id
)
SELECT {told} FROM opened
"""
ALL, OFFERED = (
    "coalesce(array_agg(id), '{}')::text",
    "coalesce(array_agg(id) FILTER (WHERE accepted_at IS NULL), '{}')::text",
)

# Whoever an offer is taken from owes no answer any more: it is no promise, kept or broken. Nor do notices of it wait.
END = """
-- one row: a lead that left a rep's hands
WITH ended AS (
  UPDATE leads_handoff SET ended_at = %(at)s, "end" = %(how)s, reason_id = %(reason)s, note = %(note)s,
    returned_by_id = %(by)s,
    answer_due_at = CASE WHEN accepted_at IS NULL AND %(how)s IN ('released', 'reassigned') THEN NULL ELSE answer_due_at END
  WHERE id = ANY(%(handoffs)s) AND ended_at IS NULL
  RETURNING id, lead_id, rep_id, kind
), freed AS (
  UPDATE leads_lead l SET owner_id = NULL, updated_at = %(at)s
  FROM ended e WHERE l.id = e.lead_id AND l.owner_id = e.rep_id AND e.kind <> 'farmer' AND %(how)s <> 'finished'
), told AS (
  UPDATE leads_notice n SET read_at = %(at)s FROM ended e
  WHERE n.user_id = e.rep_id AND n.kind IN ('offered', 'expiring') AND n.subject = 'handoff:' || e.id AND n.read_at IS NULL
), counted AS (
  UPDATE accounts_repprofile p SET open_n = p.open_n - c.n, cap_ceiling = greatest(p.capacity, p.open_n - c.n)
  FROM (SELECT rep_id, count(*) AS n FROM ended GROUP BY rep_id) c WHERE p.user_id = c.rep_id
)
SELECT id, lead_id, rep_id FROM ended ORDER BY id
"""

# Where the rep has one of the same rule already, that one stands for both. A complaint stays with who serves the account.
FOLLOW = """
-- one row: an open moment of a lead that comes into the hands of who took the lead
UPDATE leads_moment SET owner_id = %(rep)s WHERE id IN (
  SELECT DISTINCT ON (m.contact_id, m.rule_id) m.id FROM leads_moment m
  WHERE m.lead_id = %(lead)s AND m.closed_at IS NULL AND m.owner_id <> %(rep)s AND NOT EXISTS (
    SELECT FROM leads_moment o WHERE o.contact_id = m.contact_id AND o.rule_id = m.rule_id AND o.owner_id = %(rep)s
      AND o.closed_at IS NULL)
    AND NOT EXISTS (
      SELECT FROM leads_momentrule r, pipeline_contact c, pipeline_accountperson p
      WHERE r.id = m.rule_id AND r.kind = 'complaint' AND c.id = m.contact_id AND p.company_id = c.company_id
        AND p.part = 'service' AND p.user_id = m.owner_id)
  ORDER BY m.contact_id, m.rule_id, m.at DESC)
"""

# Of an import that is taken back, what it gave into hands was never theirs.
FORGET = """
WITH gone AS (DELETE FROM leads_handoff WHERE id = ANY(%(handoffs)s::bigint[]) AND ended_at IS NULL RETURNING lead_id, rep_id),
freed AS (
  UPDATE leads_lead l SET owner_id = NULL FROM gone WHERE l.id = gone.lead_id AND l.owner_id = gone.rep_id
)
UPDATE accounts_repprofile p SET open_n = p.open_n - c.n, cap_ceiling = greatest(p.capacity, p.open_n - c.n)
FROM (SELECT rep_id, count(*) AS n FROM gone GROUP BY rep_id) c WHERE p.user_id = c.rep_id
"""
# Nothing is left of the end; an offer to a farmer leaves the lead with its hunter, as in TAKE.
REOPEN = """
WITH opened AS (
  UPDATE leads_handoff h SET ended_at = NULL, "end" = '', answer_due_at = o.due, reason_id = NULL, note = '',
    returned_by_id = NULL, gave_up = false, before_return = NULL
  FROM unnest(%(handoffs)s::bigint[], %(due)s::timestamptz[]) AS o (id, due)
  WHERE h.id = o.id AND h.ended_at IS NOT NULL RETURNING h.lead_id, h.rep_id, h.kind, h.accepted_at
), owned AS (
  UPDATE leads_lead l SET owner_id = o.rep_id FROM opened o
  WHERE l.id = o.lead_id AND (o.kind <> 'farmer' OR o.accepted_at IS NOT NULL)
)
UPDATE accounts_repprofile p SET open_n = p.open_n + c.n, cap_ceiling = greatest(p.capacity, p.open_n + c.n)
FROM (SELECT rep_id, count(*) AS n FROM opened GROUP BY rep_id) c WHERE p.user_id = c.rep_id
"""

ONE = """
SELECT %(lead)s::bigint AS lead_id, %(rep)s::bigint AS rep_id, %(kind)s AS kind, %(grade)s AS grade,
  %(by)s::bigint AS offered_by_id, %(answer_due)s::timestamptz AS answer_due_at, %(accepted)s::timestamptz AS accepted_at,
  %(contact_due)s::timestamptz AS contact_due_at, %(protected)s::timestamptz AS protected_until,
  NULL::bigint AS run_id, NULL::smallint AS rank, (SELECT rounds FROM leads_lead WHERE id = %(lead)s) AS rounds,
  %(because)s AS because
"""


def lock_leads(cursor, lead_ids):
    """Wait for the leads' rows, in the order of their ids."""
    cursor.execute(LOCK_LEADS, [list(lead_ids)])


def lock_reps(cursor, user_ids):
    """Wait for the reps' rows, in the order of their ids; users without a profile have none to wait for."""
    cursor.execute(LOCK_REPS, [list(user_ids)])


def take_many(cursor, rows, params, *, agreement, at):
    """Open a handoff for each row of a SELECT, and make the rep the lead's owner.

    `rows` gives lead_id, rep_id, kind, grade, offered_by_id, answer_due_at, accepted_at, contact_due_at,
    protected_until, run_id, rank, the lead's rounds and because. A capacity does not stop it: whoever offers has looked
    at it. Returns (the handoffs, those that are yet to be answered), ids as array literals: thousands go on to statements.
    """
    statement = TAKE.format(rows=rows, told=f"{ALL}, {OFFERED}")
    cursor.execute(statement, {**params, "agreement": agreement.pk, "at": at})
    return cursor.fetchone()


def _take(cursor, params, agreement, at):
    """The same for ONE. Returns the handoff's id."""
    cursor.execute(TAKE.format(rows=ONE, told="id"), {**params, "agreement": agreement.pk, "at": at})
    return cursor.fetchone()[0]


def take_one(
    cursor, lead, rep, *, kind=HandoffKind.NEW, because, agreement, at, clocks, accepted=False, by=None
):
    """Open one handoff, accepted at once or to be answered; `clocks` are the rep's. Returns its id."""
    key, start = clocks.key(lead, kind), clocks.start(lead.campaign)
    params = {
        "lead": lead.pk,
        "rep": rep.pk,
        "kind": kind,
        "grade": lead.grade,
        "by": by.pk if by else None,
        "answer_due": None if accepted else clocks.answer_due(key, start),
        "accepted": at if accepted else None,
        "contact_due": clocks.contact_due(key, start) if accepted else None,
        "protected": clocks.protected_until(start) if accepted else None,
        "because": because,
    }
    if accepted:
        follow(cursor, lead.pk, rep.pk)
    return _take(cursor, params, agreement, at)


def follow(cursor, lead_id, rep_id):
    """What is open of a lead's moments goes with it to the rep who has it now."""
    cursor.execute(FOLLOW, {"lead": lead_id, "rep": rep_id})


def go_on(cursor, handoff_id, was, *, protected=None):
    """A handoff that stands for one that `was` before is protected no shorter, as often extended, and tried as often as that one.

    Whoever was contacted is not owed a first contact again. `protected`: until this moment instead, and no longer.
    """
    cursor.execute(
        """UPDATE leads_handoff SET extended = %(extended)s,
             protected_until = coalesce(%(set)s, greatest(protected_until, %(protected)s)),
             attempts = %(attempts)s, contacted_at = %(contacted)s,
             contact_due_at = CASE WHEN %(contacted)s::timestamptz IS NULL THEN contact_due_at END
           WHERE id = %(id)s""",
        {
            "id": handoff_id, "extended": was.extended, "protected": was.protected_until, "set": protected,
            "attempts": was.attempts, "contacted": was.contacted_at,
        },
    )  # fmt: skip


def end(cursor, handoff_ids, how, *, at, reason=None, note="", by=None):
    """End the open ones of these handoffs; the lead is nobody's, except when it is finished. `by`: who returned them.

    Returns [(handoff_id, lead_id, rep_id)] of those that this call ended.
    """
    if not handoff_ids:
        return []
    cursor.execute(LOCK_HOLDERS, [handoff_ids])
    cursor.execute(
        END,
        {
            "handoffs": handoff_ids,
            "how": HandoffEnd(how),
            "at": at,
            "reason": reason.pk if reason else None,
            "note": note[:500],
            "by": by.pk if by else None,
        },
    )
    return cursor.fetchall()


def forget(cursor, handoff_ids):
    """Delete open handoffs, with the owner of their leads, as though they had never been. By the owner of the tables."""
    if handoff_ids:
        cursor.execute(LOCK_HOLDERS, [handoff_ids])
        cursor.execute(FORGET, {"handoffs": handoff_ids})


def reopen(cursor, due):
    """Handoffs whose end is taken back, {id: when an answer was due}, are open as before, and their reps the owners."""
    if due:
        cursor.execute(LOCK_HOLDERS, [list(due)])
        cursor.execute(REOPEN, {"handoffs": list(due), "due": list(due.values())})


def recount():
    """Reps whose counter is not the number of their open handoffs, as [(user_id, counted, found)]. Empty when all is well."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT p.user_id, p.open_n, count(h.id) FROM accounts_repprofile p
               LEFT JOIN leads_handoff h ON h.rep_id = p.user_id AND h.ended_at IS NULL
               GROUP BY p.id HAVING p.open_n <> count(h.id) ORDER BY p.user_id"""
        )
        return cursor.fetchall()


def resume(cursor, handoff, at):
    """Open an accepted handoff anew for the rep who held it, after what ended it was undone. Returns the new id."""
    params = {
        "lead": handoff.lead_id,
        "rep": handoff.rep_id,
        "kind": handoff.kind,
        "grade": handoff.grade,
        "by": handoff.offered_by_id,
        "answer_due": None,
        "accepted": at,
        "contact_due": handoff.contact_due_at,
        "protected": handoff.protected_until,
        "because": handoff.because,
    }
    made = _take(cursor, params, handoff.agreement, at)
    go_on(cursor, made, handoff)
    return made
