"""One pass down the funnel while it is told, and what becomes of it as rows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from demo import tables
from demo.market import Person
from demo.plan import Plan
from leads.funnel import MEANT_IN
from leads.models.score import default_engagement_floors, default_fit_floors, default_grades
from pipeline.stages import ENDED, GATES, START

FIRST = {"mql": "mql_at", "ready": "ready_at", "sql": "sql_at", "deal": "deal_at", "won": "won_at"}
HALF_LIFE = 30
PROTECTION = timedelta(days=30)
FIT, ENGAGEMENT, GRADES = default_fit_floors(), default_engagement_floors(), default_grades()


class NotYet(Exception):
    """What comes next lies after today: the pass stays as it stands."""


@dataclass
class Offer:
    """A handoff."""

    rep: str
    kind: str
    grade: str
    offered_at: datetime
    due: datetime | None
    because: str
    by: str | None = None
    round: int = 1
    begins: datetime | None = None  # when its clocks start, where that is later: after a fair
    accepted_at: datetime | None = None
    contact_due_at: datetime | None = None
    contacted_at: datetime | None = None
    attempts: int = 0
    attempted_at: datetime | None = None
    ended_at: datetime | None = None
    end: str = ""
    reason: str | None = None
    note: str = ""

    def finish(self, at, end="finished"):
        """End it, whatever it was."""
        if self.ended_at is None:
            self.ended_at, self.end = at, end
        if self.accepted_at is None and end in ("released", "reassigned"):
            self.due = None  # whoever an offer is taken from owes no answer any more

    def tried(self, at):
        """A human attempt, reached or not."""
        if self.accepted_at and self.accepted_at <= at:
            self.attempts += 1
            self.contacted_at = self.contacted_at or at
            self.attempted_at = at

    @property
    def protected_until(self):
        """Until when the lead stays with the rep without any follow-up."""
        return (
            self.accepted_at
            and max(self.attempted_at or self.accepted_at, self.begins or self.accepted_at) + PROTECTION
        )


@dataclass
class Pass:
    """A lead. `warmth` holds (time, weight) of the touches that count for engagement."""

    number: int
    person: Person
    plan: Plan | None
    campaign: int | None
    channel: str
    at: datetime
    cycle: int
    stage: str = START
    changes: list = field(default_factory=list)
    first: dict = field(default_factory=dict)
    offers: list = field(default_factory=list)
    warmth: list = field(default_factory=list)
    owner: str | None = None
    product: str | None = None
    deal: int | None = None
    grade: str = ""
    grade_reason: str = ""
    mql_grade: str = ""
    answers: dict = field(default_factory=dict)
    attributes: dict = field(default_factory=dict)
    hand_raised_at: datetime | None = None
    ended_at: datetime | None = None
    route_at: datetime | None = None
    pooled_at: datetime | None = None
    wake_at: datetime | None = None
    desk_due_at: datetime | None = None
    because: str = ""
    rounds: int = 0

    def move(self, to, at, actor=None, reason=""):
        """One step of its history. Raises KeyError for a move that the funnel does not allow."""
        GATES[self.stage, to]
        self.changes.append(
            tables.StageChange(self.number, len(self.changes) + 1, self.stage, to, at, actor, reason)
        )
        self.stage = to
        if to == "mql" and FIRST[to] not in self.first:
            self.mql_grade = self.proposed_at(at)
        if to in FIRST:
            self.first.setdefault(FIRST[to], at)
        self.ended_at = at if to in ENDED else None
        for column, stages in MEANT_IN.items():
            if to not in stages:
                setattr(self, column, None)

    def take(self, offer):
        """Into a rep's hands."""
        self.offers.append(offer)
        self.owner = offer.rep
        self.wake_at = self.pooled_at = self.desk_due_at = self.route_at = None

    def leave(self, at, end):
        """Out of whosever hands it is in; what is finished keeps its owner."""
        if offer := self.open_offer:
            offer.finish(at, end)
            self.owner = self.owner if end == "finished" else None

    @property
    def quality(self):
        """How good the campaign's people are."""
        return self.plan.quality if self.plan else 0.9

    @property
    def letter(self):
        """Fit as a letter."""
        return next((letter for letter, floor in FIT.items() if self.person.fit >= floor), "D")

    def engagement(self, at):
        """Engagement at a time, by forward decay."""
        return sum(
            weight * 2 ** (-(at - then).total_seconds() / 86_400 / HALF_LIFE)
            for then, weight in self.warmth
            if then <= at
        )

    def grade_at(self, at):
        """The desk's grade, else the one the scorecard proposes."""
        return self.grade or self.proposed_at(at)

    def proposed_at(self, at):
        """The grade that the scorecard proposes."""
        now = self.engagement(at)
        digit = next((digit for digit, floor in ENGAGEMENT.items() if now >= floor), "4")
        return GRADES[self.letter][digit]

    def clock(self, kind, at=None):
        """Which of the agreement's minutes hold for a handoff of a kind, made at `at` (else: the one in hand)."""
        if kind in ("inquiry", "farmer"):
            return "inquiry"
        return "hand" if self.hand_raised_at else self.grade_at(at) if at else self.offers[-1].grade

    @property
    def open_offer(self):
        """The handoff in somebody's hands, or None."""
        return next((offer for offer in self.offers if offer.ended_at is None), None)

    def rows(self, world):
        """The lead, its history and its handoffs as rows."""
        person = self.person
        yield tables.Lead(
            contact_id=person.number, cycle=self.cycle, stage=self.stage, seq=len(self.changes),
            campaign_id=self.campaign, channel=self.channel, owner_id=self.owner, product_id=self.product,
            segment_id=person.firm.segment if person.firm else None,
            region_id=world.territories[person.territory].code, deal_id=self.deal, attributes=self.attributes,
            answers=self.answers, captured_at=self.at, grade=self.grade, grade_reason=self.grade_reason,
            mql_grade=self.mql_grade,
            hand_raised_at=self.hand_raised_at, ended_at=self.ended_at, route_at=self.route_at,
            rounds=self.rounds, pooled_at=self.pooled_at, wake_at=self.wake_at, desk_due_at=self.desk_due_at,
            disqualified_because=self.because, created_at=self.at,
            **{column: self.first.get(column) for column in FIRST.values()},
        )  # fmt: skip
        yield from self.changes
        for offer in self.offers:
            yield tables.Handoff(
                self.number, offer.rep, offer.kind, offer.grade, "in force", offer.offered_at, offer.by, offer.due,
                offer.accepted_at, offer.contact_due_at, offer.contacted_at, offer.attempts, offer.protected_until,
                offer.ended_at, offer.end,
                offer.reason, offer.note, offer.because, offer.round,
            )  # fmt: skip
