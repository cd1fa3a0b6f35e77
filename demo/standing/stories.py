"""How some of the largest deals were won: two stories that are told, and one that is asked for."""

from datetime import timedelta

from leads.models import UseOfStory, WinStory
from leads.stories import TEXTS
from pipeline.models import Deal, DealKind


def tell(desk):
    """Of the largest wins of the reps, where there are so many."""
    words = desk.house.world.words["stories"]
    deals = list(
        Deal.objects.won().filter(owner__in=desk.reps.values(), company__isnull=False).exclude(kind=DealKind.RENEWAL)
        .order_by("-base_amount", "pk")[: len(words) + 1]
    )  # fmt: skip
    rows = [
        _one(desk, deal, words[number] if number < len(words) else ()) for number, deal in enumerate(deals)
    ]
    desk.keep(WinStory, rows)


def _one(desk, deal, said):
    row = WinStory(
        deal=deal, winner=deal.owner, asked_at=deal.closed_at, **dict(zip(TEXTS, said, strict=False))
    )
    if said:
        row.told_at, row.use = min(deal.closed_at + timedelta(days=1), desk.at), UseOfStory.UNASKED
    return row
