"""What lies in the pool leaves it when its company is marked as a key account, or its contact comes to one."""

from django.db import migrations

# What is ready is routed; what rests, or might be claimed after a rest, wakes up for the desk. Only where the table of the
# hand-over gives key accounts to their owners.
LEAVE = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE leads_lead l SET pooled_at = NULL, rounds = 0, route_at = CASE l.stage WHEN 'ready' THEN clock_timestamp() END,
    wake_at = CASE l.stage WHEN 'nurture' THEN greatest(l.pooled_at, clock_timestamp()) END
  WHERE l.contact_id {whose} AND l.pooled_at IS NOT NULL AND l.stage IN ('ready', 'nurture')
    AND EXISTS (SELECT FROM leads_handoverrule WHERE event = 'key_account' AND goes_to = 'account_owner');
  RETURN NULL;
END $$
"""
MAKE = [
    LEAVE.format(
        name="leads_key_account_marked",
        whose="IN (SELECT c.id FROM pipeline_contact c WHERE c.company_id = NEW.id)",
    ),
    LEAVE.format(
        name="leads_key_account_joined",
        whose="= NEW.id AND EXISTS (SELECT FROM pipeline_company k WHERE k.id = NEW.company_id AND k.key_account)",
    ),
    "CREATE TRIGGER key_account_marked AFTER UPDATE OF key_account ON pipeline_company FOR EACH ROW "
    "WHEN (NEW.key_account AND NOT OLD.key_account) EXECUTE FUNCTION leads_key_account_marked()",
    "CREATE TRIGGER key_account_joined AFTER UPDATE OF company_id ON pipeline_contact FOR EACH ROW "
    "WHEN (OLD.company_id IS DISTINCT FROM NEW.company_id) EXECUTE FUNCTION leads_key_account_joined()",
]
REMOVE = [
    "DROP TRIGGER key_account_marked ON pipeline_company",
    "DROP TRIGGER key_account_joined ON pipeline_contact",
    "DROP FUNCTION leads_key_account_marked()",
    "DROP FUNCTION leads_key_account_joined()",
]


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0103_key_accounts"),
        ("pipeline", "0046_key_accounts"),
    ]

    operations = [migrations.RunSQL(MAKE, REMOVE)]
