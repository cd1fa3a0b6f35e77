"""By when the desk answers whoever raised a hand or became an MQL, as agreed: working minutes of marketing, by grade.

What was promised is kept (`leads.desk_promises`) within a minute; until then it is reckoned here. The clock runs from the
newer of both, for a fair's leads from the day after it; a person's first attempt or *ready* stops it. What sales returned has
days of its own (`desk_due_at`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import takewhile
from operator import or_

from django.db.models import Case, DateTimeField, Exists, Max, OuterRef, Q, Subquery, When
from django.db.models.functions import Greatest

from accounts import calendars, organisation
from accounts.models import Team, Track
from engine.lately import Lately
from leads import terms
from leads.clocks import minutes
from leads.models import HUMAN_ATTEMPTS, DeskPromise, Grade, StageChange, Touch
from pipeline import fairs
from pipeline.channels import Channel
from pipeline.stages import Stage

HAND = "hand"
DAY = timedelta(days=1)
LOOK_BACK = 60 * DAY  # what has waited longer is late by any minutes that may be agreed


@dataclass(frozen=True)
class Promise:
    """The minutes agreed by key (a grade or HAND), and the clock by which they are counted."""

    minutes: dict
    clock: calendars.Clock

    def due(self, row):
        """When the lead of a row of `owing` is answered at the latest."""
        key = HAND if row["hand_raised_at"] else row["grade_now"]
        return self.clock.add_minutes(row["answer_from"], minutes(self.minutes, key))

    def latest(self, at) -> dict[str, datetime]:
        """{key: the latest moment to have asked at so that the answer is due by now}."""
        tally = self.clock.tally(at - LOOK_BACK, at)
        keys = (*Grade.values, HAND)
        return {key: tally.before(at, minutes(self.minutes, key)) or at - LOOK_BACK for key in keys}


def _agreed():
    now, team = terms.in_force(), _desk()
    return desk_minutes(now), team and team.calendar_id, now.around_the_clock, promised_since()


AGREED = Lately(_agreed)  # a few seconds old: it only tells


def promise() -> Promise | None:
    """What the agreement in force promises of the desk, to be shown; None where it says nothing of that."""
    said, calendar, always, _since = AGREED()
    return Promise(said, calendars.shown_clock_of(calendar, always=always)) if said else None


def promised_by(agreement) -> Promise | None:
    """What a version promises, by the calendar as it stands: for what is kept."""
    said = desk_minutes(agreement)
    clock = calendars.AROUND_THE_CLOCK if agreement.around_the_clock else calendars.clock_for(_desk())
    return Promise(said, clock) if said else None


def promised_since():
    """Since when the versions in force have promised the desk's answers without a break; None where the newest does not."""
    versions = terms.signed().annotate(held_from=Max("signatures__at")).order_by("-version")
    return min((version.held_from for version in takewhile(desk_minutes, versions)), default=None)


def desk_minutes(agreement):
    """The minutes that a version promises by key, none where leads are sales' own from MQL on."""
    return agreement.desk_minutes if agreement.sales_from != Stage.MQL else {}


def _desk():
    """The team by whose calendar the desk works, or None."""
    calm = Team.objects.filter(track=Track.MARKETING, calendar__isnull=False).select_related("calendar")
    return calm.order_by("pk").first()


def owing(leads):
    """Those of `leads` whom the desk has not answered yet, with `asked_at` and `answer_from`, when its clock starts.

    Whoever asked while nothing was promised is owed nothing.
    """
    came = StageChange.objects.filter(lead=OuterRef("pk"), seq=OuterRef("seq"), to_stage=Stage.MQL)
    tried = Touch.objects.filter(
        contact=OuterRef("contact"),
        outbound=True,
        automatic=False,
        kind__in=HUMAN_ATTEMPTS,
        at__gte=OuterRef("asked_at"),
    )
    over = fairs.over("campaign", organisation.zone())
    fair = Case(When(fairs.of("campaign"), then=over), output_field=DateTimeField())
    promised = DeskPromise.objects.filter(lead=OuterRef("pk"), asked_at=OuterRef("asked_at"))
    asks = Q(stage=Stage.MQL) | Q(stage=Stage.NEW, hand_raised_at__isnull=False)
    since = AGREED()[3]
    held = Q(promised__isnull=False) | (Q(asked_at__gte=since) if since else Q())
    return (
        leads.filter(asks, desk_due_at=None, history=False)
        .exclude(channel=Channel.SALES_OWN, owner__isnull=False)
        .annotate(asked_at=Greatest(Subquery(came.values("at")), "hand_raised_at"))
        .annotate(answer_from=Greatest("asked_at", fair))
        .annotate(promised=Subquery(promised.values("due_at")))
        .filter(held, ~Exists(tried), asked_at__isnull=False)
    )


def late(graded, at, said: Promise):
    """Those of graded leads whom the desk should have answered by now."""
    latest = said.latest(at)
    by_grade = [
        Q(hand_raised_at=None, grade_now=grade, answer_from__lte=latest[grade]) for grade in Grade.values
    ]
    hands = Q(hand_raised_at__isnull=False, answer_from__lte=latest[HAND])
    reckoned = Q(promised=None) & reduce(or_, by_grade, hands)
    return owing(graded).filter(Q(promised__lte=at) | reckoned)


def due(graded) -> dict[int, datetime]:
    """{lead id: when the desk answers it at the latest} of those of graded leads that wait for it."""
    said = promise()
    if said is None:
        return {}
    rows = owing(graded).values("id", "hand_raised_at", "grade_now", "answer_from", "promised")
    return {row["id"]: row["promised"] or said.due(row) for row in rows}
