"""Every change of a rule's sets of reps is dated, whoever makes it; what they are today is known from today on."""

from django.db import migrations

SETS = {"rule_reps": "leads_assignmentrule_reps", "rule_first": "leads_assignmentrule_preferred"}
DATE = "".join(
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
UNDATE = (
    "".join(f"DROP TRIGGER dated_in ON {table}; DROP TRIGGER dated_out ON {table};" for table in SETS.values())
    + "DROP TRIGGER dated_none ON leads_assignmentrule; DROP TRIGGER undated ON leads_assignmentrule;"
    + "DELETE FROM accounts_datedfact WHERE what IN ('rule_reps', 'rule_first');"
)


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0105_counsel_on_companies"),
        ("accounts", "0019_structure_dates_itself"),
    ]

    operations = [migrations.RunSQL(DATE + OF_RULES, UNDATE)]
