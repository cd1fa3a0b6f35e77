"""Teams change with the goals: who belonged to which team when, moves planned ahead, and moves told late."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, Subquery, Value, Window
from django.db.models.functions import Lead
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Team, User

MOVE = """
-- one row: somebody whose team today is another than the dates say
UPDATE accounts_user u SET team_id = m.team_id
FROM (SELECT DISTINCT ON (user_id) user_id, team_id FROM accounts_membership WHERE since <= %s ORDER BY user_id, since DESC) m
WHERE m.user_id = u.id AND u.team_id IS DISTINCT FROM m.team_id
"""


class NotPlanned(Exception):
    """What has begun is history, and stays; the message says so."""


@dataclass(frozen=True)
class Stretch:
    """Somebody's time in a team: [since, until), `until` None where no end is known. `pk` is the row that begins it."""

    pk: int
    user: User
    team: Team | None
    since: datetime
    until: datetime | None


def move(user, team, since, at):
    """From `since` on, which may lie behind or ahead, `user` belongs to `team` (None: to none). Returns the Membership.

    Later moves that are known already stand. Whoever has to be in another team by now is moved at once.
    """
    made, _new = Membership.objects.update_or_create(user=user, since=since, defaults={"team": team})
    move_due(at)
    return made


def forget(membership, at):
    """Take a planned move back. Raises NotPlanned for one that has begun."""
    gone, _kinds = Membership.objects.filter(pk=membership.pk, since__gt=at).delete()
    if not gone:
        raise NotPlanned(
            _("This has begun already and stays as history. Record what is so from another day on instead.")
        )


def move_due(at=None):
    """Put everybody into the team where the dates say they are by `at`. Returns how many were moved."""
    with transaction.atomic(), connection.cursor() as cursor:
        # What is dated already needs no row of its own.
        cursor.execute("SELECT set_config('tandem.dated', 'on', true)")
        cursor.execute(MOVE, [at or timezone.now()])
        moved = cursor.rowcount
        cursor.execute("SELECT set_config('tandem.dated', '', true)")
    return moved


def members(team, at):
    """The people who belonged to the team at a moment, by name."""
    then = Membership.objects.filter(since__lte=at).order_by("user", "-since").distinct("user")
    there = Membership.objects.filter(pk__in=then.values("pk"), team=team)
    return User.objects.filter(pk__in=there.values("user")).order_by("full_name", "pk")


def in_team(team, user, moment):
    """A Q for a query with columns `user` and `moment`: that user was in the team then (today's, where no date is known)."""
    known = Membership.objects.filter(user=OuterRef(user), since__lte=OuterRef(moment))
    then = Subquery(known.order_by("-since").values("team")[:1])
    return Q(Exact(then, Value(team.pk))) | Q(~Exists(known), **{f"{user}__team": team})


def stretches(team):
    """[Stretch] of everybody who was, is or will be in the team, the newest first."""
    following = Window(Lead("since"), partition_by="user", order_by="since")
    rows = Membership.objects.filter(user__in=team.memberships.values("user")).annotate(until=following)
    rows = rows.select_related("user").order_by("-since", "-pk")
    return [Stretch(row.pk, row.user, team, row.since, row.until) for row in rows if row.team_id == team.pk]
