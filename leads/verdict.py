"""What sales says of a campaign's leads: taken or returned, why, in whose words, and who has not followed up."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F, OuterRef, Q, Subquery

from leads import returned
from leads.models import Handoff, Lead, Touch
from leads.models.handoffs import UNASKED, HandoffEnd, HandoffKind

MOST_REASONS, MOST_NOTES = 4, 4


@dataclass(frozen=True)
class Note:
    """What somebody of sales wrote about a lead of the campaign."""

    lead_id: int
    lead: str
    who: str
    at: datetime
    text: str
    returned: bool


@dataclass(frozen=True)
class Silent:
    """A rep who took leads and has not tried to reach them in time; `lead_id` is the one that waits longest."""

    rep: str
    count: int
    lead_id: int
    since: datetime


@dataclass(frozen=True)
class Verdict:
    """`answered` leads have a final answer, `accepted` of them were taken; `waiting` are offered just now.

    `reasons`: returned.Why, most frequent first.
    """

    answered: int
    accepted: int
    waiting: int
    reasons: list
    notes: list
    silent: list

    @property
    def acceptance(self):
        """The share accepted of the leads finally answered or expired; None where there is none."""
        return self.accepted / self.answered if self.answered else None

    @property
    def is_empty(self):
        """Nothing was ever offered."""
        return not (self.answered or self.waiting)


def of_campaign(campaign, at) -> Verdict:
    """The verdict on the leads that `campaign` brought, in six statements."""
    offers = Handoff.objects.filter(lead__in=_leads(campaign)).exclude(kind__in=UNASKED)
    answered, accepted, waiting = _answers(campaign)
    return Verdict(
        answered, accepted, waiting, _reasons(campaign), _notes(campaign, offers), _silent(offers, at)
    )


def _leads(campaign):
    return Lead.objects.counted().filter(campaign=campaign, history=False).exclude(channel="sales_own")


def _answers(campaign):
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS, {"campaign": campaign.pk, "unasked": list(UNASKED)})
        return cursor.fetchone()


# One row: leads with a final answer, those whose final answer is yes, and those whose offer waits for one (metrics: acceptance).
ANSWERS = """
WITH offer AS (
  SELECT h.id, h.lead_id,
    CASE WHEN h.accepted_at IS NOT NULL THEN 'accepted'
         WHEN h."end" IN ('returned', 'expired') THEN 'refused'
         WHEN h."end" = '' THEN 'waiting' END AS outcome
  FROM leads_handoff h JOIN leads_lead l ON l.id = h.lead_id
  WHERE l.campaign_id = %(campaign)s AND l.merged_into_id IS NULL AND NOT l.is_test AND NOT l.history
    AND l.disqualified_because <> 'spam' AND l.channel <> 'sales_own' AND h.kind <> ALL(%(unasked)s) AND h.kind <> 'farmer'
    AND NOT (h.unasked AND h."end" <> 'returned')
    AND NOT EXISTS (SELECT FROM leads_dispute d WHERE d.handoff_id = h.id AND d.counts IS FALSE)
),
final AS (
  SELECT DISTINCT ON (lead_id) lead_id, outcome FROM offer
  WHERE outcome IN ('accepted', 'refused') ORDER BY lead_id, id DESC
)
SELECT (SELECT count(*) FROM final), (SELECT count(*) FROM final WHERE outcome = 'accepted'),
       (SELECT count(*) FROM offer WHERE outcome = 'waiting')
"""


def _reasons(campaign):
    offers = returned.offers().filter(lead__campaign=campaign)
    return returned.whole(offers).why(returned.names())[:MOST_REASONS]


def _notes(campaign, offers):
    """The latest words: on returns, and on calls and meetings."""
    said = offers.filter(end=HandoffEnd.RETURNED).exclude(note="").select_related("lead__contact", "rep")
    notes = [
        Note(one.lead_id, str(one.lead.contact), one.rep.full_name, one.ended_at, one.note, True)
        for one in said.order_by("-ended_at")[:MOST_NOTES]
    ]
    passes = _leads(campaign).filter(contact=OuterRef("contact")).order_by("-cycle")
    talks = Touch.objects.filter(track="sales", contact__in=_leads(campaign).values("contact")).exclude(
        note=""
    )
    talks = talks.annotate(lead=Subquery(passes.values("pk")[:1])).select_related("contact", "actor")
    notes += [
        Note(one.lead, str(one.contact), one.actor.full_name if one.actor else "", one.at, one.note, False)
        for one in talks.order_by("-at")[:MOST_NOTES]
    ]
    return sorted(notes, key=lambda note: note.at, reverse=True)[:MOST_NOTES]


def _silent(offers, at):
    late = offers.open().filter(accepted_at__isnull=False, contacted_at=None, contact_due_at__lt=at)
    reps = {}
    for row in late.order_by("contact_due_at").values("rep__full_name", "lead_id", "contact_due_at")[:200]:
        reps.setdefault(row["rep__full_name"], []).append(row)
    return [
        Silent(rep, len(rows), rows[0]["lead_id"], rows[0]["contact_due_at"]) for rep, rows in reps.items()
    ]


def became(leads):
    """`leads` with what became of each: the last answer of sales, its reason, the deal, and the last dealing."""
    asked = Handoff.objects.but_for_slips().exclude(
        kind=HandoffKind.FARMER
    )  # who looks after what is won answers nothing
    last = asked.filter(lead=OuterRef("pk")).order_by("-pk")
    dealings = Touch.objects.filter(contact=OuterRef("contact"), track="sales").order_by("-at")
    return leads.annotate(
        rep=Subquery(last.values("rep__full_name")[:1]),
        accepted_at=Subquery(last.values("accepted_at")[:1]),
        end=Subquery(last.values("end")[:1]),
        reason=Subquery(last.values("reason__name")[:1]),
        dealt_at=Subquery(dealings.values("at")[:1]),
        deal_name=F("deal__name"),
        deal_amount=F("deal__amount"),
        deal_currency=F("deal__currency"),
    )


ANSWERED = {
    "accepted": Q(accepted_at__isnull=False),
    "returned": Q(end=HandoffEnd.RETURNED),
    "expired": Q(end=HandoffEnd.EXPIRED),
    "waiting": Q(accepted_at=None, end=""),
    "never": Q(end=None),
}
