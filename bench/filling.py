"""Leads to measure on, made by set-based statements: people, passes with their first step, scores, touches."""

from django.db import connection, transaction

from leads import scoring
from reports import rollups

FILL = """
-- one row each of contact, identity, lead, stage change, score and touch for the numbers %(low)s to %(high)s
CREATE TEMPORARY TABLE filling ON COMMIT DROP AS
SELECT n, nextval('pipeline_contact_id_seq') AS contact_id, nextval('leads_lead_id_seq') AS lead_id,
  timestamptz '2026-01-01' + n %% 300 * interval '1 day' + n * interval '1 second' AS at,
  (ARRAY['seo', 'sem', 'email', 'exhibition', 'referral'])[n %% 5 + 1] AS channel,
  (SELECT id FROM pipeline_campaign ORDER BY id OFFSET n %% 20 LIMIT 1) AS campaign_id
FROM generate_series(%(low)s, %(high)s) AS n;
INSERT INTO pipeline_contact (id, full_name) SELECT contact_id, 'Person ' || n FROM filling;
INSERT INTO pipeline_identity (contact_id, kind, value) SELECT contact_id, 'email', 'p' || n || '@bench.example' FROM filling;
INSERT INTO leads_lead (id, contact_id, cycle, stage, seq, channel, campaign_id, captured_at, source, external_id)
  SELECT lead_id, contact_id, 1, 'new', 1, channel, campaign_id, at, 'bench', 'f' || n FROM filling;
INSERT INTO leads_stagechange (lead_id, seq, from_stage, to_stage, at) SELECT lead_id, 1, '-', 'new', at FROM filling;
INSERT INTO leads_leadscore (lead_id, model_id) SELECT lead_id, m.id FROM filling, leads_scoremodel m WHERE m.in_force;
INSERT INTO leads_touch (contact_id, kind, at, channel, campaign_id) SELECT contact_id, 'form', at, channel, campaign_id FROM filling;
"""
CAMPAIGNS = """
INSERT INTO pipeline_campaign (name, code, channel, currency)
SELECT 'Bench ' || n, 'bench-' || n, 'sem', 'EUR' FROM generate_series(1, 20) AS n
"""
CHUNK = 50_000


def campaigns():
    """Twenty campaigns for the leads to come from."""
    with connection.cursor() as cursor:
        cursor.execute(CAMPAIGNS)


def fill(low, high, at):
    """Make the leads with the numbers low … high − 1, score them and roll everything up."""
    for first in range(low, high, CHUNK):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(FILL, {"low": first, "high": min(first + CHUNK, high) - 1})
    scoring.rescore_all(at)
    while rollups.roll_due():
        pass
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; ANALYZE; SET statement_timeout = 15000")
