"""Quotas of teams and people beside what they attained, over the chosen period and the short and long horizon.

Sales attain the deals that they own and the passes that they took, marketing what the campaigns that they own brought. A team attains what its people do.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection, transaction

from accounts.models import Role, Team, Track, User
from accounts.permissions import is_manager, leads_all
from engine.copying import take_lock
from reports import periods, reading
from reports.attribution.shares import apportion
from reports.choice.chosen import ALONE, GIVEN
from reports.models import Measure, Quota
from reports.rollups.events import EARNED
from reports.targets import HORIZONS, Promise

TEAM, PERSON = "team", "person"
# {measure: (counted rows, the day, the sum, which rows)}
ATTAINED = {
    Measure.WON: ("reports_counteddeal", "closed_on", "amount", EARNED),
    Measure.MARGIN: ("reports_counteddeal", "closed_on", "margin", EARNED),
    Measure.KEPT: ("reports_counteddeal", "closed_on", "margin", f"{EARNED} AND kind <> 'new'"),
    Measure.PIPELINE: ("reports_counteddeal", "opened_on", "opening", "true"),
    Measure.SQLS: ("reports_countedpass", "sql_on", "1", "true"),
}
# One row for each person: what is theirs, or what their campaigns brought.
BY_PERSON = """
SELECT u.id AS person, coalesce(sum({value}), 0) AS amount FROM accounts_user u JOIN accounts_team t ON t.id = u.team_id
JOIN {table} x ON x.owner = u.id WHERE t.track = 'sales' AND {day} >= %s AND {day} < %s AND {which} GROUP BY u.id
UNION ALL
SELECT u.id, coalesce(sum({value}), 0) FROM accounts_user u JOIN accounts_team t ON t.id = u.team_id
JOIN pipeline_campaign c ON c.owner_id = u.id JOIN {table} x ON x.campaign = c.id
WHERE t.track = 'marketing' AND {day} >= %s AND {day} < %s AND {which} GROUP BY u.id
"""
SET = (
    "SELECT team_id AS team, person_id AS person, sum(amount) AS amount FROM reports_quota "
    "WHERE measure = %s AND month >= %s AND month < %s GROUP BY 1, 2"
)


@dataclass(frozen=True)
class Row:
    """One team or person: the Promise of the period, and of this month, quarter and fiscal year."""

    kind: str
    id: int
    name: str
    promise: Promise
    horizons: dict[str, Promise]
    may_set: bool = False
    form: str = ""

    @property
    def address(self):
        """How an address names it, as it attains: by its team's track, whatever the person's role would say."""
        return f"{self.id}{self.form}"


@dataclass(frozen=True)
class TeamRows:
    """A team with its people; `spread` is the sum of their quotas, None where none of them has one."""

    team: Row
    people: list[Row] = field(default_factory=list)

    @property
    def spread(self):
        """The Promise that the quotas of its people make together."""
        return sum((one.promise for one in self.people), Promise())

    @property
    def open(self):
        """What of the team's quota no person has been given; negative where they have more. None without both."""
        whole, parts = self.team.promise.target, self.spread.target
        return None if whole is None or parts is None else whole - parts


def quotas(user, measure, period, today, fiscal_start, everybody):
    """[TeamRows] of the teams with people; without `everybody` only the user's own row, under the own team with what all of it attained."""
    spans = {"period": period, **{name: periods.named(name, today, fiscal_start) for name in HORIZONS}}
    teams = Team.objects.order_by("track", "name", "pk").values("id", "name", "head", "track")
    users = User.objects.filter(team__isnull=False).order_by("full_name", "pk")
    people = users.values("id", "full_name", "team", "role", "is_active")
    if not everybody:
        teams, people = teams.filter(pk=user.team_id), people.filter(team=user.team_id)
    asked: dict[str, object] = {"teams": teams, "people": people}
    for name, span in spans.items():
        asked[f"set {name}"] = (SET, [measure, span.first, span.until])
        asked[f"attained {name}"] = _attained(measure, span)
    rows = reading.read(asked)
    of_people, of_teams = _promises(rows, spans)
    leads, manages = leads_all.test(user), is_manager.test(user)
    found = []
    for team in rows["teams"]:
        members = [
            one
            for one in rows["people"]
            if one["team"] == team["id"]
            and (one["is_active"] or any(one["id"] in of for of in of_people.values()))
        ]  # whoever has left stands there with what they won
        if not members:
            continue
        may_set = leads or (manages and user.pk in (team["head"], *(one["id"] for one in members)))
        summed = {
            name: Promise(None, sum((of_people[name].get(one["id"], Promise()).attained for one in members), Decimal()))
            for name in spans
        }  # fmt: skip
        whole = {name: summed[name] + of_teams[name].get(team["id"], Promise()) for name in spans}
        rows_of = [_row(PERSON, one["id"], one["full_name"], {name: of_people[name].get(one["id"], Promise()) for name in spans}, may_set and one["is_active"], _form(team["track"], one["role"]))
                   for one in members if everybody or one["id"] == user.pk]  # fmt: skip
        found.append(TeamRows(_row(TEAM, team["id"], team["name"], whole, may_set), rows_of))
    return found


def set_quotas(measure, period, wishes, by, at):
    """Set quotas over a Period: {("team" or "person", id): amount, or None for none}.

    An amount is cut into the months of the period to the cent, as targets are. Who saves last wins.
    """
    months = [periods.shifted(period.first, number) for number in range(period.months)]
    rows = [
        Quota(month=month, measure=measure, **{f"{kind}_id": pk}, amount=Decimal(cents) / 100, set_by=by, set_at=at)
        for (kind, pk), amount in wishes.items()
        if amount is not None
        for month, cents in zip(months, apportion(int(amount * 100), [1] * len(months)), strict=True)
    ]  # fmt: skip
    named = {kind: [pk for one, pk in wishes if one == kind] for kind in (TEAM, PERSON)}
    before = Quota.objects.filter(month__in=months, measure=measure)
    with transaction.atomic(), connection.cursor() as cursor:
        take_lock(cursor, "quotas")
        (before.filter(team__in=named[TEAM]) | before.filter(person__in=named[PERSON])).delete()
        Quota.objects.bulk_create(rows)


def settable(found):
    """The keys of the rows that their reader may set: {("team" or "person", id)}."""
    return {(row.kind, row.id) for one in found for row in (one.team, *one.people) if row.may_set}


def _attained(measure, span):
    table, day, value, which = ATTAINED[measure]
    sql = BY_PERSON.format(
        table=table, day=f"x.{day}", value=value if value == "1" else f"x.{value}", which=which
    )
    return sql, [span.first, span.until] * 2


def _promises(rows, spans):
    of_people, of_teams = {}, {}
    for name in spans:
        people, teams = of_people.setdefault(name, {}), of_teams.setdefault(name, {})
        for row in rows[f"attained {name}"]:
            _add(people, row["person"], Promise(None, Decimal(row["amount"])))
        for row in rows[f"set {name}"]:
            into, key = (people, row["person"]) if row["person"] else (teams, row["team"])
            _add(into, key, Promise(Decimal(row["amount"])))
    return of_people, of_teams


def _add(into, key, promise):
    into[key] = into.get(key, Promise()) + promise


def _row(kind, pk, name, by_span, may_set, form=""):
    return Row(kind, pk, name, by_span["period"], {one: by_span[one] for one in HORIZONS}, may_set, form)


def _form(track, role):
    if (track == Track.MARKETING) == (role == Role.MARKETING):
        return ""
    return GIVEN if track == Track.MARKETING else ALONE
