"""Credits of the funnel's own won and open deals: the path, the weight of each touch on it, and the money cut by the weights."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.copying import chunk
from reports.attribution.models import DEFAULT, MODELS
from reports.models import Credit
from reports.statements import statement

WON, LOST, OPEN = "won", "lost", "open"
# How cents are cut by weights: the part of one touch, and what is left over by it. Whole numbers stay in 64 bits by
# cutting only what is left of the cents after every touch has got as many as it has weights.
CUT = {
    "bigint": (
        "{0} / whole * weight + mod({0}, whole) * weight / whole",
        "mod(mod({0}, whole) * weight, whole)",
    ),
    "numeric": ("div(weight * {0}, whole)::bigint", "weight * {0} - {1} * whole"),
}


# -- working out ----------------------------------------------------------------------------------------
def work_out(cursor):
    """Fill the temporary table fresh_credit with the credits of the won and the open deals among due_deal."""
    credit(cursor, MODELS.values(), WON, OPEN)


def credit(cursor, models, *outcomes):
    """Fill fresh_credit with the credits under `models` of the deals among due_deal that stand so: "won", "lost", "open"; and
    of what of them was cancelled.

    One row for each deal, model and touch with a weight; one without a touch for a deal without a path.
    """
    even = ", ".join(f"('{one.name}', {one.weight}, {one.parts})" for one in models if one.parts)
    shared = [statement("credit_even").format(models=even)] if even else []
    shared += [_cut(one) for one in models if not one.parts]
    cursor.execute("DROP TABLE IF EXISTS fresh_credit")
    cursor.execute(
        "CREATE TEMPORARY TABLE fresh_credit ON COMMIT DROP AS "
        f"{on_paths(statement('along'))} {' UNION ALL '.join(shared)}",
        {"outcomes": list(outcomes)},
    )


def on_paths(*more):
    """The head of a statement that reads the paths of the deals among due_deal (see path.sql), `more` CTEs behind it.

    Its parameter `outcomes` lists the outcomes of the deals that count.
    """
    return f"WITH RECURSIVE {', '.join([statement('path'), *more])}"


def _cut(model):
    """SQL of the credits under a model that does not give the same to each."""
    number = "bigint" if model.whole else "numeric"
    part, left_over = CUT[number]
    return statement("credit_cut").format(
        name=model.name, weight=model.weight, number=number,
        part=part.format("cents"), left_over=left_over.format("cents", "part"),
        margin_part=part.format("margin_cents"), margin_left_over=left_over.format("margin_cents", "margin_part"),
    )  # fmt: skip


# -- explaining -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PathTouch:
    """One touch on the path of a deal, with the amount it earns under each model (None: no amount known)."""

    position: int
    touch_id: int
    kind: str
    at: datetime
    campaign_id: int | None
    channel: str
    amounts: dict[str, Decimal | None]


def path(deal):
    """The path of a won or open deal as a list of PathTouch, worked out from the source now; empty without touches."""
    with chunk() as cursor:
        cursor.execute("DROP TABLE IF EXISTS due_deal")
        cursor.execute(
            "CREATE TEMPORARY TABLE due_deal ON COMMIT DROP AS SELECT %s::bigint AS deal_id; ANALYZE due_deal",
            [deal.pk],
        )
        work_out(cursor)
        cursor.execute(
            "SELECT position, model, amount FROM fresh_credit WHERE touch_id IS NOT NULL AND NOT cancelled"
        )
        earned = {}
        for position, model, amount in cursor.fetchall():
            earned.setdefault(position, {})[model] = amount
        cursor.execute(
            f"{on_paths()} SELECT i, touch_id, kind, at, campaign_id, channel FROM path ORDER BY i",
            {"outcomes": [WON, OPEN]},
        )
        return [
            PathTouch(position, touch, kind, at, campaign, channel, earned.get(position, {}))
            for position, touch, kind, at, campaign, channel in cursor.fetchall()
        ]


def credits_of(deal, model=DEFAULT):
    """The credits of a deal under a model as they stand in the rollups, in the order of the path."""
    return Credit.objects.filter(deal=deal, model=model).select_related("campaign").order_by("position")
