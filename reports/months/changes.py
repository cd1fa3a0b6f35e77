"""What has changed in a closed month since its close: which deal, spend, credit or pass, by how much, by whom and when."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import models

from engine.copying import chunk, unwrapped
from reports.months import items, official, trees
from reports.months.official import Worth, narrow
from ui import keyset

DEALS, SPENDS = ("won", "cancelled", "lost", "created", "credit"), ("planned", "committed", "paid")
MEASURES = (*official.MEASURES, "credit")
WAYS = ("came", "gone", "moved", "handed", "regrouped", "changed")
CHUNK = 2_000  # rows in memory
ORDER = {"rank": models.DecimalField(), "measure": models.CharField(), "item": models.BigIntegerField()}


@dataclass(frozen=True)
class Change:
    """One item that no longer counts in the month as it was frozen.

    `was` and `now` are its Worth then and now. `what`: it "came", is "gone", "moved" to another channel, segment, region or
    campaign, was "handed" with its place to another person, team or programme than those asked for, was "regrouped" when its
    region became part of another than the one asked for, or "changed".
    `name`: the deal, campaign or person; of a deal or spend that is gone, `there` no more, what it last was. `who` and `at` are None
    where history does not say. What was regrouped tells the `region` that was moved, of what it was part, and is (empty: of none).
    """

    measure: str
    item: int
    was: Worth
    now: Worth
    what: str
    name: str
    there: bool
    who: str | None
    at: datetime | None
    region: str = ""
    region_was: str = ""
    region_is: str = ""

    @property
    def difference(self):
        return self.now - self.was


# One row for each item whose place or worth differs; the largest amounts rank first. `mine` is what a choice takes of it;
# `stood` and `stands` count all of it, so that what only left the choice is not called gone.
WERE = ", ".join(
    f"coalesce(sum({one}) FILTER (WHERE {side}live AND mine), 0) AS {when}_{one}"
    for when, side in (("was", "NOT "), ("now", ""))
    for one in items.WORTH
)
# As whose a pass is knows it: by people alone is ever asked for `official.OWN`.
KNOWN_AS = (
    "CASE measure "
    + " ".join(f"WHEN '{own}' THEN '{measure}'" for own, measure in official.OWN.items())
    + " ELSE measure END"
)
SIDES = tuple(f"{when}_{one}" for when in ("was", "now") for one in items.WORTH)
DIFFERENT = f"""
SELECT -abs(now_amount - was_amount) AS rank, measure, item, {", ".join(SIDES)},
  CASE WHEN regrouped THEN 'regrouped' WHEN handed THEN 'handed' WHEN left_it AND now_n = 0 OR joined AND was_n = 0 THEN 'moved'
    WHEN was_n = 0 THEN 'came' WHEN now_n = 0 THEN 'gone'
    WHEN places > 1 AND (was_n, was_amount, was_margin) = (now_n, now_amount, now_margin) THEN 'moved' ELSE 'changed' END AS what, campaign, person, part
