"""A programme for existing customers: the margin that both heads signed that it is to keep, and what sales spends on it."""

from datetime import timedelta

from accounts.models import Track
from pipeline.models import SalesCost, SpendKind
from reports.models import KeepGoal, KeepSignature
from reports.periods import shifted

PROGRAMME, MARGIN, TRAVEL = (
    "email",
    700_000,
    900,
)  # a campaign; euros to keep in a year, and of travel in a month
BEGUN, MONTHS = 6, 12


def tell(desk):
    """The goal of the programme, and the travel of farmers for it."""
    campaign, scale = desk.campaigns[PROGRAMME], desk.house.world.scale
    heads = {Track.MARKETING: desk.people["head.marketing"], Track.SALES: desk.people["head.sales"]}
    first = desk.back(BEGUN)
    (goal,) = desk.keep(
        KeepGoal,
        [
            KeepGoal(
                campaign_id=campaign, first=first, last=shifted(first, MONTHS - 1), margin=round(MARGIN * scale),
                created_by=heads[Track.MARKETING],
            )
        ],
    )  # fmt: skip
    at = desk.at - timedelta(days=30 * BEGUN)
    desk.keep(
        KeepSignature,
        [KeepSignature(goal=goal, track=track, user=user, at=at) for track, user in heads.items()],
    )
    amount = round(TRAVEL * scale)
    desk.keep(
        SalesCost,
        [
            SalesCost(
                of="travel", kind=SpendKind.PAID, month=desk.back(ago), on=desk.back(ago), amount=amount, currency=desk.currency,
                base_amount=amount, campaign_id=campaign, entered_by=heads[Track.SALES],
            )
            for ago in range(1, BEGUN + 1)
        ],
    )  # fmt: skip
