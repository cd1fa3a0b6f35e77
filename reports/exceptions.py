"""What should not stay as it is: offers about to expire, grade A waiting, full hands, deals without a next step."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef

from accounts.models import RepProfile
from accounts.visibility import colleagues, sees_all
from leads.models import Grade, Handoff, Lead
from pipeline.models import Deal
from pipeline.stages import Stage
from reports import reading
from reports.models import CountedDeal

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


OFFER = {
    "name": F("lead__contact__full_name"),
    "company": F("lead__contact__company__name"),
    "rep_name": F("rep__full_name"),
}
DEAL = {"name": F("deal__name"), "owner_name": F("deal__owner__full_name")}


def parts(user, choice):
    """What `made` needs, for `reading.read`: only what `user` may see, within the choice."""
    return {name: rows[:MOST] for name, rows in sets(user, choice).items()}


def sets(user, choice, team=None):
    """Every kind of exception as rows of values(), the worst first, as far as `user` sees them and `team` has them."""
    offers = _narrowed(Handoff.objects.visible_to(user).offered(), choice, "lead__", "rep")
    ready = Lead.objects.visible_to(user).filter(stage=Stage.READY, grade=Grade.A, pooled_at__isnull=True)
    ready = _narrowed(ready, choice, "", "owner").exclude(
        Exists(Handoff.objects.open().filter(lead=OuterRef("pk")))
    )
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
        deals, ready = deals.filter(deal__owner__team=team), ready.none()
    offers = offers.order_by(F("answer_due_at").asc(nulls_last=True), "id").values(
        "lead_id", "grade", "offered_at", "answer_due_at", **OFFER
    )
    return {
        "offers": offers,
        "waiting": offers.filter(grade=Grade.A),
        "ready": ready.order_by("ready_at", "id").values("id", "ready_at", name=F("contact__full_name"), company=F("contact__company__name")),
        "full": full.order_by(F("capacity") - F("open_n"), "id").values("user_id", "open_n", "capacity", name=F("user__full_name")),
        "stepless": deals.filter(stepless=True).order_by("-amount").values("deal_id", "amount", "slips", **DEAL),
        "slipped": deals.filter(outcome="open", slips__gte=2).order_by("-amount").values("deal_id", "amount", "slips", **DEAL),
    }  # fmt: skip


def made(rows, at):
    """The Exceptions from the rows that `parts` asked for. The offers that run out first are those about to."""
    offers = [_offer(row) for row in rows["offers"]]
    return Exceptions(
        offers=offers,
        expiring=[offer for offer in offers if offer.due_at and offer.due_at <= at + SOON],
        waiting=[*(_ready(row) for row in rows["ready"]), *(_offer(row) for row in rows["waiting"])][:MOST],
        full=[FullRep(row["user_id"], row["name"], row["open_n"], row["capacity"]) for row in rows["full"]],
        stepless=[_deal(row) for row in rows["stepless"]],
        slipped=[_deal(row) for row in rows["slipped"]],
    )


def exceptions(user, choice, at):
    """The Exceptions that `user` may see, in one statement."""
    return made(reading.read(parts(user, choice)), at)


def _deals(user, choice):
    deals = CountedDeal.objects.all()
    if not sees_all(user):
        deals = deals.filter(deal__in=Deal.objects.visible_to(user))
    return _narrowed(deals, choice, "", "owner")


def _narrowed(rows, choice, path, owner):
    if choice.channel is not None:
        rows = rows.filter(**{f"{path}channel": choice.channel})
    if choice.segment is not None:
        rows = rows.filter(**{f"{path}segment__in": choice.segment.under})
    if choice.region is not None:
        rows = rows.filter(**{f"{path}region__in": choice.region.under})
    if choice.campaigns is not None:
        rows = rows.filter(**{f"{path}campaign__in": choice.campaigns})
    return rows if choice.owners is None else rows.filter(**{f"{owner}__in": choice.owners})


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
