"""The story that every language tells: campaigns, products and how well each of them does."""

from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.channels import Channel

SPAN = 548  # days that the demo looks back
ALL = (SPAN, 0)


@dataclass(frozen=True)
class Plan:
    """A campaign of the story. `window` is (first, last) in days before today, or a (month, day) of a fair.

    `share` weighs its leads, `quality` multiplies the chances of what comes of them, `roi` is where its spend is set
    against its revenue (None: it costs nothing). `wave` is the season's strength.
    """

    key: str
    channel: str
    parent: str = ""
    owner: str = "marketer"
    window: tuple = ALL
    fair: tuple = ()
    share: float = 0
    quality: float = 1
    roi: float | None = None
    vendor: str = ""
    product: str | None = None
    territory: int | None = None
    segment: str | None = None
    foreign: bool = False
    track: str = "marketing"
    for_existing: bool = False
    late: int = 0  # months by which its invoices come late

    def days(self, today):
        """First and last day."""
        if not self.fair:
            return today - timedelta(days=self.window[0]), today - timedelta(days=self.window[1])
        first = date(today.year, *self.fair)
        if first > today - timedelta(days=21):
            first = date(today.year - 1, *self.fair)
        return first, first + timedelta(days=4)


CAMPAIGNS = (
    Plan("fairs", Channel.EXHIBITION, owner="head.marketing"),
    Plan("always", Channel.WEBSITE, owner="head.marketing"),
    Plan("accounts", Channel.REFERRAL, owner="head.marketing"),
    Plan("hannover", Channel.EXHIBITION, "fairs", "marketer2", fair=(4, 20), share=9, quality=1.25, roi=0.45,
         vendor="fair", territory=0, late=3),
    Plan("sps", Channel.EXHIBITION, "fairs", "marketer2", fair=(11, 18), share=5, quality=1.05, roi=-0.2,
         vendor="fair", product="edge", territory=0, late=4),
    Plan("search", Channel.SEM, "always", "marketer", share=15, quality=1.05, roi=1.6, vendor="ads"),
    Plan("brandsearch", Channel.SEM, "always", "marketer", share=4, quality=1.35, roi=3.7, vendor="ads"),
    Plan("seo", Channel.SEO, "always", "marketer3", share=9, quality=1.05, roi=3.1, vendor="agency"),
    Plan("website", Channel.WEBSITE, "always", "marketer", (420, 0), share=6, quality=1.3, roi=3.9, vendor="agency"),
    Plan("feed", Channel.FEED_ADS, "always", "marketer", (430, 40), share=8, quality=0.75, roi=0.1, vendor="ads",
         foreign=True),
    Plan("display", Channel.DISPLAY, "always", "marketer", (380, 120), share=4, quality=0.45, roi=-0.55, vendor="ads"),
    Plan("content", Channel.CONTENT, "always", "marketer3", (500, 60), share=6, quality=0.85, roi=1.2,
         vendor="agency", product="predict"),
    Plan("social", Channel.SOCIAL, "always", "marketer3", share=3, quality=0.65, roi=0.4, vendor="agency"),
    Plan("email", Channel.EMAIL, "always", "marketer3", share=3, quality=1, roi=2.6, vendor="tools", for_existing=True),
    Plan("webinars", Channel.WEBINAR, "", "marketer2", (460, 15), share=6, quality=1.15, roi=2.2, vendor="tools",
         product="predict", segment="midsize", for_existing=True),
    Plan("roadshow", Channel.OWN_EVENT, "", "marketer2", (260, 190), share=2.4, quality=1.45, roi=0.9, vendor="venue",
         territory=0, late=2),
    Plan("press", Channel.MEDIA_RELATIONS, "", "head.marketing", (330, 250), share=0.8, quality=0.9, roi=0.2,
         vendor="agency"),
    Plan("pr", Channel.PR, "", "head.marketing", (210, 150), share=1.4, quality=0.8, roi=-0.15, vendor="agency"),
    Plan("swap", Channel.PARTNER_SWAP, "accounts", "marketer2", (300, 270), share=1.6, quality=0.8, roi=0.7,
         vendor="print"),
    Plan("dealer", Channel.DEALER, "accounts", "head.sales", share=3.5, quality=1.3, roi=2.4, vendor="agency",
         territory=2, track="sales"),
    Plan("tender", Channel.TENDER, "", "head.sales", share=1, quality=1.1, roi=0.6, vendor="tools", product="energy",
         segment="enterprise", track="sales"),
    Plan("referral", Channel.REFERRAL, "accounts", "marketer2", share=2, quality=1.7, roi=3.95, vendor="tools"),
    Plan("direct", Channel.DIRECT, "", "marketer", share=5, quality=1.1),
    Plan("mailing", Channel.DIRECT_MAIL, "", "marketer2", (240, 200), share=1.8, quality=0.6, roi=-0.35,
         vendor="print", segment="small", for_existing=True),
    Plan("affiliate", Channel.AFFILIATE, "always", "marketer", (350, 90), share=2.6, quality=0.5, roi=-0.6,
         vendor="ads"),
    Plan("inbound", Channel.INBOUND_CALL, "always", "marketer3", share=3, quality=1.4, roi=2.8, vendor="tools"),
    Plan("coldcall", Channel.COLD_CALL, "", "head.sales", (200, 110), share=3, quality=0.5, roi=-0.25,
         vendor="agency", territory=1, track="sales"),
    Plan("own", Channel.SALES_OWN, "", "head.sales", share=1.6, quality=1.2, track="sales"),
    Plan("other", Channel.OTHER, "", "marketer3", (170, 60), share=1, quality=0.55, roi=-0.48, vendor="agency"),
    Plan("unknown", Channel.UNKNOWN, "", "marketer3", (520, 480), share=2.2, quality=0.4),
)  # fmt: skip

