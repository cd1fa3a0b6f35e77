"""What a run of routing weighs, as temporary tables that end with its transaction: leads that are due, and reps."""

from dataclasses import dataclass

# Leads that somebody else works on are left out and found by the next run.
DUE = """
SELECT l.id FROM leads_lead l
WHERE l.route_at <= %(at)s AND l.stage IN ('ready', 'won') AND l.merged_into_id IS NULL
  AND NOT EXISTS (SELECT FROM leads_handoff h WHERE h.lead_id = l.id AND h.ended_at IS NULL)
ORDER BY coalesce(nullif(l.grade, ''), 'D'), l.route_at, l.id LIMIT %(limit)s
FOR NO KEY UPDATE OF l SKIP LOCKED
"""
NAMED = "SELECT l.id FROM leads_lead l WHERE l.id = ANY(%(ids)s) AND l.merged_into_id IS NULL"
ANYTHING = "SELECT EXISTS (SELECT FROM leads_lead WHERE route_at <= %(at)s AND stage IN ('ready', 'won'))"

LEADS = """
-- one row: a lead to be routed. `tried`: the reps who returned it or let it expire since the desk last had it
CREATE TEMP TABLE routing ON COMMIT DROP AS
WITH due AS ({due})
SELECT l.id AS lead_id, coalesce(nullif(l.grade, ''), 'D') AS grade, l.channel, l.product_id, l.owner_id, l.rounds,
  l.hand_raised_at IS NOT NULL AS hand, l.stage = 'won' AS farming,
  coalesce(l.region_id, c.region_id, co.region_id) AS region_id, coalesce(l.segment_id, co.segment_id) AS segment_id,
  co.id AS company_id, co.sales_owner_id, coalesce(nullif(c.city, ''), nullif(c.country, ''), '') AS place,
  won.owner_id AS won_by, won.id IS NOT NULL AS customer,
  coalesce(past.tried, '{{}}') || CASE WHEN l.stage = 'won' AND l.owner_id IS NOT NULL THEN ARRAY[l.owner_id] ELSE '{{}}' END
    AS tried,
  greatest(past.ended_at, moved.at, l.captured_at) AS since, past.head_id AS past_head,
  row_number() OVER (ORDER BY coalesce(nullif(l.grade, ''), 'D'), md5(l.id::text)) AS ord,
  true AS foremost, false AS ruled, NULL::bigint AS rule_id, 0 AS combo, NULL::bigint AS rep_id, NULL::bigint AS run_id,
  NULL::int AS rank, ''::text AS kind, ''::text AS because, ''::text AS fate
FROM due JOIN leads_lead l USING (id)
JOIN pipeline_contact c0 ON c0.id = l.contact_id
JOIN pipeline_contact c ON c.id = coalesce(c0.merged_into_id, c0.id)
LEFT JOIN pipeline_company co0 ON co0.id = c.company_id
LEFT JOIN pipeline_company co ON co.id = coalesce(co0.merged_into_id, co0.id)
LEFT JOIN LATERAL (SELECT d.id, d.owner_id FROM pipeline_deal d WHERE d.company_id = co.id AND d.outcome = 'won'
                   ORDER BY d.signed_on DESC, d.id DESC LIMIT 1) won ON true
LEFT JOIN LATERAL (SELECT max(s.at) AS at, max(s.at) FILTER (WHERE s.to_stage = 'mql') AS desk
                   FROM leads_stagechange s WHERE s.lead_id = l.id) moved ON true
LEFT JOIN LATERAL (
  SELECT array_agg(DISTINCT h.rep_id) FILTER (WHERE h.offered_at >= coalesce(moved.desk, '-infinity')) AS tried,
    max(h.ended_at) AS ended_at, (array_agg(hd.id ORDER BY h.id DESC) FILTER (WHERE hd.id <> h.rep_id))[1] AS head_id
  FROM leads_handoff h JOIN accounts_user u ON u.id = h.rep_id LEFT JOIN accounts_team t ON t.id = u.team_id
  LEFT JOIN accounts_user hd ON hd.id = t.head_id AND hd.is_active
  WHERE h.lead_id = l.id AND h."end" IN ('returned', 'expired', 'released')) past ON true
"""

