"""The statement of a quarter: live until it is settled, then as it was frozen; what changes later is told in the next one."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from leads.proportions import Effect
from reports import reading
from reports.commission import plans, sums
from reports.commission.keeping import Kept, scope_of
from reports.commission.measuring import Scope, measure
from reports.commission.sums import ZERO, cents
from reports.periods import Period

PLACES = 4  # as amounts are kept


@dataclass(frozen=True)
class Line:
    """A campaign whose measurement ends in the quarter, or in an earlier one that was settled before it was measured.

    `why` it brings nothing to it: "" where it counts. `left_out`: months that the baseline could not compare.
    """

    scope: Scope
    name: str
    effect: Effect | None
    cancelled: Decimal
    uncosted: int
    why: str
    counted: Decimal
    over: bool = True
    left_out: tuple[date, ...] = ()

    @property
    def is_unproven(self):
        """Does it count by the terms of the plan though its interval covers 0, or lies below?"""
        return not self.why and self.effect is not None and self.effect.low <= 0


@dataclass(frozen=True)
class Change:
    """A campaign of a settled quarter that no longer counts as it was told: `was` by the statements before, and `now`."""

    campaign: int
    name: str
    was: Decimal
    now: Decimal


@dataclass(frozen=True)
class Correction:
    """What is added to, or taken back of (below nothing), the commission of an earlier quarter."""

    statement: int
    of: date
    amount: Decimal
    changes: list[Change]


@dataclass(frozen=True)
class Part:
    """What somebody gets."""

    sharer: plans.Sharer
    amount: Decimal


@dataclass(frozen=True)
class Statement:
    """A quarter. `settled_at` is None while it is live; `endless` campaigns (id, name) have no last day and end in no quarter.

    `paid` = `earned` + corrections + `carried` − `carry`: what cannot be taken back of it is carried on.
    """

    period: Period
    plan: plans.Plan
    currency: str
    lines: list[Line]
    margin: Decimal
    earned: Decimal
    corrections: list[Correction]
    carried: Decimal
    paid: Decimal
    carry: Decimal
    parts: list[Part]
    settled_by: str = ""
    settled_at: datetime | None = None
    endless: list[tuple[int, str]] = field(default_factory=list)

    @property
    def corrected(self):
        """The sum of the corrections."""
        return sum((one.amount for one in self.corrections), ZERO)


def statement(kept: Kept, period, today, currency, live_on=None) -> Statement | None:
    """The Statement of a quarter, `kept` being read for it; None where no plan covers it.

    Quarters are those of the plans, whatever month the fiscal year begins with by now.
    """
    if period.first in kept.settled:
        return _frozen(kept, period)
    plan = plans.covering(kept.plans, period) if period.first in kept.planned else None
    return plan and _live(kept, plan, period, today, currency, live_on)


def _live(kept, plan, period, today, currency, live_on):
    """Only the quarter that is settled next takes what has changed in those before."""
    late = period.first == kept.next
    asked, names, endless = kept.measured(late)
    before = [scope_of(row) for row in kept.rows["lines"]] if late else []
    found = measure([*asked, *before], today, live_on)
    lines = [_line(plan, one, names[one.campaign], found[one.campaign], today) for one in asked]
    lines.sort(key=lambda line: (line.why != "", -line.counted, line.scope.campaign))
    margin = sum((line.counted for line in lines), ZERO)
    corrections = _corrections(kept, found) if late else []
    earned, carried = sums.earned(plan, margin), kept.carried if late else ZERO
    paid, carry = sums.settled(earned + sum((one.amount for one in corrections), ZERO) + carried)
    amounts = sums.shared(paid, [one.percent for one in plan.sharers])
    return Statement(
        period, plan, currency, lines, margin, earned, corrections, carried, paid, carry,
        [Part(*both) for both in zip(plan.sharers, amounts, strict=True)],
        endless=[(campaign, names[campaign]) for campaign in endless],
    )  # fmt: skip


def _line(plan, scope, name, found, today):
    why = sums.against(plan, scope.kind, found.effect)
    brought = sums.counted(plan, scope.kind, found.effect)
    effect = found.effect and Effect(
        *(round(getattr(found.effect, part), PLACES) for part in ("estimate", "low", "high"))
    )
    return Line(
        scope,
        name,
        effect,
        cents(found.cancelled),
        found.uncosted,
        why,
        brought,
        scope.last <= today,
        found.left_out,
    )


def _corrections(kept, found):
    """What every settled quarter would have earned by what is known now, against what was told of it so far."""
    told, corrections = kept.told(), []
    for first, row in kept.settled.items():
        plan, now, changes = kept.plan(row["plan_id"]), ZERO, []
        for line in kept.of("lines", row["id"]):
            campaign, measured = line["campaign"], found[line["campaign"]]
            gone = measured.gone or not line["name"]
            counts = told[campaign] if gone else sums.counted(plan, line["kind"], measured.effect)
            now += counts
            if counts != told[campaign]:
                changes.append(Change(campaign, line["name"], told[campaign], counts))
        if changes:
            earlier = (one for one in kept.rows["corrections"] if one["of_id"] == row["id"])
            so_far = sum((Decimal(one["amount"]) for one in earlier), Decimal(row["earned"]))
            corrections.append(Correction(row["id"], first, sums.earned(plan, now) - so_far, changes))
    return corrections


def _frozen(kept, period):
    row = kept.settled[period.first]
    plan, names = (
        kept.plan(row["plan_id"]),
        {one["campaign"]: one["name"] or "" for one in kept.rows["lines"]},
    )
    amounts = {one["person_id"]: Decimal(one["amount"]) for one in kept.of("parts", row["id"])}
    corrections = [
        Correction(
            one["of_id"],
            reading.day(one["of__first"]),
            Decimal(one["amount"]),
            [Change(pk, names.get(pk, ""), Decimal(was), Decimal(now)) for pk, was, now in one["changes"]],
        )
        for one in kept.of("corrections", row["id"])
    ]
    return Statement(
        period,
        plan,
        row["currency"],
        [_frozen_line(one) for one in kept.of("lines", row["id"])],
        margin=Decimal(row["margin"]),
        earned=Decimal(row["earned"]),
        corrections=corrections,
        carried=Decimal(row["carried"]),
        paid=Decimal(row["paid"]),
        carry=Decimal(row["carry"]),
        parts=[Part(one, amounts[one.person]) for one in plan.sharers],
        settled_by=row["settled_by__full_name"],
        settled_at=reading.moment(row["settled_at"]),
    )


def settled_lines(kept):
    """The Lines of every settled quarter."""
    return [_frozen_line(row) for row in kept.rows["lines"]]


def _frozen_line(row):
    effect = None
    if row["estimate"] is not None:
        effect = Effect(*(float(row[name]) for name in ("estimate", "low", "high")))
    cancelled, counted = Decimal(row["cancelled"]), Decimal(row["counted"])
    left_out = tuple(map(reading.day, row["left_out"]))
    return Line(
        scope_of(row),
        row["name"] or "",
        effect,
        cancelled,
        row["uncosted"],
        row["why"],
        counted,
        left_out=left_out,
    )
