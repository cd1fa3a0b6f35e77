-- The paths of deals, as the head of a statement: what stands behind WITH RECURSIVE. In: due_deal (deal_id) and the
-- outcomes that count. Out:
-- path_deal: one row for each deal among them that stands so, with the window in which its touches count; that of an
-- open deal has no end, and its month is that of its opening;
-- path: one row for each touch of such a deal, `i` of `n` along the way; `lead_i` and `deal_i` are the places of the
-- touches that created its first pass (null without one) and the deal: the last ones until then. `age` counts days
-- before the last touch, `same` the touches of its channel on the way.
-- Nothing is written down on the way, so that PostgreSQL leaves out what the statement does not ask for.
base AS (
  SELECT zone, lookback_days, half_life_days::float8 AS half_life FROM accounts_organisation
), deal AS (
  SELECT d.id, d.company_id, d.product_id, d.opened_at, d.kind, d.base_amount, d.cost, d.outcome,
    CASE WHEN d.outcome <> 'open'
      THEN coalesce(d.signed_on, (d.closed_at AT TIME ZONE zone)::date, (d.opened_at AT TIME ZONE zone)::date)
    END AS signed_on
  FROM due_deal JOIN pipeline_deal d ON d.id = due_deal.deal_id CROSS JOIN base
  WHERE d.outcome = ANY(%(outcomes)s) AND d.cancels_id IS NULL
), house (deal_id, company_id, merged_into_id) AS (  -- from the deal's company up to the one that it was merged into
  SELECT deal.id, c.id, c.merged_into_id FROM deal JOIN pipeline_company c ON c.id = deal.company_id
  WHERE deal.product_id IS NOT NULL
  UNION
  SELECT house.deal_id, c.id, c.merged_into_id FROM house JOIN pipeline_company c ON c.id = house.merged_into_id
), firm (deal_id, company_id) AS (  -- and down to all that were merged into that one
  SELECT deal_id, company_id FROM house WHERE merged_into_id IS NULL
  UNION
  SELECT firm.deal_id, c.id FROM firm JOIN pipeline_company c ON c.merged_into_id = firm.company_id
), before AS (  -- the company's last win of the same product; an unknown product is nobody's same
  SELECT deal.id, max(p.signed_on) AS signed_on
  FROM deal JOIN firm ON firm.deal_id = deal.id
  JOIN pipeline_deal p ON p.company_id = firm.company_id AND p.outcome = 'won' AND p.product_id = deal.product_id
    AND p.signed_on < coalesce(deal.signed_on, 'infinity')
  GROUP BY deal.id
), led AS (
  SELECT l.deal_id, l.contact_id, l.captured_at FROM deal JOIN leads_lead l ON l.deal_id = deal.id
), pass AS (
  SELECT deal_id, min(captured_at) AS captured_at FROM led GROUP BY deal_id
), path_deal AS (
  SELECT deal.id AS deal_id, deal.base_amount AS amount, deal.kind = 'renewal' AS renewal, deal.outcome = 'open' AS open,
    CASE WHEN deal.outcome <> 'open' THEN deal.base_amount - deal.cost END AS margin,
    date_trunc('month', coalesce(deal.signed_on, (deal.opened_at AT TIME ZONE zone)::date)::timestamp)::date AS month,
    greatest(
      least(((deal.opened_at AT TIME ZONE zone)::date - lookback_days)::timestamp AT TIME ZONE zone, pass.captured_at),
      (before.signed_on + 1)::timestamp AT TIME ZONE zone
    ) AS since,
    coalesce((deal.signed_on + 1)::timestamp AT TIME ZONE zone, 'infinity') AS until,
    deal.outcome, deal.opened_at, pass.captured_at
  FROM deal CROSS JOIN base LEFT JOIN before USING (id) LEFT JOIN pass ON pass.deal_id = deal.id
), named AS (
  SELECT dc.deal_id, dc.contact_id FROM deal JOIN pipeline_dealcontact dc ON dc.deal_id = deal.id
  UNION ALL
  SELECT deal_id, contact_id FROM led
), joined (deal_id, contact_id, merged_into_id) AS (  -- from the few that were merged up to those that they are now
  SELECT named.deal_id, c.id, c.merged_into_id FROM named
  JOIN pipeline_contact c ON c.id = named.contact_id AND c.merged_into_id IS NOT NULL
  UNION
  SELECT joined.deal_id, c.id, c.merged_into_id FROM joined JOIN pipeline_contact c ON c.id = joined.merged_into_id
), people (deal_id, contact_id) AS (
  SELECT deal_id, contact_id FROM (SELECT * FROM named UNION ALL SELECT deal_id, contact_id FROM joined) AS known
  UNION
  SELECT people.deal_id, c.id FROM people JOIN pipeline_contact c ON c.merged_into_id = people.contact_id
), path AS (
  SELECT w.deal_id, t.id AS touch_id, t.kind, t.at, t.campaign_id, coalesce(c.channel, t.channel) AS channel,
    row_number() OVER (PARTITION BY w.deal_id ORDER BY t.at, t.id)::int AS i,
    count(*) OVER way::int AS n,
    CASE WHEN w.captured_at IS NOT NULL THEN greatest(count(*) FILTER (WHERE t.at <= w.captured_at) OVER way, 1)::int END AS lead_i,
    greatest(count(*) FILTER (WHERE t.at <= w.opened_at) OVER way, 1)::int AS deal_i,
    extract(epoch FROM max(t.at) OVER way - t.at)::float8 / 86400 AS age,
    count(*) OVER (PARTITION BY w.deal_id, coalesce(c.channel, t.channel))::int AS same,
    CASE WHEN max(learned.removal) OVER way > 0 THEN coalesce(learned.removal, 0) ELSE 1 END AS removal
  FROM path_deal w
  JOIN people ON people.deal_id = w.deal_id
  JOIN leads_touch t ON t.contact_id = people.contact_id AND t.at >= w.since AND t.at < w.until AND NOT t.automatic
    AND NOT (t.outbound AND t.track = 'sales')  -- a rep following up does not bring the deal in
    AND t.kind NOT IN ('complaint', 'service_visit')  -- nor does what service hears,
    AND NOT (t.campaign_id IS NULL AND t.kind IN ('chat', 'feedback'))  -- or a word that no campaign asked for
  LEFT JOIN pipeline_campaign c ON c.id = t.campaign_id
  LEFT JOIN reports_channelweight learned ON learned.channel = coalesce(c.channel, t.channel)
  WINDOW way AS (PARTITION BY w.deal_id)
)
