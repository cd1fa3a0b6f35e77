"""What a run of routing weighs, as temporary tables that end with its transaction: leads that are due, and reps."""

from dataclasses import dataclass

from leads import because
from leads.assignment import ruling
from leads.grading import proposed
from leads.ownership import SLIP

# Leads that somebody else works on are left out and found by the next run. The index lead_route_line has this order.
DUE = """
-- the one value: their ids as an array literal, for the next statement
SELECT array_agg(id)::text FROM (
  SELECT l.id FROM leads_lead l
  WHERE l.route_at <= %(at)s AND l.stage IN ('ready', 'won') AND l.merged_into_id IS NULL
    AND NOT EXISTS (SELECT FROM leads_handoff h WHERE h.lead_id = l.id AND h.ended_at IS NULL)
  ORDER BY coalesce(nullif(l.grade, ''), 'D'), l.route_at, l.id LIMIT %(limit)s
  FOR NO KEY UPDATE OF l SKIP LOCKED) due
"""
ANYTHING = "SELECT EXISTS (SELECT FROM leads_lead WHERE route_at <= %(at)s AND stage IN ('ready', 'won'))"

UNGRADED = "SELECT id FROM leads_lead WHERE id = ANY(%s::bigint[]) AND grade = ''"
LEADS = """
-- one row: a lead to be routed, with the first rule that it meets; a rep's own find has its rep already.
-- `tried`: the reps who returned it or let it expire since the desk last had it; not whom it was taken from (absent, merged,
-- taken back, opened again): they did nothing with it, and may be asked again. A return that was taken back and what it brought
-- are none: neither the way by the desk and back, nor the offer to somebody else
CREATE TEMP TABLE routing ON COMMIT DROP AS
WITH l AS MATERIALIZED (
  SELECT l.id, coalesce(nullif(l.grade, ''), offer.grade, 'D') AS grade, l.channel, l.product_id, l.owner_id, l.rounds, l.stage, l.captured_at,
    l.hand_raised_at IS NOT NULL AS hand,
    coalesce(l.region_id, c.region_id, co.region_id) AS region_id, coalesce(l.segment_id, co.segment_id) AS segment_id,
    co.id AS company_id, co.sales_owner_id, coalesce(co.key_account, false) AS key_account, coalesce(nullif(c0.city, ''), r.name, c0.country) AS place
  FROM leads_lead l JOIN pipeline_contact c0 ON c0.id = l.contact_id
  LEFT JOIN unnest(%(ungraded)s::bigint[], %(proposed)s::text[]) AS offer(id, grade) ON offer.id = l.id
  -- the person and the company that they are by now; few were merged, so the second look is mostly none
  CROSS JOIN LATERAL (SELECT c0.region_id, c0.company_id WHERE c0.merged_into_id IS NULL
    UNION ALL SELECT c1.region_id, c1.company_id FROM pipeline_contact c1 WHERE c1.id = c0.merged_into_id) c
  LEFT JOIN pipeline_company co0 ON co0.id = c.company_id
  CROSS JOIN LATERAL (SELECT co0.id, co0.region_id, co0.segment_id, co0.sales_owner_id, co0.key_account WHERE co0.merged_into_id IS NULL
    UNION ALL SELECT co1.id, co1.region_id, co1.segment_id, co1.sales_owner_id, co1.key_account FROM pipeline_company co1
    WHERE co1.id = co0.merged_into_id) co
  LEFT JOIN accounts_region r ON r.id = l.region_id
  WHERE l.id = ANY(%(ids)s::bigint[]) AND l.merged_into_id IS NULL
),
won AS (
  SELECT DISTINCT ON (d.company_id) d.company_id, d.owner_id
  FROM (SELECT DISTINCT company_id FROM l) firm JOIN pipeline_deal d USING (company_id) WHERE d.outcome = 'won'
  ORDER BY d.company_id, d.signed_on DESC, d.id DESC
),
past AS (
  SELECT h.lead_id, array_agg(DISTINCT h.rep_id) FILTER (WHERE h."end" <> 'released'
      AND h.offered_at >= coalesce(desk.at, '-infinity')) AS tried,
    max(h.ended_at) AS ended_at, (array_agg(hd.id ORDER BY h.id DESC) FILTER (WHERE hd.id <> h.rep_id))[1] AS head_id
  FROM l JOIN leads_handoff h ON h.lead_id = l.id
  JOIN accounts_user u ON u.id = h.rep_id LEFT JOIN accounts_team t ON t.id = u.team_id
  LEFT JOIN accounts_user hd ON hd.id = t.head_id AND hd.is_active
  CROSS JOIN LATERAL (
    SELECT max(s.at) AS at FROM leads_stagechange s WHERE s.lead_id = h.lead_id AND s.to_stage = 'mql' AND s.reason <> %(undone)s
      AND NOT EXISTS (SELECT FROM leads_stagechange b WHERE b.lead_id = s.lead_id AND b.seq = s.seq + 1 AND b.reason = %(undone)s)
  ) desk
  WHERE h."end" IN ('returned', 'expired', 'released') AND NOT {slip} GROUP BY h.lead_id
)
SELECT lead_id, grade, rounds, hand, farming, region_id, segment_id, company_id, sales_owner_id, key_account, place, won_by, customer, tried, since,
  past_head, ord, {rule} AS rule_id, NULL::int AS leader, NULL::bigint AS run_id, NULL::int AS rank,
  CASE WHEN own THEN owner_id END AS rep_id, CASE WHEN own AND owner_id IS NULL THEN 'held' ELSE '' END AS fate,
  CASE WHEN own THEN 'own_find' WHEN farming THEN 'farmer' WHEN customer THEN 'inquiry' ELSE 'new' END AS kind,
  CASE WHEN own THEN %(found)s WHEN farming THEN %(farmer)s ELSE %(turn)s END AS because
FROM (SELECT l.id AS lead_id, l.grade, l.channel, l.product_id, l.owner_id, l.rounds, l.hand, l.stage = 'won' AS farming,
  l.channel = 'sales_own' AND l.stage <> 'won' AS own, l.region_id, l.segment_id, l.company_id, l.sales_owner_id, l.key_account, l.place,
  won.owner_id AS won_by, won.company_id IS NOT NULL AS customer,
  coalesce(past.tried, '{{}}') || CASE WHEN l.stage = 'won' AND l.owner_id IS NOT NULL THEN ARRAY[l.owner_id] ELSE '{{}}' END
    AS tried,
  greatest(past.ended_at, l.captured_at) AS since, past.head_id AS past_head,
  (row_number() OVER (ORDER BY l.grade, md5(l.id::text)))::int AS ord
FROM l LEFT JOIN won ON won.company_id = l.company_id LEFT JOIN past ON past.lead_id = l.id) w
"""

