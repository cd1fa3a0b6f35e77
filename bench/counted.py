"""The rows that rollups count, read from their sources by one plain statement each: no marks, no merges, no earlier wins, no
working hours, no amounts at the opening, no cents that add up. What a rebuild could be if the funnel were that simple."""

from reports import attribution

PLACE = "coalesce({0}.segment_id, 0) AS segment, coalesce({0}.region_id, 0) AS region"
WHOSE = """LEFT JOIN accounts_user holder ON holder.id = {owner} LEFT JOIN pipeline_campaign campaign ON campaign.id = l.campaign_id
LEFT JOIN accounts_user runner ON runner.id = campaign.owner_id"""
TEAMS = "coalesce(holder.team_id, 0) AS team, coalesce(runner.team_id, 0) AS crew"
LOCAL = "({} AT TIME ZONE house.zone)::date"


def _days(**columns):
    return ", ".join(f"{LOCAL.format(column)} AS {name}" for name, column in columns.items())


PASSES = f"""
SELECT l.id AS lead_id, l.channel, {PLACE.format("l")}, coalesce(l.campaign_id, 0) AS campaign, coalesce(o.rep_id, l.owner_id, 0) AS owner, {TEAMS},
  {_days(captured_on="l.captured_at", mql_on="l.mql_at", ready_on="l.ready_at", offered_on="o.offered_at", sql_on="l.sql_at", deal_on="l.deal_at", won_on="l.won_at")},
  '' AS inferred, coalesce(o.answer, '') AS answer, coalesce(o.answer, '') AS own_answer, coalesce(nullif(l.grade, ''), l.mql_grade) AS grade, CASE WHEN l.stage IN ('mql', 'ready') AND o.lead_id IS NULL THEN 'at_desk' ELSE '' END AS waits,
  {_days(delivered_on="o.offered_at", taken_on="o.accepted_at")}, coalesce(l.segment_id, 0) AS owed_to, 'other' AS source
FROM leads_lead l CROSS JOIN accounts_organisation house
LEFT JOIN (
  SELECT lead_id, max(rep_id) AS rep_id, min(offered_at) AS offered_at, min(accepted_at) AS accepted_at, max(CASE WHEN accepted_at IS NOT NULL THEN 'accepted' ELSE "end" END) AS answer
  FROM leads_handoff GROUP BY lead_id
) o ON o.lead_id = l.id {WHOSE.format(owner="coalesce(o.rep_id, l.owner_id)")}
"""
OFFERS = f"""
SELECT h.id AS handoff_id, l.id AS lead, l.channel, {PLACE.format("l")}, coalesce(l.campaign_id, 0) AS campaign, h.rep_id AS owner, {TEAMS},
  {_days(offered_on="h.offered_at", captured_on="l.captured_at")},
  CASE WHEN h.accepted_at IS NOT NULL THEN 'accepted' WHEN h."end" = '' THEN 'waiting' ELSE h."end" END AS outcome,
  h.accepted_at <= h.answer_due_at AS in_time, least(extract(epoch FROM h.accepted_at - h.offered_at) / 60, 32000)::smallint AS answer,
  least(extract(epoch FROM h.contacted_at - h.accepted_at) / 60, 32000)::smallint AS contact,
  least(extract(epoch FROM h.contacted_at - l.captured_at) / 60, 32000)::smallint AS speed, true AS speaks, coalesce(h.reason_id, 0) AS reason
FROM leads_handoff h JOIN leads_lead l ON l.id = h.lead_id CROSS JOIN accounts_organisation house {WHOSE.format(owner="h.rep_id")}
"""
PROMISES = f"""
SELECT h.id AS handoff_id, h.lead_id AS lead, {_days(answer_on="h.answer_due_at")}, coalesce(h.accepted_at <= h.answer_due_at, false) AS answered,
  {_days(contact_on="h.contact_due_at")}, coalesce(h.contacted_at <= h.contact_due_at, false) AS contacted,
  CASE WHEN h."end" = 'expired' THEN {LOCAL.format("h.ended_at")} END AS let_go_on, false AS persisted,
  greatest(h.answer_due_at, h.contact_due_at) AS last_due_at
FROM leads_handoff h CROSS JOIN accounts_organisation house
"""
DESK = f"""
SELECT p.id AS promise_id, p.lead_id AS lead, {_days(due_on="p.due_at")}, coalesce(p.answered_at <= p.due_at, false) AS kept, p.due_at
FROM leads_deskpromise p CROSS JOIN accounts_organisation house
"""
DEALS = f"""
SELECT d.id AS deal_id, coalesce(l.channel, '') AS channel, {PLACE.format("company")}, coalesce(l.campaign_id, 0) AS campaign,
  coalesce(d.owner_id, 0) AS owner, {TEAMS}, d.kind, d.outcome, {_days(opened_on="d.opened_at")},
  coalesce(d.signed_on, {LOCAL.format("d.closed_at")}) AS closed_on, d.base_amount AS amount, d.base_amount AS opening,
  d.base_amount - d.cost AS margin, false AS stepless, 0 AS slips, stage.category, stage.probability AS chance, d.expected_close AS due_on,
  false AS first_win, false AS influenced, 'other' AS source, CASE WHEN d.outcome = 'lost' THEN d.outcome_reason_id ELSE 0 END AS reason, 0 AS lost_at, '' AS rival
FROM pipeline_deal d JOIN pipeline_dealstage stage ON stage.id = d.stage_id CROSS JOIN accounts_organisation house
LEFT JOIN pipeline_company company ON company.id = d.company_id
LEFT JOIN leads_lead l ON l.deal_id = d.id {WHOSE.format(owner="d.owner_id")}
"""
RECEIPTS = f"""
SELECT r.id AS receipt_id, r.deal_id, d.channel, d.segment, d.region, d.campaign, d.owner, d.team, d.crew, r."on" AS received_on,
  r.base_amount AS amount
FROM ({DEALS}) AS d JOIN pipeline_receipt r ON r.deal_id = d.deal_id
"""
CUSTOMERS = """
SELECT company_id, 1 AS year, 0 AS segment, 0 AS region, min(signed_on) AS since, max(signed_on) AS due_on, true AS kept, count(*) AS deals,
  0 AS uncosted, sum(base_amount) AS revenue, sum(base_amount - cost) AS margin
FROM pipeline_deal WHERE outcome = 'won' AND company_id IS NOT NULL GROUP BY company_id
"""
PATH = """
SELECT d.id AS deal_id, d.base_amount, CASE WHEN d.outcome = 'won' THEN d.base_amount - d.cost END AS margin, d.kind = 'renewal' AS renewal,
  d.outcome = 'open' AS open, date_trunc('month', coalesce(d.signed_on, d.opened_at))::date AS month,
  coalesce(company.segment_id, 0) AS segment, coalesce(company.region_id, 0) AS region,
  t.id AS touch_id, t.campaign_id, coalesce(campaign.channel, t.channel) AS channel,
  row_number() OVER (PARTITION BY d.id ORDER BY t.at, t.id) AS i, count(*) OVER way AS n,
  count(*) FILTER (WHERE t.at <= l.captured_at) OVER way AS lead_i, count(*) FILTER (WHERE t.at <= d.opened_at) OVER way AS deal_i,
  extract(epoch FROM max(t.at) OVER way - t.at)::float8 / 86400 AS age, 7::float8 AS half_life, 1 AS same, 1 AS removal
FROM pipeline_deal d JOIN pipeline_dealcontact c ON c.deal_id = d.id LEFT JOIN pipeline_company company ON company.id = d.company_id
JOIN leads_touch t ON t.contact_id = c.contact_id AND t.at < coalesce(d.signed_on + 1, 'infinity') AND t.at >= d.opened_at - interval '365 days'
  AND NOT t.automatic AND NOT (t.outbound AND t.track = 'sales') AND t.kind NOT IN ('complaint', 'service_visit')
  AND NOT (t.campaign_id IS NULL AND t.kind IN ('chat', 'feedback'))
LEFT JOIN pipeline_campaign campaign ON campaign.id = t.campaign_id LEFT JOIN leads_lead l ON l.deal_id = d.id
WHERE d.outcome = ANY(ARRAY[{outcomes}]) WINDOW way AS (PARTITION BY d.id)
"""


