"""What should not stay as it is: offers about to expire, grade A waiting, full hands, deals without a next step."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q
from django.db.models.functions import Coalesce

from accounts.models import RepProfile, User
from accounts.visibility import colleagues, sees_all
from leads import answering, complaints, grading, obstacles
from leads.assignment.routing import AGAIN
from leads.models import Grade, Handoff, Lead, Obstacle, Touch
from pipeline.models import Deal, Outcome
from pipeline.stages import Stage
from reports import reading
from reports.choice import linked
from reports.growth.reminding import due
from reports.models import CountedDeal, Growth, TargetRound
from reports.rounds import reminding

SOON = timedelta(hours=1)
MOST = 6  # rows of each list


@dataclass(frozen=True)
class Offer:
    """An offer that waits for its answer."""

    lead: int
    name: str
    company: str
    rep: str
    grade: str
    offered_at: datetime
    due_at: datetime | None


@dataclass(frozen=True)
class OpenDeal:
    """An open deal that needs a hand."""

    deal: int
    name: str
    owner: str
    amount: object
    slips: int


@dataclass(frozen=True)
class FullRep:
    """A rep with as many open leads as the capacity, or more."""

    rep: int
    name: str
    open: int
    capacity: int


@dataclass(frozen=True)
class Exceptions:
    """At most MOST rows of each, the worst first; what the user may not see is not in them."""

    offers: list[Offer]
    expiring: list[Offer]
    waiting: list[Offer]
    full: list[FullRep]
    stepless: list[OpenDeal]
    slipped: list[OpenDeal]

    @property
    def any(self):
        """Is there any exception (open offers are none)?"""
        return any((self.expiring, self.waiting, self.full, self.stepless, self.slipped))


# What is told of a row of each kind.
TOLD: dict[type[Model], tuple[tuple[str, ...], dict[str, Any]]] = {
    Handoff: (
        ("lead_id", "grade", "offered_at", "answer_due_at", "contact_due_at"),
        {"name": F("lead__contact__full_name"), "company": F("lead__contact__company__name"), "rep_name": F("rep__full_name")},
    ),
    Lead: (("id", "ready_at"), {"name": F("contact__full_name"), "company": F("contact__company__name")}),
    RepProfile: (("user_id", "open_n", "capacity"), {"name": F("user__full_name")}),
    CountedDeal: (
        ("deal_id", "amount", "slips", "stepless", "outcome"),
        {"name": F("deal__name"), "owner_name": F("deal__owner__full_name")},
    ),
    Obstacle: (
        ("id", "kind", "due_at"),
        {
            "name": Coalesce("deal__name", "lead__contact__full_name"),
            "company": Coalesce("deal__company__name", "lead__contact__company__name"),
            "asked_name": F("asked__full_name"),
        },
    ),
    Growth: (
        ("id", "name", "look_on"),
        {"marketer_name": F("marketer__full_name"), "seller_name": F("seller__full_name")},
    ),
    Touch: (("id", "contact_id", "at", "whose_name"), {"name": F("contact__full_name"), "company": F("contact__company__name")}),
    TargetRound: (("id", "first", "number", "proposed_at"), {"by_name": F("proposed_by__full_name")}),
}  # fmt: skip
# Leads of which a first contact is owed: as My day asks for it, not those that have a deal by now.
TO_CONTACT = Q(lead__stage=Stage.SQL) | Q(lead__stage=Stage.DEAL, lead__deal=None)
OFTEN = 2  # moves of the expected close that make a deal slip


def parts(user, choice):
    """What `made` needs, for `reading.read`: only what `user` may see, within the choice.

    Two kinds of the same records are looked for together, so that their names are joined once.
    """
    kinds = _kinds(user, choice)
    return {
        "offers": _told(_either(kinds["offers"], kinds["waiting"])),
        "ready": _told(kinds["ready"])[:MOST],
        "full": _told(kinds["full"])[:MOST],
        "deals": _told(_either(kinds["stepless"], kinds["slipped"])),
    }


def sets(user, choice, team=None):
    """Every kind of exception as rows of values(), the worst first, as far as `user` sees them and `team` has them."""
    told = {name: _told(rows) for name, rows in _kinds(user, choice, team).items()}
    beside = {
        "growth": _growth(user, choice, team),
        "rounds": _rounds(user, team),
        "obstacles": _obstacles(user, team),
        "complaints": _complaints(user, choice, team),
    }
    told |= {name: _told(rows) for name, rows in beside.items()}
    return told | {"hands": _hands(user, choice, team)}


def in_line(ready, at):
    """Those of ready leads for whom nobody was free when the router looked, and looks again: not who waits for its first look."""
    ended = Handoff.objects.filter(lead=OuterRef("pk"), ended_at__gt=OuterRef("route_at") - AGAIN)
    return ready.filter(route_at__lte=at + AGAIN, route_at__gte=F("ready_at") + AGAIN).exclude(Exists(ended))


def unanswered(leads, at):
    """Rows of those of leads whom the desk should have answered by now; none where nothing is agreed."""
    if (said := answering.promise()) is None:
        return leads.none().values("id")
    late = answering.late(grading.graded(leads, at, cell=False), at, said).order_by("answer_from", "id")
    names = {"name": F("contact__full_name"), "company": F("contact__company__name")}
    return late.values("id", "answer_from", **names)


def untried(handoffs, at):
    """Those accepted whose clock of the first contact has run out, and nobody has tried."""
    return handoffs.filter(contact_due_at__lte=at)


def _kinds(user, choice, team=None):
    held = (
        Handoff.objects.visible_to(user).open().filter(accepted_at__isnull=False, contacted_at__isnull=True)
    )
    untried = _narrowed(held.filter(TO_CONTACT), choice, "lead__", "rep")
    offers = _narrowed(Handoff.objects.visible_to(user).offered(), choice, "lead__", "rep")
    ready = Lead.objects.visible_to(user).filter(stage=Stage.READY, pooled_at__isnull=True)
    ready = _narrowed(ready, choice, "", "owner").exclude(
        Exists(Handoff.objects.open().filter(lead=OuterRef("pk")))
    )
    won = Deal.objects.filter(company=OuterRef("contact__company"), outcome=Outcome.WON)
    customers = ready.exclude(grade=Grade.A).filter(Exists(won), route_at__isnull=False)
    ready = ready.filter(grade=Grade.A)
    deals = _deals(user, choice)
    full = RepProfile.objects.filter(
        user__is_active=True, accepting=True, open_n__gte=F("capacity"), open_n__gt=0
    )
    if not sees_all(user):
        full = full.filter(user__in=colleagues(user))
    if choice.owners is not None:
        full = full.filter(user__in=choice.owners)
    if team is not None:
        offers, full = offers.filter(rep__team=team), full.filter(user__team=team)
        untried = untried.filter(rep__team=team)
        deals, ready, customers = deals.filter(deal__owner__team=team), ready.none(), customers.none()
    offers = offers.order_by(F("answer_due_at").asc(nulls_last=True), "id")
    return {
        "offers": offers,
        "waiting": offers.filter(grade=Grade.A),
        "untried": untried.order_by("contact_due_at", "id"),
        "ready": ready.order_by("ready_at", "id"),
        "customers": customers.order_by("ready_at", "id"),
        "full": full.order_by(F("capacity") - F("open_n"), "id"),
        "stepless": deals.filter(stepless=True).order_by("-amount"),
        "slipped": deals.filter(outcome="open", slips__gte=OFTEN).order_by("-amount"),
    }


def _hands(user, choice, team):
    """Leads that raised a hand and are at the desk; of a team of sales none."""
    asked = Lead.objects.counted().visible_to(user).filter(hand_raised_at__isnull=False, ended_at=None)
    asked = _narrowed(asked.filter(stage__in=(Stage.NEW, Stage.MQL)), choice, "", "owner")
    return asked if team is None else asked.none()


def _obstacles(user, team):
    """What stopped talks and waits for marketing's answer; of a team what its reps wrote down."""
    found = obstacles.waiting().filter(pk__in=Obstacle.objects.visible_to(user))
    return found if team is None else found.filter(by__team=team)


