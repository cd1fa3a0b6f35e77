"""What waits for somebody today: a rep's day, and the desk's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Window,
)

from accounts import organisation
from engine.lately import Lately
from leads import clocks, counsel, grading, moments, reach, wants, whom
from leads.models import Handoff, Lead, ReturnReason, Touch, TouchKind
from pipeline import campaigns
from pipeline.models import Deal, Identity, Step
from pipeline.stages import Stage

MOST = 30
URGENT, SOON = timedelta(minutes=30), timedelta(hours=4)
REASONS = Lately(lambda: list(ReturnReason.objects.filter(active=True)))
SEEN = "lead__contact__company", "lead__campaign", "lead__region"
REPLIES = (
    TouchKind.MAIL,
    TouchKind.CALL,
    TouchKind.CHAT,
    TouchKind.MEETING,
    TouchKind.FEEDBACK,
    TouchKind.CALLBACK,
)


def tone(due, at):
    """The tone of a due moment: urgent, soon or none."""
    if due is None or due - at > SOON:
        return ""
    return "urgent" if due - at <= URGENT else "soon"


class First(list):
    """The first of all `n` records that wait."""

    def __init__(self, queryset, most):
        super().__init__(queryset.annotate(of=Window(Count("pk")))[:most])
        self.n = self[0].of if self else 0

    @property
    def rest(self):
        """How many wait behind them."""
        return self.n - len(self)


@dataclass(frozen=True)
class Day:
    """What waits for a rep: moments, offers to answer, first contacts, steps, leads and deals without a step, hot leads."""

    moments: list
    offers: First
    contacts: First
    steps: First
    going: First
    deals: First
    hot: list
    counsel: list
    reasons: list
    tomorrow: datetime

    @property
    def people(self):
        """The contacts whom the rep is about to contact."""
        held = [handoff.lead.contact for handoff in (*self.offers, *self.contacts, *self.going)]
        return held + [step.contact for step in self.steps if step.contact]

    @property
    def is_empty(self):
        return not (
            self.moments
            or self.offers
            or self.contacts
            or self.steps
            or self.going
            or self.deals
            or self.counsel
        )


def day_of(user, at) -> Day:
    """The rep's day in nine queries, however much there is."""
    mine = Handoff.objects.open().filter(rep=user).select_related(*SEEN)
    offers = mine.filter(accepted_at=None).order_by("answer_due_at", "pk")
    # a deal that nobody has brought yet (an import did not) is no way to see the lead
    working = Q(lead__stage=Stage.SQL) | Q(lead__stage=Stage.DEAL, lead__deal=None)
    in_sales = mine.filter(working, accepted_at__isnull=False)
    contacts = in_sales.filter(contacted_at=None).order_by("contact_due_at", "pk")
    day = Day(
        moments=moments.cards(user),
        offers=_due(offers, "answer_due_at", at),
        contacts=_due(contacts, "contact_due_at", at),
        steps=_steps(user, at),
        going=_going(in_sales),
        deals=_stepless_deals(user),
        hot=_hot(user, at),
        counsel=counsel.waiting(user),
        reasons=REASONS(),
        tomorrow=(at + timedelta(days=1)).replace(minute=0),
    )
    _say_how_to_reach(day)
    return day


def _say_how_to_reach(day):
    """Put the way to reach its contact on each of the records, in one statement for all of them."""
    told = [(handoff, handoff.lead.contact_id) for handoff in (*day.offers, *day.contacts, *day.going)]
    told += [(moment, moment.contact_id) for moment in day.moments]
    told += [(step, step.person_id) for step in day.steps]
    ways: dict[int, list] = {}
    for way in Identity.objects.filter(contact__in={person for _record, person in told if person}):
        ways.setdefault(way.contact_id, []).append(way)
    for record, person in told:
        record.reach = reach.of(ways.get(person, [])) if person else None


def _due(handoffs, clock, at):
    """The first of these handoffs, each with the tone of its clock and what the person wants."""
    found = First(wants.with_message(handoffs), MOST)
    for handoff in found:
        handoff.tone = tone(getattr(handoff, clock), at)
        handoff.wants = wants.of(handoff)
    return found


def _steps(user, at):
    """Own steps of today and before, each with the pass it belongs to and the person it is done with."""
    passes = Lead.objects.filter(contact=OuterRef("contact"), merged_into=None).order_by("-cycle")
    steps = Step.objects.filter(owner=user, done_at=None, due_at__lt=at + timedelta(days=1))
    steps = steps.annotate(lead=Subquery(passes.values("pk")[:1])).select_related(
        "contact", "deal", "company", "planned_by"
    )
    found = First(whom.with_whom(steps, user).order_by("due_at", "pk"), MOST)
    for step in found:
        step.tone = tone(step.due_at, at)
        whom.tell(step)
    return found


