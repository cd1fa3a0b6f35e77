"""What was agreed on for the figures of a post, and how each stands to it: quotas of people and teams, targets, clocks.

A goal holds for all that a post answers for: narrowed by channel or campaign there is none to compare with.
"""

from dataclasses import dataclass
from decimal import Decimal

from reports import climbing
from reports.models import Measure
from reports.standing import gone
from ui.standing import WHOLE, standing

MEASURES = {
    "won": Measure.WON,
    "sqls": Measure.SQLS,
    "created": Measure.PIPELINE,
    "margin_kept": Measure.KEPT,
}
HEADS = ("marketing_head", "sales_head")
# Only what was agreed for all months of the period: a month's goal says nothing of a quarter's figure.
QUOTA = """
SELECT measure, sum(amount) AS amount FROM reports_quota WHERE month >= %s AND month < %s AND {whose}
GROUP BY measure HAVING count(DISTINCT month) = %s"""


@dataclass(frozen=True)
class Goal:
    """What was agreed, what came of it, and the share of it that is due by today; `of_clock`: of what fell due, all in time."""

    target: Decimal
    attained: Decimal
    due: Decimal = WHOLE
    of_clock: bool = False

    @property
    def share(self):
        return self.attained / self.target if self.target else None

    @property
    def standing(self):
        """By the rule of all targets."""
        return standing(self.target, self.attained, self.due)


def parts(user, post, choice):
    """What `made` needs, for `reading.read`; nothing where no goal can hold."""
    if choice.period.is_all or choice.channel is not None or choice.campaign is not None:
        return {}
    if post in HEADS:
        return {} if choice.team is not None or choice.rep is not None else {"goals": _targets(choice)}
    whose, params = _whose(user, post, choice)
    if not whose:
        return {}
    span = choice.period.first, choice.period.until
    return {"goals": (QUOTA.format(whose=whose), [*span, *params, choice.period.months])}


def _targets(choice):
    target, params = climbing.climbed(Measure.values, choice.period)
    where, places = climbing.once(choice.region, choice.segment)
    return (
        f"SELECT measure, sum(amount) AS amount FROM {target} WHERE true{where} GROUP BY measure",
        [*params, *places],
    )


def _whose(user, post, choice):
    if choice.region is not None or choice.segment is not None or post == "desk":
        return "", []
    if post == "manager":
        return ("team_id = ANY(%s)", [list(choice.team.ids)]) if choice.team is not None else ("", [])
    return "person_id = %s", [user.pk]


def made(found, choice, rows):
    """{figure: Goal} of a Mine."""
    amounts = {row["measure"]: Decimal(row["amount"]) for row in rows.get("goals", ())}
    attained = {
        "won": found.wins.now.won_amount,
        "sqls": Decimal(found.funnel.now.sqls),
        "created": found.wins.now.opened_amount,
        "margin_kept": found.margin_kept,
    }
    goals = {
        name: Goal(amounts[measure], attained[name], gone(choice.period, choice.today))
        for name, measure in MEASURES.items()
        if amounts.get(measure)
    }
    if "goals" in rows and found.answers.in_time is not None:
        goals["in_time"] = Goal(Decimal(1), Decimal(found.answers.in_time), of_clock=True)
    return goals
