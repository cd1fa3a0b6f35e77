-- The credits of `along` under models by which as many touches as `parts` earn the same: nothing needs to be compared.
-- The cents left over go to the earlier of them, a part of a cent to the first.
SELECT deal_id, model, i AS position, touches, touch_id, campaign_id, channel, segment, region, month, renewal, open, cancelled, round(1.0 / parts, 12) AS share,
  (cents / parts + (place <= mod(cents, parts))::int) * cent + CASE WHEN place = 1 THEN rest ELSE 0 END AS amount,
  (margin_cents / parts + (place <= mod(margin_cents, parts))::int) * margin_cent + CASE WHEN place = 1 THEN margin_rest ELSE 0 END AS margin
FROM along CROSS JOIN LATERAL (VALUES {models}) AS models (model, weight, parts)
CROSS JOIN LATERAL (SELECT least(i, parts) AS place) AS earning
WHERE weight > 0
