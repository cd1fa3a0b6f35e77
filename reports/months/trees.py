"""The tree of campaigns as a close found it: of which programmes each was part, whose it was and of which team.

What was official of a programme, of a marketer or of a team of marketing is read by it, so that it stays where it was
when a campaign goes to another since.
"""

from reports.models import FrozenCampaign
from reports.models.base import NONE

# From each campaign up, once around where stored links lead in a ring. One that is gone, but of which something is taken
# back in this close, is kept as the last close before knew it.
FREEZE = """
WITH RECURSIVE up (campaign, above, path) AS (
  SELECT id, parent_id, ARRAY[id] FROM pipeline_campaign
  UNION ALL SELECT up.campaign, c.parent_id, up.path || c.id
  FROM up JOIN pipeline_campaign c ON c.id = up.above WHERE c.id <> ALL(up.path)
), whole AS (SELECT DISTINCT ON (campaign) campaign, path FROM up ORDER BY campaign, cardinality(path) DESC)
INSERT INTO reports_frozencampaign (close_id, campaign, path, owner, team)
SELECT %(close)s, c.id, whole.path, coalesce(c.owner_id, 0), coalesce(u.team_id, 0)
FROM whole JOIN pipeline_campaign c ON c.id = whole.campaign LEFT JOIN accounts_user u ON u.id = c.owner_id
UNION ALL
(SELECT DISTINCT ON (f.campaign) %(close)s, f.campaign, f.path, f.owner, f.team FROM reports_frozencampaign f
 WHERE f.campaign IN (SELECT campaign FROM reports_frozenitem WHERE close_id = %(close)s)
   AND NOT EXISTS (SELECT 1 FROM pipeline_campaign c WHERE c.id = f.campaign)
 ORDER BY f.campaign, f.close_id DESC)
"""


def freeze(cursor, close):
    """Write down the tree as it stands for a MonthClose whose items are frozen."""
    cursor.execute(FREEZE, {"close": close.pk})


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
