"""Every change of an account's owner is dated, whoever makes it; one who never changed needs no row."""

from django.db import migrations

DATE = """
CREATE TRIGGER dated_owner AFTER UPDATE OF sales_owner_id ON pipeline_company FOR EACH ROW
  WHEN (OLD.sales_owner_id IS DISTINCT FROM NEW.sales_owner_id)
  EXECUTE FUNCTION accounts_date('account_owner', 'sales_owner_id', 'id');
CREATE TRIGGER undated AFTER DELETE ON pipeline_company REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
  EXECUTE FUNCTION accounts_undate('account_owner', '');
"""
UNDATE = "DROP TRIGGER dated_owner ON pipeline_company; DROP TRIGGER undated ON pipeline_company;"
# What history knows of owners since: an event is what was so before it.
SO_FAR = """
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


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0047_account_people"), ("accounts", "0019_structure_dates_itself")]

    operations = [
        migrations.RunSQL(SO_FAR, "DELETE FROM accounts_datedfact WHERE what = 'account_owner'"),
        migrations.RunSQL(DATE, UNDATE),
    ]
