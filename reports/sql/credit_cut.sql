-- The credits of `along` under one model: one row for each touch with a weight.
-- Amounts are cut into cents by the weights, exactly; the cents left over go to the largest remainders, the earlier touch
-- first, and a part of a cent to the first of them, so that the sum is the deal's amount exactly.
SELECT deal_id, '{name}' AS model, i AS position, touches, touch_id, campaign_id, channel, segment, region, month, renewal, open, cancelled,
  round(weight::numeric / whole, 12) AS share,
  (part + (place <= cents - parts)::int) * cent + CASE WHEN place = 1 THEN rest ELSE 0 END AS amount,
  (margin_part + (margin_place <= margin_cents - margin_parts)::int) * margin_cent + CASE WHEN margin_place = 1 THEN margin_rest ELSE 0 END AS margin
FROM (
  SELECT *, sum(part) OVER way AS parts, sum(margin_part) OVER way AS margin_parts,
    row_number() OVER (PARTITION BY deal_id ORDER BY {left_over} DESC, i) AS place,
    row_number() OVER (PARTITION BY deal_id ORDER BY {margin_left_over} DESC, i) AS margin_place
  FROM (
    SELECT *, {part} AS part, {margin_part} AS margin_part
    FROM (
      SELECT *, (sum(weight) OVER (PARTITION BY deal_id))::{number} AS whole
      FROM (SELECT *, ({weight})::{number} AS weight FROM along OFFSET 0) AS weighed WHERE weight > 0
    ) AS summed
    OFFSET 0  -- here and above: so that each is reckoned once
  ) AS cut
  WINDOW way AS (PARTITION BY deal_id)
) AS ranked
