"""Saying what one expects of a period, over what the deals say; and what the machine keeps on the first day of it."""

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

import rules
from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import organisation
from accounts.models import Role, Team, Track, User
from accounts.visibility import colleagues, sees_all
from engine.jobs import once_per
from engine.models import JobRun
from reports import periods, reading
from reports.forecast.due import COUNT, DUE
from reports.models import ForecastCall

JOB = "reports.forecast"
HOUSE = "house"


class BadCall(ValueError):
    """A forecast that cannot be kept; the message is for its author."""


@dataclass(frozen=True)
class Subject:
    """Whose deals a forecast is about: one rep's, a team's, or, with neither, all."""

    rep: int | None = None
    team: int | None = None

    @property
    def key(self):
        """As it stands in forms: "rep:7", "team:3", "house"."""
        return f"rep:{self.rep}" if self.rep else f"team:{self.team}" if self.team else HOUSE

    @classmethod
    def of(cls, key):
        """The Subject that a key names. Raises BadCall."""
        kind, _colon, number = key.partition(":")
        if key == HOUSE:
            return cls()
        if kind not in ("rep", "team") or not (number.isascii() and number.isdigit()):
            raise BadCall(_("There is nobody of that name to forecast for."))
        return cls(**{kind: int(number)})


def subjects(user):
    """{key: name} of those whom `user` may say a forecast for, in one statement.

    A rep for themselves, a manager for the own people and teams, the head of sales and administrators for everybody and
    for the house.
    """
    return subjects_of(user, reading.read(subject_parts(user)))


def subject_parts(user):
    """What `subjects_of` needs, for `reading.read`."""
    people = User.objects.filter(role__in=(Role.SALES, Role.MANAGER), is_active=True).order_by(
        "full_name", "pk"
    )
    teams = Team.objects.filter(track=Track.SALES).order_by("name")
    if not rules.has_perm("reports.call_forecast", user):
        people, teams = people.none(), teams.none()
    elif not sees_all(user):
        mine = {"pk": user.pk} if user.role == Role.SALES else {"pk__in": colleagues(user)}
        people, teams = people.filter(**mine), teams.filter(head=user)
    return {
        "people": people.values("pk", name=F("full_name")),
        "teams": teams.values("pk", "name"),
    }


def subjects_of(user, rows):
    """{key: name} from the rows that `subject_parts` asked for."""
    leads = sees_all(user) and rules.has_perm("reports.call_forecast", user)
    found = {HOUSE: _("The whole house")} if leads else {}
    found |= {Subject(team=row["pk"]).key: row["name"] for row in rows["teams"]}
    return found | {Subject(rep=row["pk"]).key: row["name"] for row in rows["people"]}


def call(key, period, *, commit, best_case, reason, by, at):
    """Keep what `by` expects to be won in a Period of whole months, about the deals that `key` names, closed ones included.

    `commit` and `best_case` are Decimals in report currency. Returns the ForecastCall. Raises BadCall.
    """
    if key not in subjects(by):
        raise BadCall(_("You may say a forecast for yourself and for the people whom you lead."))
    if period.is_all or not 1 <= period.months <= 12:
        raise BadCall(_("A forecast is about a month, a quarter or at most a year."))
    if period.until <= organisation.today(at):
        raise BadCall(_("That period is over: what was won stands already."))
    if best_case < commit:
        raise BadCall(_("The best case cannot be less than what you commit to."))
    subject = Subject.of(key)
    made = say(subject, period, commit=commit, best_case=best_case, reason=reason.strip(), by=by, at=at)
    if made is None:
        raise BadCall(_("Say why you expect something else than the deals do."))
    return made


# The deals due in a period, one row each, of one rep or team or of all.
DEALS = f"""due AS MATERIALIZED (
  SELECT d.deal, d.owner, coalesce(u.team_id, 0) AS team, d.category, d.amount, d.chance, d.day
  FROM {DUE} LEFT JOIN accounts_user u ON u.id = d.owner WHERE {{whose}}
)"""
FIGURES = {
    "closed": "coalesce(sum(amount) FILTER (WHERE category = 'closed'), 0)",
    "summed_commit": "coalesce(sum(amount) FILTER (WHERE category IN ('closed', 'commit')), 0)",
    "summed_best_case": "coalesce(sum(amount) FILTER (WHERE category IN ('closed', 'commit', 'best_case')), 0)",
    "weighted": "coalesce(sum(round(amount * chance / 100, 4)), 0)",
    "deals": COUNT,
}
SUMS = ", ".join(f"{sql} AS {name}" for name, sql in FIGURES.items())
TOLD = ", ".join(FIGURES)
KEPT = "call_id, deal, owner, team, category, amount, chance, due_on"
ITEM = "said.id, due.deal, due.owner, due.team, due.category, due.amount, due.chance, due.day"


