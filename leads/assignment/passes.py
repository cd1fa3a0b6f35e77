"""The passes before the fair one: reps' own finds, account owners, companies already worked on, team leads.

Each is one statement over the run's temporary tables and leaves what it settled with a rep, or with a fate.
"""

from leads import because
from leads.models import Destination, Event, Grade

OWN_FINDS = """
UPDATE routing SET rep_id = owner_id, kind = 'own_find', because = %(found)s,
  fate = CASE WHEN owner_id IS NULL THEN 'held' ELSE '' END
WHERE channel = 'sales_own' AND NOT farming
"""
KINDS = """
UPDATE routing SET kind = CASE WHEN farming THEN 'farmer' WHEN customer THEN 'inquiry' ELSE 'new' END,
  because = CASE WHEN farming THEN %(farmer)s ELSE %(turn)s END
WHERE kind = ''
"""
HERE = "u.is_active AND (u.left_at IS NULL OR u.left_at > %(at)s) AND coalesce(r.hindrance, '') NOT IN ('gone', 'absent')"
# The owner first, else whoever won the customer. A full rep stays the owner: no round robin for an account.
OWNERS = f"""
UPDATE routing t SET rep_id = o.user_id, because = CASE WHEN o.owns THEN %(account)s ELSE %(customer)s END
FROM (SELECT DISTINCT ON (x.lead_id) x.lead_id, u.id AS user_id, u.id = coalesce(x.sales_owner_id, 0) AS owns
      FROM routing x JOIN accounts_user u ON u.id IN (x.sales_owner_id, x.won_by) LEFT JOIN routing_rep r ON r.user_id = u.id
      WHERE x.rep_id IS NULL AND x.fate = '' AND NOT x.farming AND x.rounds <= %(reoffers)s
        AND (%(owners_first)s OR NOT x.customer) AND NOT u.id = ANY(x.tried) AND {HERE}
      ORDER BY x.lead_id, owns DESC) o
WHERE t.lead_id = o.lead_id
"""
JOINED = """
UPDATE routing t SET rep_id = o.rep_id, because = %(joined)s
FROM (SELECT DISTINCT ON (x.lead_id) x.lead_id, w.rep_id
      FROM routing x CROSS JOIN LATERAL (
        SELECT h.rep_id, 1 AS first, h.offered_at AS since FROM leads_handoff h
        JOIN leads_lead l ON l.id = h.lead_id JOIN pipeline_contact c ON c.id = l.contact_id
        WHERE c.company_id = x.company_id AND h.ended_at IS NULL
        UNION ALL
        SELECT d.owner_id, 2, d.opened_at FROM pipeline_deal d WHERE d.company_id = x.company_id AND d.outcome = 'open') w
      JOIN accounts_user u ON u.id = w.rep_id LEFT JOIN routing_rep r ON r.user_id = u.id
      WHERE x.company_id IS NOT NULL AND x.rep_id IS NULL AND x.fate = '' AND NOT x.farming AND x.rounds <= %(reoffers)s
        AND NOT u.id = ANY(x.tried) AND u.is_active AND coalesce(r.hindrance, '') <> 'gone'
      ORDER BY x.lead_id, w.first, w.since DESC) o
WHERE t.lead_id = o.lead_id
"""
# One lead of a company leads; the others of the same batch follow to the same rep.
FOLLOWERS = """
UPDATE routing t SET foremost = false
FROM (SELECT lead_id, row_number() OVER (PARTITION BY company_id ORDER BY ord) AS n FROM routing
      WHERE company_id IS NOT NULL AND rep_id IS NULL AND fate = '' AND NOT farming AND tried = '{}') f
WHERE t.lead_id = f.lead_id AND f.n > 1
"""
FOLLOW = """
UPDATE routing t SET rep_id = l.rep_id, because = %(joined)s, run_id = NULL
FROM routing l WHERE NOT t.foremost AND t.rep_id IS NULL AND t.fate = ''
  AND l.foremost AND l.company_id = t.company_id AND l.rep_id IS NOT NULL AND l.tried = '{}'
"""
# After `reoffers` further reps the lead goes where the table of the hand-over says, and on from there.
SALES_HEAD = "(SELECT id FROM accounts_user WHERE head_of = 'sales' AND is_active ORDER BY id LIMIT 1)"
HEADS = f"""
UPDATE routing t SET because = %(unanswered)s,
  rep_id = CASE w.way WHEN 'team_lead' THEN coalesce(past_head, {SALES_HEAD})
                      WHEN 'sales_head' THEN coalesce({SALES_HEAD}, past_head) END,
  fate = CASE WHEN w.way IN ('pool', 'desk') THEN w.way
              WHEN grade <> 'A' AND coalesce(past_head, {SALES_HEAD}) IS NULL THEN 'pool' ELSE '' END
FROM (SELECT lead_id AS id, CASE WHEN rounds = %(reoffers)s + 1
        THEN CASE grade WHEN 'A' THEN %(exhausted_best)s ELSE %(exhausted)s END
        ELSE CASE grade WHEN 'A' THEN %(unled_best)s ELSE %(unled)s END END AS way
      FROM routing) w
WHERE t.lead_id = w.id AND rep_id IS NULL AND fate = '' AND NOT farming AND rounds > %(reoffers)s
"""
ROOM = """
UPDATE routing_rep r SET open_n = r.open_n + n
FROM (SELECT rep_id, count(*) AS n FROM routing WHERE rep_id IS NOT NULL GROUP BY rep_id) c WHERE c.rep_id = r.user_id
"""
# Nobody free: a lead waits in line, a good one shorter than any other. Then it goes where the table says.
LEFT_OVER = f"""
UPDATE routing t SET rep_id = CASE WHEN NOT waited OR farming THEN NULL
    WHEN way = 'team_lead' THEN coalesce(
      (SELECT m.head_id FROM leads_assignmentrule a JOIN accounts_team m ON m.id = a.team_id WHERE a.id = x.rule_id),
      {SALES_HEAD})
    WHEN way = 'sales_head' THEN {SALES_HEAD} END,
  because = %(nobody_free)s,
  fate = CASE WHEN farming THEN 'held' WHEN NOT waited THEN 'wait' WHEN way IN ('pool', 'desk') THEN way ELSE '' END
FROM (SELECT lead_id AS id, rule_id, CASE grade WHEN 'A' THEN %(unfree_best)s ELSE %(unfree)s END AS way,
        since <= %(at)s::timestamptz - CASE grade WHEN 'A' THEN %(line_best)s::interval ELSE %(line)s END AS waited
      FROM routing) x
WHERE t.lead_id = x.id AND t.rep_id IS NULL AND t.fate = ''
"""
WORDS = {
    "found": because.FOUND,
    "farmer": because.FARMER,
    "turn": because.TURN,
    "account": because.ACCOUNT,
    "customer": because.CUSTOMER,
    "joined": because.JOINED,
    "unanswered": because.UNANSWERED,
    "nobody_free": because.NOBODY_FREE,
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
    colleagues = (JOINED,) if bound["joins"] else ()
    for statement in (OWN_FINDS, KINDS, OWNERS, *colleagues, HEADS):
        cursor.execute(statement, bound)
    if bound["joins"]:
        cursor.execute(FOLLOWERS)
    cursor.execute(ROOM)


def after(cursor, bound):
    """Settle who follows, and what the fair pass could not place."""
    cursor.execute(FOLLOW, bound)
    cursor.execute(LEFT_OVER, bound)
    # A good lead that even the heads cannot take goes on waiting in line.
    cursor.execute("UPDATE routing SET fate = 'wait' WHERE rep_id IS NULL AND fate = ''")
