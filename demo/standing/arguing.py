"""Disputed returns: one that both heads decided, one that is still argued."""

from datetime import timedelta

from accounts.models import Track
from leads.models import Decider, Dispute, GoesTo, Handoff, Ruling


def tell(desk):
    """The latest two returns that count against marketing."""
    back = Handoff.objects.filter(
        end="returned", kind="new", reason__blames=True, ended_at__lt=desk.at - timedelta(days=2)
    ).order_by("-ended_at", "-pk")[:2]
    if len(back) < 2:
        return
    running, decided = back
    words = desk.house.world.words
    for handoff, at in ((decided, decided.ended_at), (running, running.ended_at)):
        over = handoff is decided
        one = Dispute.objects.create(
            handoff=handoff, track=Track.MARKETING, opened_by=desk.people["marketer"],
            opened_at=at + timedelta(hours=4), argument=words["argument"][over], answered_by=handoff.rep,
            answered_at=at + timedelta(hours=22), answer=words["counter"][over],
            **{"decided_at": at + timedelta(hours=47), "decided_by": Decider.HEADS, "counts": False,
               "goes_to": GoesTo.STAYS} if over else {},
        )  # fmt: skip
        heads = (("head.marketing", Track.MARKETING), ("head.sales", Track.SALES))
        Ruling.objects.bulk_create(
            Ruling(dispute=one, track=track, by=desk.people[code], at=at + timedelta(hours=46 + number),
                   counts=False, goes_to=GoesTo.STAYS, why=words["ruling"][0])
            for number, (code, track) in enumerate(heads)
            if over
        )  # fmt: skip
