"""Figures of teams and heads by the structure of that time: whatever somebody did counts for the team that they were in on that day (capability 78).

Everywhere else people count in the team that they are in today; here both stand side by side.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from accounts import organisation
from accounts.visibility import colleague_ids
from reports import reading
from reports.forecast.said import sees_every_deal
from reports.rollups.events import EARNED

TEAM, HEAD = "team", "head"
BY = (TEAM, HEAD)
# A row: a person's days [first, until) in a team; where no date is known, in today's. The day of a change is the new team's.
PIECES = """
known AS MATERIALIZED (
  SELECT what, subject, (value #>> '{}')::bigint AS value, (since AT TIME ZONE %(zone)s)::date AS first,
    coalesce(lead((since AT TIME ZONE %(zone)s)::date) OVER turns, 'infinity') AS until,
    row_number() OVER turns = 1 AS earliest
  FROM accounts_datedfact WHERE what IN ('team', 'head') AND since <= %(at)s
  WINDOW turns AS (PARTITION BY what, subject ORDER BY since)
), belonging AS MATERIALIZED (
  SELECT subject AS person, value AS team, first, until FROM known WHERE what = 'team' AND first < until
  UNION ALL
  SELECT u.id, u.team_id, '-infinity', coalesce(k.first, 'infinity') FROM accounts_user u
  LEFT JOIN known k ON k.what = 'team' AND k.subject = u.id AND k.earliest
), heading AS MATERIALIZED (
  SELECT subject AS team, value AS head, first, until FROM known WHERE what = 'head' AND first < until
  UNION ALL
  SELECT t.id, t.head_id, '-infinity', coalesce(k.first, 'infinity') FROM accounts_team t
  LEFT JOIN known k ON k.what = 'head' AND k.subject = t.id AND k.earliest
)"""
# A row: what somebody did on a day.
DONE = f"""
  SELECT owner AS person, closed_on AS day, (outcome = 'won')::int AS won, coalesce(amount, 0) AS amount, coalesce(margin, 0) AS margin, (margin IS NULL)::int AS uncosted, 0 AS sqls
  FROM reports_counteddeal WHERE {EARNED} AND closed_on >= %(first)s AND closed_on < %(until)s AND owner > 0
  UNION ALL
  SELECT owner, sql_on, 0, 0, 0, 0, 1 FROM reports_countedpass WHERE sql_on >= %(first)s AND sql_on < %(until)s AND owner > 0
"""
SUMS = "sum(won)::bigint AS won, sum(amount) AS amount, sum(margin) AS margin, sum(uncosted)::bigint AS uncosted, sum(sqls)::bigint AS sqls"
# A row: the key of the structure of that time and of today, the person, and what they did meanwhile.
BY_TEAM = "SELECT b.team AS key, u.team_id AS today, d.person, {sums} FROM done d JOIN belonging b ON b.person = d.person AND d.day >= b.first AND d.day < b.until JOIN accounts_user u ON u.id = d.person GROUP BY 1, 2, 3"
BY_HEAD = "SELECT h.head AS key, t.head_id AS today, d.person, {sums} FROM done d JOIN belonging b ON b.person = d.person AND d.day >= b.first AND d.day < b.until LEFT JOIN heading h ON h.team = b.team AND d.day >= h.first AND d.day < h.until JOIN accounts_user u ON u.id = d.person LEFT JOIN accounts_team t ON t.id = u.team_id GROUP BY 1, 2, 3"
NAMES = {TEAM: "SELECT id, name FROM accounts_team", HEAD: "SELECT id, full_name AS name FROM accounts_user"}


@dataclass
class Sums:
    """Deals won, their amount and margin after cancellations, and passes accepted; `uncosted` deals are in no margin."""

    won: int = 0
    amount: Decimal = Decimal()
    margin: Decimal = Decimal()
    uncosted: int = 0
    sqls: int = 0

    def add(self, row):
        """Add a row's."""
        self.won += row["won"]
        self.amount += Decimal(row["amount"])
        self.margin += Decimal(row["margin"])
        self.uncosted += row["uncosted"]
        self.sqls += row["sqls"]


@dataclass
class Then:
    """A team or head (`key` None: none): what counts for it by the structure of that time, and by today's; `people` {id: [name, Sums]}."""

    key: int | None
    name: str
    then: Sums = field(default_factory=Sums)
    today: Sums = field(default_factory=Sums)
    people: dict = field(default_factory=dict)


def then(choice, by, user, at) -> list[Then]:
    """A Then of each team or head that anything counts for, by name, in one statement; of people those whose deals `user` sees."""
    bound = {
        "zone": str(organisation.zone()),
        "at": at,
        "first": choice.period.first,
        "until": choice.period.until,
    }
    body = (BY_TEAM if by == TEAM else BY_HEAD).format(sums=SUMS)
    rows = reading.read(
        {
            "rows": (f"WITH {PIECES}, done AS MATERIALIZED ({DONE}) {body}", bound),
            "names": (NAMES[by], {}),
            "people": ("SELECT id, full_name AS name FROM accounts_user", {}),
        }
    )
    names, people = ({row["id"]: row["name"] for row in rows[one]} for one in ("names", "people"))
    seen = None if sees_every_deal(user) else colleague_ids(user)
    found: dict[int | None, Then] = {}
    for row in rows["rows"]:
        for key, day in ((row["key"], "then"), (row["today"], "today")):
            one = found.setdefault(key, Then(key, names.get(key, "")))
            getattr(one, day).add(row)
        if seen is None or row["person"] in seen:
            mine = found[row["key"]].people.setdefault(row["person"], [people[row["person"]], Sums()])
            mine[1].add(row)
    return sorted(found.values(), key=lambda one: (one.key is None, one.name, one.key or 0))
