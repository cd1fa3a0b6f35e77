"""What of won deals was cancelled since, and what is left of them."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Sum

from pipeline.models import Deal

ZERO = Decimal()
# Of the cost of won deals (ids), what goes with each cancellation anew: in proportion, so that all goes with the whole.
COSTS = """
UPDATE pipeline_deal c SET cost = part.cost FROM (
  SELECT gone.id, round(won.cost * (upto - gone.amount) / won.amount, 4) - round(won.cost * upto / won.amount, 4) AS cost
  FROM (SELECT id, cancels_id, -amount AS amount, sum(-amount) OVER (PARTITION BY cancels_id ORDER BY id) AS upto
        FROM pipeline_deal WHERE cancels_id = ANY(%s)) gone
  JOIN pipeline_deal won ON won.id = gone.cancels_id
) part WHERE part.id = c.id AND c.cost IS DISTINCT FROM part.cost
"""
# SQL, true for a deal `d` of which nothing is left.
IN_FULL = "EXISTS (SELECT 1 FROM pipeline_deal gone WHERE gone.cancels_id = d.id HAVING sum(gone.amount) <= -d.amount)"


def cancelled(column="amount", of="pk"):
    """How much of each deal of a queryset was cancelled, above nothing, to annotate it with; null where nothing was.

    `of` is the path to the deal, `column` amount or base_amount.
    """
    theirs = Deal.with_cancellations.filter(cancels=OuterRef(of)).order_by().values("cancels")
    return Subquery(theirs.annotate(sum=-Sum(column)).values("sum"))


@dataclass(frozen=True)
class Left:
    """The cancellations of a deal, the oldest first; `cancelled` and `left` in its currency, `base` cancelled in that of reports.

    `left` is None for a deal without an amount.
    """

    cancellations: list[Deal]
    cancelled: Decimal
    left: Decimal | None
    base: Decimal


def of_deal(deal) -> Left:
    """What is Left of a deal."""
    found = list(Deal.with_cancellations.filter(cancels=deal.pk).order_by("signed_on", "pk"))
    cancelled = sum((-one.amount for one in found if one.amount is not None), ZERO)
    base = sum((-one.base_amount for one in found if one.base_amount is not None), ZERO)
    left = None if deal.amount is None else deal.amount - cancelled
    return Left(found, cancelled, left, base)
