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
  SELECT g.*, w.month, w.renewal, w.open, w.amount, w.margin, w.cents, w.margin_cents, sum(weight) OVER (PARTITION BY deal_id, model) AS whole,
    weight * w.cents AS product, weight * w.margin_cents AS margin_product
  FROM weighed g JOIN path_deal w USING (deal_id)
), cut AS (
  SELECT summed.*, div(product, whole) AS part, div(margin_product, whole) AS margin_part FROM summed
), ranked AS (
  SELECT cut.*,
    row_number() OVER (PARTITION BY deal_id, model ORDER BY product - part * whole DESC, i) AS amount_rank,
    row_number() OVER (PARTITION BY deal_id, model ORDER BY margin_product - margin_part * whole DESC, i) AS margin_rank,
    cents - sum(part) OVER way AS amount_over, margin_cents - sum(margin_part) OVER way AS margin_over
  FROM cut
  WINDOW way AS (PARTITION BY deal_id, model)
)
SELECT deal_id, model, i AS position, n AS touches, touch_id, campaign_id, channel, month, renewal, open,
  round(weight / whole, 12) AS share,
  sign(amount) * (
    (part + (amount_rank <= amount_over)::int) * 0.01 + CASE WHEN amount_rank = 1 THEN abs(amount) - cents * 0.01 ELSE 0 END
  ) AS amount,
  sign(margin) * (
    (margin_part + (margin_rank <= margin_over)::int) * 0.01
    + CASE WHEN margin_rank = 1 THEN abs(margin) - margin_cents * 0.01 ELSE 0 END
  ) AS margin
FROM ranked;
