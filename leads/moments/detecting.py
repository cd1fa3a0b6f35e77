"""From touches to moments: as sets, behind the touches and never in their way."""

from django.urls import reverse
from django.utils import timezone

from engine.copying import chunk
from leads import complaints, grading, notices
from leads.models import Lead, Touch, TouchKind
from leads.models.moments import Moment
from leads.models.notices import NoticeKind
from leads.notices.sending import News

HOT_GRADES = ("A", "B")

CLAIM = """
-- one row: a touch that nobody has looked at yet
DELETE FROM leads_news WHERE touch_id = ANY (ARRAY(
  SELECT touch_id FROM leads_news ORDER BY touch_id LIMIT %s FOR UPDATE SKIP LOCKED))
RETURNING touch_id
"""

# The owner is whoever has the running pass, else the account's owner, else whoever won the customer last; of a complaint, whose it is.
DETECT = """
-- one row: a moment that begins; one that is open already for this contact and rule only counts on
WITH news AS (
  SELECT t.id, t.kind, t.at, t.note, t.actor_id, coalesce(c.merged_into_id, c.id) AS contact_id
  FROM leads_touch t JOIN pipeline_contact c ON c.id = t.contact_id WHERE t.id = ANY(%(touches)s)
), known AS (
  SELECT n.*, pass.id AS lead_id, won.owner_id IS NOT NULL OR won.id IS NOT NULL AS customer,
    n.contact_id = ANY(%(hot)s) AS hot,
    coalesce(complaint.owner_id, (SELECT u.id FROM accounts_user u
     WHERE u.id IN (pass.owner_id, co.sales_owner_id, won.owner_id) AND u.is_active AND u.left_at IS NULL
     ORDER BY u.id = pass.owner_id DESC NULLS LAST, u.id = co.sales_owner_id DESC NULLS LAST LIMIT 1)) AS owner_id
  FROM news n
  LEFT JOIN unnest(%(complaints)s::bigint[], %(whose)s::bigint[]) AS complaint (id, owner_id) ON complaint.id = n.id
  JOIN pipeline_contact c ON c.id = n.contact_id
  LEFT JOIN pipeline_company co ON co.id = c.company_id
  LEFT JOIN LATERAL (
    SELECT l.id, CASE WHEN l.ended_at IS NULL OR l.stage = 'won' THEN l.owner_id END AS owner_id FROM leads_lead l
    WHERE l.contact_id = n.contact_id AND l.merged_into_id IS NULL
    ORDER BY l.ended_at IS NOT NULL, l.cycle DESC LIMIT 1) pass ON true
  LEFT JOIN LATERAL (
    SELECT d.id, d.owner_id FROM pipeline_deal d WHERE d.company_id = co.id AND d.outcome = 'won'
    ORDER BY d.signed_on DESC, d.id DESC LIMIT 1) won ON true
), matched AS (
  SELECT DISTINCT ON (k.id) k.*, r.id AS rule_id
  FROM known k JOIN leads_momentrule r ON r.active AND r.kind = k.kind
    AND (r.whom = 'held' OR k.customer OR (r.whom = 'hot' AND k.hot))
    AND (r.words = '' OR EXISTS (
      SELECT FROM unnest(string_to_array(lower(r.words), ',')) w WHERE strpos(lower(k.note), btrim(w)) > 0))
    AND r.times <= (
      SELECT count(*) FROM leads_touch p WHERE p.contact_id = k.contact_id AND p.kind = k.kind AND NOT p.outbound
        AND NOT p.automatic AND p.at <= k.at AND p.at > k.at - make_interval(days => r.days))
  WHERE k.owner_id IS NOT NULL AND k.actor_id IS DISTINCT FROM k.owner_id
  ORDER BY k.id, r.position, r.id
), latest AS (
  SELECT DISTINCT ON (contact_id, rule_id, owner_id) *, count(*) OVER (PARTITION BY contact_id, rule_id, owner_id) AS n
  FROM matched ORDER BY contact_id, rule_id, owner_id, at DESC, id DESC
)
INSERT INTO leads_moment AS m (rule_id, touch_id, contact_id, lead_id, owner_id, at, times, outcome)
SELECT rule_id, id, contact_id, lead_id, owner_id, at, n, '' FROM latest
ON CONFLICT (contact_id, rule_id, owner_id) WHERE closed_at IS NULL
  DO UPDATE SET touch_id = excluded.touch_id, at = greatest(m.at, excluded.at), times = m.times + excluded.times
RETURNING m.id, xmax = 0 AS begins
"""


def detect_due(limit=1000, at=None):
    """Look at touches that nobody has looked at, at most `limit`, and tell the owners. Returns how many."""
    at = at or timezone.now()
    with chunk() as cursor:
        cursor.execute(CLAIM, [limit])
        touches = [row[0] for row in cursor.fetchall()]
        if not touches:
            return 0
        cursor.execute(DETECT, {"touches": touches, "hot": _hot(touches, at), **_whose(touches)})
        begun = [pk for pk, begins in cursor.fetchall() if begins]
        notices.announce(NoticeKind.MOMENT, _news(begun))
    return len(touches)


def _hot(touches, at):
    """The contacts of these touches whose running pass has a hot grade now."""
    people = Touch.objects.filter(pk__in=touches).values("contact")
    graded = grading.graded(Lead.objects.running().filter(contact__in=people), at)
    return list(graded.filter(grade_now__in=HOT_GRADES).values_list("contact", flat=True))


def _whose(touches):
    """Whose the complaints among these touches are, as two arrays."""
    found = Touch.objects.filter(pk__in=touches, kind=TouchKind.COMPLAINT).annotate(whose=complaints.whose())
    rows = list(found.values_list("pk", "whose"))
    return {"complaints": [row[0] for row in rows], "whose": [row[1] for row in rows]}


def _news(moments):
    found = Moment.objects.filter(pk__in=moments).select_related("rule", "contact", "lead__region", "owner")
    return [
        News(
            user_id=moment.owner_id,
            subject=f"moment:{moment.pk}",
            path=_page(moment),
            facts={"rule": moment.rule.name, "where": _where(moment)},
            at=moment.at,
        )
        for moment in found
    ]


def _page(moment):
    """Where its owner finds it: on My day, or a complaint among those that are open, where the owner has no such day."""
    if moment.rule.kind == TouchKind.COMPLAINT and not moment.owner.has_perm("leads.claim_lead"):
        return reverse("leads:complaint-list") + "?whose=mine"
    return f"{reverse('leads:my-day')}#moment-{moment.pk}"


def _where(moment):
    region = moment.lead and moment.lead.region
    return moment.contact.city or (region.name if region else "") or moment.contact.country
