"""Who brought a deal: the touches on its path, whose work each is, and the share that it earns under a model."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Track
from pipeline.channels import Channel
from reports import attribution
from reports.models import CountedDeal, Credit
from reports.money import ZERO

SIDES: dict[str, Promise] = {
    "marketing": _("Marketing (campaigns)"),
    "sales": _("Sales (own finds, cold calls, tenders)"),
    "partner": _("Partners (dealers, referrals)"),
    "other": _("Others"),
}
WORK = {"marketing": Track.MARKETING.label, "sales": Track.SALES.label, "partner": _("Partners"), "other": ""}
SELLING = (Channel.SALES_OWN, Channel.COLD_CALL, Channel.TENDER)
PARTNERS = (Channel.DEALER, Channel.REFERRAL, Channel.PARTNER_SWAP)
EVERY = "linear"  # the model by which each touch of a path earns something: its credits are the path


@dataclass(frozen=True)
class Earning:
    """One touch on the way; `share` is its part of 1 and `amount` its part in report currency, None where that is not known."""

    position: int
    touch: int
    at: object
    kind: str
    channel: str
    campaign: int | None
    campaign_name: str
    outbound: bool
    side: str
    share: Decimal
    amount: Decimal | None


@dataclass(frozen=True)
class Brought:
    """The path of a deal under `model`: its touches in order, and the share of each side.

    `source` is whose work its first pass is ("" where the deal is not counted: yet, or no more), `influenced` whether a
    campaign of marketing had touched one of its people within 180 days before it was opened. Without touches all of it is
    *unattributed*.
    """

    model: attribution.Model
    touches: list[Earning]
    sides: dict[str, Decimal]
    source: str
    influenced: bool

    def bringers(self):
        """[[the Earnings of one campaign, or of one channel without a campaign]], most share first."""
        groups = {}
        for one in self.touches:
            groups.setdefault((one.campaign, one.campaign or one.channel), []).append(one)
        return sorted(
            groups.values(), key=lambda group: (-sum(one.share for one in group), group[0].position)
        )


def brought(deal, model=attribution.DEFAULT):
    """The Brought of a won or open deal (pk), as the rollups hold it. In two statements. Raises KeyError for an unknown model."""
    chosen = attribution.MODELS[model]
    rows = (
        Credit.objects.filter(deal=deal, model__in={EVERY, model}, cancelled=False, touch__isnull=False)
        .annotate(
            at=F("touch__at"),
            touched=F("touch__kind"),
            outbound=F("touch__outbound"),
            name=F("campaign__name"),
            track=F("campaign__track"),
        )
        .order_by("position")
        .values()
    )
    path, earned = [], {}
    for row in rows:
        if row["model"] == EVERY:
            path.append(row)
        if row["model"] == model:
            earned[row["position"]] = row["share"], row["amount"]
    touches = [_earning(row, *earned.get(row["position"], (ZERO, ZERO))) for row in path]
    sides = {side: sum((one.share for one in touches if one.side == side), ZERO) for side in SIDES}
    counted = CountedDeal.objects.filter(deal=deal).values_list("source", "influenced").first()
    source, influenced = counted or ("", False)
    return Brought(
        chosen, touches, {side: share for side, share in sides.items() if share}, source, influenced
    )


def side_of(track, channel):
    """Whose work a touch is: that of its campaign's track; without one its channel tells, as for what a deal is sourced by."""
    if track == Track.MARKETING:
        return "marketing"
    if track == Track.SALES or channel in SELLING:
        return "sales"
    return "partner" if channel in PARTNERS else "other"


def _earning(row, share, amount):
    return Earning(
        position=row["position"],
        touch=row["touch_id"],
        at=row["at"],
        kind=row["touched"],
        channel=row["channel"],
        campaign=row["campaign_id"],
        campaign_name=row["name"] or "",
        outbound=row["outbound"],
        side=side_of(row["track"], row["channel"]),
        share=share,
        amount=amount,
    )
