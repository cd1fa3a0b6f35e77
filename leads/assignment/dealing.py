"""The fair pass: rules in order, and within each a weighted round robin by stride scheduling.

Every lead costs its rep 1/weight on the rep's `turn`; the lowest turn is served next. Leads that the same reps may get
are dealt in one statement, better grades first.
"""

from dataclasses import dataclass
from itertools import groupby

from accounts.models import RepKind
from leads.models import AssignmentRule, AssignmentRun

RULE = """
UPDATE routing SET ruled = true, rule_id = %(rule)s
WHERE NOT ruled AND (%(channel)s = '' OR channel = %(channel)s) AND (%(product)s IS NULL OR product_id = %(product)s)
  AND (%(grades)s = '' OR position(grade in %(grades)s) > 0) AND (%(names)s = '' OR customer = (%(names)s = 'customer'))
  AND (%(segments)s::bigint[] IS NULL OR segment_id = ANY(%(segments)s))
  AND (%(regions)s::bigint[] IS NULL OR region_id IN (
    WITH RECURSIVE covered AS (
      SELECT id FROM accounts_region WHERE id = ANY(%(regions)s)
      UNION SELECT r.id FROM accounts_region r JOIN covered c ON r.parent_id = c.id)
    SELECT id FROM covered))
"""
CASES = """
UPDATE routing t SET combo = d.n
FROM (SELECT lead_id, dense_rank() OVER (ORDER BY rule_id, region_id, segment_id, customer, farming, tried) AS n
      FROM routing WHERE rep_id IS NULL AND fate = '' AND foremost) d
WHERE t.lead_id = d.lead_id
"""
COUNTS = """
SELECT grade, rule_id, combo, region_id, segment_id, customer, farming, tried, count(*) FROM routing WHERE combo > 0
GROUP BY grade, rule_id, combo, region_id, segment_id, customer, farming, tried
"""
# Equal turns are settled by a draw that stays the same for a rep and a number, never by seniority.
DEAL = """
-- slots: the next turns of the reps in their order; line: the leads in theirs
WITH slots AS (
  SELECT r.user_id, r.turn + g / r.weight AS turn,
    row_number() OVER (ORDER BY r.turn + g / r.weight, r.draw # (g::bigint * 2654435761), r.user_id) AS n
  FROM routing_rep r CROSS JOIN LATERAL generate_series(1, least(%(n)s, r.capacity - r.open_n)) g
  WHERE r.user_id = ANY(%(reps)s) ORDER BY n LIMIT %(n)s
), line AS (
  SELECT lead_id, row_number() OVER (ORDER BY ord) AS n FROM routing WHERE combo = ANY(%(combos)s) AND grade = %(grade)s AND rep_id IS NULL
), dealt AS (
  UPDATE routing t SET rep_id = s.user_id, run_id = %(run)s, rank = least(%(before)s + s.n, 32767)
  FROM line JOIN slots s USING (n) WHERE t.lead_id = line.lead_id
  RETURNING s.user_id, s.turn
), spent AS (
  UPDATE routing_rep r SET turn = d.turn, open_n = r.open_n + d.n
  FROM (SELECT user_id, max(turn) AS turn, count(*) AS n FROM dealt GROUP BY user_id) d WHERE d.user_id = r.user_id
)
SELECT count(*) FROM dealt
"""
CATCH_UP = "UPDATE routing_rep SET turn = greatest(turn, %s) WHERE user_id = ANY(%s)"


@dataclass(frozen=True)
class Case:
    """Leads of one grade that are alike to the router."""

    grade: str
    rule_id: int | None
    combo: int
    region_id: int | None
    segment_id: int | None
    customer: bool
    farming: bool
    tried: tuple
    count: int


def match_rules(cursor):
    """Give each lead the first rule that it meets. Returns the rules in order, the last is none: everybody."""
    wanted = AssignmentRule.objects.filter(active=True)
    rules = list(wanted.prefetch_related("segments", "regions", "reps", "preferred"))
    for rule in rules:
        bound = {
            "rule": rule.pk,
            "channel": rule.channel,
            "grades": rule.grades,
            "names": rule.names,
            "product": rule.product_id,
            "segments": [segment.pk for segment in rule.segments.all()] or None,
            "regions": [region.pk for region in rule.regions.all()] or None,
        }
        cursor.execute(RULE, bound)
    return [*rules, None]


