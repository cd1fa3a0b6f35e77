"""Leads of a fair in a run of routing: offered like any other, but their clocks start a working day after its end."""

from datetime import timedelta

from accounts import organisation
from pipeline.channels import FAIRS

LATELY = timedelta(days=30)  # no calendar rests longer than that

ANY = "SELECT EXISTS (SELECT FROM pipeline_campaign WHERE channel = ANY(%s) AND ends_on > %s)"
OPENED = """
-- one row: an offer of this run whose lead came by a fair that ends later or has just ended
SELECT h.id, h.rep_id, c.ends_on, h.accepted_at IS NOT NULL,
  CASE WHEN h.kind IN ('inquiry', 'farmer') THEN 'inquiry' WHEN l.hand_raised_at IS NOT NULL THEN 'hand' ELSE h.grade END
FROM leads_handoff h JOIN leads_lead l ON l.id = h.lead_id JOIN pipeline_campaign c ON c.id = l.campaign_id
WHERE h.id = ANY(%s::bigint[]) AND c.channel = ANY(%s) AND c.ends_on > %s
"""
LATER = """
UPDATE leads_handoff h SET answer_due_at = CASE WHEN h.accepted_at IS NULL THEN x.due END,
  contact_due_at = CASE WHEN h.accepted_at IS NOT NULL THEN x.due END
FROM unnest(%s::bigint[], %s::timestamptz[]) AS x(id, due) WHERE h.id = x.id
"""


def put_off(cursor, handoffs, clocks, at):
    """Set the clocks of those of these new handoffs (an array literal) that came by a fair. `clocks` is {rep id: Clocks}.

    One look at the campaigns while no fair is on.
    """
    since = organisation.today(at) - LATELY
    fairs = list(FAIRS)
    cursor.execute(ANY, [fairs, since])
    if not cursor.fetchone()[0]:
        return
    cursor.execute(OPENED, [handoffs, fairs, since])
    found, dues = cursor.fetchall(), {}
    for _handoff, *case in found:
        if tuple(case) not in dues:
            rep, last_day, accepted, key = case
            clock = clocks[rep]
            start = clock.after_fair(last_day)
            dues[tuple(case)] = (clock.contact_due if accepted else clock.answer_due)(key, start)
    cursor.execute(LATER, [[row[0] for row in found], [dues[row[1:]] for row in found]])
