"""Who belonged to which team when: the dated fact "team", as teams are asked for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, Q, Subquery, Value, Window
from django.db.models.functions import Lead
from django.db.models.lookups import Exact

from accounts.models import DatedFact, User

TEAM = "team"


@dataclass(frozen=True)
class Time:
    """Somebody's time in a team: [since, until), `until` None where no end is known. `pk` is the row that begins it, `of` its Reorganisation."""

    pk: int
    user: User
    since: datetime
    until: datetime | None
    of: Any = None


class Key(Func):
    """The id that a fact's value is."""

    template = "(%(expressions)s #>> '{}')::bigint"
    output_field = BigIntegerField()


def members(team, at):
    """The people who belonged to the team at a moment, by name."""
    there = DatedFact.objects.of(TEAM).in_force(at).filter(value=team.pk)
    return User.objects.filter(pk__in=there.values("subject")).order_by("full_name", "pk")


def in_team(team, user, moment):
    """A Q for a query with columns `user` and `moment`: that user was in the team then (today's, where no date is known)."""
    known = DatedFact.objects.of(TEAM).filter(subject=OuterRef(user), since__lte=OuterRef(moment))
    then = Subquery(known.order_by("-since").values(team=Key(F("value")))[:1])
    return Q(Exact(then, Value(team.pk))) | Q(~Exists(known), **{f"{user}__team": team})


def stretches(team):
    """[Time] of everybody who was, is or will be in the team, the newest first."""
    ever = DatedFact.objects.of(TEAM).filter(value=team.pk).values("subject")
    following = Window(Lead("since"), partition_by="subject", order_by="since")
    rows = DatedFact.objects.of(TEAM).filter(subject__in=ever).annotate(until=following)
    rows = rows.select_related("reorganisation")
    there = [row for row in rows.order_by("-since", "-pk") if row.value == team.pk]
    people = User.objects.in_bulk({row.subject for row in there})
    return [
        Time(row.pk, people[row.subject], row.since, row.until, row.reorganisation)
        for row in there
        if row.subject in people
    ]
