"""Leads of a fair in a run of routing: offered like any other, but their clocks start a working day after its end."""

from datetime import timedelta

from accounts import organisation
from accounts.calendars import clocks_for
from engine.copying import chunk
from leads.clocks import Clocks
from leads.models import Agreement
from pipeline.fairs import last_day_of

LATELY = timedelta(days=30)  # no calendar rests longer than that
# A fair that is moved is followed by the next sweep; no longer than a day after.
MOVED_SINCE = timedelta(days=1)

KEY = "CASE WHEN h.kind IN ('inquiry', 'farmer') THEN 'inquiry' WHEN l.hand_raised_at IS NOT NULL THEN 'hand' ELSE h.grade END"
FAIR = last_day_of("c")
ANY = f"SELECT EXISTS (SELECT FROM pipeline_campaign c WHERE {FAIR} > %s)"
OPENED = f"""
-- one row: an offer of this run whose lead came by a fair that ends later or has just ended
SELECT h.id, h.rep_id, c.ends_on, h.accepted_at IS NOT NULL,
  {KEY}
FROM leads_handoff h JOIN leads_lead l ON l.id = h.lead_id JOIN pipeline_campaign c ON c.id = l.campaign_id
WHERE h.id = ANY(%s::bigint[]) AND {FAIR} > %s
"""
LATER = """
UPDATE leads_handoff h SET answer_due_at = CASE WHEN h.accepted_at IS NULL THEN x.due END,
  contact_due_at = CASE WHEN h.accepted_at IS NOT NULL THEN x.due END,
  protected_until = CASE WHEN h.accepted_at IS NOT NULL THEN x.protected END
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS x(id, due, protected) WHERE h.id = x.id
"""

RUNS = "h.ended_at IS NULL AND CASE WHEN h.accepted_at IS NULL THEN h.answer_due_at IS NOT NULL ELSE h.contact_due_at IS NOT NULL AND h.contacted_at IS NULL END"
MOVED = f"""
-- one row: a clock that still runs and was set before the fair of its lead got another last day, or was none any more
SELECT h.id, h.rep_id, h.agreement_id, moved.last_day, h.accepted_at IS NOT NULL, coalesce(h.accepted_at, h.offered_at), {KEY}
FROM (
  SELECT c.id, {FAIR} AS last_day
  FROM pipeline_campaign c JOIN pipeline_campaignevent e ON e.pgh_obj_id = c.id
  WHERE greatest({FAIR}, {last_day_of("e")}) > %(since)s AND ({FAIR}) IS DISTINCT FROM ({last_day_of("e")})
  GROUP BY c.id HAVING max(e.pgh_created_at) > %(moved)s
) moved
JOIN leads_lead l ON l.campaign_id = moved.id JOIN leads_handoff h ON h.lead_id = l.id
WHERE {RUNS}
"""
STANDS = "CASE WHEN x.accepted THEN h.contact_due_at ELSE h.answer_due_at END"
# Put off, or put back: whoever counted on the later day has what the agreement gives from now on.
DUE = f"greatest(x.due, least({STANDS}, x.from_now))"
# Whoever extended the protection keeps that.
PROTECTED = """greatest(x.protected, CASE WHEN h.extended > 0 THEN h.protected_until
  ELSE least(h.protected_until, x.protected_from_now) END)"""
FOLLOWED = f"""
UPDATE leads_handoff h SET answer_due_at = CASE WHEN x.accepted THEN h.answer_due_at ELSE {DUE} END,
  contact_due_at = CASE WHEN x.accepted THEN {DUE} ELSE h.contact_due_at END,
  protected_until = CASE WHEN x.accepted THEN {PROTECTED} END,
  warned_at = CASE WHEN {PROTECTED} <= h.protected_until THEN h.warned_at END
FROM unnest(%s::bigint[], %s::bool[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[])
  AS x(id, accepted, due, from_now, protected, protected_from_now)
WHERE h.id = x.id AND {RUNS} AND (h.accepted_at IS NOT NULL) = x.accepted
  AND {STANDS} <> {DUE}
"""


def follow(at):
    """Let the running clocks of a fair's leads follow its last day. Returns how many.

    One that was put off comes back where the day is put right, to no less than the agreement gives from now on. One look at
    the fairs while none of them was moved.
    """
    with chunk() as cursor:
        since = organisation.today(at) - LATELY
        cursor.execute(MOVED, {"since": since, "moved": at - MOVED_SINCE})
        found = cursor.fetchall()
        if not found:
            return 0
        clocks = clocks_for({row[1] for row in found})
        agreements = Agreement.objects.in_bulk({row[2] for row in found})
        dues: list[tuple] = []
        # The open offers of the fairs that were moved: a number that a rep's hands bound.
        for _handoff, rep, agreed, last_day, accepted, began, key in found:
            then, now = (Clocks(clocks[rep], agreements[agreed], moment) for moment in (began, at))
            start = then.after_fair(last_day) if last_day else None
            due = (
                (then.contact_due(key, start), now.contact_due(key))
                if accepted
                else (then.answer_due(key, start), now.answer_due(key))
            )
            dues.append((*due, then.protected_until(start), now.protected_until()))
        columns = map(list, zip(*dues, strict=True))
        cursor.execute(FOLLOWED, [[row[0] for row in found], [row[4] for row in found], *columns])
        return cursor.rowcount


def put_off(cursor, handoffs, clocks, at):
    """Set the clocks of those of these new handoffs (an array literal) that came by a fair. `clocks` is {rep id: Clocks}.

    One look at the campaigns while no fair is on.
    """
    since = organisation.today(at) - LATELY
    cursor.execute(ANY, [since])
    if not cursor.fetchone()[0]:
        return
    cursor.execute(OPENED, [handoffs, since])
    found, dues = cursor.fetchall(), {}
    for _handoff, *case in found:
        if tuple(case) not in dues:
            rep, last_day, accepted, key = case
            clock = clocks[rep]
            start = clock.after_fair(last_day)
            due = (clock.contact_due if accepted else clock.answer_due)(key, start)
            dues[tuple(case)] = due, clock.protected_until(start)
    told = [dues[row[1:]] for row in found]
    cursor.execute(
        LATER, [[row[0] for row in found], [due for due, _protected in told], [one for _due, one in told]]
    )