FROM (
  SELECT measure, item, {", ".join(f"sum({one}) FILTER (WHERE differs) AS {one}" for one in SIDES)},
    count(*) FILTER (WHERE differs) AS places, bool_or(handed) AS handed,
    bool_or(stands <> now_n) AS left_it, bool_or(stood <> was_n) AS joined, max(campaign) FILTER (WHERE handed) AS campaign,
    bool_or(handed AND stays <> stayed) AS regrouped, max(owns) FILTER (WHERE handed AND owns = owned) AS person,
    max(region) FILTER (WHERE handed AND stays <> stayed) AS part
  FROM (
    SELECT *, was_n <> now_n OR was_amount <> now_amount OR was_margin <> now_margin AS differs,
      (was_n = 0) <> (now_n = 0) AND stood <> 0 AND stands <> 0 AS handed
    FROM (
      SELECT {KNOWN_AS} AS measure, item, campaign, region, {WERE}, max(owner) FILTER (WHERE live) AS owns, max(owner) FILTER (WHERE NOT live) AS owned,
        bool_or(within) FILTER (WHERE live) AS stays, bool_or(within) FILTER (WHERE NOT live) AS stayed,
        coalesce(sum(n) FILTER (WHERE NOT live), 0) AS stood, coalesce(sum(n) FILTER (WHERE live), 0) AS stands
      FROM (
        SELECT *, {{mine}} AS mine, {{within}} AS within FROM (
          SELECT measure, item, channel, segment, region, campaign, owner, team, n, amount, margin, true AS live, NULL::bigint AS close_id
          FROM ({{live}}) AS now
          UNION ALL
          SELECT measure, item, channel, segment, region, campaign, owner, team, n, amount, margin, false, close_id
          FROM reports_frozenitem WHERE close_id = %(close)s AND own = %(month)s
        ) AS x WHERE {{only}}
      ) AS both_sides GROUP BY 1, item, channel, segment, region, campaign
    ) AS sums
  ) AS places GROUP BY measure, item HAVING bool_or(differs)
) AS found
"""
# Who changed last since the close what it counts by (nobody is named for a note or another owner): a deal or spend by history's
# context, that of the deal's company where it went to another region or segment, else by the deal's own journal, where a cancellation stands with its own day; a spend that came since is told of whoever entered it; a pass by its last step; what nobody's hand changed, by whoever imported it since. Credits change when paths do: the deal says who, if any.
# What was handed over with its campaign: whoever put the campaign, or a programme above it, elsewhere or gave it to another
# owner; else, as of what was handed over with its owner, the day on which they came to today's team, which may lie before the
# close. What changed region: whoever edited, by the log of edits, of what the region nearest above it is part.
CHANGES = """
SELECT diff.*, coalesce(deal.name, campaign.name, nullif(spend.vendor, ''), had.name, nullif(event.name, ''), contact.full_name, '') AS name,
  coalesce(deal.id, spend.id, pass.id) IS NOT NULL AS there,
  CASE WHEN diff.what = 'regrouped' THEN regrouper.full_name WHEN hand.campaign IS NOT NULL THEN editor.full_name WHEN diff.person IS NOT NULL THEN NULL
    WHEN spend.id > c.last_spend THEN entered.full_name
    ELSE coalesce(editor.full_name, actor.full_name, walker.full_name, importer.full_name) END AS who,
  CASE WHEN diff.what = 'regrouped' THEN edit.at WHEN hand.campaign IS NOT NULL THEN coalesce(handed.at, joined.since)
    WHEN diff.person IS NOT NULL THEN joined.since
    WHEN spend.id > c.last_spend THEN spend.created_at ELSE coalesce(event.at, change.at, imported.at, step.at) END AS at,
  coalesce(parted.name, '') AS region, coalesce(parted.was, '') AS region_was, coalesce(parted.now, '') AS region_is
