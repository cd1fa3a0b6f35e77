"""The deals of a forecast: open ones expected to close in a period from today on, and those won in it."""

# A row: one deal. `since` is the first day, or today where that is later: what is past its day is in no period. An open deal that somebody calls closed is no surer than a commitment.
DUE = """(
  SELECT deal_id AS deal, owner, segment, region, channel, campaign, due_on AS day,
    CASE category WHEN 'closed' THEN 'commit' ELSE category END AS category, amount, chance
  FROM reports_counteddeal
  WHERE outcome = 'open' AND due_on >= %(since)s AND due_on < %(until)s AND category <> 'omitted'
  UNION ALL
  SELECT deal_id, owner, segment, region, channel, campaign, closed_on, 'closed', amount, 100 FROM reports_counteddeal
  WHERE outcome = 'won' AND closed_on >= %(first)s AND closed_on < %(until)s
) AS d"""
