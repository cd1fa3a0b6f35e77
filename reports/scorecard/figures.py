"""The figures that chiefs answer for, each once: what was agreed, what came, and whether it is reached, on the way or behind."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from accounts import organisation
from leads import terms
from reports import budget, reading, sides, targets
from reports.index import figures as index
from reports.models import Chief, IndexKind, Measure
from reports.periods import shifted
from reports.rounds import showing
from reports.standing import gone
from reports.targets import Promise
from ui.standing import WHOLE, Standing, standing

DAY = timedelta(days=1)
MONTHS = 6  # of words that are shown
HEEDED = ("period",)


class Kind(StrEnum):
    """What is due by today: of a flow its share of the days; a level whole; of a cost no more than was agreed."""

    FLOW = "flow"
    LEVEL = "level"
    COST = "cost"


# {figure: who answers for it, and what kind it is}, in the order in which they are shown
ANSWERED = {
    Measure.WON: ((Chief.CEO, Chief.SALES), Kind.FLOW),
    Measure.MARGIN: ((Chief.CEO, Chief.FINANCE), Kind.FLOW),
    Measure.KEPT: ((Chief.SALES, Chief.FINANCE), Kind.FLOW),
    Measure.PIPELINE: ((Chief.MARKETING, Chief.SALES), Kind.FLOW),
    Measure.SQLS: ((Chief.MARKETING,), Kind.FLOW),
    "good_sqls": ((Chief.MARKETING,), Kind.LEVEL),
    "answer": ((Chief.SALES,), Kind.LEVEL),
    "contact": ((Chief.SALES,), Kind.LEVEL),
    "left": ((Chief.MARKETING, Chief.FINANCE), Kind.COST),
    "joint_index": ((Chief.CEO,), Kind.LEVEL),
    IndexKind.REPUTATION: ((Chief.MARKETING,), Kind.LEVEL),
    IndexKind.AWARENESS: ((Chief.MARKETING,), Kind.LEVEL),
}
LEVELS = (IndexKind.REPUTATION, IndexKind.AWARENESS)
# A row: the latest word of a chief on a month.
WORDS = """
SELECT DISTINCT ON (w.month, w.chief) w.month, w.chief, w.satisfied, w.text, u.full_name AS by, w.at
FROM reports_chiefword w JOIN accounts_user u ON u.id = w.by_id WHERE w.month >= %s AND w.month < %s
ORDER BY w.month, w.chief, w.id DESC
"""


@dataclass(frozen=True)
class Score:
    """A figure: what was `agreed` of it (None: nothing), the `actual` (None: not measured), and how much of a flow is due by today;
    of a cost how much of the period was over before today.
    """

    name: str
    agreed: Decimal | None
    actual: Decimal | None
    due: Decimal = WHOLE

    @property
    def chiefs(self):
        """Who answers for it."""
        return ANSWERED[self.name][0]

    @property
    def kind(self):
        """Its Kind."""
        return ANSWERED[self.name][1]

    @property
    def share(self):
        """Actual ÷ agreed; None where either is not known."""
        return self.actual / self.agreed if self.agreed and self.actual is not None else None

    @property
    def standing(self) -> Standing | None:
        """By the rule that the page tells; None where either is not known."""
        if self.agreed is None or self.actual is None:
            return None
        if self.kind == Kind.COST:
            if self.actual > self.agreed:
                return Standing.BEHIND
            return Standing.REACHED if self.due == WHOLE else Standing.ON_THE_WAY
        return standing(self.agreed, self.actual, self.due)


@dataclass(frozen=True)
class Scorecard:
    """Every Score; where targets stand, the agreement's version and the Told of the index behind them; words by month and chief.

    `promised`: the Promise of each measure; `since`: from when marketing owes anything.
    """

    scores: list[Score]
    targets: showing.Standing
    agreement: int
    index: index.Told
    since: date
    promised: dict[str, Promise]
    words: dict[date, dict[str, dict]] = field(default_factory=dict)

    def of(self, chief):
        """{standing: how many of a chief's figures} of those that can be told."""
        found = [one.standing for one in self.scores if chief in one.chiefs and one.standing]
        return {standing: found.count(standing) for standing in Standing if standing in found}


def scorecard(choice, at, known_locks) -> Scorecard:
    """The Scorecard of the Period of a Choice, of the whole house, in three statements."""
    agreement, house = terms.in_force(), organisation.current()
    rows = reading.read(_parts(choice, at))
    (told,) = index.told(choice, [choice.period], known_locks, house.live_on)
    promised = {measure: targets.made(rows, measure).total for measure in Measure.values}
    due = gone(choice.period, choice.today)
    scores = [
        *(Score(measure, one.target, one.attained, due) for measure, one in promised.items()),
        *_agreement(rows, choice, at),
        _budget(rows, gone(choice.period, choice.today - DAY)),
        *_index(told),
    ]
    order = list(ANSWERED)
    return Scorecard(
        sorted(scores, key=lambda one: order.index(one.name)),
        showing.made(rows, choice.period),
        agreement.version,
        told,
        sides.since_when(rows, at),
        promised,
        _words(rows),
    )


def _parts(choice, at):
    measured = {}
    for measure in Measure.values:
        measured |= targets.parts(measure, {measure: choice.period})
    month = choice.today.replace(day=1)
    return {
        **measured,
        **showing.parts(choice.period),
        **sides.delivered_parts(choice),
        **sides.promised_parts(choice, at),
        "budget": budget.parts(choice, earned=False)["budget"],
        "words": (WORDS, [shifted(month, 1 - MONTHS), shifted(month, 1)]),
    }


def _agreement(rows, choice, at):
    """What both tracks owe each other: good SQLs by the days so far, and of each promise that fell due that it was kept."""
    owed = sides.owed_by_marketing(choice, rows, at)
    yield Score("good_sqls", Decimal(owed.owed) or None, Decimal(owed.given))
    for one in sides.promised(rows):
        if one.name in ANSWERED:
            yield Score(one.name, WHOLE, Decimal(one.given) / one.owed if one.owed else None)


def _budget(rows, due):
    """What is paid and committed to date of the budgets of campaigns with money in the period, as the page of the budget has it."""
    total = budget.made(rows).total
    return Score("left", total.budget, total.to_date.spend, due)


def _index(told):
    """The index against the 100 that both heads expect, and those of its levels that a version names."""
    yield Score("joint_index", Decimal(100) if told.version else None, told.index)
    for line in told.lines:
        if line.component.kind in LEVELS:
            yield Score(line.component.kind, line.expected, line.reached and line.reached.value)


def _words(rows):
    found: dict = {}
    for row in rows["words"]:
        found.setdefault(reading.day(row["month"]), {})[row["chief"]] = row
    return found