def eligible(case, rule, reps):
    """The ids of the reps who may get the leads of a case, sorted: hunters for new names, farmers for customers.

    Where a territory has nobody of the wanted kind, the others stand in; not so for a customer's farmer.
    """
    wanted = RepKind.FARMER if case.customer or case.farming else RepKind.HUNTER
    covering = [rep for rep in in_reach(rule, reps) if rep.covers(case.region_id, case.segment_id)]
    chosen = [rep for rep in covering if rep.kind == wanted] or ([] if case.farming else covering)
    return sorted(rep.user_id for rep in chosen if not rep.hindrance and rep.user_id not in case.tried)


def in_reach(rule, reps):
    """The reps of a rule's set who are still with us; everybody without a rule."""
    team = rule.team_id if rule else None
    named = {user.pk for user in rule.reps.all()} if rule else set()
    here = [rep for rep in reps.values() if rep.hindrance != "gone" and team in (None, rep.team_id)]
    return [rep for rep in here if not named or rep.user_id in named]


def deal(cursor, rules, reps, at, *, keep):
    """Deal the leads of all cases, better grades first and rules in order. `keep` stores the runs."""
    cursor.execute(CASES)
    cursor.execute(COUNTS)
    cases = [Case(*row[:7], tuple(row[7] or ()), row[8]) for row in cursor.fetchall()]
    order = {rule.pk if rule else None: place for place, rule in enumerate(rules)}
    runs = {rule_id: Run(rules[order[rule_id]], reps, at) for rule_id in {case.rule_id for case in cases}}
    for run in sorted(runs.values(), key=lambda run: order[run.rule_id]):
        run.start(cursor, keep)
    cases.sort(key=lambda case: (case.grade, order[case.rule_id], runs[case.rule_id].reach(case), case.combo))
    for (grade, rule_id, who), alike in groupby(
        cases, key=lambda case: (case.grade, case.rule_id, runs[case.rule_id].reach(case))
    ):
        alike = list(alike)
        runs[rule_id].deal(cursor, grade, who, [c.combo for c in alike], sum(c.count for c in alike))
    if keep:
        AssignmentRun.objects.bulk_update([run.record for run in runs.values()], ["offered"])


class Run:
    """One rule's part in a run of routing: whom it weighed, and how many leads it placed."""

    def __init__(self, rule, reps, at):
        self.rule, self.rule_id, self.reps, self.at = rule, rule.pk if rule else None, reps, at
        self.record = None
        self.offered = 0

    def reach(self, case):
        """The reps who may get the leads of a case."""
        return tuple(eligible(case, self.rule, self.reps))

    def start(self, cursor, keep):
        """Bring those who were away up to the turn of those who were not, and store who is weighed."""
        weighed = in_reach(self.rule, self.reps)
        catch_up(cursor, last_weighed(self.rule_id), weighed)
        if keep:
            self.record = AssignmentRun.objects.create(
                rule=self.rule, at=self.at, candidates=[described(rep) for rep in weighed]
            )

    def deal(self, cursor, grade, who, combos, count):
        """Deal `count` leads of one grade to the reps who may get them, to preferred ones while they have room."""
        preferred = {user.pk for user in self.rule.preferred.all()} if self.rule else set()
        first = [user for user in who if user in preferred]
        for some in (first, who) if first else (who,):
            if some:
                self._deal(cursor, grade, some, combos, count)

    def _deal(self, cursor, grade, who, combos, count):
        bound = {
            "n": count,
            "reps": list(who),
            "combos": combos,
            "grade": grade,
            "before": self.offered,
            "run": self.record.pk if self.record else None,
        }
        cursor.execute(DEAL, bound)
        self.offered += cursor.fetchone()[0]
        if self.record:
            self.record.offered = self.offered


def described(rep):
    """A candidate as the run stores it."""
    return {
        "rep": rep.user_id,
        "weight": rep.weight,
        "open": rep.open_n,
        "capacity": rep.capacity,
        "turn": rep.turn,
        "hindrance": rep.hindrance,
    }


def last_weighed(rule_id):
    """The reps who were free when this rule (else any rule) was last run."""
    runs = AssignmentRun.objects.order_by("-id").values_list("candidates", flat=True)
    last = runs.filter(rule=rule_id).first() or runs.first() or []
    return {candidate["rep"] for candidate in last if not candidate["hindrance"]}


def catch_up(cursor, before, weighed):
    """A rep who was away gets no backlog: the turn is lifted to the lowest of those who were there."""
    free = [rep for rep in weighed if not rep.hindrance]
    stayed = [rep.turn for rep in free if rep.user_id in before]
    if stayed:
        cursor.execute(CATCH_UP, [min(stayed), [rep.user_id for rep in free if rep.user_id not in before]])
