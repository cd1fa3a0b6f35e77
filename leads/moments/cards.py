"""What the owner of a moment sees: who, what happened, history, interests, last experience, where."""

from django.db.models import Max, OuterRef, Q, Subquery, Sum

from leads.models import Touch
from leads.models.moments import Moment
from leads.models.touches import TouchKind
from pipeline.models import AccountPart, AccountPerson, Deal

MOST = 10
VOICES = (TouchKind.FEEDBACK, TouchKind.COMPLAINT, TouchKind.SERVICE_VISIT, TouchKind.MEETING)


def of(user):
    """A user's moments; of the open ones those of people whom the user still looks after."""
    serves = AccountPerson.objects.filter(user=user, part=AccountPart.SERVICE)
    held = Q(lead__owner=user) | Q(contact__company__sales_owner=user)
    held |= Q(contact__company__in=serves.values("company"))
    if user.head_of:  # of those whom nobody looks after
        held |= Q(lead__owner=None)
    return Moment.objects.filter(
        Q(owner=user), ~Q(closed_at=None) | ~Q(lead__ended_at=None) | Q(lead=None) | held
    )


def cards(user):
    """The open moments of a user, newest first, in two queries. Each knows `bought`, `last_won` and `experience`."""
    won = Deal.objects.won().filter(company=OuterRef("contact__company")).order_by().values("company")
    earlier = Touch.objects.filter(Q(kind__in=VOICES), contact=OuterRef("contact"), automatic=False).exclude(
        pk=OuterRef("touch")
    )
    found = (
        of(user)
        .filter(closed_at=None)
        .select_related("rule", "touch__campaign", "contact__company", "lead__product")
        .annotate(
            bought=Subquery(won.annotate(n=Sum("base_amount")).values("n")),
            last_won=Subquery(won.annotate(n=Max("signed_on")).values("n")),
            before=Subquery(earlier.order_by("-at").values("pk")[:1]),
        )
        .order_by("-at", "-pk")[:MOST]
    )
    moments = list(found)
    experiences = Touch.objects.in_bulk([moment.before for moment in moments if moment.before])
    for moment in moments:
        moment.experience = experiences.get(moment.before)
    return moments