FROM ({different}) AS diff
JOIN pipeline_monthclose c ON c.id = %(close)s
LEFT JOIN pipeline_deal deal ON diff.measure = ANY(%(deals)s) AND deal.id = diff.item
LEFT JOIN pipeline_spend spend ON diff.measure = ANY(%(spends)s) AND spend.id = diff.item
LEFT JOIN pipeline_campaign campaign ON campaign.id = spend.campaign_id
LEFT JOIN leads_lead pass ON NOT diff.measure = ANY(%(deals)s || %(spends)s) AND pass.id = diff.item
LEFT JOIN pipeline_contact contact ON contact.id = pass.contact_id
LEFT JOIN LATERAL (
  SELECT * FROM (
    (SELECT e.pgh_created_at AS at, e.pgh_context_id AS context, e.name, NULL::bigint AS campaign FROM pipeline_dealevent e
     WHERE diff.measure = ANY(%(deals)s) AND e.pgh_obj_id = diff.item AND e.pgh_id > c.deal_history AND
       ((e.amount, e.currency, e.base_amount, e.cost, e.signed_on, e.outcome) IS DISTINCT FROM
        (deal.amount, deal.currency, deal.base_amount, deal.cost, deal.signed_on, deal.outcome)
        OR diff.measure = 'credit' AND diff.what <> 'came' AND (e.kind, e.company_id, e.product_id) IS DISTINCT FROM (deal.kind, deal.company_id, deal.product_id)
        OR diff.what = 'moved' AND e.company_id IS DISTINCT FROM deal.company_id
        OR diff.what = 'handed' AND e.owner_id IS DISTINCT FROM deal.owner_id)
     ORDER BY e.pgh_id DESC LIMIT 1)
    UNION ALL
    (SELECT e.pgh_created_at, e.pgh_context_id, '', NULL FROM pipeline_companyevent e JOIN pipeline_company firm ON firm.id = e.pgh_obj_id
     WHERE diff.what = 'moved' AND firm.id = deal.company_id AND e.pgh_created_at >= c.closed_at
       AND (e.region_id, e.segment_id) IS DISTINCT FROM (firm.region_id, firm.segment_id)
     ORDER BY e.pgh_id DESC LIMIT 1)
    UNION ALL
    (SELECT e.pgh_created_at, e.pgh_context_id, e.vendor, e.campaign_id FROM pipeline_spendevent e
     WHERE diff.measure = ANY(%(spends)s) AND e.pgh_obj_id = diff.item AND e.pgh_id > c.spend_history AND
       (e.kind, e.month, e.amount, e.currency, e.base_amount, e.campaign_id) IS DISTINCT FROM
       (spend.kind, spend.month, spend.amount, spend.currency, spend.base_amount, spend.campaign_id)
     ORDER BY e.pgh_id DESC LIMIT 1)
  ) AS one ORDER BY at DESC LIMIT 1
) AS event ON true
LEFT JOIN pipeline_campaign had ON spend.id IS NULL AND had.id = event.campaign
LEFT JOIN reports_frozencampaign hand ON (%(tree)s OR %(hands)s) AND hand.close_id = c.id AND hand.campaign = diff.campaign
LEFT JOIN LATERAL (
  SELECT e.pgh_created_at AS at, e.pgh_context_id AS context
  FROM pipeline_campaignevent e JOIN pipeline_campaign today ON today.id = e.pgh_obj_id
  WHERE e.pgh_obj_id = ANY(hand.path) AND e.pgh_id > c.campaign_history AND (%(tree)s AND e.parent_id IS DISTINCT FROM today.parent_id
    OR %(hands)s AND e.pgh_obj_id = hand.campaign AND e.owner_id IS DISTINCT FROM today.owner_id)
  ORDER BY e.pgh_id DESC LIMIT 1
) AS handed ON true
LEFT JOIN LATERAL (
  SELECT m.since FROM accounts_datedfact m JOIN accounts_user u ON u.id = m.subject
  WHERE m.what = 'team' AND m.subject = CASE WHEN %(hands)s THEN hand.owner ELSE diff.person END AND m.value IS NOT DISTINCT FROM to_jsonb(u.team_id)
    AND (NOT %(hands)s OR hand.team <> coalesce(u.team_id, 0)) AND m.since <= now() ORDER BY m.since DESC LIMIT 1
) AS joined ON true
LEFT JOIN pghistory_context context ON context.id = CASE WHEN hand.campaign IS NULL THEN event.context ELSE handed.context END
LEFT JOIN accounts_user editor ON editor.id = coalesce(context.metadata ->> 'user', context.metadata ->> 'undone_by')::bigint
LEFT JOIN LATERAL (
  SELECT CASE WHEN d.at < c.closed_at THEN d.created_at ELSE d.at END AS at, d.actor_id FROM pipeline_dealchange d
  WHERE diff.measure = ANY(%(deals)s) AND d.deal_id = coalesce(deal.cancels_id, diff.item) AND d.created_at >= c.closed_at
    AND (d.field IN ('outcome', 'amount') OR d.field = 'owner' AND diff.what = 'handed' OR d.field = 'cancels' AND d.at = deal.opened_at AND d.of_day = deal.signed_on AND d.after <> '')
  ORDER BY d.field = 'cancels' DESC, d.id DESC LIMIT 1
) AS change ON true
LEFT JOIN accounts_user actor ON actor.id = change.actor_id
LEFT JOIN LATERAL (
  SELECT s.at, s.actor_id FROM leads_stagechange s WHERE s.lead_id = pass.id ORDER BY s.seq DESC LIMIT 1
) AS step ON true
LEFT JOIN accounts_user walker ON walker.id = step.actor_id
LEFT JOIN LATERAL (
  SELECT r.by_id, r.created_at AS at FROM leads_importrun r
  WHERE change.actor_id IS NULL AND step.actor_id IS NULL AND (deal.id IS NOT NULL OR pass.id IS NOT NULL) AND r.created_at >= c.closed_at
    AND EXISTS (SELECT FROM leads_importedrow w WHERE w.run_id = r.id AND w.row_id = diff.item
      AND w."table" = ANY(CASE WHEN deal.id IS NULL THEN ARRAY['lead', 'person', 'steps'] ELSE ARRAY['deal'] END))
  ORDER BY r.id DESC LIMIT 1
) AS imported ON true
LEFT JOIN accounts_user importer ON importer.id = imported.by_id
LEFT JOIN accounts_user entered ON entered.id = spend.entered_by_id
LEFT JOIN reports_frozenregion part ON diff.what = 'regrouped' AND part.close_id = c.id AND part.region = diff.part
LEFT JOIN LATERAL (
  SELECT r.id, r.name, was.name AS was, now.name AS now FROM reports_frozenregion f JOIN accounts_region r ON r.id = f.region
  LEFT JOIN accounts_region was ON was.id = f.path[2] LEFT JOIN accounts_region now ON now.id = r.parent_id
  WHERE f.close_id = part.close_id AND f.region = ANY(part.path) AND f.path[2] IS DISTINCT FROM r.parent_id
  ORDER BY array_position(part.path, f.region) LIMIT 1
) AS parted ON true
LEFT JOIN LATERAL (
  SELECT l.action_time AS at, l.user_id FROM django_admin_log l JOIN django_content_type t ON t.id = l.content_type_id
  WHERE t.app_label = 'accounts' AND t.model = 'region' AND l.object_id = parted.id::text AND l.action_time >= c.closed_at
    AND l.change_message LIKE '%%"parent_id"%%'
  ORDER BY l.id DESC LIMIT 1
) AS edit ON true
LEFT JOIN accounts_user regrouper ON regrouper.id = edit.user_id
ORDER BY {ordered}
"""
COLUMNS = (
    "rank",
    "measure",
    "item",
    *SIDES,
    "what",
    "campaign",
    "person",
    "part",
    "name",
    "there",
    "who",
    "at",
    "region",
    "region_was",
    "region_is",
)


TOLD = ("measure", "item", "what", "name", "there", "who", "at", "region", "region_was", "region_is")


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
    mine = unwrapped(db).mogrify(f"true{narrowed}", values).decode()
    here, kept = trees.within(choice.region, "x") if choice and choice.region else ("true", [])
    within = unwrapped(db).mogrify(here, kept).decode()
    own = [
        name for name, one in official.OWN.items() if one in measures and choice and official.whose(choice)
    ]
    only = unwrapped(db).mogrify("x.measure = ANY(%s)", [[*measures, *own]]).decode()
    items.ask(db, {shut.month: shut.model})
    different = DIFFERENT.format(live=items.live(), only=only, mine=mine, within=within)
    sql = CHANGES.format(
        different=f"SELECT * FROM ({different}) AS all_of_them {part}",
        ordered=", ".join(f"diff.{one}" for one in order.split(", ")),
    )
    hands = choice is not None and any(one and one.campaigns is not None for one in (choice.team, choice.rep))
    return sql, {
        "close": shut.id,
        "month": shut.month,
        "deals": list(DEALS),
        "spends": list(SPENDS),
        "tree": choice is not None and choice.campaign is not None,
        "hands": hands,
    }


def _change(row):
    was, now = (Worth(*(row[f"{when}_{one}"] for one in items.WORTH)) for when in ("was", "now"))
    return Change(was=was, now=now, **{name: row[name] for name in TOLD})
