"""What has changed in a closed month since its close: which deal, spend, credit or pass, by how much, by whom and when."""

from dataclasses import dataclass
from datetime import datetime

from engine.copying import chunk, unwrapped
from reports.months import items, official
from reports.months.official import Worth, narrow

DEALS, SPENDS = ("won", "lost", "created", "credit"), ("planned", "committed", "paid")
MEASURES = (*official.MEASURES, "credit")
MOST = 500


@dataclass(frozen=True)
class Change:
    """One item that no longer counts in the month as it was frozen.

    `was` and `now` are its Worth then and now; `moved`: it stands under another channel, segment, region or campaign.
    `name`: the deal, campaign or person, "" where it is gone. `who` and `at` are None where history does not say.
    """

    measure: str
    item: int
    was: Worth
    now: Worth
    moved: bool
    name: str
    who: str | None
    at: datetime | None

    @property
    def difference(self):
        return self.now - self.was

    @property
    def what(self):
        """came, gone, moved or changed."""
        if not self.was.n:
            return "came"
        if not self.now.n:
            return "gone"
        return "moved" if self.moved and self.was == self.now else "changed"


# One row for each item whose place or worth differs.
DIFFERENT = """
SELECT measure, item, sum(was_n) AS was_n, sum(was_amount) AS was_amount, sum(was_margin) AS was_margin,
  sum(now_n) AS now_n, sum(now_amount) AS now_amount, sum(now_margin) AS now_margin, count(*) > 1 AS moved
FROM (
  SELECT measure, item, coalesce(sum(n) FILTER (WHERE NOT live), 0) AS was_n,
    coalesce(sum(amount) FILTER (WHERE NOT live), 0) AS was_amount,
    coalesce(sum(margin) FILTER (WHERE NOT live), 0) AS was_margin, coalesce(sum(n) FILTER (WHERE live), 0) AS now_n,
    coalesce(sum(amount) FILTER (WHERE live), 0) AS now_amount, coalesce(sum(margin) FILTER (WHERE live), 0) AS now_margin
  FROM (
    SELECT measure, item, channel, segment, region, campaign, owner, n, amount, margin, true AS live FROM ({live}) AS now
    UNION ALL
    SELECT measure, item, channel, segment, region, campaign, owner, n, amount, margin, false
    FROM reports_frozenitem WHERE close_id = %(close)s AND own = %(month)s
  ) AS x WHERE true{only} GROUP BY measure, item, channel, segment, region, campaign
) AS places
WHERE was_n <> now_n OR was_amount <> now_amount OR was_margin <> now_margin
GROUP BY measure, item
"""
# Who changed it last since the close: a deal or spend by history's context, else by the deal's own journal; a new spend
# has no history, so whoever entered it; a pass by its last step. Credits change when paths do: the deal says who, if any.
CHANGES = """
SELECT diff.*, coalesce(deal.name, campaign.name, spend.vendor, contact.full_name, '') AS name,
  coalesce(editor.full_name, actor.full_name, walker.full_name, entered.full_name) AS who,
  coalesce(event.at, change.at, step.at, spend.created_at) AS at
FROM ({different}) AS diff
JOIN pipeline_monthclose c ON c.id = %(close)s
LEFT JOIN pipeline_deal deal ON diff.measure = ANY(%(deals)s) AND deal.id = diff.item
LEFT JOIN pipeline_spend spend ON diff.measure = ANY(%(spends)s) AND spend.id = diff.item
LEFT JOIN pipeline_campaign campaign ON campaign.id = spend.campaign_id
LEFT JOIN leads_lead pass ON NOT diff.measure = ANY(%(deals)s || %(spends)s) AND pass.id = diff.item
LEFT JOIN pipeline_contact contact ON contact.id = pass.contact_id
LEFT JOIN LATERAL (
  SELECT * FROM (
    (SELECT pgh_created_at AS at, pgh_context_id AS context FROM pipeline_dealevent
     WHERE diff.measure = ANY(%(deals)s) AND pgh_obj_id = diff.item AND pgh_id > c.deal_history ORDER BY pgh_id DESC LIMIT 1)
    UNION ALL
    (SELECT pgh_created_at, pgh_context_id FROM pipeline_spendevent
     WHERE diff.measure = ANY(%(spends)s) AND pgh_obj_id = diff.item AND pgh_id > c.spend_history ORDER BY pgh_id DESC LIMIT 1)
  ) AS one
) AS event ON true
LEFT JOIN pghistory_context context ON context.id = event.context
LEFT JOIN accounts_user editor ON editor.id = (context.metadata ->> 'user')::bigint
LEFT JOIN LATERAL (
  SELECT d.at, d.actor_id FROM pipeline_dealchange d
  WHERE diff.measure = ANY(%(deals)s) AND d.deal_id = diff.item AND d.created_at >= c.closed_at ORDER BY d.id DESC LIMIT 1
) AS change ON true
LEFT JOIN accounts_user actor ON actor.id = change.actor_id
LEFT JOIN LATERAL (
  SELECT s.at, s.actor_id FROM leads_stagechange s WHERE s.lead_id = pass.id ORDER BY s.seq DESC LIMIT 1
) AS step ON true
LEFT JOIN accounts_user walker ON walker.id = step.actor_id
LEFT JOIN accounts_user entered ON entered.id = spend.entered_by_id
ORDER BY abs(diff.now_amount - diff.was_amount) DESC, diff.measure, diff.item LIMIT %(most)s
"""


def changes(shut, most=MOST, measures=MEASURES, choice=None):
    """The Changes of a closed month (a Shut), the largest amounts first, at most `most` (None: all).

    Only of these measures, and as far as they belong to what a Choice is narrowed to.
    """
    narrowed, values = narrow(choice, "x") if choice else ("", [])
    with chunk() as cursor:
        only = unwrapped(cursor).mogrify(f" AND x.measure = ANY(%s){narrowed}", [list(measures), *values])
        items.ask(cursor, {shut.month: shut.model})
        cursor.execute(
            CHANGES.format(different=DIFFERENT.format(live=items.live(), only=only.decode())),
            {
                "close": shut.id,
                "month": shut.month,
                "deals": list(DEALS),
                "spends": list(SPENDS),
                "most": most,
            },
        )
        return [_change(*row) for row in cursor.fetchall()]


def _change(
    measure, item, was_n, was_amount, was_margin, now_n, now_amount, now_margin, moved, name, who, at
):
    return Change(
        measure,
        item,
        Worth(was_n, was_amount, was_margin),
        Worth(now_n, now_amount, now_margin),
        moved,
        name,
        who,
        at,
    )