def _narrowed(subject):
    """DEALS of a Subject."""
    whose = "d.owner = %(rep)s" if subject.rep else "u.team_id = %(team)s" if subject.team else "true"
    return DEALS.format(whose=whose)


def span_of(period, today):
    """The moments that DUE asks for."""
    return {"first": period.first, "since": max(period.first, today), "until": period.until}


def summed(subject, period, today):
    """What the deals that a Subject is about say of a Period as of today, by the names in FIGURES."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {_narrowed(subject)} SELECT {SUMS} FROM due",
            {**span_of(period, today), "rep": subject.rep, "team": subject.team},
        )
        return dict(zip(FIGURES, map(Decimal, cursor.fetchone()), strict=True))


# One statement, so that the sums are those of the very deals that are kept.
SAY = f"""
WITH {{deals}}, sums AS (SELECT {SUMS} FROM due), said AS (
  INSERT INTO reports_forecastcall (first, months, rep_id, team_id, commit, best_case, reason, {TOLD}, by_id, at)
  SELECT %(first)s, %(months)s, %(rep)s, %(team)s, %(commit)s, %(best_case)s, %(reason)s, {TOLD}, %(by)s, %(at)s
  FROM sums WHERE %(reason)s <> '' OR summed_commit = %(commit)s RETURNING id
), kept AS (INSERT INTO reports_forecastitem ({KEPT}) SELECT {ITEM} FROM said CROSS JOIN due)
SELECT id FROM said
"""


def say(subject, period, *, commit, best_case, reason, by, at):
    """Write down what `by` expects, with the deals it is about as they stand. Returns the ForecastCall.

    None, and nothing is kept, where it is not what the deals say and no reason is given.
    """
    told = {"commit": commit, "best_case": best_case, "reason": reason, "by": by.pk, "at": at}
    span = {**span_of(period, organisation.today(at)), "months": period.months}
    with connection.cursor() as cursor:
        cursor.execute(
            SAY.format(deals=_narrowed(subject)), {**told, **span, "rep": subject.rep, "team": subject.team}
        )
        made = cursor.fetchone()
    return made and ForecastCall.objects.get(pk=made[0])


# -- what the machine keeps -----------------------------------------------------------------------------
KEEP = f"""
WITH {{deals}}, said AS (
  INSERT INTO reports_forecastcall (first, months, rep_id, team_id, commit, best_case, reason, {TOLD}, at)
  SELECT %(first)s, %(months)s, owner, CASE WHEN owner IS NULL THEN team END, summed_commit, summed_best_case, '', {TOLD}, %(at)s
  FROM (
    SELECT owner, team, {SUMS} FROM due GROUP BY GROUPING SETS ((owner), (team), ())
    HAVING (grouping(owner) = 1 OR owner <> 0) AND (grouping(team) = 1 OR team <> 0)
  ) AS sums RETURNING id, rep_id, team_id
)
INSERT INTO reports_forecastitem ({KEPT}) SELECT {ITEM} FROM said CROSS JOIN due WHERE said.rep_id IS NULL AND said.team_id IS NULL
"""


def keep(at=None):
    """Keep what the deals say of the month, and of the quarter in its first month, once each. Returns how many periods.

    Their accuracy is judged only where they were kept on the first day.
    """
    at = at or timezone.now()
    today, house = organisation.today(at), organisation.current()
    month = periods.named("month", today, house.fiscal_year_start)
    quarter = periods.named("quarter", today, house.fiscal_year_start)
    start = datetime.combine(month.first, time(), organisation.zone())
    if JobRun.objects.filter(job=JOB, period_start=start).exists():
        return 0
    with once_per(JOB, start) as run:
        if run is None:
            return 0
        spans = [month, *([quarter] if quarter.first == month.first else [])]
        with connection.cursor() as cursor:
            for span in spans:
                cursor.execute(
                    KEEP.format(deals=_narrowed(Subject())),
                    {**span_of(span, today), "months": span.months, "at": at},
                )
        run.result = {"periods": len(spans)}
        return len(spans)
