"""How both sides stand under the agreement: what marketing owes and delivered, how fast and persistent sales is."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from accounts import organisation
from accounts.models import Segment
from leads import owing
from leads.because import SLIPS
from leads.ownership import SLIP

GOOD = ["A", "B"]
NONE = "none"  # in an address: the leads of no segment


@dataclass(frozen=True)
class Owed:
    """Accepted SQLs of grade B or better of one segment (empty: all) in a span: owed so far, accepted, and offered.

    `key` names the segment in an address: its number, NONE for what has none, empty for all.
    """

    segment: str
    owed: float
    accepted: int
    offered: int
    segment_id: int | None = None
    key: str = ""

    @property
    def missing(self):
        """How many are still owed by now; 0 where marketing is ahead."""
        return max(round(self.owed) - self.accepted, 0)


@dataclass(frozen=True)
class Kept:
    """One promise of sales, or of the desk, in a span: how many fell due, how many of them were kept."""

    name: str
    due: int
    kept: int

    @property
    def percent(self):
        """Share kept in percent; None where nothing fell due."""
        return round(100 * self.kept / self.due) if self.due else None


def month_of(at, month=None):
    """(first moment, first moment of the next month, share that has passed at `at`) of the organisation's month.

    `month`: any day of it; without one it is the month of `at`.
    """
    day = month or organisation.today(at)
    days = monthrange(day.year, day.month)[1]
    start = datetime.combine(day.replace(day=1), time(), organisation.zone())
    end = datetime.combine(day.replace(day=1) + timedelta(days=days), time(), organisation.zone())
    return start, end, min(max((at - start) / (end - start), 0.0), 1.0)


def owed(at, month=None):
    """[Owed] of the month so far: all first, then each segment that the agreement names or that got any, and what has none.

    Accepted and offered of the rows after the first add up to it. A version signed within the month counts from then on.
    """
    start, end, _passed = month_of(at, month)
    promised = owing.owed(owing.versions(), start, end, at)
    counted = delivered(start, min(end, at))
    names = {segment.pk: segment for segment in Segment.objects.all()}
    codes = {segment.code: segment.pk for segment in names.values()}
    wanted = {codes[code]: count for code, count in promised.items() if code in codes}
    total = [sum(each) for each in zip(*counted.values(), strict=True)] or [0, 0]
    rows = [Owed("", promised[""], *total)]
    for pk in sorted({*wanted, *counted} - {None}, key=lambda pk: names[pk].name):
        accepted, offered = counted.get(pk, (0, 0))
        rows.append(Owed(names[pk].name, wanted.get(pk, 0), accepted, offered, pk, str(pk)))
    if names and None in counted:
        accepted, offered = counted[None]
        rows.append(Owed(_("No segment"), 0, accepted, offered, key=NONE))
    return rows


def behind(start, end, segment=None):
    """[lead id] counted as accepted or offered in a span, of a segment, of none (NONE) or of all: the list behind the figures."""
    of = {"segment": None if segment == NONE else segment, "none": segment == NONE}
    with connection.cursor() as cursor:
        cursor.execute(BEHIND, {"start": start, "end": end, "good": GOOD, "slips": list(SLIPS), **of})
        return [row[0] for row in cursor.fetchall()]


def delivered(start, end):
    """{segment id: (accepted, offered)} of leads of grade B or better first offered or accepted in a span."""
    with connection.cursor() as cursor:
        cursor.execute(DELIVERED, {"start": start, "end": end, "good": GOOD, "slips": list(SLIPS)})
        return {segment: (accepted, offered) for segment, accepted, offered in cursor.fetchall()}


# OFFSET 0: leads are looked up one by one, never read whole, however many the planner expects.
# A row: a lead with its first offer and its acceptance. Reps' own finds and claims from the pool are no delivery of
# marketing's; a return that both heads decided not to count is one, as if it had been accepted then.
DELIVERY = f"""
  SELECT lead_id, min(coalesce(accepted_at, CASE WHEN NOT d.counts THEN ended_at END)) AS accepted, min(offered_at) AS offered
  FROM leads_handoff h LEFT JOIN leads_dispute d ON d.handoff_id = h.id AND NOT d.counts
  WHERE grade = ANY(%(good)s) AND kind IN ('new', 'inquiry') AND NOT {SLIP} GROUP BY lead_id
  HAVING min(coalesce(accepted_at, CASE WHEN NOT d.counts THEN ended_at END)) >= %(start)s OR min(offered_at) >= %(start)s
