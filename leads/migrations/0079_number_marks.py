"""A number that nobody could read is read anew when its contact or company gets a country, or the house another zone."""

from django.db import migrations, models

# Hints that no country has made a number of yet are bare digits; the house's country may have made a landline of one that
# was written without its calling code, before the person's own country was known.
HINTS = "SELECT DISTINCT i.contact_id FROM pipeline_identity i WHERE i.kind = 'phone'"
BARE = "AND i.value ~>=~ '0' AND i.value ~<~ ':'"
LOCAL = "AND coalesce(nullif(i.raw, ''), i.value) !~ '^[+＋]|^00'"
FUNCTION = """
CREATE FUNCTION {table}_numbers_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO leads_numbermark (contact_id) {hints} {which};
  RETURN NULL;
END $$;
CREATE TRIGGER numbers_due AFTER UPDATE OF {columns} ON {table} FOR EACH ROW
  WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION {table}_numbers_due();
"""
REMOVE = """
DROP TRIGGER numbers_due ON {table};
DROP FUNCTION {table}_numbers_due();
"""
WATCHED = {
    "pipeline_contact": ("country company_id", f"{LOCAL} AND i.contact_id = NEW.id"),
    "pipeline_company": (
        "country",
        f"{LOCAL} AND i.contact_id IN (SELECT c.id FROM pipeline_contact c WHERE c.company_id = NEW.id)",
    ),
    "accounts_organisation": ("zone", BARE),
}


def _triggers():
    for table, (columns, which) in WATCHED.items():
        names = columns.split()
        told = {
            "columns": ", ".join(names),
            "old": ", ".join(f"OLD.{name}" for name in names),
            "new": ", ".join(f"NEW.{name}" for name in names),
        }
        yield migrations.RunSQL(
            FUNCTION.format(table=table, hints=HINTS, which=which, **told), REMOVE.format(table=table)
        )


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0078_names_of_the_rules_of_runs"),
        ("accounts", "0001_initial"),
        ("pipeline", "0038_names_folded"),
    ]

    operations = [
        migrations.CreateModel(
            name="NumberMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contact_id", models.BigIntegerField()),
            ],
        ),
        *_triggers(),
    ]
