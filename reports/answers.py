"""How fast sales answers: offer → answer, accept → contact, capture → first human attempt, in working minutes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reports import reading
from reports.cells import cells, chosen_rows
from reports.models.answers import AnswerMinutes, AnswerMonth, Clock
from reports.models.base import ALL_MONTHS
from reports.velocity import Histogram

COUNTS = ("offers", "accepted", "returned", "expired", "waiting", "due", "in_time")
EDGES = (30, 60, 120, 240, 480)  # minutes


@dataclass(frozen=True)
class Month:
    """Offers of one month, by what became of them."""

    month: date
    offers: int = 0
    accepted: int = 0
    returned: int = 0
    expired: int = 0
    waiting: int = 0
    due: int = 0
    in_time: int = 0


@dataclass(frozen=True)
class Answers:
    """Answer times of a period. Each histogram holds working minutes; who has not answered lies beyond."""

    now: Month
    before: Month | None
    months: list[Month]
    clocks: dict[str, Histogram]
    clocks_before: dict[str, Histogram] | None

    @property
    def in_time(self):
        """Of the offers with a promised time that were answered or expired, the share answered within it."""
        return Decimal(self.now.in_time) / self.now.due if self.now.due else None

    def bins(self):
        """(from, to, offers) of the answer clock: `to` None for longer, `from` None for unanswered."""
        clock, low = self.clocks[Clock.ANSWER], 0
        for high in EDGES:
            yield low, high, clock.within(high) - (clock.within(low) if low else 0)
            low = high
        yield low, None, clock.total - clock.beyond - clock.within(low)
        yield None, None, clock.beyond


def parts(choice):
    """What `made` needs, for `reading.read`."""
    months, cell = cells(AnswerMonth, choice)
    sums = ", ".join(f"sum({name}) AS {name}" for name in COUNTS)
    return {
        **chosen_rows(choice),
        "answers": (f"SELECT month, {sums} FROM {months} GROUP BY month ORDER BY month", cell),
        "minutes": _minutes(choice, Clock.values, choice.period.before()),
    }


def clock_parts(choice, asked):
    """What `clocks` needs of the clocks that are asked for, for `reading.read`."""
    return {**chosen_rows(choice), "minutes": _minutes(choice, asked)}


def clocks(rows) -> dict[str, Histogram]:
    """The Histogram of each Clock in the period, from the rows that `clock_parts` asked for: empty where it was not."""
    return _clocks(rows["minutes"], True)


def _minutes(choice, asked, before=None):
    """Who answered after how many minutes by these clocks in the period; capture → first attempt also in the one `before`."""
    minutes, cell = cells(AnswerMinutes, choice)
    period = choice.period
    now = ALL_MONTHS if period.is_all else period.first
    until = ALL_MONTHS.replace(day=2) if period.is_all else period.until
    first = before.first if before else now
    return (
        "SELECT clock, now, array_agg(minutes) AS minutes, array_agg(offers) AS offers FROM ("
        f"SELECT clock, month >= %s AS now, minutes, sum(offers)::int AS offers FROM {minutes} "
        "WHERE clock = ANY(%s) AND month >= %s AND month < %s AND (clock = %s OR month >= %s) "
        "GROUP BY clock, 2, minutes HAVING sum(offers) <> 0) AS bins GROUP BY clock, now",
        [now, *cell, list(asked), first, until, Clock.SPEED, now],
    )


def made(choice, rows) -> Answers:
    """The Answers from the rows that `parts` asked for."""
    months = [Month(reading.day(row.pop("month")), **row) for row in rows["answers"]]
    before = choice.period.before()
    return Answers(
        now=_total(months, choice.period),
        before=before and _total(months, before),
        months=months,
        clocks=_clocks(rows["minutes"], True),
        clocks_before=before and _clocks(rows["minutes"], False),
    )


def answers(choice):
    """The Answers of a Choice, in one statement."""
    return made(choice, reading.read(parts(choice)))


def _total(months, period):
    inside = [month for month in months if month.month in period]
    return Month(period.first, *(sum(getattr(one, name) for one in inside) for name in COUNTS))


def _clocks(rows, now):
    return {
        clock: _histogram([row for row in rows if row["clock"] == clock and row["now"] == now])
        for clock in Clock.values
    }


def _histogram(rows):
    pairs = [pair for row in rows for pair in zip(row["minutes"], row["offers"], strict=True)]
    known = [pair for pair in pairs if pair[0] != AnswerMinutes.UNANSWERED]
    return Histogram.of(
        known, sum(offers for _minutes, offers in pairs) - sum(offers for _minutes, offers in known)
    )
