"""The trees of campaigns and regions as a close found them: of what each was part; of a campaign whose it was, and of which team.

What was official of a programme, of a marketer, of a team of marketing or of a region is read by them, so that it stays where
it was when a campaign goes to another, or a region becomes part of another, since.
"""

from reports.models import FrozenCampaign, FrozenRegion
from reports.models.base import NONE

# From each row up, once around where stored links lead in a ring. One that is gone, but of which something is taken back in
# this close, is kept as the last close before knew it.
WHOLE = """
WITH RECURSIVE up (one, above, path) AS (
  SELECT id, parent_id, ARRAY[id] FROM {table}
  UNION ALL SELECT up.one, t.parent_id, up.path || t.id
  FROM up JOIN {table} t ON t.id = up.above WHERE t.id <> ALL(up.path)
), whole AS (SELECT DISTINCT ON (one) one, path FROM up ORDER BY one, cardinality(path) DESC)
"""
GONE = """
(SELECT DISTINCT ON (f.{one}) %(close)s, {columns} FROM {frozen} f
 WHERE f.{one} IN (SELECT {one} FROM reports_frozenitem WHERE close_id = %(close)s)
   AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = f.{one})
 ORDER BY f.{one}, f.close_id DESC)
"""
CAMPAIGNS = f"""
{WHOLE.format(table="pipeline_campaign")}
INSERT INTO reports_frozencampaign (close_id, campaign, path, owner, team)
SELECT %(close)s, c.id, whole.path, coalesce(c.owner_id, 0), coalesce(u.team_id, 0)
FROM whole JOIN pipeline_campaign c ON c.id = whole.one LEFT JOIN accounts_user u ON u.id = c.owner_id
UNION ALL
{GONE.format(one="campaign", columns="f.campaign, f.path, f.owner, f.team", frozen="reports_frozencampaign", table="pipeline_campaign")}
"""
REGIONS = f"""
{WHOLE.format(table="accounts_region")}
INSERT INTO reports_frozenregion (close_id, region, path) SELECT %(close)s, one, path FROM whole
UNION ALL
{GONE.format(one="region", columns="f.region, f.path", frozen="reports_frozenregion", table="accounts_region")}
"""


def freeze(cursor, close):
    """Write down the trees as they stand for a MonthClose whose items are frozen."""
    for statement in (CAMPAIGNS, REGIONS):
        cursor.execute(statement, {"close": close.pk})


def condition(choice, table):
    """(condition, parameters) that the campaign of a frozen row (`close_id`, `campaign`) was of this choice at its close."""
    if _of_none(choice):
        return f"{table}.campaign = ANY(%s)", [choice.campaigns]
    tests = {"path__contains": "path @> %s::bigint[]"}
    asked = _asked(choice)
    among = " AND ".join(tests.get(name, f"{name} = %s") for name in asked)
    found = f"SELECT close_id, campaign FROM reports_frozencampaign WHERE {among}"
    return f"({table}.close_id, {table}.campaign) IN ({found})", [*asked.values()]


def campaigns(choice, close):
    """The ids of the campaigns that were of this choice at a close: a list or a queryset."""
    if _of_none(choice):
        return choice.campaigns
    return FrozenCampaign.objects.filter(close=close, **_asked(choice)).values("campaign")


def within(region, table):
    """(condition, parameters) that a row stands in a region (an Axis) with all that is part of it, or was at its `close_id`."""
    now = f"coalesce({table}.region, 0) = ANY(%s)"
    if region.alone or region.id == NONE:
        return now, [list(region.under)]
    then = f"({table}.close_id, {table}.region) IN (SELECT close_id, region FROM reports_frozenregion WHERE path @> ARRAY[%s::bigint])"
    return f"CASE WHEN {table}.close_id IS NULL THEN {now} ELSE {then} END", [list(region.under), region.id]


def regions(region, close):
    """The ids of the regions that were part of a region (an Axis) at a close, its own among them: a list or a queryset."""
    if region.alone or region.id == NONE:
        return list(region.under)
    return FrozenRegion.objects.filter(close=close, path__contains=[region.id]).values("region")


def _of_none(choice):
    """What is of no campaign stands in no tree."""
    return choice.campaign is not None and choice.campaign.id == NONE


def _asked(choice):
    """{lookup of FrozenCampaign: value} of a choice that is narrowed to campaigns."""
    asked = {}
    if choice.campaign is not None:
        one = choice.campaign.id
        asked |= {"campaign": one} if choice.campaign.alone else {"path__contains": [one]}
    for name, who in (("team", choice.team), ("owner", choice.rep)):
        if who is not None and who.campaigns is not None:
            asked[name] = who.id
    return asked
