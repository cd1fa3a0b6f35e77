"""What is kept of the common commission: the plans that were signed, and all that was ever settled, read at once."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count

from reports import reading
from reports.commission import plans
from reports.commission.measuring import MEASURED, Scope, scopes
from reports.models import CommissionCorrection, CommissionPart, CommissionStatement
from reports.periods import Period, shifted
from ui import formats

QUARTER = 3  # months
LINES = (
    "SELECT x.*, c.name FROM reports_commissionline x LEFT JOIN pipeline_campaign c ON c.id = x.campaign "
    "ORDER BY x.why <> '', x.counted DESC, x.id"
)


@dataclass(frozen=True)
class Kept:
    """Rows as they are kept, with the plans that count: the newest first."""

    plans: list[plans.Plan]
    rows: dict[str, list[dict]]

    @property
    def settled(self):
        """{first day of a settled quarter: its row}, the earliest first."""
        return {reading.day(row["first"]): row for row in self.rows["statements"]}

    @property
    def next(self):
        """The first day of the quarter that is settled next, which takes what has changed in those before; None without."""
        until = max((reading.day(row["until"]) for row in self.rows["statements"]), default=date.min)
        return min((day for day in self.planned if day >= until), default=None)

    @property
    def planned(self):
        """The first days of the quarters that plans cover."""
        return {
            shifted(plan.first, months)
            for plan in self.plans
            for months in range(0, Period("", "", plan.first, plan.until).months, QUARTER)
        }

    @property
    def carried(self):
        """What the last statement carried on: never above 0."""
        return Decimal(self.rows["statements"][-1]["carry"]) if self.rows["statements"] else Decimal()

    def plan(self, pk):
        """A plan by its id."""
        return next(plan for plan in self.plans if plan.id == pk)

    def of(self, part, statement):
        """The rows of a part that belong to a statement."""
        return [row for row in self.rows[part] if row["statement_id"] == statement]

    def told(self):
        """{campaign: what counted of it by the last statement that told of it} of all that was settled."""
        found = {row["campaign"]: Decimal(row["counted"]) for row in self.rows["lines"]}
        for row in self.rows["corrections"]:
            found |= {campaign: Decimal(now) for campaign, _was, now in row["changes"]}
        return found

    def measured(self, late):
        """(the Scopes whose measurement ends in the quarter asked for, {campaign: name}, the campaigns without a last day);
        with `late` also those measured after the quarter in which that ended was settled.
        """
        asked, endless = scopes(
            [row for row in self.rows["measured"] if late or not row["late"]], self.rows["regions"]
        )
        return asked, {row["campaign"]: row["name"] for row in self.rows["measured"]}, endless


def kept(period=None) -> Kept:
    """The Kept, with what a quarter that is not settled yet measures; in one statement."""
    within = {"first": period.first, "until": period.until} if period else {"first": None, "until": None}
    rows = reading.read(
        {
            **plans.parts(),
            "statements": CommissionStatement.objects.order_by("first").values(
                "id", "plan_id", "first", "until", "currency", "margin", "earned", "corrected", "carried", "paid", "carry",
                "settled_by__full_name", "settled_at",
            ),
            "lines": (LINES, []),
            "corrections": CommissionCorrection.objects.order_by("id").values("statement_id", "of_id", "of__first", "amount", "changes"),
            "parts": CommissionPart.objects.order_by("id").values("statement_id", "person_id", "amount"),
            "measured": (MEASURED, within),
            "regions": ("SELECT id, parent_id FROM accounts_region", []),
        }
    )  # fmt: skip
    return Kept(plans.signed(rows), rows)


def own(user):
    """What somebody was paid, by settled quarter, the latest first: rows of first, percent, people, amount and currency."""
    parts = CommissionPart.objects.filter(person=user).order_by("-statement__first")
    return list(
        parts.values("percent", "amount", "statement__first", "statement__currency").annotate(
            people=Count("statement__parts")
        )
    )


def scope_of(row) -> Scope:
    """How the campaign of a settled line was measured."""
    return Scope(
        row["campaign"],
        row["kind"],
        row["audience"],
        reading.day(row["first"]),
        reading.day(row["last"]),
        tuple(row["regions"]),
        row["segment"],
        reading.moment(row["since"]),
    )


def quarter(first: date) -> Period:
    """The quarter that begins with a month."""
    last = shifted(first, QUARTER - 1)
    return Period(
        f"{first:%Y-%m}", f"{formats.month(first)} – {formats.month(last)}", first, shifted(last, 1)
    )