WORDS = {
    "found": because.FOUND, "farmer": because.FARMER, "turn": because.TURN,
    "undone": because.RETURN_UNDONE, "slips": list(because.SLIPS),
}  # fmt: skip

LOCK_REPS = "SELECT id FROM accounts_repprofile ORDER BY id FOR NO KEY UPDATE"
REPS = """
-- one row: a rep as the router sees one now; a region stands for those below it; no region or segment means all
CREATE TEMP TABLE routing_rep ON COMMIT DROP AS
WITH RECURSIVE covered AS (
  SELECT repprofile_id, region_id FROM accounts_repprofile_regions
  UNION
  SELECT c.repprofile_id, r.id FROM covered c JOIN accounts_region r ON r.parent_id = c.region_id
)
SELECT p.user_id, p.kind, p.weight::float8 AS weight, p.capacity, p.open_n, u.team_id, t.calendar_id,
  ('x' || left(md5(p.user_id::text), 15))::bit(60)::bigint AS draw,
  CASE WHEN NOT u.is_active OR u.left_at <= %(at)s THEN 'gone' WHEN NOT p.accepting THEN 'closed'
       WHEN EXISTS (SELECT FROM accounts_absence a WHERE a.rep_id = p.id AND a.during @> %(at)s::timestamptz) THEN 'absent'
       WHEN p.open_n >= p.capacity THEN 'full' ELSE '' END AS hindrance,
  ARRAY(SELECT region_id FROM covered c WHERE c.repprofile_id = p.id) AS regions,
  ARRAY(SELECT segment_id FROM accounts_repprofile_segments s WHERE s.repprofile_id = p.id) AS segments
FROM accounts_repprofile p JOIN accounts_user u ON u.id = p.user_id LEFT JOIN accounts_team t ON t.id = u.team_id
"""


