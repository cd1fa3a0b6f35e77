"""Why leads come back: returns of a span by campaign, by rep and by rule of a scorecard, with what is behind each figure.

A figure is about the offers made in the span and what became of them until now. Reps' own finds and claims are no offers.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection
from django.db.models import Count, Q

from accounts import memberships
from leads import fields
from leads.models import Handoff, Lead, ReturnReason
from leads.models.handoffs import UNASKED, HandoffEnd
from leads.scoring import lines, rules
from leads.scoring.explaining import describe

SPAN = timedelta(days=180)
KEYS = {"campaign": ("lead__campaign", "lead__campaign__name"), "rep": ("rep", "rep__full_name")}


@dataclass(frozen=True)
class Why:
    """A reason, how many returns it has, and their share of all returns."""

    code: str
    name: str
    count: int
    share: float


@dataclass
class Tally:
    """Offers of one campaign, rep or rule: `answered` (accepted, returned or expired), and returns by reason.

    `reasons`: {code: how many returns}, most frequent first once it is whole.
    """

    key: int | None
    name: str
    answered: int = 0
    reasons: Counter = field(default_factory=Counter)

    @property
    def returned(self):
        return self.reasons.total()

    @property
    def share(self):
        """The share of answered offers that came back; None where none was answered."""
        return self.returned / self.answered if self.answered else None

    def why(self, names):
        """[Why] of its returns, most frequent first; `names` {code: the reason in words}."""
        ranked = sorted(self.reasons.items(), key=lambda pair: (-pair[1], pair[0]))
        return [Why(code, names.get(code, code), count, count / self.returned) for code, count in ranked]

    def as_dict(self):
        """As the API answers it."""
        return {
            "key": self.key, "name": self.name, "answered": self.answered, "returned": self.returned,
            "share": self.share, "reasons": dict(self.reasons.most_common()),
        }  # fmt: skip


def offers(start=None, end=None):
    """Offers made in [start, end), or ever; without tests, merged leads and history. Spam is a return like others.

    A return that both heads decided not to count is left out.
    """
    made = Handoff.objects.all()
    if start is not None:
        made = made.filter(offered_at__gte=start, offered_at__lt=end)
    leads = {"lead__merged_into": None, "lead__is_test": False, "lead__history": False}
    moved = Q(unasked=True) & ~Q(
        end=HandoffEnd.RETURNED
    )  # with a book: only what the heir gives back is an answer
    return made.filter(**leads).exclude(kind__in=UNASKED).exclude(moved).exclude(dispute__counts=False)


def of_team(team, handoffs):
    """Those that were offered to people who were in the team at that moment; to today's where no date is known."""
    return handoffs.filter(memberships.in_team(team, "rep", "offered_at"))


def answered(handoffs):
    """Those with a final answer."""
    return handoffs.filter(
        Q(accepted_at__isnull=False) | Q(end__in=(HandoffEnd.RETURNED, HandoffEnd.EXPIRED))
    )


def came_back(handoffs):
    """Those that the rep returned."""
    return handoffs.filter(end=HandoffEnd.RETURNED)


def tallies(by, handoffs):
    """[Tally] of `handoffs` (a queryset) by "campaign" or "rep", most returns first. One statement."""
    key, name = KEYS[by]
    rows = answered(handoffs).order_by().values_list(key, name, "end", "reason__code").annotate(n=Count("pk"))
    found = {}
    for pk, words, end, reason, count in rows:
        tally = found.setdefault(pk, Tally(pk, words or ""))
        _count(tally, end, reason, count)
    return sorted(found.values(), key=lambda tally: (-tally.returned, -tally.answered, tally.name))


def whole(handoffs):
    """One Tally of all these offers."""
    total = Tally(None, "")
    for tally in tallies("rep", handoffs):
        total.answered += tally.answered
        total.reasons += tally.reasons
    return total


def by_rule(model, start, end):
    """{rule id: Tally} of a scorecard's rules: the offers of the leads it decides for that meet the rule now."""
    scored = list(model.rules.all())
    if not scored:
        return {}
    bind = fields.Bound("rule")
    met = ", ".join(rules.holds(rule, bind) for rule in scored)
    bound = {**bind.params, "start": start, "end": end, "unasked": list(UNASKED), "line": model.line}
    with connection.cursor() as cursor:
        cursor.execute(BY_RULE.format(met=met, source=fields.FROM.strip()), bound)
        rows = cursor.fetchall()
    found = {rule.pk: Tally(rule.pk, describe(rule)) for rule in scored}
    for place, ended, reason, count in rows:
        _count(found[scored[place - 1].pk], ended, reason, count)
    return found


# A row: a rule (its place), how offers of leads that meet it ended, the reason, how many. The same offers as `offers`.
BY_RULE = """
WITH judged AS (
  SELECT h."end" AS ended, reason.code AS reason, ARRAY[{met}]::bool[] AS rules
  FROM {source} JOIN leads_handoff h ON h.lead_id = l.id
  LEFT JOIN leads_returnreason reason ON reason.id = h.reason_id LEFT JOIN pipeline_product p ON p.id = l.product_id
  WHERE h.offered_at >= %(start)s AND h.offered_at < %(end)s AND h.kind <> ALL(%(unasked)s)
    AND NOT (h.unasked AND h."end" <> 'returned')
    AND (h.accepted_at IS NOT NULL OR h."end" IN ('returned', 'expired'))
    AND l.merged_into_id IS NULL AND NOT l.is_test AND NOT l.history
    AND NOT EXISTS (SELECT FROM leads_dispute d WHERE d.handoff_id = h.id AND d.counts IS FALSE)
    AND CASE WHEN %(line)s <> '' THEN p.family = %(line)s
        ELSE NOT EXISTS (SELECT FROM leads_scoremodel m WHERE m.in_force AND m.line <> '' AND m.line = p.family) END
)
SELECT rule.place, ended, reason, count(*)
FROM judged CROSS JOIN LATERAL unnest(rules) WITH ORDINALITY AS rule(met, place)
WHERE rule.met GROUP BY 1, 2, 3
"""


def meeting(rule, handoffs):
    """`handoffs` narrowed to those whose lead is of the rule's scorecard and meets the rule now."""
    bind = fields.Bound()
    held = rules.holds(rule, bind)
    handoffs = handoffs.filter(lead__in=lines.decided_by(Lead.objects.all(), rule.model))
    leads = bind(list(handoffs.order_by().values_list("lead", flat=True).distinct()))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT l.id FROM {fields.FROM} WHERE l.id = ANY({leads}) AND {held}", bind.params)
        return handoffs.filter(lead__in=[row[0] for row in cursor.fetchall()])


def _count(tally, end, reason, count):
    tally.answered += count
    if end == HandoffEnd.RETURNED:
        tally.reasons[reason] += count


def names():
    """{code: the reason in the reader's language}."""
    return {reason.code: str(reason) for reason in ReturnReason.objects.all()}
