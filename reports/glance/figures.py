"""What the first screens are told from, each in one statement."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from accounts.models import Role, Track
from reports import answers, funnel, reading, returns, segments, wins
from reports.budget import Line
from reports.budget import made as budget_made
from reports.budget import parts as budget_parts
from reports.cells import cells, chosen_rows
from reports.forecast.sums import Sums, grouped, tree_of, within
from reports.forecast.sums import parts as forecast_parts
from reports.glance.renewals import Renewals
from reports.glance.renewals import made as renewals_made
from reports.glance.renewals import parts as renewal_parts
from reports.glance.steps import STEPS, Step
from reports.glance.steps import made as steps_made
from reports.glance.week import Week
from reports.glance.week import made as week_made
from reports.glance.week import parts as week_parts
from reports.models import DealDay, ReasonMonth, ReceiptDay
from reports.models.answers import AnswerMonth, Clock
from reports.periods import same_day_before, shifted, year_before
from reports.regions import Tree
from reports.velocity import Histogram

SCREENS = {"ceo": _("The house"), "marketing": _("Marketing"), "sales": _("Sales")}
BIGGEST = 10
KINDS = ("new", "existing")
CANCELLED = {"cancel_new": "new", "cancel_old": "existing"}
SOURCES = ("marketing", "sales", "partner", "other")
ZERO = Decimal()
# Of all money of campaigns, what the tiles tell: ROI, ROAS, cost per SQL and what a customer cost.
PAID_AND_EARNED = ("committed", "paid", "sqls", "credited", "unpriced", "uncosted", "revenue", "margin")


@dataclass(frozen=True)
class Won:
    """Wins of a span up to the same day, less what was cancelled in it: new business and existing customers apart; `customers` won for the first time."""

    new: Decimal = ZERO
    existing: Decimal = ZERO
    deals: int = 0
    customers: int = 0

    @property
    def total(self):
        """Both."""
        return self.new + self.existing


@dataclass(frozen=True)
class Created:
    """Pipeline created in a span: by whom it was sourced, and, never added to it, how much campaigns influenced."""

    sourced: dict[str, Decimal]
    influenced: Decimal
    total: Decimal


@dataclass(frozen=True)
class Glance:
    """Everything a first screen shows; `before` figures are of the same days a year earlier.

    `budget` is the sum of the lines of the tab *Budget*; `charged` is the spend of the period that won the new customers shown: of a segment what it is charged with, None of a
    region, which campaigns reach beyond, and of people of sales, who run no campaigns. `received`: the first month of any receipt.
    """

    won: Won
    won_before: Won
    created: Created
    created_before: Created
    steps: list[Step]
    forecast: Sums
    regions: dict[int, Sums]
    names: dict[int, str]
    biggest: list[dict]
    reasons: list[tuple[int, str, int]]
    funnel: funnel.Funnel
    clocks: dict[str, Histogram]
    returned: int
    wins: wins.Wins
    returns: returns.Returns
    budget: Line
    week: Week = field(default_factory=Week)
    renewals: Renewals = field(default_factory=Renewals)
    collected: Decimal = ZERO
    collected_before: Decimal = ZERO
    received: tuple[date, ...] = ()
    charged: Decimal | None = None
    sold: Decimal | None = None
    tree: Tree = field(default_factory=lambda: Tree({}))

    @property
    def leak(self):
        """The step at which most of those who entered are lost; None where nobody entered any."""
        known = [one for one in self.steps if one.entered]
        return max(known, key=lambda one: one.entered - one.reached, default=None)

    @property
    def cac(self):
        """What was `charged` ÷ companies won for the first time; None without either: for nothing nobody was won."""
        return self.charged / self.won.customers if self.charged and self.won.customers else None

    @property
    def cac_with_sales(self):
        """The same with the cost of sales that was `sold` for; None as above, without any such cost, or of a part of the house."""
        if self.charged is None or not self.sold or not self.won.customers:
            return None
        return (self.charged + self.sold) / self.won.customers

    @property
    def left(self):
        """What is left of the budgets, as the tab *Budget* tells it; None without a budget."""
        return self.budget.left


def screen_of(user):
    """The screen that `user` sees first."""
    if user.role == Role.MARKETING or user.head_of == Track.MARKETING:
        return "marketing"
    if user.head_of == Track.SALES or user.role in (Role.SALES, Role.MANAGER):
        return "sales"
    return "ceo"


# What selling cost in the period, paid or committed.
SOLD = """
SELECT coalesce(sum(base_amount), 0) AS amount FROM pipeline_salescost
WHERE kind IN ('committed', 'paid') AND month >= %s AND month < %s
"""


def glance(user, choice, at) -> Glance:
    """The Glance of a Choice as `user` may see it, in one statement."""
    rows = reading.read(_asked(user, choice, at))
    stages, money = funnel.made(choice, rows, STEPS), returns.made(choice, rows)
    tree = tree_of(rows, choice, "region")
    regions = grouped(rows, tree)
    return Glance(
        **_now_and_before("won", _won, rows["deal_days"]),
        **_now_and_before("created", _created, rows["deal_days"]),
        **_now_and_before("collected", _collected, rows["collected"]),
        steps=steps_made(choice, stages, rows),
        forecast=sum((regions[one] for one in tree.tops(regions)), Sums()),
        regions=regions,
        tree=tree,
        names={row["key"]: row["name"] for row in rows["names"]},
        biggest=[_large(row) for row in rows["biggest"]],
        reasons=[(row["id"], row["name"], row["offers"]) for row in rows["reasons"]],
        funnel=stages,
        clocks=answers.clocks(rows),
        returned=rows["returned"][0]["offers"],
        wins=wins.made(choice, rows),
        returns=money,
        budget=budget_made(rows).total,
        week=week_made(rows),
        renewals=renewals_made(rows),
        received=tuple(reading.day(row["month"]) for row in rows["received"] if row["month"]),
        charged=_charged(choice, money, rows),
        sold=None if choice.is_narrow else Decimal(rows["sold"][0]["amount"]),
    )


def _asked(user, choice, at):
    """Everything that one statement reads, by name."""
    return {
        **funnel.parts(choice, year_before(choice.period), STEPS),
        **answers.clock_parts(choice, [Clock.SPEED, Clock.CONTACT]),
        **wins.parts(choice, by_kind=False),
        **returns.parts(choice, asked=PAID_AND_EARNED),
        "budget": budget_parts(choice, earned=False)["budget"],
        **{name: part for name, part in forecast_parts(None, choice, "region").items() if name in FORECAST},
        **week_parts(user, choice, at),
        **renewal_parts(choice),
        "sold": (SOLD, [choice.period.first, choice.period.until]),
        **_parts(user, choice),
    }


def _large(row):
    return row | {"due_on": reading.day(row["due_on"]), "amount": Decimal(row["amount"])}


def _charged(choice, money, rows):
    if choice.region is not None or choice.owners is not None:
        return None
    return money.spent if choice.segment is None else Decimal(rows["charged"][0]["spend"])


def _now_and_before(name, made, rows):
    """What `made` tells of rows in the period and in the one before, by the names that a Glance has for both."""
    return {name: made(rows, True), f"{name}_before": made(rows, False)}


FORECAST = ("groups", "targets", "names")


def spans(choice):
    """(first, until, first a year before, until a year before): the period up to today, and the same days a year earlier."""
    period = choice.period
    until = min(period.until, type(choice.today).fromordinal(choice.today.toordinal() + 1))
    return period.first, until, shifted(period.first, -12), same_day_before(until)


# The days of both spans, said so that an index reads no others but those between them.
WITHIN = "day >= %s AND day < %s AND (day >= %s OR day < %s)"


def _parts(user, choice):
    first, until, first_before, until_before = spans(choice)
    deals, narrow = cells(DealDay, choice)
    bound = [first, *narrow, first_before, until, first, until_before]
    return {
        **chosen_rows(choice),
        "deal_days": (
            "SELECT day >= %s AS now, flow, sum(n)::bigint AS deals, sum(amount) AS amount, sum(special) AS special "
            f"FROM {deals} WHERE {WITHIN} AND flow = ANY(%s) GROUP BY 1, 2",
            [*bound, [*KINDS, *CANCELLED, *SOURCES]],
        ),
        **_receipts(choice),
        "biggest": _biggest(user, choice),
        "reasons": _reasons(choice),
        "returned": _returned(choice),
        **({} if choice.segment is None else {"charged": segments.charged(choice)}),
    }


def _receipts(choice):
    first, until, first_before, until_before = spans(choice)
    days, narrow = cells(ReceiptDay, choice)
    return {
        "collected": (
            f"SELECT day >= %s AS now, sum(amount) AS amount FROM {days} WHERE {WITHIN} GROUP BY 1",
            [first, *narrow, first_before, until, first, until_before],
        ),
        "received": (f"SELECT date_trunc('month', min(day))::date AS month FROM {days}", narrow),
    }


def _reasons(choice):
    reasons, params = cells(ReasonMonth, choice)
    return (
        f"SELECT r.id, r.name, sum(d.offers)::bigint AS offers FROM (SELECT * FROM {reasons} WHERE month >= %s AND month < %s) AS d "
        "JOIN leads_returnreason r ON r.id = d.reason GROUP BY r.id HAVING sum(d.offers) > 0 "
        "ORDER BY sum(d.offers) DESC, r.name LIMIT 8",
        [*params, choice.period.first, choice.period.until],
    )


def _returned(choice):
    offers, params = cells(AnswerMonth, choice)
    return (
        f"SELECT coalesce(sum(returned), 0)::bigint AS offers FROM {offers} WHERE month >= %s AND month < %s",
        [*params, choice.period.first, choice.period.until],
    )


def _biggest(user, choice):
    where, params = within(user, choice)
    # Names are looked up one by one: five tables joined take longer to plan than ten rows to read.
    return (
        "SELECT d.deal_id, p.name, coalesce((SELECT name FROM pipeline_company WHERE id = p.company_id), '') AS company, "
        "coalesce((SELECT full_name FROM accounts_user WHERE id = p.owner_id), '') AS owner_name, "
        "(SELECT name FROM pipeline_dealstage WHERE id = p.stage_id) AS stage, d.due_on, d.amount "
        f"FROM (SELECT * FROM reports_counteddeal d WHERE outcome = 'open' AND amount IS NOT NULL AND {where} ORDER BY amount DESC, deal_id DESC LIMIT %s) AS d "
        "JOIN pipeline_deal p ON p.id = d.deal_id ORDER BY d.amount DESC, d.deal_id DESC",
        [*params, BIGGEST],
    )


def _won(rows, now):
    mine = [row for row in rows if row["now"] == now and row["flow"] in KINDS]
    sums = {row["flow"]: Decimal(row["amount"]) for row in mine}
    for row in rows:
        if row["now"] == now and (kind := CANCELLED.get(row["flow"])):
            sums[kind] = sums.get(kind, ZERO) + Decimal(row["amount"])
    return Won(
        **sums,
        deals=sum(row["deals"] for row in mine),
        customers=sum(int(row["special"]) for row in mine),
    )


def _collected(rows, now):
    return sum((Decimal(row["amount"]) for row in rows if row["now"] == now), ZERO)


def _created(rows, now):
    mine = [row for row in rows if row["now"] == now and row["flow"] in SOURCES]
    sourced = {
        one: sum((Decimal(row["amount"]) for row in mine if row["flow"] == one), ZERO) for one in SOURCES
    }
    influenced = sum((Decimal(row["special"]) for row in mine), ZERO)
    return Created(sourced, influenced, sum(sourced.values(), ZERO))
