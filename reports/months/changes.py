"""What has changed in a closed month since its close: which deal, spend, credit or pass, by how much, by whom and when."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import models

from engine.copying import chunk, unwrapped
from reports.months import items, official
from reports.months.official import Worth, narrow
from ui import keyset

DEALS, SPENDS = ("won", "lost", "created", "credit"), ("planned", "committed", "paid")
MEASURES = (*official.MEASURES, "credit")
CHUNK = 2_000  # rows in memory
ORDER = {"rank": models.DecimalField(), "measure": models.CharField(), "item": models.BigIntegerField()}


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


# One row for each item whose place or worth differs; the largest amounts rank first.
DIFFERENT = """
SELECT -abs(sum(now_amount) - sum(was_amount)) AS rank, measure, item, sum(was_n) AS was_n, sum(was_amount) AS was_amount, sum(was_margin) AS was_margin,
  sum(now_n) AS now_n, sum(now_amount) AS now_amount, sum(now_margin) AS now_margin, count(*) > 1 AS moved
FROM (
  SELECT measure, item, coalesce(sum(n) FILTER (WHERE NOT live), 0) AS was_n,
    coalesce(sum(amount) FILTER (WHERE NOT live), 0) AS was_amount,
    coalesce(sum(margin) FILTER (WHERE NOT live), 0) AS was_margin, coalesce(sum(n) FILTER (WHERE live), 0) AS now_n,
    coalesce(sum(amount) FILTER (WHERE live), 0) AS now_amount, coalesce(sum(margin) FILTER (WHERE live), 0) AS now_margin
  FROM (
    SELECT measure, item, channel, segment, region, campaign, owner, team, n, amount, margin, true AS live FROM ({live}) AS now
    UNION ALL
    SELECT measure, item, channel, segment, region, campaign, owner, team, n, amount, margin, false
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
ORDER BY {ordered}
"""
COLUMNS = (
    "rank",
    "measure",
    "item",
    *(f"{when}_{one}" for when in ("was", "now") for one in items.WORTH),
    "moved",
    "name",
    "who",
    "at",
)


def changes(shut, measures=MEASURES, choice=None, *, size=50, cursor=""):
    """A ui.keyset.Page of the Changes of a closed month (a Shut), the largest amounts first.

    Only of these measures, and as far as they belong to what a Choice is narrowed to.
    """

    def fetch(beyond, values, order, most):
        part = unwrapped(db).mogrify(f"WHERE {beyond} ORDER BY {order} LIMIT %s", [*values, most]).decode()
        db.execute(*_asked(db, shut, measures, choice, part, order))
        return [dict(zip(COLUMNS, row, strict=True)) for row in db.fetchall()]

    with chunk() as db:
        page = keyset.scan(fetch, ORDER, size=size, cursor=cursor)
    return replace(page, rows=[_change(row) for row in page.rows])


def every_change(shut, measures=MEASURES, choice=None):
    """The same Changes, all of them, a few thousand at a time in memory."""
    with chunk() as db:
        sql, params = _asked(db, shut, measures, choice, "", ", ".join(ORDER))
        db.execute(f"DECLARE changed NO SCROLL CURSOR FOR {sql}", params)
        while rows := _fetched(db):
            yield from map(_change, rows)
        db.execute("CLOSE changed")


def _fetched(db):
    db.execute("FETCH %s FROM changed", [CHUNK])
    return [dict(zip(COLUMNS, row, strict=True)) for row in db.fetchall()]


def _asked(db, shut, measures, choice, part, order):
    """(SQL of COLUMNS, params): a `part` of what differs, named, in an order of its columns."""
    narrowed, values = narrow(choice, "x") if choice else ("", [])
    only = unwrapped(db).mogrify(f" AND x.measure = ANY(%s){narrowed}", [list(measures), *values]).decode()
    items.ask(db, {shut.month: shut.model})
    different = DIFFERENT.format(live=items.live(), only=only)
    sql = CHANGES.format(
        different=f"SELECT * FROM ({different}) AS all_of_them {part}",
        ordered=", ".join(f"diff.{one}" for one in order.split(", ")),
    )
    return sql, {"close": shut.id, "month": shut.month, "deals": list(DEALS), "spends": list(SPENDS)}


def _change(row):
    was, now = (Worth(*(row[f"{when}_{one}"] for one in items.WORTH)) for when in ("was", "now"))
    told = {name: row[name] for name in ("measure", "item", "moved", "name", "who", "at")}
    return Change(was=was, now=now, **told)
