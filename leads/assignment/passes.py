"""The passes before the fair one: key accounts, account owners, companies already worked on, team leads.

Each is one statement over the run's temporary tables and leaves what it settled with a rep, or with a fate.
"""

from leads import because
from leads.models import Destination, Event, Grade

HERE = "u.is_active AND (u.left_at IS NULL OR u.left_at > %(at)s) AND coalesce(r.hindrance, '') NOT IN ('gone', 'absent')"
SALES_HEAD = "(SELECT id FROM accounts_user WHERE head_of = 'sales' AND is_active ORDER BY id LIMIT 1)"
# A key account's lead is its owner's: neither by turns nor to the pool. Where there is no owner, or the owner cannot have it,
# the first head has it who has not had it yet, and in the end the head of sales, else it waits.
KEY_ACCOUNTS = f"""
UPDATE routing t SET rep_id = k.user_id, fate = CASE WHEN k.user_id IS NULL THEN 'wait' ELSE '' END,
  because = CASE WHEN k.user_id = t.sales_owner_id THEN %(account)s WHEN t.sales_owner_id IS NULL THEN %(key_unowned)s ELSE %(key_stands_in)s END
FROM (SELECT x.lead_id, w.user_id FROM routing x LEFT JOIN LATERAL (
    SELECT u.id AS user_id FROM (VALUES (1, x.sales_owner_id),
      (2, (SELECT m.head_id FROM accounts_user o JOIN accounts_team m ON m.id = o.team_id WHERE o.id = x.sales_owner_id)),
      (3, (SELECT m.head_id FROM leads_assignmentrule a JOIN accounts_team m ON m.id = a.team_id WHERE a.id = x.rule_id)),
      (4, {SALES_HEAD})) AS c (place, user_id)
    JOIN accounts_user u ON u.id = c.user_id LEFT JOIN routing_rep r ON r.user_id = u.id
    WHERE {HERE} AND (c.place = 4 OR NOT u.id = ANY(x.tried)) ORDER BY c.place LIMIT 1) w ON true
  WHERE x.key_account AND x.rep_id IS NULL AND x.fate = '' AND NOT x.farming) k
WHERE t.lead_id = k.lead_id
"""
# The owner first, else whoever won the customer. A full rep stays the owner: no round robin for an account.
OWNERS = f"""
UPDATE routing t SET rep_id = o.user_id, because = CASE WHEN o.owns THEN %(account)s WHEN EXISTS (
    SELECT FROM routing_rep r WHERE r.user_id = t.sales_owner_id AND r.hindrance = 'absent') THEN %(winner)s ELSE %(customer)s END
FROM (SELECT DISTINCT ON (x.lead_id) x.lead_id, w.user_id, w.owns
      FROM routing x CROSS JOIN LATERAL (VALUES (x.sales_owner_id, true), (x.won_by, false)) AS w (user_id, owns)
      JOIN accounts_user u ON u.id = w.user_id LEFT JOIN routing_rep r ON r.user_id = w.user_id
      WHERE x.rep_id IS NULL AND x.fate = '' AND NOT x.farming AND x.rounds <= %(reoffers)s AND w.user_id IS NOT NULL
        AND (%(owners_first)s OR NOT x.customer) AND NOT w.user_id = ANY(x.tried) AND {HERE}
      ORDER BY x.lead_id, w.owns DESC) o
WHERE t.lead_id = o.lead_id
"""
# The account's owner is absent: whose turn it is has the lead, and is told why. What follows may know a better reason.
STAND_IN = """
UPDATE routing t SET because = %(owner_away)s FROM routing_rep r
WHERE r.user_id = t.sales_owner_id AND r.hindrance = 'absent' AND (%(owners_first)s OR NOT t.customer)
  AND t.rep_id IS NULL AND t.fate = '' AND NOT t.farming
"""
# Worked out once for a company, however many of its leads are in the run.
JOINED = """
WITH open AS (
  SELECT lead_id, company_id, tried FROM routing
  WHERE company_id IS NOT NULL AND rep_id IS NULL AND fate = '' AND NOT farming AND rounds <= %(reoffers)s
), theirs AS MATERIALIZED (
  SELECT firm.company_id, w.* FROM (SELECT DISTINCT company_id FROM open) firm CROSS JOIN LATERAL (
    SELECT h.rep_id, 1 AS first, h.offered_at AS since FROM pipeline_contact c
    JOIN leads_lead l ON l.contact_id = c.id JOIN leads_handoff h ON h.lead_id = l.id AND h.ended_at IS NULL
    WHERE c.company_id = firm.company_id
    UNION ALL
    SELECT d.owner_id, 2, d.opened_at FROM pipeline_deal d WHERE d.company_id = firm.company_id AND d.outcome = 'open') w
), work AS MATERIALIZED (
  SELECT w.* FROM theirs w
  JOIN accounts_user u ON u.id = w.rep_id LEFT JOIN routing_rep r ON r.user_id = u.id
  WHERE u.is_active AND coalesce(r.hindrance, '') NOT IN ('gone', 'absent')
)
UPDATE routing t SET rep_id = o.rep_id, because = %(joined)s
FROM (SELECT DISTINCT ON (x.lead_id) x.lead_id, w.rep_id FROM open x JOIN work w USING (company_id)
      WHERE NOT w.rep_id = ANY(x.tried) ORDER BY x.lead_id, w.first, w.since DESC) o
WHERE t.lead_id = o.lead_id
"""
# One lead of a company leads; the others of the same batch follow to the same rep. `leader` is its place in line.
FOLLOWERS = """
UPDATE routing t SET leader = f.leader
FROM (SELECT lead_id, ord, min(ord) OVER (PARTITION BY company_id) AS leader FROM routing
      WHERE company_id IS NOT NULL AND rep_id IS NULL AND fate = '' AND NOT farming AND tried = '{}') f
WHERE t.lead_id = f.lead_id AND f.ord > f.leader
"""
FOLLOW = """
UPDATE routing t SET rep_id = l.rep_id, because = %(joined)s FROM routing l
WHERE l.ord = t.leader AND t.rep_id IS NULL AND t.fate = '' AND l.rep_id IS NOT NULL
"""
# After `reoffers` further reps the lead goes where the table of the hand-over says, and on from there.
HEADS = f"""
UPDATE routing t SET because = CASE WHEN w.way IN ('pool', 'desk') OR coalesce(past_head, {SALES_HEAD}) IS NULL THEN %(no_answer)s
      WHEN {SALES_HEAD} = CASE w.way WHEN 'team_lead' THEN coalesce(past_head, {SALES_HEAD}) ELSE coalesce({SALES_HEAD}, past_head) END
        THEN %(unanswered_team)s ELSE %(unanswered)s END,
  rep_id = CASE w.way WHEN 'team_lead' THEN coalesce(past_head, {SALES_HEAD})
                      WHEN 'sales_head' THEN coalesce({SALES_HEAD}, past_head) END,
  fate = CASE WHEN w.way IN ('pool', 'desk') THEN w.way
              WHEN grade <> 'A' AND coalesce(past_head, {SALES_HEAD}) IS NULL THEN 'pool' ELSE '' END
FROM (SELECT lead_id AS id, CASE WHEN rounds = %(reoffers)s + 1
        THEN CASE grade WHEN 'A' THEN %(exhausted_best)s ELSE %(exhausted)s END
        ELSE CASE grade WHEN 'A' THEN %(unled_best)s ELSE %(unled)s END END AS way
      FROM routing WHERE rounds > %(reoffers)s) w
WHERE t.lead_id = w.id AND rep_id IS NULL AND fate = '' AND NOT farming AND rounds > %(reoffers)s
"""
ROOM = """
UPDATE routing_rep r SET open_n = r.open_n + n
FROM (SELECT rep_id, count(*) AS n FROM routing WHERE rep_id IS NOT NULL GROUP BY rep_id) c WHERE c.rep_id = r.user_id
"""
# Nobody free: a lead waits in line, a good one shorter than any other. Then it goes where the table says.
# What even the heads cannot take goes on waiting in line.
LEFT_OVER = f"""
UPDATE routing t SET rep_id = x.head_id,
  because = CASE WHEN x.head_id IS NULL THEN %(no_one)s WHEN x.head_id = {SALES_HEAD} THEN %(no_team_free)s ELSE %(nobody_free)s END,
  fate = CASE WHEN farming THEN 'held' WHEN NOT x.waited THEN 'wait' WHEN x.way IN ('pool', 'desk') THEN x.way
              WHEN x.head_id IS NULL THEN 'wait' ELSE '' END
FROM (SELECT id, waited, way, CASE WHEN NOT waited OR farms THEN NULL
          WHEN way = 'team_lead' THEN coalesce(
            (SELECT m.head_id FROM leads_assignmentrule a JOIN accounts_team m ON m.id = a.team_id WHERE a.id = rule_id),
            {SALES_HEAD})
          WHEN way = 'sales_head' THEN {SALES_HEAD} END AS head_id
      FROM (SELECT lead_id AS id, rule_id, farming AS farms, CASE grade WHEN 'A' THEN %(unfree_best)s ELSE %(unfree)s END AS way,
              greatest(since, (SELECT max(s.at) FROM leads_stagechange s WHERE s.lead_id = routing.lead_id))
                <= %(at)s::timestamptz - CASE grade WHEN 'A' THEN %(line_best)s::interval ELSE %(line)s END AS waited
            FROM routing WHERE rep_id IS NULL AND fate = '') left_over) x
WHERE t.lead_id = x.id
"""
WORDS = {
    "account": because.ACCOUNT,
    "customer": because.CUSTOMER,
    "winner": because.WINNER,
    "owner_away": because.OWNER_AWAY,
    "joined": because.JOINED,
    "key_unowned": because.KEY_UNOWNED,
    "key_stands_in": because.KEY_STANDS_IN,
    "unanswered": because.UNANSWERED,
    "unanswered_team": because.UNANSWERED_TEAM,
    "no_answer": because.NO_ANSWER,
    "nobody_free": because.NOBODY_FREE,
    "no_team_free": because.NO_TEAM_FREE,
    "no_one": because.NO_ONE,
}


