"""Lists behind the ledger: what people wrote down, said and did, and what each side brought and won."""

from datetime import datetime, time

from django.db.models import Exists, OuterRef, Q

from accounts import organisation
from accounts.models import User
from accounts.models.people import SIDES as TAKEN
from leads.models import Counsel, Note, Touch
from leads.models.touches import TALKS
from pipeline.channels import BY_OTHERS, BY_SALES
from pipeline.models import Advice, Campaign, CampaignStatus, SpendKind, Step
from reports.behind.which import EARNED, Behind, closed, during
from reports.models import CountedDeal, Growth, Lesson

SIDES = ("marketing", "sales")
# {kind: who did it}
ACTORS = {
    "touch": "actor",
    "note": "by",
    "done": "owner",
    "advice": "rep",
    "reply": "replied_by",
    "counsel": "adviser",
    "growth": "entered_by",
    "lesson": "by",
}


def sources():
    """{kind: the rows that a user (None: everybody) may see}"""

    def seen(objects):
        return lambda user: (objects.all() if user is None else objects.visible_to(user), "")

    def every(objects):
        return lambda user: (objects.all(), "")

    def advice(user):
        campaigns = Campaign.objects.all() if user is None else Campaign.objects.visible_to(user)
        return Advice.objects.filter(consultation__campaign__in=campaigns), ""

    return {
        "touch": seen(Touch.objects),
        "note": seen(Note.objects),
        "done": seen(Step.objects),
        "advice": advice,
        "reply": advice,
        "counsel": seen(Counsel.objects),
        "growth": every(Growth.objects),
        "lesson": every(Lesson.objects),
        "campaign": seen(Campaign.objects),
    }


def of_people(found, kind, choice):
    """The rows that people of the choice's team and person did; nothing else narrows them."""
    if choice.team is not None:
        teams = Q(**{f"{ACTORS[kind]}__team__in": choice.team.ids})
        found = found.filter(teams | Q(**{f"{ACTORS[kind]}__team": None}) if 0 in choice.team.ids else teams)
    return found if choice.rep is None else found.filter(**{f"{ACTORS[kind]}__in": choice.rep.ids})


def of_side(side):
    """The people who take a side."""
    roles = [role for role, track in TAKEN.items() if track == side]
    return User.objects.filter(Q(head_of=side) | Q(head_of="", role__in=roles)).values("pk")


def at_times(kind, moment, **which):
    """Rows with their moment in the period."""

    def counted(rows, choice):
        zone = organisation.zone()
        first, until = (
            datetime.combine(one, time(), zone) for one in (choice.period.first, choice.period.until)
        )
        return rows.filter(**{f"{moment}__gte": first, f"{moment}__lt": until}, **which)

    return Behind(kind, counted, (f"-{moment}", "-id"))


def _by(side, kind, moment):
    return at_times(kind, moment, **{f"{ACTORS[kind]}__in": of_side(side)})


def _brought(side):
    """Passes captured by the channels of a side, as `reports.ledger.sums.side_of_channel` tells them."""

    def counted(rows, choice):
        rows = during("captured_on")(rows, choice)
        if side == "sales":
            return rows.filter(channel__in=BY_SALES)
        return rows.exclude(channel__in=(*BY_SALES, *BY_OTHERS, ""))

    return Behind("pass", counted, ("-captured_on", "-lead_id"))


def _earned(side, kind):
    """Deals won in the period that the work of a side brought, and what was cancelled of such."""
    deal = CountedDeal.objects.filter(deal=OuterRef("deal__cancels"), source=side)
    plain = closed(*EARNED)
    return Behind(
        kind,
        lambda rows, choice: plain.counted(rows, choice).filter(
            Q(outcome="won", source=side) | Q(Exists(deal), outcome="cancelled")
        ),
        plain.order,
    )


def _won(side):
    """Deals won in the period that the work of a side brought."""
    return closed("won", source=side)


def _running(side):
    """Campaigns of a track that run or ran, with days in the period."""

    def counted(rows, choice):
        open_end = Q(ends_on=None) | Q(ends_on__gte=choice.period.first)
        status = (CampaignStatus.ACTIVE, CampaignStatus.DONE)
        return rows.filter(open_end, track=side, status__in=status, starts_on__lt=choice.period.until)

    return Behind("campaign", counted, ("-starts_on", "-id"))


def _spent(side):
    of_track = Q(campaign__track=side) | (Q(campaign=None) if side == "marketing" else Q())
    return Behind(
        "spend",
        lambda rows, choice: during("month")(rows, choice).filter(
            of_track, kind__in=(SpendKind.COMMITTED, SpendKind.PAID)
        ),
        ("-month", "-id"),
    )


def _lost(**which):
    return Behind(
        "deal",
        lambda rows, choice: closed("lost").counted(rows, choice).filter(**which),
        ("-closed_on", "-deal_id"),
    )


def _answered(**which):
    return Behind(
        "offer",
        lambda rows, choice: during("offered_on")(rows, choice).filter(**which),
        ("-offered_on", "-handoff_id"),
    )


def _of(side):
    return {
        "leads": _brought(side),
        "notes": _by(side, "note", "at"),
        "counsel": at_times("counsel", "given_at", track=side),
        "growth": _by(side, "growth", "created_at"),
        "lessons": _by(side, "lesson", "at"),
        "campaigns": _running(side),
        "spend": _spent(side),
        "touches": at_times("touch", "at", automatic=False, track=side),
        "talks": at_times("touch", "at", automatic=False, track=side, kind__in=TALKS),
        "steps": _by(side, "done", "done_at"),
        "deals": _won(side),
        "won": _earned(side, "deal"),
        "margin": _earned(side, "margin"),
    }


DEEDS = {
    **{f"{side}_{name}": behind for side in SIDES for name, behind in _of(side).items()},
    "sales_advice": at_times("advice", "answered_at"),
    "marketing_advice": at_times("reply", "replied_at"),
    "wins": closed("won"),
    "sales_losses": _lost(deal__outcome_reason__isnull=False),
    "sales_rivals": _lost(deal__outcome_reason__code="competitor"),
    "sales_in_time": _answered(in_time=True),
    "sales_timed": _answered(in_time__isnull=False),
}
