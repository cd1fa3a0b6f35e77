"""Notices of offers: that a lead waits, where it is from, and until when."""

import json

from django.db import connection
from django.urls import reverse

from engine.copying import array
from leads.models.notices import NoticeKind
from leads.notices.sending import News, Told, spread

# In one statement: a run of routing may tell of twenty thousand offers.
TELL = """
-- one row: a rep with new notices, how many, and the first of them to be answered
WITH told AS (
  INSERT INTO leads_notice (user_id, kind, subject, path, facts, at)
  SELECT h.rep_id, %(kind)s, 'handoff:' || h.id, replace(%(path)s, '/0/', '/' || h.lead_id || '/'),
    jsonb_build_object('where', coalesce(nullif(c.city, ''), r.name, c.country), 'until', coalesce(
      to_char(h.answer_due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'), '')), h.offered_at
  FROM leads_handoff h JOIN accounts_user u ON u.id = h.rep_id AND u.is_active
  JOIN leads_lead l ON l.id = h.lead_id JOIN pipeline_contact c ON c.id = l.contact_id
  LEFT JOIN accounts_region r ON r.id = l.region_id
  WHERE h.id = ANY(%(handoffs)s::bigint[])
  ORDER BY h.rep_id, h.answer_due_at, h.id
  ON CONFLICT DO NOTHING
  RETURNING id, user_id, subject, path, facts
)
SELECT user_id, count(*), (array_agg(subject ORDER BY id))[1], (array_agg(subject ORDER BY id DESC))[1],
  (array_agg(path ORDER BY id))[1], (array_agg(facts ORDER BY id))[1]
FROM told GROUP BY user_id ORDER BY user_id
"""


def offered(handoff_ids):
    """Tell the reps of new offers, in their own language and time: one mail a rep however many there are."""
    bound = {
        "handoffs": array(handoff_ids),
        "kind": NoticeKind.OFFERED,
        "path": reverse("leads:lead", args=[0]),
    }
    with connection.cursor() as cursor:
        cursor.execute(TELL, bound)
        told = [
            Told(user, count, first, last, path, json.loads(facts))
            for user, count, first, last, path, facts in cursor.fetchall()
        ]
        spread(NoticeKind.OFFERED, told)


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