def bound(table, reoffers, at):
    """What the statements are bound to: the moment, the words, and the table of the hand-over ({Event: row})."""
    exhausted, unled = table[Event.REPS_EXHAUSTED], table[Event.LEAD_UNANSWERED]
    unfree = table[Event.NOBODY_FREE]
    return {
        **WORDS,
        "at": at,
        "reoffers": reoffers if table[Event.UNANSWERED].way() == Destination.ROUTE else 0,
        "owners_first": table[Event.CUSTOMER_ASKS].way() == Destination.ACCOUNT_OWNER,
        "keys_owned": table[Event.KEY_ACCOUNT].way() == Destination.ACCOUNT_OWNER,
        "joins": table[Event.COLLEAGUE_COMES].way() == Destination.SAME_REP,
        "exhausted": exhausted.way(),
        "exhausted_best": exhausted.way(Grade.A),
        "unled": unled.way(),
        "unled_best": unled.way(Grade.A),
        "unfree": unfree.way(),
        "unfree_best": unfree.way(Grade.A),
        "line": unfree.delay(),
        "line_best": unfree.delay(Grade.A),
    }


def before(cursor, bound):
    """Settle what has an owner of its own, and leave the rest to the fair pass."""
    keys = (KEY_ACCOUNTS,) if bound["keys_owned"] else ()
    colleagues = (JOINED,) if bound["joins"] else ()
    for statement in (*keys, OWNERS, STAND_IN, *colleagues, HEADS):
        cursor.execute(statement, bound)
    if bound["joins"]:
        cursor.execute(FOLLOWERS)
    cursor.execute(ROOM)


def after(cursor, bound):
    """Settle who follows, what no rep is left for, and what the fair pass could not place."""
    cursor.execute(FOLLOW, bound)
    cursor.execute(HEADS, bound)
    cursor.execute(LEFT_OVER, bound)
