-- The credits that the deals of path_deal give along their path, as the temporary table fresh_credit: one row for each
-- deal, model and touch with a weight; one without a touch for a deal without a path.
-- Amounts are cut into cents by the weights, all in whole numbers; the cents left over go to the largest remainders,
-- the earlier touch first, and a part of a cent to the first of them, so that the sum is the deal's amount exactly.
DROP TABLE IF EXISTS fresh_credit;

CREATE TEMPORARY TABLE fresh_credit ON COMMIT DROP AS
WITH weighed AS (
  SELECT path.deal_id, model, i, n, touch_id, campaign_id, channel, weight
  FROM path CROSS JOIN LATERAL (VALUES {models}) AS models (model, weight)
  WHERE weight > 0
  UNION ALL
  SELECT w.deal_id, model, 1, 0, NULL, NULL, '', 1 FROM path_deal w CROSS JOIN (VALUES {names}) AS models (model)
  WHERE NOT EXISTS (SELECT 1 FROM path WHERE path.deal_id = w.deal_id)
), summed AS (
  SELECT g.*, w.month, w.renewal, w.open, w.amount, w.margin, sum(weight) OVER way AS whole,
    div(weight * trunc(abs(w.amount) * 100), sum(weight) OVER way) AS amount_cents,
    mod(weight * trunc(abs(w.amount) * 100), sum(weight) OVER way) AS amount_rest,
    div(weight * trunc(abs(w.margin) * 100), sum(weight) OVER way) AS margin_cents,
    mod(weight * trunc(abs(w.margin) * 100), sum(weight) OVER way) AS margin_rest
  FROM weighed g JOIN path_deal w USING (deal_id)
  WINDOW way AS (PARTITION BY deal_id, model)
), ranked AS (
  SELECT summed.*,
    row_number() OVER (PARTITION BY deal_id, model ORDER BY amount_rest DESC, i) AS amount_rank,
    row_number() OVER (PARTITION BY deal_id, model ORDER BY margin_rest DESC, i) AS margin_rank,
    trunc(abs(amount) * 100) - sum(amount_cents) OVER way AS amount_over,
    trunc(abs(margin) * 100) - sum(margin_cents) OVER way AS margin_over
  FROM summed
  WINDOW way AS (PARTITION BY deal_id, model)
)
SELECT deal_id, model, i AS position, n AS touches, touch_id, campaign_id, channel, month, renewal, open,
  round(weight / whole, 12) AS share,
  sign(amount) * (
    (amount_cents + (amount_rank <= amount_over)::int) / 100
    + CASE WHEN amount_rank = 1 THEN abs(amount) - trunc(abs(amount) * 100) / 100 ELSE 0 END
  ) AS amount,
  sign(margin) * (
    (margin_cents + (margin_rank <= margin_over)::int) / 100
    + CASE WHEN margin_rank = 1 THEN abs(margin) - trunc(abs(margin) * 100) / 100 ELSE 0 END
  ) AS margin
FROM ranked;