"""
COUNTED = f"""
FROM ({DELIVERY}) h
JOIN LATERAL (SELECT * FROM leads_lead WHERE id = h.lead_id OFFSET 0) l ON true
LEFT JOIN LATERAL (
  SELECT co.segment_id FROM pipeline_contact c JOIN pipeline_company co ON co.id = c.company_id
  WHERE c.id = l.contact_id AND l.segment_id IS NULL OFFSET 0
) co ON true
WHERE l.merged_into_id IS NULL AND NOT l.is_test AND l.disqualified_because <> 'spam'
"""
DELIVERED = f"""
SELECT coalesce(l.segment_id, co.segment_id),
  count(*) FILTER (WHERE h.accepted >= %(start)s AND h.accepted < %(end)s),
  count(*) FILTER (WHERE h.offered >= %(start)s AND h.offered < %(end)s)
{COUNTED} GROUP BY 1
"""
BEHIND = f"""
SELECT l.id {COUNTED}
  AND (h.accepted >= %(start)s AND h.accepted < %(end)s OR h.offered >= %(start)s AND h.offered < %(end)s)
  AND (%(segment)s::bigint IS NULL OR coalesce(l.segment_id, co.segment_id) = %(segment)s)
  AND (NOT %(none)s OR coalesce(l.segment_id, co.segment_id) IS NULL)
ORDER BY 1
"""


def desk(start, end, at):
    """The Kept of the answers that marketing's desk owed: what fell due in the span, as of `at`."""
    with connection.cursor() as cursor:
        cursor.execute(DESK, {"start": start, "end": min(end, at)})
        return Kept("desk", *cursor.fetchone())


# One row. What left the desk unanswered before it was due was owed no longer.
DESK = """
SELECT count(*), count(*) FILTER (WHERE p.answered_at <= p.due_at)
FROM leads_deskpromise p JOIN leads_lead l ON l.id = p.lead_id
WHERE p.due_at >= %(start)s AND p.due_at < %(end)s AND (p.ended_at IS NULL OR p.ended_at >= p.due_at)
  AND l.merged_into_id IS NULL AND NOT l.is_test AND l.disqualified_because <> 'spam'
"""


def kept(start, end, at):
    """[Kept] of answer, contact and persistence: what fell due in the span, as of `at`."""
    with connection.cursor() as cursor:
        cursor.execute(KEPT, {"start": start, "end": min(end, at)})
        row = cursor.fetchone()
    names = ("answer", "contact", "persistence")
    return [Kept(name, *row[2 * place : 2 * place + 2]) for place, name in enumerate(names)]


# One row. Attempts are owed of what a rep accepted and let run out or gave up, by grade; a contact of what was still in the
# rep's hands when it fell due.
KEPT = """
SELECT
  count(*) FILTER (WHERE answer_due_at >= %(start)s AND answer_due_at < %(end)s),
  count(*) FILTER (WHERE answer_due_at >= %(start)s AND answer_due_at < %(end)s
    AND coalesce(accepted_at, CASE WHEN "end" = 'returned' THEN ended_at END) <= answer_due_at),
  count(*) FILTER (WHERE contact_owed_at >= %(start)s AND contact_owed_at < %(end)s),
  count(*) FILTER (WHERE contact_owed_at >= %(start)s AND contact_owed_at < %(end)s AND contacted_at <= contact_owed_at),
  count(*) FILTER (WHERE given_up >= %(start)s AND given_up < %(end)s),
  count(*) FILTER (WHERE given_up >= %(start)s AND given_up < %(end)s AND attempts >= owed)
FROM (
  SELECT h.*, CASE WHEN h.accepted_at IS NOT NULL AND (h."end" = 'expired' OR h.gave_up) THEN h.ended_at END AS given_up,
    CASE WHEN h.contacted_at IS NOT NULL OR h.ended_at IS NULL OR h.ended_at >= h.contact_due_at THEN h.contact_due_at END AS contact_owed_at,
    coalesce((a.attempts_owed ->> CASE
      WHEN (SELECT l.hand_raised_at FROM leads_lead l WHERE l.id = h.lead_id) IS NOT NULL THEN 'hand' ELSE h.grade
    END)::int, 0) AS owed  -- asked only of what was given up
  FROM leads_handoff h JOIN leads_agreement a ON a.id = h.agreement_id
  WHERE h.kind NOT IN ('own_find', 'imported') AND (h.answer_due_at >= %(start)s OR h.contact_due_at >= %(start)s OR h.ended_at >= %(start)s)
) x
"""
