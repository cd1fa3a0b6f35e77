-- A row: a side of the lot of one of the audiences `asked`, which are {audience, first, last, since, until}. A person counts
-- with all who were merged into them; a deal with several people of the audience is cut among them; what is cancelled of it,
-- whenever that is, is off their revenue and margin, and they have bought all the same. `uncosted` deals have no known margin.
-- Of deals signed on the first day those count that were not closed yet at the moment `since`.
WITH RECURSIVE asked AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(%(asked)s::jsonb) AS x (audience bigint, first date, last date, since timestamptz, until timestamptz)
), kin (audience, member, held, contact_id) AS (
  SELECT m.audience_id, m.contact_id, m.held, m.contact_id FROM asked JOIN leads_audiencemember m ON m.audience_id = asked.audience
  UNION
  SELECT kin.audience, kin.member, kin.held, c.id FROM kin JOIN pipeline_contact c ON c.merged_into_id = kin.contact_id
), pass AS (
  SELECT kin.audience, kin.member, bool_or(l.captured_at >= asked.since AND l.captured_at < asked.until) AS lead,
    bool_or(l.sql_at >= asked.since AND l.sql_at < asked.until) AS sql
  FROM kin JOIN asked ON asked.audience = kin.audience JOIN leads_lead l ON l.contact_id = kin.contact_id
  WHERE l.merged_into_id IS NULL AND NOT l.is_test AND l.disqualified_because <> 'spam'
  GROUP BY kin.audience, kin.member
), named AS (
  SELECT kin.audience, kin.member, dc.deal_id FROM kin JOIN pipeline_dealcontact dc ON dc.contact_id = kin.contact_id
  UNION
  SELECT kin.audience, kin.member, l.deal_id FROM kin JOIN leads_lead l ON l.contact_id = kin.contact_id WHERE l.deal_id IS NOT NULL
), won AS (
  SELECT named.audience, named.member, (d.base_amount + coalesce(gone.amount, 0)) / named.parts AS amount,
    (d.base_amount - d.cost + coalesce(gone.margin, 0)) / named.parts AS margin,
    CASE WHEN d.base_amount - d.cost IS NULL OR gone.uncosted THEN 1.0 / named.parts END AS uncosted
  FROM (SELECT *, count(*) OVER (PARTITION BY audience, deal_id) AS parts FROM named) AS named
  JOIN asked ON asked.audience = named.audience JOIN pipeline_deal d ON d.id = named.deal_id
  LEFT JOIN LATERAL (
    SELECT sum(c.base_amount) AS amount, sum(c.base_amount - c.cost) AS margin, bool_or(c.base_amount - c.cost IS NULL) AS uncosted
    FROM pipeline_deal c WHERE c.cancels_id = d.id
  ) AS gone ON true
  WHERE d.outcome = 'won' AND d.cancels_id IS NULL AND d.signed_on >= asked.first AND d.signed_on < asked.last
    AND (d.signed_on > asked.first OR d.closed_at >= asked.since)
), bought AS (
  SELECT audience, member, sum(coalesce(amount, 0)) AS amount, sum(margin) AS margin, sum(uncosted) AS uncosted
  FROM won GROUP BY audience, member
)
SELECT m.audience_id AS audience, m.held, count(*) AS people, count(*) FILTER (WHERE pass.lead) AS leads, count(*) FILTER (WHERE pass.sql) AS sqls,
  count(bought.member) AS won, coalesce(sum(bought.amount), 0) AS revenue, coalesce(sum(bought.amount ^ 2), 0) AS squares,
  coalesce(sum(bought.margin), 0) AS margin, coalesce(sum(bought.margin ^ 2), 0) AS margin_squares,
  coalesce(sum(bought.uncosted), 0) AS uncosted
FROM asked JOIN leads_audiencemember m ON m.audience_id = asked.audience
LEFT JOIN pass ON pass.audience = m.audience_id AND pass.member = m.contact_id
LEFT JOIN bought ON bought.audience = m.audience_id AND bought.member = m.contact_id
GROUP BY m.audience_id, m.held
