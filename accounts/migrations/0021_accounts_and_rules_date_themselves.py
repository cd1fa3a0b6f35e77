"""Owners of accounts and the sets of reps of rules are dated like the rest, whoever changes them.

An account whose owner never changed needs no row; what a rule's sets are today is known from today on.
"""

from django.db import migrations

OWNERS = """
CREATE TRIGGER dated_owner AFTER UPDATE OF sales_owner_id ON pipeline_company FOR EACH ROW
  WHEN (OLD.sales_owner_id IS DISTINCT FROM NEW.sales_owner_id)
  EXECUTE FUNCTION accounts_date('account_owner', 'sales_owner_id', 'id');
CREATE TRIGGER undated AFTER DELETE ON pipeline_company REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
  EXECUTE FUNCTION accounts_undate('account_owner', '');
"""
NO_OWNERS = "DROP TRIGGER dated_owner ON pipeline_company; DROP TRIGGER undated ON pipeline_company;"
# What history knows of owners since: an event is what was so before it.
OWNERS_SO_FAR = """
INSERT INTO accounts_datedfact (what, subject, value, since)
SELECT DISTINCT ON (subject, since) 'account_owner', subject, to_jsonb(owner), since FROM (
  SELECT c.id AS subject, coalesce(lag(e.pgh_created_at) OVER told, c.created_at) AS since, e.sales_owner_id AS owner,
    lag(e.sales_owner_id) OVER told IS DISTINCT FROM e.sales_owner_id OR row_number() OVER told = 1 AS changed, e.pgh_id
  FROM pipeline_companyevent e JOIN pipeline_company c ON c.id = e.pgh_obj_id
  WINDOW told AS (PARTITION BY c.id ORDER BY e.pgh_id)
  UNION ALL
  SELECT c.id, last.pgh_created_at, c.sales_owner_id, last.sales_owner_id IS DISTINCT FROM c.sales_owner_id, last.pgh_id + 1
  FROM pipeline_company c JOIN LATERAL (
    SELECT * FROM pipeline_companyevent e WHERE e.pgh_obj_id = c.id ORDER BY e.pgh_id DESC LIMIT 1) last ON true
) AS known
WHERE changed AND EXISTS (SELECT FROM pipeline_companyevent e JOIN pipeline_company c ON c.id = e.pgh_obj_id
  WHERE c.id = known.subject AND e.sales_owner_id IS DISTINCT FROM c.sales_owner_id)
ORDER BY subject, since, pgh_id DESC
ON CONFLICT DO NOTHING;
"""
SETS = {"rule_reps": "leads_assignmentrule_reps", "rule_first": "leads_assignmentrule_preferred"}
RULES = "".join(
    f"""
CREATE TRIGGER dated_in AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION accounts_date_set('{what}', 'assignmentrule_id', 'user_id', 'leads_assignmentrule', 'id');
CREATE TRIGGER dated_out AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION accounts_date_set('{what}', 'assignmentrule_id', 'user_id', 'leads_assignmentrule', 'id');
INSERT INTO accounts_datedfact (what, subject, value, since)
SELECT '{what}', r.id, coalesce((SELECT jsonb_agg(t.user_id ORDER BY t.user_id) FROM {table} t WHERE t.assignmentrule_id = r.id), '[]'), now()
FROM leads_assignmentrule r;
"""
    for what, table in SETS.items()
)
OF_RULES = f"""
CREATE TRIGGER dated_none AFTER INSERT ON leads_assignmentrule FOR EACH ROW
  EXECUTE FUNCTION accounts_date_none('{" ".join(SETS)}', 'id');
CREATE TRIGGER undated AFTER DELETE ON leads_assignmentrule REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
  EXECUTE FUNCTION accounts_undate('{" ".join(SETS)}', '');
"""
NO_RULES = (
    "".join(f"DROP TRIGGER dated_in ON {table}; DROP TRIGGER dated_out ON {table};" for table in SETS.values())
    + "DROP TRIGGER dated_none ON leads_assignmentrule; DROP TRIGGER undated ON leads_assignmentrule;"
    + "DELETE FROM accounts_datedfact WHERE what IN ('rule_reps', 'rule_first');"
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0020_memberships_are_facts"),
        ("pipeline", "0047_account_people"),
        ("leads", "0104_key_accounts_leave_the_pool"),
    ]

    operations = [
        migrations.RunSQL(OWNERS_SO_FAR, "DELETE FROM accounts_datedfact WHERE what = 'account_owner'"),
        migrations.RunSQL(OWNERS, NO_OWNERS),
        migrations.RunSQL(RULES + OF_RULES, NO_RULES),
    ]
