"""Deals of a period: opened, open now, won and lost."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from reports import reading
from reports.cells import cells, chosen_rows
from reports.models import DealMonth

KINDS = ("new", "expansion", "renewal")


@dataclass(frozen=True)
class Deals:
    """Sums over deals. `open…`, `stepless` and `slipped` are today's stock, the rest are flow.

    What was cancelled in the period (`cancelled…`, below nothing) is off `won_amount` and `margin`.
    """

    opened: int = 0
    opened_amount: Decimal = Decimal()
    open: int = 0
    open_amount: Decimal = Decimal()
    open_unpriced: int = 0
    stepless: int = 0
    slipped: int = 0
    won: int = 0
    won_amount: Decimal = Decimal()
    won_unpriced: int = 0
    won_uncosted: int = 0
    margin: Decimal = Decimal()
    lost: int = 0
    lost_amount: Decimal = Decimal()
    cancelled: int = 0
    cancelled_amount: Decimal = Decimal()
    cancelled_margin: Decimal = Decimal()

    def __add__(self, other):
        return Deals(*(getattr(self, name) + getattr(other, name) for name in NAMES))

    @property
    def signed_amount(self):
        """What the wins alone came to, whatever was cancelled in the same period."""
        return self.won_amount - self.cancelled_amount

    @property
    def win_rate(self):
        """Won ÷ closed, by count; None where nothing closed."""
        closed = self.won + self.lost
        return Decimal(self.won) / closed if closed else None

    @property
    def value_rate(self):
        """Won ÷ closed, by value; None where nothing of value closed."""
        closed = self.signed_amount + self.lost_amount
        return self.signed_amount / closed if closed else None

    @property
    def mean_won(self):
        """The mean amount of a won deal, of those with an amount."""
        priced = self.won - self.won_unpriced
        return self.signed_amount / priced if priced else None


NAMES = [field.name for field in fields(Deals)]
STOCK = {"open", "open_amount", "open_unpriced", "stepless", "slipped"}


@dataclass(frozen=True)
class Wins:
    """The deals of a period and of the one before (None for all time), by kind and month."""

    now: Deals
    before: Deals | None
    kinds: dict[str, Deals]
    months: dict[date, Deals]


def parts(choice, *, by_kind=True):
    """What `made` needs, for `reading.read`; without `by_kind` its `kinds` stay empty."""
    deals, cell = cells(DealMonth, choice)
    kind, sums = "kind" if by_kind else "'' AS kind", ", ".join(f"sum({name}) AS {name}" for name in NAMES)
    return {
        **chosen_rows(choice),
        "deals": (
            f"SELECT month, {kind}, {sums} FROM {deals} GROUP BY 1, 2",
            cell,
        ),
    }


def made(choice, rows) -> Wins:
    """The Wins from the rows that `parts` asked for. Stock counts wherever the deal was opened."""
    dated = [(reading.day(row["month"]), row["kind"], reading.typed(Deals, row)) for row in rows["deals"]]
    stock = _sum(one for _month, _kind, one in dated)
    before = choice.period.before()
    return Wins(
        now=_flow((one for month, _kind, one in dated if month in choice.period), stock),
        before=before and _flow((one for month, _kind, one in dated if month in before), Deals()),
        kinds={
            kind: _flow((one for month, its, one in dated if its == kind and month in choice.period),
                        _sum(one for _month, its, one in dated if its == kind))
            for kind in KINDS
        },
        months={month: _sum(one for day, _kind, one in dated if day == month) for month, _kind, _one in dated},
    )  # fmt: skip


def wins(choice):
    """The Wins of a Choice, in one statement."""
    return made(choice, reading.read(parts(choice)))


def _sum(deals):
    return sum(deals, Deals())


def _flow(deals, stock):
    summed = _sum(deals)
    return Deals(*(getattr(stock if name in STOCK else summed, name) for name in NAMES))
