"""What would have happened in the shadow week: the router's suggestions as of now, and those made by hand."""

from collections import Counter
from dataclasses import dataclass

from accounts.models import User
from leads import assignment, because
from leads.models import Lead, Suggestion

MOST = 200


@dataclass(frozen=True)
class Suggested:
    """A lead and who would get it: by hand when `by` is set, else by the router; without a rep `fate` tells."""

    lead: Lead
    rep: User | None
    by: User | None
    because: str
    fate: str


@dataclass(frozen=True)
class Shadow:
    """All of it: the rows, how many by hand and by the router, and how many each rep would have got, most first."""

    rows: list
    by_hand: int
    by_router: int
    reps: list


def told(user, at) -> Shadow:
    """The Shadow as a user sees it. A lead that somebody suggested by hand is told once, with the latest suggestion."""
    leads = Lead.objects.counted().visible_to(user).select_related("contact__company")
    latest = {}
    for one in Suggestion.objects.select_related("rep", "by").order_by("at", "pk"):
        latest[one.lead_id] = one
    placed = [one for one in assignment.simulate_due(MOST, at) if one.lead_id not in latest]
    seen = leads.in_bulk([*latest, *(one.lead_id for one in placed)])
    reps = User.objects.in_bulk({one.rep_id for one in placed if one.rep_id})
    hand = [
        Suggested(seen[one.lead_id], one.rep, one.by, because.CHOSEN, "")
        for one in latest.values()
        if one.lead_id in seen
    ]
    router = [
        Suggested(seen[one.lead_id], reps.get(one.rep_id), None, one.because, one.fate)
        for one in placed
        if one.lead_id in seen
    ]
    counted = Counter(one.rep for one in [*hand, *router] if one.rep)
    offered = sum(1 for one in router if one.rep)
    return Shadow([*hand, *router], len(hand), offered, counted.most_common())
