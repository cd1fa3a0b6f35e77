"""What the firm says with one voice: a message house that both heads have signed, a wording that waits for one of them."""

from datetime import timedelta

from accounts.models import Track
from pipeline.models import Statement, StatementSignature

HEADS = {Track.MARKETING: "head.marketing", Track.SALES: "head.sales"}


def tell(desk):
    """The words of the firm's language in their order; claims stand on the pillar before them, the last one waits for sales."""
    pillar, made = None, []
    for kind, audience, text, proof in desk.house.world.voice:
        one = Statement(
            kind=kind, audience=audience, text=text, proof=proof, by=desk.people["marketer"],
            pillar=pillar if kind == "claim" else None, created_at=desk.at - timedelta(days=60 - len(made)),
        )  # fmt: skip
        made += desk.keep(Statement, [one])
        pillar = one if kind == "pillar" else pillar
    made[-1].replaces = made[-2]
    made[-1].save(update_fields=["replaces"])
    StatementSignature.objects.bulk_create(
        StatementSignature(statement=one, track=track, user=desk.people[who], at=one.created_at + timedelta(days=2))
        for one in made for track, who in HEADS.items() if one is not made[-1] or track == Track.MARKETING
    )  # fmt: skip
