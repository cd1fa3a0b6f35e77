"""The joint dashboard: eight figures, three charts, open offers and exceptions, in two statements."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from accounts.visibility import sees_all, sees_some
from reports import answers, exceptions, funnel, reading, returns, velocity, wins
from reports.figures import FIGURES, Figure
from reports.models.answers import Clock
from reports.money import NOT_AVAILABLE
from reports.periods import shifted

MONTHS = 12  # of the small lines


@dataclass(frozen=True)
class Tile:
    """One of the eight figures. `value` is None where it cannot be told, or NOT_AVAILABLE.

    `before` is the same figure of the period before, None where there is none; `line` its last twelve months.
    """

    figure: Figure
    value: object
    before: object = None
    line: tuple = ()
    less_is_better: bool = False

    @property
    def growth(self):
        """Change against the period before, as a ratio; None where it cannot be told."""
        if (
            not isinstance(self.value, (int, Decimal))
            or not isinstance(self.before, (int, Decimal))
            or not self.before
        ):
            return None
        return (self.value - self.before) / abs(Decimal(self.before))

    @property
    def better(self):
        """Has it changed for the better? None where it has not changed."""
        return None if not self.growth else (self.growth < 0) == self.less_is_better


@dataclass(frozen=True)
class Dashboard:
    """Everything the page and the API show. `since`: {figure: the first month with any record behind it}.

    `exceptions` is None for whoever sees no people's work.
    """

    tiles: list[Tile]
    funnel: funnel.Funnel
    answers: answers.Answers
    wins: wins.Wins
    returns: returns.Returns
    since: dict[str, date]
    exceptions: exceptions.Exceptions | None

    @property
    def counts_anything(self):
        """Whether the period has a lead, spend, a win or an open deal."""
        deals = self.wins.now
        return bool(self.funnel.now.leads or self.returns.spent or deals.won or deals.open)

    @property
    def velocity(self):
        """Revenue a day; see reports.velocity."""
        deals = self.wins.now
        return velocity.sales_velocity(
            deals.open, deals.win_rate, deals.mean_won, self.funnel.steps["sql_won"].median
        )


def dashboard(user, choice, at) -> Dashboard:
    """The Dashboard of a Choice as `user` may see it, in two statements."""
    people = sees_all(user) or sees_some(user)
    rows = reading.read(
        {
            **funnel.parts(choice),
            **answers.parts(choice),
            **wins.parts(choice),
            **returns.parts(choice, whole=True),
        }
    )
    parts = (
        funnel.made(choice, rows),
        answers.made(choice, rows),
        wins.made(choice, rows),
        returns.made(choice, rows),
    )
    since = _since(*parts)
    return Dashboard(
        _told_before(tiles(choice, *parts), choice, since),
        *parts,
        since,
        exceptions.exceptions(user, choice, at) if people else None,
    )


def _since(stages, times, deals, money):
    """{figure: the first month of any record of its kind in the choice's cell}; those without records are left out."""
    kinds = (
        (("won", "win_rate", "pipeline"), deals.months),
        (("spend",), money.months),
        (("leads", "sqls", "speed"), [one.month for one in stages.months]),
    )
    return {name: min(months) for names, months in kinds if months for name in names}


def _told_before(found, choice, since):
    """The tiles without the period before where their records begin only after its first month: they would not compare."""
    before = choice.period.before()
    if before is None:
        return found
    return [
        replace(tile, before=None) if since.get(tile.figure.name, before.first) > before.first else tile
        for tile in found
    ]


def tiles(choice, stages, times, deals, money):
    """The eight Tiles, in order."""
    line = _line_of(choice)
    leading = "margin_roi" if _is_told(money.total.margin_roi) else "revenue_roi"
    return [
        Tile(
            FIGURES["won"],
            _amount(deals.now.won_amount, deals.now.won, deals.now.won_unpriced),
            deals.before and deals.before.won_amount,
            line({month: one.won_amount for month, one in deals.months.items()}),
        ),
        Tile(FIGURES[leading], getattr(money.total, leading)),
        Tile(FIGURES["pipeline"], _amount(deals.now.open_amount, deals.now.open, deals.now.open_unpriced)),
        Tile(
            FIGURES["spend"],
            money.spent,
            money.spent_before,
            line(money.months),
        ),
        Tile(
            FIGURES["leads"],
            stages.now.leads,
            stages.before and stages.before.leads,
            line({one.month: one.leads for one in stages.months}),
        ),
        Tile(
            FIGURES["sqls"],
            stages.now.sqls,
            stages.before and stages.before.sqls,
            line({one.month: one.sqls for one in stages.months}),
        ),
        Tile(FIGURES["win_rate"], deals.now.win_rate, deals.before and deals.before.win_rate),
        Tile(
            FIGURES["speed"],
            times.clocks[Clock.SPEED].median(),
            times.clocks_before and times.clocks_before[Clock.SPEED].median(),
            less_is_better=True,
        ),
    ]


def _is_told(value):
    return isinstance(value, Decimal)


def _amount(amount, count, unpriced):
    return NOT_AVAILABLE if count and count == unpriced else amount


def _line_of(choice):
    """A function: {month: value} → the values of the last twelve months of the period that have begun, and count."""
    last, counted = min(choice.period.last, choice.today).replace(day=1), choice.period.counted
    months = [shifted(last, -back) for back in reversed(range(MONTHS))]

    def line(values: dict[date, object]):
        return tuple(0 if counted and month < counted else values.get(month, 0) for month in months)

    return line
