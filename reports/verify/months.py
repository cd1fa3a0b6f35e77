"""Closed months against the journals: what was frozen is what history says there was, and every sum reconciles."""

import json
from decimal import Decimal

from pipeline.models import MonthClose
from reports.months.items import CELL, CELLS, IN_FORCE
from reports.verify.differences import Difference, compared

FROZEN = "SELECT item, {columns} FROM reports_frozenitem WHERE close_id = {close} AND own = '{month}' AND measure IN ({measures})"
# A record as it stood at the close: as its first change after it found it, else as it stands.
THEN = """
SELECT id, {columns} FROM (
  SELECT DISTINCT ON (pgh_obj_id) pgh_obj_id AS id, {fields} FROM {table}event
  WHERE pgh_id > {history} AND pgh_obj_id <= {last} ORDER BY pgh_obj_id, pgh_id
) AS changed WHERE {counts}
UNION ALL
SELECT id, {columns} FROM {table} WHERE id <= {last} AND {counts}
  AND NOT EXISTS (SELECT 1 FROM {table}event e WHERE e.pgh_obj_id = {table}.id AND e.pgh_id > {history})
"""
# The tree of campaigns: whose parent and owner were others is in the journal of campaigns.
TREE = """
SELECT campaign, coalesce(path[2], 0) AS parent, owner FROM reports_frozencampaign f WHERE close_id = {close}
  AND (EXISTS (SELECT 1 FROM pipeline_campaign c WHERE c.id = f.campaign)
    OR EXISTS (SELECT 1 FROM pipeline_campaignevent e WHERE e.pgh_obj_id = f.campaign AND e.pgh_id > {history}))
"""
LAST_CAMPAIGN = "(SELECT max(campaign) FROM reports_frozencampaign WHERE close_id = {close})"
# A path goes on as that of the programme above; where links lead in a ring, once around. Of one that is gone since it may be older.
BROKEN = """
SELECT f.close_id, f.campaign, f.path, above.path FROM reports_frozencampaign f
LEFT JOIN reports_frozencampaign above ON above.close_id = f.close_id AND above.campaign = f.path[2]
WHERE cardinality(f.path) > 1 AND f.path[2:] IS DISTINCT FROM above.path AND f.campaign <> ALL(coalesce(above.path, '{}'))
  AND EXISTS (SELECT 1 FROM pipeline_campaign c WHERE c.id = f.campaign)
ORDER BY f.close_id, f.campaign
"""
APART = """
SELECT f.close_id, f.region, f.path, above.path FROM reports_frozenregion f
LEFT JOIN reports_frozenregion above ON above.close_id = f.close_id AND above.region = f.path[2]
WHERE cardinality(f.path) > 1 AND f.path[2:] IS DISTINCT FROM above.path AND f.region <> ALL(coalesce(above.path, '{}'))
  AND EXISTS (SELECT 1 FROM accounts_region r WHERE r.id = f.region)
ORDER BY f.close_id, f.region
"""
# name in the frozen figures: SQL of the same from the frozen items of the month itself.
SUMS = {
    "won": "sum(amount) FILTER (WHERE measure IN ('won', 'cancelled'))",
    "margin": "sum(margin) FILTER (WHERE measure IN ('won', 'cancelled'))",
    "lost": "sum(amount) FILTER (WHERE measure = 'lost')",
    "created": "sum(amount) FILTER (WHERE measure = 'created')",
    "spend": "sum(amount) FILTER (WHERE measure IN ('committed', 'paid'))",
    "leads": "sum(n) FILTER (WHERE measure = 'leads')",
    "mqls": "sum(n) FILTER (WHERE measure = 'mqls')",
    "sqls": "sum(n) FILTER (WHERE measure = 'sqls')",
}
TOLD = "SELECT f.close_id, f.figures, {sums} FROM reports_frozenmonth f JOIN pipeline_monthclose c ON c.id = f.close_id LEFT JOIN reports_frozenitem i ON i.close_id = f.close_id AND i.own = c.month GROUP BY f.close_id, f.figures"
# Spend that is booked to a closed month without having been there when it was closed.
UNFROZEN = f"""
SELECT s.id, s.booked FROM pipeline_spend s JOIN pipeline_monthclose c ON c.month = s.booked
WHERE {IN_FORCE} AND NOT EXISTS (SELECT 1 FROM reports_frozenitem i WHERE i.close_id = c.id AND i.item = s.id
  AND i.measure IN ('planned', 'committed', 'paid'))
ORDER BY s.id
"""


