"""What people said of a period, and how right those were who spoke by its first day."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.models import Role
from accounts.visibility import sees_all
from reports import reading
from reports.models.base import NONE
from reports.rollups.events import EARNED

PAST_PERIODS = 8
MOST = 100


@dataclass(frozen=True)
class Call:
    """A forecast somebody said (`by` empty: the machine's own), about `whose` deals; see ForecastCall, whose id it has."""

    first: date
    months: int
    rep: int | None
    team: int | None
    whose: str
    by: str
    at: datetime
    commit: Decimal
    best_case: Decimal
    summed_commit: Decimal
    weighted: Decimal
    reason: str
    id: int = 0
    deals: int | None = None
    final: Decimal | None = None

    @property
    def adjusted(self):
        """What the person put on top of what the deals said."""
        return self.commit - self.summed_commit

    @property
    def expected(self):
        """What it stands by: the person's commit, the machine's weighted sum."""
        return self.commit if self.by else self.weighted

    @property
    def error(self):
        """(submitted − final) ÷ final; None before the end, and where nothing was won."""
        return (self.expected - self.final) / self.final if self.final else None


def sees_every_deal(user):
    """Does `user` read all deals, as in DealQuerySet.worked_by?"""
    return sees_all(user) or user.role == Role.FINANCE


# The same people as accounts.visibility.colleagues.
COLLEAGUES = (
    "SELECT id FROM accounts_user WHERE id = %s OR team_id = %s "
    "OR team_id IN (SELECT id FROM accounts_team WHERE head_id = %s)"
)


def within_sight(user):
    """The condition and parameters that pick deals `d` that `user` (None: everybody) may see."""
    if user is None or sees_every_deal(user):
        return "true", []
    return f"d.owner IN ({COLLEAGUES})", mine(user)


def mine(user):
    """The parameters of COLLEAGUES."""
    return [user.pk, user.team_id, user.pk]


CALLS = """
SELECT c.first, c.months, c.rep_id AS rep, c.team_id AS team, coalesce(rep.full_name, team.name, '') AS whose,
  coalesce(who.full_name, '') AS by, c.at, c.commit, c.best_case, c.summed_commit, c.weighted, c.reason,
  c.id, c.deals{more}
FROM {calls} AS c
LEFT JOIN accounts_user rep ON rep.id = c.rep_id LEFT JOIN accounts_team team ON team.id = c.team_id
LEFT JOIN accounts_user who ON who.id = c.by_id
"""
# Of each past period and subject: the last word by the end of day 1, of a person and of the machine.
BY_DAY_ONE = """(
  SELECT DISTINCT ON (first, rep_id, team_id, by_id IS NULL) c.* FROM reports_forecastcall c CROSS JOIN accounts_organisation
  WHERE months = %s AND first < %s AND (at AT TIME ZONE zone)::date <= first
  ORDER BY first DESC, rep_id, team_id, by_id IS NULL, at DESC, c.id DESC
)"""
FINAL = f""", (
  SELECT coalesce(sum(d.amount), 0) FROM reports_counteddeal d
  WHERE d.{EARNED} AND d.closed_on >= c.first AND d.closed_on < (c.first + make_interval(months => c.months))::date
    AND (c.rep_id IS NULL OR d.owner = c.rep_id)
    AND (c.team_id IS NULL OR d.owner IN (SELECT id FROM accounts_user WHERE team_id = c.team_id))
) AS final"""


WIDER = ("channel", "segment", "region", "campaign")  # what no forecast that is said is narrowed to


def unheeded(choice):
    """The filters of a choice that what people said cannot be narrowed by: it is of all deals of somebody, a team or the house."""
    whose = {name: getattr(choice, name) for name in ("team", "rep")}
    found = [name for name in WIDER if getattr(choice, name) is not None]
    return found + [name for name, one in whose.items() if one is not None and one.campaigns is not None]


def subject(choice):
    """Of whom the whole of a choice is: {} is the house, {"team": id} or {"rep": id}; None where no single forecast is of all of it."""
    whose = {name: one for name in ("team", "rep") if (one := getattr(choice, name)) is not None}
    if unheeded(choice) or len(whose) > 1 or any(one.also or one.id == NONE for one in whose.values()):
        return None
    return {name: one.id for name, one in whose.items()}


def said_parts(user, choice):
    """What the calls are made from, for `reading.read`: calls about the period and about past ones, as far as `user` sees the deals that
    they are about; of a team those about it and its people."""
    seen, params = "true", []
    if not sees_every_deal(user):
        seen = f"(c.rep_id IN ({COLLEAGUES}) OR c.team_id IN (SELECT id FROM accounts_team WHERE head_id = %s OR id = %s))"
        params = [*mine(user), user.pk, user.team_id]
    if choice.team is not None and choice.team.owners is not None:
        seen += " AND (c.team_id = ANY(%s) OR c.rep_id = ANY(%s))"
        params += [list(choice.team.ids), list(choice.team.owners)]
    if choice.rep is not None and choice.rep.owners is not None:
        seen += " AND c.rep_id = ANY(%s)"
        params.append(list(choice.rep.owners))
    length, today = choice.period.months, choice.today
    return {
        "said": (
            f"{CALLS.format(more='', calls='reports_forecastcall')} WHERE c.first = %s AND c.months = %s AND {seen} "
            "ORDER BY c.at DESC, c.id DESC LIMIT %s",
            [choice.period.first, length, *params, MOST],
        ),
        "past": (
            f"{CALLS.format(more=FINAL, calls=BY_DAY_ONE)} WHERE (c.first + make_interval(months => c.months))::date <= %s "
            f"AND {seen} ORDER BY c.first DESC, c.rep_id NULLS FIRST, c.team_id NULLS FIRST, c.by_id NULLS LAST LIMIT %s",
            [length, today, today, *params, PAST_PERIODS * 6],
        ),
    }


def call_of(row) -> Call:
    """A Call from a row."""
    told: dict[str, Any] = {
        **{name: row[name] for name in ("months", "rep", "team", "whose", "by", "reason", "id", "deals")},
        **{name: Decimal(row[name]) for name in ("commit", "best_case", "summed_commit", "weighted")},
    }
    return Call(
        first=reading.day(row["first"]),
        at=reading.moment(row["at"]),
        **told,
        final=Decimal(row["final"]) if "final" in row else None,
    )
