"""Credits of the funnel's own won and open deals: the path, the weight of each touch on it, and the money cut by the weights."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.copying import chunk
from reports.attribution.models import DEFAULT, MODELS
from reports.models import Credit
from reports.statements import statement


# -- working out: statements over temporary tables, inside the caller's transaction ----------------------
def work_out(cursor):
    """Fill fresh_credit with the credits of the won and the open deals among due_deal."""
    find_paths(cursor, "won", "open")
    weights = ", ".join(f"('{model.name}', {model.weight})" for model in MODELS.values())
    names = ", ".join(f"('{name}')" for name in MODELS)
    cursor.execute(statement("credit").format(models=weights, names=names))


def find_paths(cursor, *outcomes):
    """Fill path_deal and path for the deals among due_deal that stand so: "won", "lost", "open"."""
    cursor.execute(statement("path"), {"outcomes": list(outcomes)})


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
            "CREATE TEMPORARY TABLE due_deal ON COMMIT DROP AS SELECT %s::bigint AS deal_id", [deal.pk]
        )
        work_out(cursor)
        cursor.execute("SELECT position, model, amount FROM fresh_credit WHERE touch_id IS NOT NULL")
        earned = {}
        for position, model, amount in cursor.fetchall():
            earned.setdefault(position, {})[model] = amount
        cursor.execute("SELECT i, touch_id, kind, at, campaign_id, channel FROM path ORDER BY i")
        return [
            PathTouch(position, touch, kind, at, campaign, channel, earned.get(position, {}))
            for position, touch, kind, at, campaign, channel in cursor.fetchall()
        ]


def credits_of(deal, model=DEFAULT):
    """The credits of a deal under a model as they stand in the rollups, in the order of the path."""
    return Credit.objects.filter(deal=deal, model=model).select_related("campaign").order_by("position")
