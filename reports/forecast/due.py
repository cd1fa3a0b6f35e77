"""The deals of a forecast: open ones expected to close in a period from today on, those won in it, and what was cancelled in it."""

from reports.rollups.events import EARNED

# How many deals: what was cancelled is below nothing, and none.
COUNT = "count(*) FILTER (WHERE (amount < 0) IS NOT TRUE)"

# A row: one deal. `since` is the first day, or today where that is later: what is past its day is in no period. An open deal that somebody calls closed is no surer than a commitment.
DUE = f"""(
  SELECT deal_id AS deal, owner, segment, region, channel, campaign, due_on AS day,
    CASE category WHEN 'closed' THEN 'commit' ELSE category END AS category, amount, chance
  FROM reports_counteddeal
  WHERE outcome = 'open' AND due_on >= %(since)s AND due_on < %(until)s AND category <> 'omitted'
  UNION ALL
  SELECT deal_id, owner, segment, region, channel, campaign, closed_on, 'closed', amount, 100 FROM reports_counteddeal
  WHERE {EARNED} AND closed_on >= %(first)s AND closed_on < %(until)s
) AS d"""
