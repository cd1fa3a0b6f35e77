-- What stands on the way of the deals of path_deal, behind the CTEs of path.sql: every touch of the path, with the money
-- that is to be shared out; a deal without a path is credited like one with a single touch that nobody knows.
-- What was cancelled of a deal is shared out along the way of the deal, each cancellation for itself.
-- It stands where the deal is counted by now: deals are counted before their credits.
-- Money is told in whole cents, the sign apart, with the part of a cent that is left of it.
worth AS (
  SELECT deal_id AS way, deal_id, amount, margin, month, renewal, open, false AS cancelled FROM path_deal
  UNION ALL
  SELECT w.deal_id, c.id, c.base_amount, c.base_amount - c.cost, date_trunc('month', c.signed_on::timestamp)::date, w.renewal, false, true
  FROM path_deal w JOIN pipeline_deal c ON c.cancels_id = w.deal_id
), along AS (
  SELECT w.deal_id, coalesce(i, 1) AS i, coalesce(n, 1) AS n, coalesce(n, 0) AS touches, touch_id, campaign_id,
    coalesce(path.channel, '') AS channel, coalesce(place.segment, 0) AS segment, coalesce(place.region, 0) AS region, w.month, w.renewal, w.open, w.cancelled,
    lead_i, coalesce(deal_i, 1) AS deal_i, coalesce(age, 0) AS age, coalesce(same, 1) AS same, coalesce(removal, 1) AS removal, half_life,
    sign(w.amount) * 0.01 AS cent, trunc(abs(w.amount) * 100)::bigint AS cents, mod(w.amount, 0.01) AS rest,
    sign(w.margin) * 0.01 AS margin_cent, trunc(abs(w.margin) * 100)::bigint AS margin_cents, mod(w.margin, 0.01) AS margin_rest
  FROM worth w CROSS JOIN base LEFT JOIN path ON path.deal_id = w.way
  LEFT JOIN reports_counteddeal place ON place.deal_id = w.way
)
