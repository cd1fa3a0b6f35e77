"""What stops talks, by kind: how much of it marketing answered, and whether deals that met it were won after the answer (capability 102)."""

from dataclasses import dataclass

from django.db.models import Count, F, Q

from accounts import organisation
from leads import obstacles
from leads.models import Obstacle
from leads.proportions import Effect, difference, interval
from reports import heeding, reading
from reports.choice import linked

HEEDED = ("period", "team", "rep")
FEW = 20  # closed deals below which nothing is compared


@dataclass(frozen=True)
class Closed:
    """Deals that closed, and how many of them were won."""

    won: int
    lost: int

    @property
    def closed(self):
        return self.won + self.lost

    @property
    def rate(self):
        """The share won; None where none closed."""
        return self.won / self.closed if self.closed else None

    @property
    def range(self):
        """Where the true share lies in 19 of 20 cases; None where none closed."""
        return interval(self.won, self.closed)


@dataclass(frozen=True)
class Met:
    """Obstacles of one kind ("" of all): answered, in time, overdue, and the deals that closed after the answer and without one.

    A deal that met several stands on one side: after the answer, where it closed after any.
    """

    kind: str
    n: int
    answered: int
    in_time: int
    overdue: int
    helped: int
    after: Closed
    without: Closed

    @property
    def share(self):
        """The part that marketing has answered; None without any."""
        return self.answered / self.n if self.n else None

    @property
    def effect(self) -> Effect | None:
        """Win rate after an answer − without one, with its interval; None where too few deals closed on either side."""
        if min(self.after.closed, self.without.closed) < FEW:
            return None
        return difference(self.after.won, self.after.closed, self.without.won, self.without.closed)


def hindered(choice, user, at) -> tuple[Met, list[Met]]:
    """All obstacles of a Choice that `user` sees, and those of each kind, the most frequent first; in one statement."""
    heard = heeding.heeded(choice, HEEDED)
    rows = within(Obstacle.objects.visible_to(user), heard)
    told = obstacles.with_deals(rows).order_by().annotate(key=F("kind"))
    sums = {
        "n": Count("pk", distinct=True),
        "answered": Count("pk", distinct=True, filter=Q(answered_at__isnull=False)),
        "in_time": Count("pk", distinct=True, filter=Q(answered_at__lte=F("due_at"))),
        "overdue": Count("pk", distinct=True, filter=Q(answered_at=None, due_at__lte=at)),
        "helpers": Count("helped"),
        **{
            f"{outcome}_{name}": Count("met", distinct=True, filter=which & Q(deal_outcome=outcome))
            for outcome in obstacles.OUTCOMES
            for name, which in (("closed", obstacles.CLOSED), ("after", obstacles.AFTER))
        },
    }
    whole = told.annotate(one=F("at__year") * 0).values("one").annotate(**sums)
    found = reading.read({"kinds": told.values("key").annotate(**sums), "all": whole.values("one", *sums)})
    kinds = sorted((_met(row, row["key"]) for row in found["kinds"]), key=lambda one: (-one.n, one.kind))
    return (_met(found["all"][0], "") if found["all"] else NOTHING), kinds


def within(rows, choice):
    """Obstacles that count and were written down in the period: by the people of sales that are chosen, of what the chosen
    team or person of marketing brought."""
    rows = rows.counted()
    if not choice.period.is_all:
        since, until = (organisation.midnight(day) for day in (choice.period.first, choice.period.until))
        rows = rows.filter(at__gte=since, at__lt=until)
    if choice.campaigns is not None:
        rows = obstacles.brought_by(rows, choice.campaigns)
    return rows if choice.owners is None else rows.filter(linked("by", choice.owners))


def _met(row, kind):
    n, answered, in_time, overdue, helped = (
        row[name] for name in ("n", "answered", "in_time", "overdue", "helpers")
    )
    after = Closed(row["won_after"], row["lost_after"])
    without = Closed(row["won_closed"] - after.won, row["lost_closed"] - after.lost)
    return Met(kind, n, answered, in_time, overdue, helped, after, without)


NOTHING = Met("", 0, 0, 0, 0, 0, Closed(0, 0), Closed(0, 0))
