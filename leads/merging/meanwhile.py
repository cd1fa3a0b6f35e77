"""What came between a merge and its undo: by an address of the one that goes back it goes back too, with the pass it began."""

from leads.merging import rows
from leads.models import HAND_RAISERS, Touch

SINCE = """
SELECT t.id, c.known, c.fresh, c.lead_id
FROM leads_touch t LEFT JOIN leads_cameby c ON c.touch_id = t.id
WHERE t.contact_id = %(survivor)s AND NOT t.automatic
  AND CASE WHEN %(last)s::bigint IS NULL THEN t.created_at > %(at)s ELSE t.id > %(last)s END
ORDER BY t.id
"""
# A pass that became a deal stays, as the deal's people do; so does one beside which another is open there.
PASSES = """
UPDATE leads_lead l SET contact_id = %(gone)s, updated_at = clock_timestamp(),
  cycle = (SELECT coalesce(max(cycle), 0) FROM leads_lead WHERE contact_id = %(gone)s) + array_position(%(leads)s::bigint[], l.id)
WHERE l.id = ANY(%(leads)s) AND l.contact_id = %(survivor)s AND l.merged_into_id IS NULL AND l.deal_id IS NULL
  AND (l.ended_at IS NOT NULL OR NOT EXISTS (
    SELECT FROM leads_lead o WHERE o.contact_id = %(gone)s AND o.ended_at IS NULL AND o.merged_into_id IS NULL))
"""
# Hands that were raised by what went back: down again with the one, up with the other.
LOWERED = """
UPDATE leads_lead l SET updated_at = clock_timestamp(), hand_raised_at = (
  SELECT max(t.at) FROM leads_touch t
  WHERE t.contact_id = l.contact_id AND t.kind = ANY(%(raisers)s) AND NOT t.outbound AND NOT t.automatic AND t.at >= l.captured_at)
FROM leads_touch went
WHERE went.id = ANY(%(touches)s) AND went.kind = ANY(%(raisers)s)
  AND l.contact_id = %(survivor)s AND l.hand_raised_at = went.at
"""
RAISED = """
UPDATE leads_lead l SET updated_at = clock_timestamp(), hand_raised_at = greatest(l.hand_raised_at, went.at)
FROM (SELECT max(at) AS at FROM leads_touch WHERE id = ANY(%(touches)s) AND kind = ANY(%(raisers)s)) went
WHERE l.contact_id = %(gone)s AND l.ended_at IS NULL AND l.merged_into_id IS NULL AND l.captured_at <= went.at
"""

# What was said of consent with what went back is said by the one who goes; the survivor is as before, and without a word has given none.
CONSENTS = """
WITH came AS (
  SELECT DISTINCT e.* FROM pipeline_consentevent e JOIN leads_touch t ON t.created_at = e.created_at
  WHERE t.id = ANY(%(touches)s) AND e.contact_id = %(survivor)s AND e.created_at > %(merged)s
), theirs AS (
  INSERT INTO pipeline_consentevent (contact_id, purpose, channel, given, basis, text_version, language, evidence, actor_id, at)
  SELECT %(gone)s, purpose, channel, given, basis, text_version, language, evidence, actor_id, at FROM came ORDER BY id
)
INSERT INTO pipeline_consentevent (contact_id, purpose, channel, given, basis, text_version, language, evidence, at)
SELECT DISTINCT ON (came.purpose, came.channel) %(survivor)s, came.purpose, came.channel, coalesce(was.given, false),
  coalesce(was.basis, came.basis), coalesce(was.text_version, ''), coalesce(was.language, ''), jsonb_build_object('merge_undone', %(merge)s), clock_timestamp()
FROM came LEFT JOIN LATERAL (
  SELECT e.* FROM pipeline_consentevent e
  WHERE e.contact_id = %(survivor)s AND e.purpose = came.purpose AND e.channel = came.channel AND e.id NOT IN (SELECT id FROM came)
  ORDER BY e.at DESC, e.id DESC LIMIT 1
) AS was ON true
WHERE (was.at IS NULL OR was.at < came.at) AND came.given <> coalesce(was.given, false)
ORDER BY came.purpose, came.channel, came.at DESC, came.id DESC
"""


def last_touch():
    """The id of the newest touch of anybody; what comes later has a higher one."""
    return Touch.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def sort_out(cursor, merge):
    """Send back what came by addresses that went back alone. Returns {"back": [touch ids], "unclear": [touch ids]}."""
    asked = {"survivor": merge.survivor_id, "last": merge.moved.get("last_touch"), "at": merge.created_at}
    cursor.execute(SINCE, asked)
    going = set(merge.moved["rows"].get("pipeline.Identity.contact", []))
    back, unclear, fresh, leads = [], [], [], []
    for touch, known, new, lead in cursor.fetchall():
        if known and going.issuperset(known):
            back.append(touch)
            fresh += new
            going.update(new)
            leads += [lead] if lead else []
        elif not known or not going.isdisjoint(known):
            unclear.append(touch)
    if back:
        _send_back(cursor, merge, back, fresh, leads)
    return {"back": back, "unclear": unclear}


def _send_back(cursor, merge, touches, fresh, leads):
    moved = {"leads.Touch.contact": touches, "pipeline.Identity.contact": fresh}
    rows.move_back(cursor, moved, merge.survivor_id, merge.gone_id)
    named = {"survivor": merge.survivor_id, "gone": merge.gone_id, "touches": touches, "leads": leads,
             "raisers": list(HAND_RAISERS), "merge": merge.pk, "merged": merge.created_at}  # fmt: skip
    for statement in (PASSES, LOWERED, RAISED, CONSENTS):
        cursor.execute(statement, named)
