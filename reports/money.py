"""Cost and earnings as sums, and the ratios that follow from them (docs/metrics.md)."""

from dataclasses import dataclass, fields
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

NOT_AVAILABLE = _("not available")
ZERO = Decimal()


@dataclass(frozen=True)
class Money:
    """Cost and earnings, as sums over campaigns. `spend` is paid and committed; `period_spend` what of it falls in the
    chosen period. `impressions` to `reported_spend` are the platforms' own word. `credited` sums shares of won deals, `unpriced` and `uncosted` those without amount and cost;
    `open_credited` and `open_pipeline` are shares and amounts of the deals open today, credited by the same model,
    `open_unpriced` the shares of those without amount.
    """

    planned: Decimal = ZERO
    committed: Decimal = ZERO
    paid: Decimal = ZERO
    period_spend: Decimal = ZERO
    impressions: int = 0
    clicks: int = 0
    reported_leads: Decimal = ZERO
    reported_orders: Decimal = ZERO
    reported_revenue: Decimal = ZERO
    reported_spend: Decimal = ZERO
    leads: int = 0
    mqls: int = 0
    sqls: int = 0
    deals: int = 0
    wins: int = 0
    pipeline: Decimal = ZERO
    credited: Decimal = ZERO
    unpriced: Decimal = ZERO
    uncosted: Decimal = ZERO
    revenue: Decimal = ZERO
    margin: Decimal = ZERO
    open_credited: Decimal = ZERO
    open_unpriced: Decimal = ZERO
    open_pipeline: Decimal = ZERO

    def __add__(self, other):
        return Money(*(getattr(self, name) + getattr(other, name) for name in NAMES))

    @property
    def spend(self):
        return self.paid + self.committed

    @property
    def revenue_roi(self):
        """(credited revenue − spend) ÷ spend. None: no spend. NOT_AVAILABLE: no credited deal has an amount."""
        return self._ratio(self.revenue - self.spend, self._unpriced_only)

    @property
    def margin_roi(self):
        """(credited margin − spend) ÷ spend. None: no spend. NOT_AVAILABLE: an amount or a cost is unknown."""
        return self._ratio(self.margin - self.spend, self.unpriced > 0 or self.uncosted > 0)

    @property
    def roas(self):
        """Credited revenue ÷ spend. None and NOT_AVAILABLE as for the revenue ROI."""
        return self._ratio(self.revenue, self._unpriced_only)

    @property
    def mean_won(self):
        """Credited revenue ÷ shares of won deals with an amount: the average sale; None without one."""
        return self.revenue / (self.credited - self.unpriced) if self.credited > self.unpriced else None

    @property
    def mean_open(self):
        """Open pipeline ÷ shares of open deals with an amount: the average sale that is expected; None without one."""
        priced = self.open_credited - self.open_unpriced
        return self.open_pipeline / priced if priced > 0 else None

    @property
    def reported_roi(self):
        """(revenue as the platforms report it − the spend they report it for) ÷ that spend; None without."""
        return (
            (self.reported_revenue - self.reported_spend) / self.reported_spend
            if self.reported_spend
            else None
        )

    @property
    def cost_per(self):
        """Spend by pass that the campaign created and that came so far: {"lead": …, "mql": …, "sql": …, "deal": …}."""
        counts = {"lead": self.leads, "mql": self.mqls, "sql": self.sqls, "deal": self.deals}
        return {name: self.spend / count if count else None for name, count in counts.items()}

    @property
    def _unpriced_only(self):
        return self.unpriced > 0 and self.unpriced == self.credited

    def _ratio(self, earned, unknown):
        if unknown:
            return NOT_AVAILABLE
        return earned / self.spend if self.spend > 0 else None


class Unearning(Money):
    """Money of what no deal can be credited to, so that it has a cost and no return that could be told."""

    def _ratio(self, earned, unknown):
        return super()._ratio(earned, unknown or self.spend != 0)


NAMES = [one.name for one in fields(Money)]