# code: list price and lowest price in euros, share of cost in the price a year and a half ago and since last winter
PRODUCTS = {
    "mes": (46_000, 38_000, 0.24, 0.27),
    "scada": (28_000, 23_000, 0.22, 0.25),
    "predict": (19_500, 15_500, 0.20, 0.22),
    "energy": (14_000, 11_500, 0.21, 0.23),
    "quality": (16_500, 13_500, 0.23, 0.25),
    "edge": (2_400, 2_000, 0.58, 0.63),
    "support": (6_800, 5_900, 0.41, 0.44),
    "rollout": (1_350, 1_150, 0.66, 0.69),
}
MAIN = (("mes", 4), ("scada", 5), ("predict", 4), ("energy", 2), ("quality", 3))

# January to December: how willing people are to be met
SEASON = (0.92, 1.0, 1.12, 1.12, 1.05, 0.98, 0.78, 0.66, 1.12, 1.18, 1.14, 0.7)
WEEK = (1.05, 1.12, 1.1, 1.05, 0.9, 0.2, 0.18)


@dataclass(frozen=True)
class Worker:
    """A rep of the story: where and how well the rep works. `pace` is the usual answer time as a part of the time allowed."""

    key: str
    territories: tuple[int, ...]
    kind: str = "hunter"
    weight: float = 1
    pace: float = 0.25
    win: float = 1  # multiplies the chance to win


REPS = (
    Worker("rep", (0,), pace=0.2, weight=1.2, win=1.15),
    Worker("rep2", (0, 1), pace=0.75, weight=0.8, win=0.8),
    Worker("rep3", (1,), pace=0.44, weight=1.1, win=1.05),
    Worker("rep4", (2,), pace=0.54),
    Worker("farmer", (0, 1, 2), pace=0.5, kind="farmer", weight=0.4, win=1.2),
    Worker("leaver", (1,), pace=0.62, win=0.75),
)
LEFT = 150  # days since the leaver left
