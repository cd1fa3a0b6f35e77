"""Learning the Markov model from the funnel's own closed deals, won and lost."""

from importlib import import_module

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import Organisation
from engine.copying import chunk, take_lock
from reports.attribution.credits import LOST, WON, on_paths
from reports.attribution.paths import Path
from reports.models import ChannelWeight
from reports.rollups import LOCK

PLACES = 12  # decimals of a weight
LEAST = 1e-6  # a smaller effect is the noise of the arithmetic
# One row for each way through the channels.
WAYS = f"""
{on_paths()}
SELECT channels, count(*) FILTER (WHERE won), count(*) FILTER (WHERE NOT won) FROM (
  SELECT path.deal_id, array_agg(path.channel ORDER BY path.i) AS channels, bool_or(w.outcome = 'won') AS won
  FROM path JOIN path_deal w USING (deal_id) GROUP BY path.deal_id
) AS way GROUP BY channels ORDER BY channels
"""
CREDIT_AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high)
SELECT DISTINCT 'deal', deal_id / 10000 * 10000, deal_id / 10000 * 10000 + 9999 FROM reports_credit
"""


def learn_due():
    """Learn anew where the house looks back another number of channels than what is known was learned by; see `learn`."""
    order = Organisation.objects.values("markov_order")[:1]
    return learn() if ChannelWeight.objects.exclude(order=order).exists() else 0


def learn():
    """Learn each channel's removal effect, by a chain of the house's order; where one has changed, keep it and mark every won
    deal to be credited again.

    Returns how many channels have a weight, 0 where nothing has changed.
    """
    # Loaded here: SciPy costs every process 40 MB and half a second, and one process a night needs it.
    markov = import_module("reports.attribution.markov")
    with chunk() as cursor:
        take_lock(cursor, LOCK)
        order = Organisation.objects.values_list("markov_order", flat=True).get()
        found = markov.removal_effects(closed_paths(cursor), order).removal
        learned = {channel: f"{effect:.{PLACES}f}" for channel, effect in found.items() if effect > LEAST}
        known = {one.channel: f"{one.removal:.{PLACES}f}" for one in ChannelWeight.objects.all()}
        if learned == known:
            ChannelWeight.objects.exclude(order=order).update(order=order)
            return 0
        with transaction.atomic():
            ChannelWeight.objects.all().delete()
            ChannelWeight.objects.bulk_create(
                [
                    ChannelWeight(channel=channel, removal=removal, order=order, learned_at=Now())
                    for channel, removal in learned.items()
                ]
            )
            cursor.execute(CREDIT_AGAIN)
        return len(learned)


def closed_paths(cursor):
    """The paths of all closed deals as reports.attribution.paths.Path: won ones convert, lost ones end in null."""
    cursor.execute("DROP TABLE IF EXISTS due_deal")
    cursor.execute(
        "CREATE TEMPORARY TABLE due_deal ON COMMIT DROP AS "
        "SELECT d.id AS deal_id FROM pipeline_deal d LEFT JOIN pipeline_outcomereason r ON r.id = d.outcome_reason_id "
        "WHERE d.outcome IN ('won', 'lost') AND d.cancels_id IS NULL AND coalesce(r.code, '') <> 'renewal_taken_back'; ANALYZE due_deal"
    )
    cursor.execute(WAYS, {"outcomes": [WON, LOST]})
    return [Path(tuple(channels), won, nulls=lost) for channels, won, lost in cursor.fetchall()]
