"""Deals whose people complained, were visited by service, chatted or gave feedback are shared out again: that brought nothing in."""

from django.db import migrations

AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high)
SELECT DISTINCT 'deal', d.deal_id, d.deal_id FROM leads_touch t
JOIN (SELECT deal_id, contact_id FROM pipeline_dealcontact
      UNION SELECT deal_id, contact_id FROM leads_lead WHERE deal_id IS NOT NULL) AS d ON d.contact_id = t.contact_id
WHERE t.kind IN ('complaint', 'service_visit') OR t.campaign_id IS NULL AND t.kind IN ('chat', 'feedback')
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0067_grades_of_passes"), ("leads", "0094_chats_and_complaints")]

    operations = [migrations.RunSQL(AGAIN, migrations.RunSQL.noop)]