def _complaints(user, choice, team):
    """Complaints that are open; of a team those that are to be looked after by one of it."""
    found = complaints.opened(complaints.seen_by(user)).order_by("at", "id")
    if choice.owners is not None:
        found = found.filter(whose__in=choice.owners)
    return found if team is None else found.filter(whose__in=User.objects.filter(team=team).values("pk"))


def _growth(user, choice, team):
    """Opportunities to grow whose day to look again has come, of readers of money; of a team those that one of it owns."""
    found = due(choice.today) if user.has_perm("reports.view_money") else Growth.objects.none()
    return found if team is None else found.filter(Q(marketer__team=team) | Q(seller__team=team))


def _rounds(user, team):
    """Rounds of targets that wait for the user's own signature; of a team none."""
    signs = team is None and user.has_perm("reports.sign_targets")
    return reminding.waiting(user) if signs else TargetRound.objects.none()


def _either(*kinds):
    """The first MOST records of each of some kinds, in their common order."""
    first, *others = (rows[:MOST].values("pk") for rows in kinds)
    model, order = kinds[0].model, kinds[0].query.order_by
    return model.objects.filter(pk__in=first.union(*others)).order_by(*order)


def _told(rows):
    plain, named = TOLD[rows.model]
    return rows.values(*plain, **named)