@dataclass(frozen=True)
class Rep:
    """A rep as the router sees one. `hindrance` is empty, gone, closed, absent or full; `draw` settles equal turns."""

    user_id: int
    kind: str
    weight: float
    capacity: int
    open_n: int
    team_id: int | None
    calendar_id: int | None
    draw: int
    hindrance: str
    regions: frozenset
    segments: frozenset

    def covers(self, region_id, segment_id):
        """Whether a lead lies in the rep's territory; a lead of unknown region or segment lies in everybody's."""
        return _within(region_id, self.regions) and _within(segment_id, self.segments)

    def rivals(self, other):
        """Whether both are asked for the same leads: of one kind, and of territories that meet."""
        return (
            self.kind == other.kind
            and _meet(self.regions, other.regions)
            and _meet(self.segments, other.segments)
        )


def _meet(some, others):
    return not some or not others or not some.isdisjoint(others)


def _within(one, many):
    return not many or one is None or one in many


def anything_due(cursor, at):
    """One look through the partial index."""
    cursor.execute(ANYTHING, {"at": at})
    return cursor.fetchone()[0]


def gather_due(cursor, rules, at, limit):
    """Claim up to `limit` due leads, best grades first, and lock the reps. Returns how many leads."""
    # The planner takes what is due for little, and would sort all of it for each bite instead of following the index.
    cursor.execute("SET LOCAL enable_sort = off")
    cursor.execute(DUE, {"at": at, "limit": limit})
    claimed = cursor.fetchone()[0]
    cursor.execute("SET LOCAL enable_sort = on")
    if not claimed:
        return 0
    cursor.execute(LOCK_REPS)
    return gather_named(cursor, rules, claimed, at)


def gather_named(cursor, rules, leads, at):
    """The same for named leads, whatever their stage, without claiming anything. `leads`: their ids as an array literal."""
    met, bound = ruling.first_met(rules)
    cursor.execute(UNGRADED, [leads])
    offers = proposed([row[0] for row in cursor.fetchall()], at)
    bound |= {"ungraded": list(offers), "proposed": [offer.grade for offer in offers.values()]}
    cursor.execute(LEADS.format(rule=met, slip=SLIP), {**WORDS, **bound, "ids": leads})
    found = cursor.rowcount
    cursor.execute("ANALYZE routing (lead_id, ord, company_id, rounds, farming, fate, rep_id)")
    cursor.execute(REPS, {"at": at})
    return found


def reps(cursor):
    """The reps of this run, by user id."""
    cursor.execute(
        """SELECT user_id, kind, weight, capacity, open_n, team_id, calendar_id, draw, hindrance, regions, segments
           FROM routing_rep ORDER BY user_id"""
    )
    return {row[0]: Rep(*row[:9], *map(frozenset, row[9:])) for row in cursor.fetchall()}


def forget(cursor):
    """Drop the tables of this run, for a caller whose transaction goes on."""
    cursor.execute("DROP TABLE IF EXISTS routing, routing_rep")