LOCK_REPS = "SELECT id FROM accounts_repprofile ORDER BY id FOR NO KEY UPDATE"
REPS = """
-- one row: a rep as the router sees one now; a region stands for those below it; no region or segment means all
CREATE TEMP TABLE routing_rep ON COMMIT DROP AS
WITH RECURSIVE covered AS (
  SELECT repprofile_id, region_id FROM accounts_repprofile_regions
  UNION
  SELECT c.repprofile_id, r.id FROM covered c JOIN accounts_region r ON r.parent_id = c.region_id
)
SELECT p.user_id, p.kind, p.weight::float8 AS weight, p.capacity, p.open_n, p.turn, u.team_id,
  ('x' || left(md5(p.user_id::text), 15))::bit(60)::bigint AS draw,
  CASE WHEN NOT u.is_active OR u.left_at <= %(at)s THEN 'gone' WHEN NOT p.accepting THEN 'closed'
       WHEN EXISTS (SELECT FROM accounts_absence a WHERE a.rep_id = p.id AND a.during @> %(at)s::timestamptz) THEN 'absent'
       WHEN p.open_n >= p.capacity THEN 'full' ELSE '' END AS hindrance,
  ARRAY(SELECT region_id FROM covered c WHERE c.repprofile_id = p.id) AS regions,
  ARRAY(SELECT segment_id FROM accounts_repprofile_segments s WHERE s.repprofile_id = p.id) AS segments
FROM accounts_repprofile p JOIN accounts_user u ON u.id = p.user_id
"""


@dataclass(frozen=True)
class Rep:
    """A rep as the router sees one. `hindrance` is empty, gone, closed, absent or full."""

    user_id: int
    kind: str
    weight: float
    capacity: int
    open_n: int
    turn: float
    team_id: int | None
    hindrance: str
    regions: frozenset
    segments: frozenset

    def covers(self, region_id, segment_id):
        """Whether a lead lies in the rep's territory; a lead of unknown region or segment lies in everybody's."""
        return _within(region_id, self.regions) and _within(segment_id, self.segments)


def _within(one, many):
    return not many or one is None or one in many


def anything_due(cursor, at):
    """One look through the partial index."""
    cursor.execute(ANYTHING, {"at": at})
    return cursor.fetchone()[0]


def gather_due(cursor, at, limit):
    """Claim up to `limit` due leads, best grades first, and lock the reps. Returns how many leads."""
    cursor.execute(LEADS.format(due=DUE), {"at": at, "limit": limit})
    found = cursor.rowcount
    if found:
        cursor.execute("ANALYZE routing")
        cursor.execute(LOCK_REPS)
        cursor.execute(REPS, {"at": at})
    return found


def gather_named(cursor, lead_ids, at):
    """The same for named leads, whatever their stage, without claiming anything."""
    cursor.execute(LEADS.format(due=NAMED), {"ids": list(lead_ids)})
    found = cursor.rowcount
    cursor.execute(REPS, {"at": at})
    return found


def reps(cursor):
    """The reps of this run, by user id."""
    cursor.execute(
        """SELECT user_id, kind, weight, capacity, open_n, turn, team_id, hindrance, regions, segments
           FROM routing_rep ORDER BY user_id"""
    )
    return {
        row[0]: Rep(*row[:8], regions=frozenset(row[8]), segments=frozenset(row[9]))
        for row in cursor.fetchall()
    }


def forget(cursor):
    """Drop the tables of this run, for a caller whose transaction goes on."""
    cursor.execute("DROP TABLE IF EXISTS routing, routing_rep, routing_clock")