def made(rows, at) -> Exceptions:
    """The Exceptions from the rows that `parts` asked for. The offers that run out first are those about to."""
    told = [_offer(row) for row in rows["offers"]]
    offers = told[:MOST]
    deals = [(row, _deal(row)) for row in rows["deals"]]
    slipped = [deal for row, deal in deals if row["outcome"] == "open" and row["slips"] >= OFTEN]
    return Exceptions(
        offers=offers,
        expiring=[offer for offer in offers if offer.due_at and offer.due_at <= at + SOON],
        waiting=[*(_ready(row) for row in rows["ready"]), *(one for one in told if one.grade == Grade.A)][
            :MOST
        ],
        full=[FullRep(row["user_id"], row["name"], row["open_n"], row["capacity"]) for row in rows["full"]],
        stepless=[deal for row, deal in deals if row["stepless"]][:MOST],
        slipped=slipped[:MOST],
    )


def exceptions(user, choice, at):
    """The Exceptions that `user` may see, in one statement."""
    return made(reading.read(parts(user, choice)), at)


def _deals(user, choice):
    deals = CountedDeal.objects.all()
    if not sees_all(user):
        deals = deals.filter(deal__in=Deal.objects.worked_by(user))
    return _narrowed(deals, choice, "", "owner")


def _narrowed(rows, choice, path, owner):
    if choice.channel is not None:
        rows = rows.filter(**{f"{path}channel": choice.channel})
    if choice.segment is not None:
        rows = rows.filter(linked(f"{path}segment", choice.segment.under))
    if choice.region is not None:
        rows = rows.filter(linked(f"{path}region", choice.region.under))
    if choice.campaigns is not None:
        rows = rows.filter(linked(f"{path}campaign", choice.campaigns))
    return rows if choice.owners is None else rows.filter(linked(owner, choice.owners))


def _offer(row):
    return Offer(
        row["lead_id"],
        row["name"],
        row["company"] or "",
        row["rep_name"],
        row["grade"],
        reading.moment(row["offered_at"]),
        reading.moment(row["answer_due_at"]),
    )


def _ready(row):
    ready_at = reading.moment(row["ready_at"])
    return Offer(row["id"], row["name"], row["company"] or "", "", Grade.A, ready_at, None)


def _deal(row):
    return OpenDeal(row["deal_id"], row["name"], row["owner_name"] or "", row["amount"], row["slips"])
