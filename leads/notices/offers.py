"""Notices of offers: that a lead waits, where it is from, and until when."""

import json

from django.db import connection
from django.urls import reverse

from leads.models.notices import Notice, NoticeKind
from leads.notices.sending import News, Told, spread

# Where leads are from: rows (lead_id, place).
PLACES = """(
  SELECT l.id AS lead_id, coalesce(nullif(c.city, ''), r.name, c.country) AS place
  FROM leads_lead l JOIN pipeline_contact c ON c.id = l.contact_id LEFT JOIN accounts_region r ON r.id = l.region_id)"""
# In one statement: a run of routing may tell of twenty thousand offers. Of new ones nobody has been told yet.
TELL = """
-- one row: a rep with new notices, how many, and the first of them to be answered
WITH told AS (
  INSERT INTO leads_notice (user_id, kind, subject, path, facts, at)
  SELECT h.rep_id, %(kind)s, 'handoff:' || h.id, replace(%(path)s, '/0/', '/' || h.lead_id || '/'),
    jsonb_build_object('where', p.place, 'until', coalesce(
      (to_jsonb(h.answer_due_at AT TIME ZONE 'UTC') #>> '{{}}') || '+00:00', '')), h.offered_at
  FROM leads_handoff h JOIN accounts_user u ON u.id = h.rep_id AND u.is_active
  JOIN {places} p ON p.lead_id = h.lead_id
  WHERE h.id = ANY(%(handoffs)s::bigint[])
  ORDER BY h.rep_id, h.answer_due_at, h.id
  RETURNING id, user_id, subject, path, facts
)
SELECT r.user_id, r.n, f.subject, t.subject, f.path, f.facts
FROM (SELECT user_id, count(*) AS n, min(id) AS first, max(id) AS last FROM told GROUP BY user_id) r
JOIN told f ON f.id = r.first JOIN told t ON t.id = r.last ORDER BY r.user_id
"""


def offered(handoffs, places=PLACES):
    """Tell the reps of offers just made, in their own language and time: one mail a rep however many there are.

    `handoffs`: their ids as an array literal (`engine.copying.array`); `places`: a table like PLACES that the caller has.
    """
    bound = {
        "handoffs": handoffs,
        "kind": NoticeKind.OFFERED,
        "path": reverse("leads:lead", args=[0]),
    }
    with connection.cursor() as cursor:
        cursor.execute(TELL.format(places=places), bound)
        told = [
            Told(user, count, first, last, path, json.loads(facts))
            for user, count, first, last, path, facts in cursor.fetchall()
        ]
        spread(NoticeKind.OFFERED, told)


def answered(handoff, at):
    """What its rep was told of an offer waits no longer."""
    waiting = Notice.objects.filter(user=handoff.rep_id, subject=f"handoff:{handoff.pk}", read_at=None)
    waiting.filter(kind__in=[NoticeKind.OFFERED, NoticeKind.EXPIRING]).update(read_at=at)


def news_of(handoff, user_id, at) -> News:
    """The News of an offer to one user: where the lead is from and until when it is to be answered, and no name."""
    lead = handoff.lead
    where = lead.contact.city or (lead.region.name if lead.region else "") or lead.contact.country
    until = handoff.answer_due_at
    return News(
        user_id=user_id,
        subject=f"handoff:{handoff.pk}",
        path=reverse("leads:lead", args=[handoff.lead_id]),
        facts={"where": where, "until": until.isoformat() if until else ""},
        at=at,
    )