def differences(cursor):
    """Frozen deals and spend that history tells otherwise, sums that do not reconcile, spend booked to a shut month."""
    for close in MonthClose.objects.order_by("pk"):
        yield from _records(cursor, close)
        yield from _cells(cursor, close)
    yield from _figures(cursor)
    yield from _paths(cursor)
    cursor.execute(UNFROZEN)
    for spend, booked in cursor.fetchall():
        yield Difference(f"Spend {spend}", f"booked to {booked:%Y-%m}", "that month was closed without it")


def _label(close):
    return f"Closed month {close.month:%Y-%m}"


def _records(cursor, close):
    label, month = _label(close), f"date_trunc('month', {{}})::date = '{close.month}'"
    yield from compared(
        cursor, f"{label}, deals won", 1,
        FROZEN.format(columns="amount, margin", close=close.pk, month=close.month, measures="'won', 'cancelled'"),
        THEN.format(
            columns="coalesce(base_amount, 0) AS amount, coalesce(base_amount - cost, 0) AS margin",
            fields="outcome, signed_on, base_amount, cost", table="pipeline_deal", history=close.deal_history,
            last=close.last_deal, counts=f"outcome = 'won' AND {month.format('signed_on')}",
        ),
    )  # fmt: skip
    yield from compared(
        cursor, f"{label}, spend", 1,
        FROZEN.format(
            columns="measure, amount", close=close.pk, month=close.month, measures="'planned', 'committed', 'paid'"
        ),
        THEN.format(
            columns="kind AS measure, base_amount AS amount", fields="kind, month, base_amount", table="pipeline_spend",
            history=close.spend_history, last=close.last_spend, counts=month.format("month"),
        ),
    )  # fmt: skip
    yield from compared(
        cursor, f"{label}, campaigns", 1, TREE.format(close=close.pk, history=close.campaign_history),
        THEN.format(
            columns="coalesce(parent_id, 0) AS parent, coalesce(owner_id, 0) AS owner", fields="parent_id, owner_id",
            table="pipeline_campaign", history=close.campaign_history, last=LAST_CAMPAIGN.format(close=close.pk), counts="true",
        ),
    )  # fmt: skip


def _cells(cursor, close):
    listed = f"{', '.join(CELL)}, n, amount, margin"
    yield from compared(
        cursor,
        f"{_label(close)}, sums",
        len(CELL),
        f"SELECT {listed} FROM reports_frozencell WHERE close_id = {close.pk}",
        f"SELECT {listed} FROM ({CELLS.replace('%s', str(close.pk))}) AS sums",
    )


def _paths(cursor):
    for what, broken, higher in (("campaign", BROKEN, "programme"), ("region", APART, "whole")):
        cursor.execute(broken)
        for close, one, path, above in cursor.fetchall():
            yield Difference(
                f"Closed month (close {close}, {what} {one})",
                f"path {path}",
                f"path of its {higher} {above}",
            )


def _figures(cursor):
    cursor.execute(TOLD.format(sums=", ".join(f"coalesce({one}, 0)" for one in SUMS.values())))
    for close, figures, *sums in cursor.fetchall():
        for name, summed in zip(SUMS, sums, strict=True):
            told = json.loads(figures).get(name)
            if told not in (None, "not available") and Decimal(told) != summed:
                yield Difference(f"Closed month (close {close}, {name})", told, str(summed))
