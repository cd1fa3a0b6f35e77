"""Complaints: which are open, whose each is, closing one with what was done about it, and taking that back."""

from datetime import timedelta

from django.db import transaction
from django.db.models import BigIntegerField, CharField, Count, Exists, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Role, Track, User
from accounts.visibility import sees_all
from engine.lately import Lately
from leads.models import ComplaintAnswer, Lead, Touch, TouchKind
from leads.models.moments import Moment, Outcome
from pipeline.models import AccountPart, AccountPerson, Contact, Deal
from pipeline.stages import Stage

MOST = 8
LONG = timedelta(days=1)  # of one that is open for longer, those who lead should know
UNDO = timedelta(minutes=10)
WORKERS = (Role.MARKETING, Role.SALES, Role.MANAGER, Role.ADMIN)


def opened(touches):
    """Those of `touches` that are complaints which nobody closed, or looked after in person since.

    A call about something else leaves it open, and so does whatever marketing does.
    """
    met = (Q(kind=TouchKind.SERVICE_VISIT) | Q(kind=TouchKind.MEETING, track=Track.SALES)) & ~Q(reached=False)
    answered = Touch.objects.filter(
        met, contact=OuterRef("contact"), at__gt=OuterRef("at"), outbound=True, automatic=False
    )
    return touches.filter(~Exists(answered), kind=TouchKind.COMPLAINT, outbound=False, answer__isnull=True)


def open_ones(people, by):
    """The newest open complaints of `people` (a condition on touches) that a user sees."""
    found = opened(Touch.objects.visible_to(by).filter(people))
    return list(found.select_related("contact").order_by("-at", "-pk")[:MOST])


def whose(of="pk"):
    """Whose a complaint is, as an expression on touches: who serves the account, its owner, who has the pass or won it,
    who sold there last, and at last the head of sales, else an administrator. `of`: what of the person is wanted.
    """
    serving = AccountPerson.objects.filter(
        company=OuterRef("contact__company"), part=AccountPart.SERVICE, **_at_work("user__")
    )
    owner = User.objects.filter(pk=OuterRef("contact__company__sales_owner"), **_at_work())
    passes = Lead.objects.filter(
        Q(ended_at=None) | Q(stage=Stage.WON), contact=OuterRef("contact"), merged_into=None, **_at_work("owner__")
    )  # fmt: skip
    sold = Deal.objects.won().filter(company=OuterRef("contact__company"), **_at_work("owner__"))
    last = User.objects.filter(Q(head_of=Track.SALES) | Q(role=Role.ADMIN), **_at_work())
    newest = F("ended_at").desc(nulls_first=True), "-cycle"
    return Coalesce(
        Subquery(serving.order_by("pk").values(f"user__{of}")[:1]),
        Subquery(owner.values(of)[:1]),
        Subquery(passes.order_by(*newest).values(f"owner__{of}")[:1]),
        Subquery(sold.order_by("-signed_on", "-pk").values(f"owner__{of}")[:1]),
        Subquery(last.order_by("-head_of", "pk").values(of)[:1]),
        output_field=BigIntegerField() if of == "pk" else CharField(),
    )


def _at_work(path=""):
    return {f"{path}is_active": True, f"{path}left_at": None, f"{path}role__in": WORKERS}


def told():
    """All complaints, closed ones too, each with `whose`, a user's key, and `whose_name`."""
    found = Touch.objects.filter(kind=TouchKind.COMPLAINT, outbound=False)
    return found.annotate(whose=whose(), whose_name=whose("full_name"))


def seen_by(user):
    """Those of `told` that a user sees: of people whom the user sees, and the user's own."""
    found = told()
    if sees_all(user):
        return found
    # one by one, as few are open: an IN beside an OR would gather everybody whom the user sees
    person = Contact.objects.visible_to(user).filter(pk=OuterRef("contact"))
    return found.filter(Exists(person) | Q(whose=user.pk))


def _waiting():
    found = opened(Touch.objects.all()).annotate(whose=whose()).order_by().values("whose")
    return {row["whose"]: row for row in found.annotate(n=Count("pk"), first=Min("at"))}


# {whose: how many are open and since when}, as of a few seconds ago: it only tells.
WAITING = Lately(_waiting)


def close(complaint, done, *, by, at):
    """Close a complaint with what was done; its moments are over too. Returns whether this call closed it."""
    with transaction.atomic():
        _answer, made = ComplaintAnswer.objects.get_or_create(
            touch=complaint, defaults={"done": done, "by": by, "at": at}
        )
        if made:
            Moment.objects.filter(touch=complaint, closed_at=None).update(
                closed_at=at, outcome=Outcome.NOTHING
            )
    WAITING.forget()
    return made


def reopen(complaint, *, by, at):
    """Take back a closing of one's own that is a few minutes old: it is open again. Returns whether it was taken back."""
    with transaction.atomic():
        own = ComplaintAnswer.objects.select_for_update().filter(touch=complaint, by=by, at__gt=at - UNDO)
        answer = own.first()
        if answer is None:
            return False
        over = Moment.objects.filter(touch=complaint, closed_at=answer.at, outcome=Outcome.NOTHING)
        since = Moment.objects.filter(
            contact=OuterRef("contact"), rule=OuterRef("rule"), owner=OuterRef("owner"), closed_at=None
        )
        over.filter(~Exists(since)).update(closed_at=None, outcome="")
        answer.delete()
    WAITING.forget()
    return True