def credits_of(models, outcomes):
    """The credits of deals under the models {name: SQL of a weight}, every amount rounded by itself."""
    weights = ", ".join(f"('{name}', {weight})" for name, weight in models.items())
    path = PATH.format(outcomes=", ".join(f"'{one}'" for one in outcomes))
    return f"""
SELECT deal_id, model, i AS position, n AS touches, touch_id, campaign_id, channel, segment, region, month, renewal, open, false AS cancelled,
  round(weight / whole, 12) AS share, round(base_amount * weight / whole, 2) AS amount, round(margin * weight / whole, 2) AS margin
FROM (
  SELECT path.*, model, weight::numeric, sum(weight::numeric) OVER (PARTITION BY deal_id, model) AS whole
  FROM ({path}) AS path CROSS JOIN LATERAL (VALUES {weights}) AS models (model, weight) WHERE weight > 0
) AS weighed
"""


def credits_of_all():
    """Those of every model, of won and open deals."""
    return credits_of({model.name: model.weight for model in attribution.MODELS.values()}, ("won", "open"))


def linear():
    """Those of the linear model, of won deals."""
    return credits_of({"linear": attribution.MODELS["linear"].weight}, ("won",))


def linear_to_the_cent():
    """The same with the cents left over given to the largest remainders of amount and margin, so that those of a deal sum to its."""
    shared, ranked = [], []
    for name, money in (("amount", "base_amount"), ("margin", "margin")):
        exact = f"{money} * weight / whole * 100"
        shared.append(f"trunc({exact}) AS {name}_cents, {exact} - trunc({exact}) AS {name}_left")
        ranked.append(
            f"({name}_cents + CASE WHEN row_number() OVER (PARTITION BY deal_id ORDER BY {name}_left DESC, i) "
            f"<= {money} * 100 - sum({name}_cents) OVER way THEN 1 ELSE 0 END) / 100 AS {name}"
        )
    return f"""
SELECT deal_id, 'linear' AS model, i AS position, n AS touches, touch_id, campaign_id, channel, segment, region, month, renewal, open, false AS cancelled,
  round(weight / whole, 12) AS share, {", ".join(ranked)}
FROM (
  SELECT weighed.*, {", ".join(shared)} FROM (
    SELECT path.*, 1::numeric AS weight, sum(1::numeric) OVER (PARTITION BY deal_id) AS whole
    FROM ({PATH.format(outcomes="'won'")}) AS path
  ) AS weighed
) AS cut WINDOW way AS (PARTITION BY deal_id)
"""


READ = {
    "reports_countedpass": lambda: PASSES,
    "reports_countedoffer": lambda: OFFERS,
    "reports_countedpromise": lambda: PROMISES,
    "reports_counteddesk": lambda: DESK,
    "reports_counteddeal": lambda: DEALS,
    "reports_countedreceipt": lambda: RECEIPTS,
    "reports_countedcustomer": lambda: CUSTOMERS,
    "reports_credit": credits_of_all,
}