def _going(handoffs):
    """Leads in hand that somebody has tried to reach and that have no next step: the first to be lost come first."""
    planned = Step.objects.filter(contact=OuterRef("lead__contact"), done_at=None)
    met = Touch.objects.filter(
        contact=OuterRef("lead__contact"), reached=True, at__gte=OuterRef("accepted_at")
    )
    stuck = handoffs.filter(~Exists(planned), contacted_at__isnull=False).annotate(met=Exists(met))
    first_lost = F("protected_until").asc(nulls_last=True), "pk"
    found = First(stuck.select_related("agreement").order_by(*first_lost), MOST)
    for handoff in found:
        handoff.owed = clocks.minutes(
            handoff.agreement.attempts_owed, clocks.Clocks.key(handoff.lead, handoff.kind)
        )
    return found


def _stepless_deals(user):
    """Own open deals that nobody has planned a next step for."""
    planned = Step.objects.filter(deal=OuterRef("pk"), done_at=None)
    deals = Deal.objects.open().filter(~Exists(planned), owner=user).select_related("company", "stage")
    return First(deals.order_by(F("expected_close").asc(nulls_last=True), "pk"), 5)


def _hot(user, at):
    """Own leads and deals with the most engagement now."""
    mine = Lead.objects.counted().filter(owner=user, stage__in=(Stage.SQL, Stage.DEAL))
    graded = grading.graded(mine, at).filter(score__heat__gt=0).select_related("contact__company")
    return list(graded.order_by(F("warmth").desc())[:5])


@dataclass(frozen=True)
class Desk:
    """What waits for marketing. `grid`: grade → [MQLs of the last day, of 2–3 days, of a week, older]."""

    grid: dict
    returned: list
    overspent: list
    replies: list
    new: int
    waiting: int
    expiring: int


AGES = (1, 3, 7)  # days
CELLS = ("1", "1-3", "3-7", "old")  # the desk's filter behind each column of the grid
GRADES = "ABCD"


def desk_of(user, at) -> Desk:
    """The desk's day, in seven queries."""
    leads = Lead.objects.counted().visible_to(user)
    back = leads.filter(stage=Stage.MQL, desk_due_at__isnull=False).select_related("contact__company")
    returned: list[Any] = list(back.order_by("desk_due_at", "pk")[:8])
    for lead in returned:
        lead.tone = tone(lead.desk_due_at, at)
    new = Q(stage=Stage.NEW, captured_at__gte=at - timedelta(days=1))
    waiting = Q(stage=Stage.READY, route_at__isnull=False)
    # Asked for before they are counted: each has an index, the leads of all stages are many.
    counts = leads.filter(new | waiting).aggregate(
        new=Count("pk", filter=new), waiting=Count("pk", filter=waiting)
    )
    soon = Handoff.objects.offered().filter(answer_due_at__lte=at + timedelta(hours=1)).count()
    over = campaigns.overspent(organisation.current().currency, organisation.today(at))
    return Desk(_grid(leads, at), returned, over, _replies(user, at), expiring=soon, **counts)


def _grid(leads, at):
    mqls = grading.graded(leads.filter(stage=Stage.MQL), at)
    edges = [at - timedelta(days=days) for days in AGES]
    between = zip([None, *edges], [*edges, None], strict=True)
    columns = {
        f"age{place}": Count("pk", filter=_since(newer, older))
        for place, (newer, older) in enumerate(between)
    }
    rows = mqls.order_by().values("grade_now").annotate(**columns).values_list("grade_now", *columns)
    found = {row[0]: list(row[1:]) for row in rows}
    return {grade: list(zip(CELLS, found.get(grade, [0] * (len(AGES) + 1)), strict=True)) for grade in GRADES}


def _since(before, after):
    """MQL since `after` (included) and earlier than `before`; None is no bound."""
    condition = Q() if before is None else Q(mql_at__lt=before)
    return condition if after is None else condition & Q(mql_at__gte=after)


def _replies(user, at):
    """People who came back to us since yesterday, newest first."""
    touches = Touch.objects.visible_to(user).filter(
        kind__in=REPLIES, outbound=False, automatic=False, at__gte=at - timedelta(days=1), at__lte=at
    )
    passes = Lead.objects.filter(contact=OuterRef("contact"), merged_into=None).order_by("-cycle")
    touches = touches.annotate(lead=Subquery(passes.values("pk")[:1]))
    return list(touches.select_related("contact__company", "campaign").order_by("-at", "-pk")[:8])
