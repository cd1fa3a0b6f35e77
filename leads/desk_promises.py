"""What the desk promised, as it is kept: one row for each answer owed, with the moment it was due and that it was given.

Who asks is seen at the next round, within a minute; the row keeps the version of the agreement, the grade and the moment it
falls due as of then. `leads.answering` tells the desk who waits; this tells afterwards whether the promise was kept.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from engine.copying import try_lock
from engine.lately import Lately
from leads import answering, grading, terms
from leads.models import HUMAN_ATTEMPTS, DeskPromise, Lead
from pipeline.channels import Channel
from pipeline.fairs import last_day_of

LOCK = "leads.desk_promises"
OVERLAP = timedelta(days=1)  # what was asked elsewhere meanwhile comes with its own moment
ROUND = Lately(timezone.now, lifetime=50)  # when this process began its last round
# The stages of a lead that has gone on; where it went by another way, it left unanswered.
ON = ("ready", "sql", "deal", "won")


@dataclass(frozen=True)
class Round:
    """How many promises a round wrote down, and how many it closed."""

    made: int = 0
    closed: int = 0


def keep_due():
    """A round, for whoever looks more often than one is wanted. Returns how many rows it wrote."""
    at = timezone.now()
    if ROUND() < at:
        return 0
    told = keep(at)
    return told.made + told.closed


def keep(at, since=None) -> Round:
    """Close what was answered and write down what was asked for since the last round, or `since` a moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not try_lock(cursor, LOCK):
            return Round()
        cursor.execute(CLOSE, {"at": at, "attempts": list(HUMAN_ATTEMPTS), "on": list(ON)})
        closed = cursor.rowcount
        agreement = terms.in_force()
        said = answering.promised_by(agreement)
        if said is None:
            return Round(closed=closed)
        made = _promise(cursor, said, agreement, at, since or _last(at))
        cursor.execute(CLOSE, {"at": at, "attempts": list(HUMAN_ATTEMPTS), "on": list(ON)})
        return Round(made, closed + cursor.rowcount)


def _last(at):
    """Since when somebody may have asked whom no round has seen: not before the answers were promised at all."""
    newest = (
        DeskPromise.objects.filter(asked_at__lte=at).order_by("-asked_at").values_list("asked_at", flat=True)
    )
    return max((newest.first() or at) - OVERLAP, answering.promised_since() or at)


def _promise(cursor, said, agreement, at, since):
    cursor.execute(ASKED, {"at": at, "since": since, "own": Channel.SALES_OWN, "on": list(ON)})
    asked = {lead: (asked_at, begins, hand) for lead, asked_at, begins, hand in cursor.fetchall()}
    leads = grading.graded(Lead.objects.filter(pk__in=asked), at, cell=False)
    rows = []
    for lead, grade in leads.order_by("pk").values_list("pk", "grade_now"):
        asked_at, begins, hand = asked[lead]
        due = said.due({"hand_raised_at": hand, "grade_now": grade, "answer_from": begins})
        row = DeskPromise(lead_id=lead, agreement=agreement, grade=grade, hand=hand is not None)
        row.asked_at, row.due_at = asked_at, due
        rows.append(row)
    cursor.execute(ANEW, [[row.lead_id for row in rows], [row.asked_at for row in rows]])
    return len(DeskPromise.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True))


# A row: a lead that asked in the span, when it did last, from when its clock runs, and when it raised a hand. What sales gave
# back has days of its own, and so has what the desk took back itself.
ASKED = f"""
SELECT l.id, one.asked_at, greatest(one.asked_at,
    (({last_day_of("c")}) + 1)::timestamp AT TIME ZONE house.zone), one.hand
FROM leads_lead l CROSS JOIN accounts_organisation house
LEFT JOIN pipeline_campaign c ON c.id = l.campaign_id
CROSS JOIN LATERAL (
  SELECT greatest(max(s.at), max(h.at)) AS asked_at, max(h.at) AS hand
  FROM (VALUES (l.hand_raised_at)) AS h (at)
  LEFT JOIN leads_stagechange s ON s.lead_id = l.id AND s.to_stage = 'mql' AND s.from_stage <> ALL(%(on)s) AND s.at <= %(at)s
) AS one
WHERE l.id IN (
    SELECT lead_id FROM leads_stagechange WHERE to_stage = 'mql' AND from_stage <> ALL(%(on)s) AND at >= %(since)s AND at <= %(at)s
    UNION SELECT id FROM leads_lead WHERE ended_at IS NULL AND hand_raised_at >= %(since)s AND hand_raised_at <= %(at)s
  )
  AND one.asked_at >= %(since)s AND one.asked_at <= %(at)s
  AND NOT l.history AND NOT l.is_test AND l.merged_into_id IS NULL AND l.desk_due_at IS NULL
  AND NOT (l.channel = %(own)s AND l.owner_id IS NOT NULL)
  AND NOT EXISTS (SELECT FROM leads_deskpromise p WHERE p.lead_id = l.id AND p.asked_at = one.asked_at)
"""
# What is asked anew before it was due starts again; where the first was late already, it stays so.
ANEW = """
WITH asked AS (SELECT * FROM unnest(%s::bigint[], %s::timestamptz[]) AS one (lead_id, asked_at)),
late AS (
  UPDATE leads_deskpromise p SET ended_at = asked.asked_at FROM asked
  WHERE p.lead_id = asked.lead_id AND p.answered_at IS NULL AND p.ended_at IS NULL AND p.due_at <= asked.asked_at
)
DELETE FROM leads_deskpromise p USING asked
WHERE p.lead_id = asked.lead_id AND p.answered_at IS NULL AND p.ended_at IS NULL AND p.due_at > asked.asked_at
"""
# Answered by a person's first attempt or by the way on, whichever came first; ended where it left by another way before.
CLOSE = """
UPDATE leads_deskpromise p SET answered_at = CASE WHEN told.answers THEN told.answered END,
  ended_at = CASE WHEN NOT told.answers THEN told.gone END
FROM (
  SELECT one.id, did.answered, did.gone, coalesce(did.answered <= did.gone, did.answered IS NOT NULL) AS answers
  FROM leads_deskpromise one JOIN leads_lead l ON l.id = one.lead_id
  CROSS JOIN LATERAL (
    SELECT least(
      (SELECT min(t.at) FROM leads_touch t WHERE t.contact_id = l.contact_id AND t.outbound AND NOT t.automatic
        AND t.kind = ANY(%(attempts)s) AND t.at >= one.asked_at AND t.at <= %(at)s),
      (SELECT min(s.at) FROM leads_stagechange s
        WHERE s.lead_id = l.id AND s.at >= one.asked_at AND s.at <= %(at)s AND s.to_stage = ANY(%(on)s))
    ) AS answered, coalesce(
      (SELECT min(s.at) FROM leads_stagechange s WHERE s.lead_id = l.id AND s.at >= one.asked_at AND s.at <= %(at)s
        AND s.to_stage NOT IN ('new', 'mql') AND s.to_stage <> ALL(%(on)s)),
      CASE WHEN l.merged_into_id IS NOT NULL THEN %(at)s::timestamptz END
    ) AS gone
  ) AS did
  WHERE one.answered_at IS NULL AND one.ended_at IS NULL AND (did.answered IS NOT NULL OR did.gone IS NOT NULL)
) AS told
WHERE p.id = told.id
"""
