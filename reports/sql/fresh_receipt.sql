-- One row for each payment on the deals among due_deal, standing where its deal stands: the temporary table fresh_receipt.
-- Read after fresh_deal, which knows where that is.
DROP TABLE IF EXISTS fresh_receipt;

CREATE TEMPORARY TABLE fresh_receipt ON COMMIT DROP AS
SELECT r.id AS receipt_id, r.deal_id, d.channel, d.segment, d.region, d.campaign, d.owner, d.team, d.crew,
  r."on" AS received_on, r.base_amount AS amount
FROM fresh_deal d JOIN pipeline_receipt r ON r.deal_id = d.deal_id;
