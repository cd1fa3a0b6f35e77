"""Every change of the structure is dated, whoever makes it; what memberships said goes along, the rest is so since they came."""

from importlib import import_module

from django.db import migrations

# Arguments: the fact, the column that says it, the column that names its subject. Of whom nothing had a date yet, what was
# so before has been since they came.
DATE = """
CREATE FUNCTION accounts_date() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  said jsonb := nullif(to_jsonb(NEW) -> TG_ARGV[1], 'null');
  whose bigint := (to_jsonb(NEW) ->> TG_ARGV[2])::bigint;
BEGIN
  IF coalesce(current_setting('tandem.dated', true), '') = 'on' THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' AND NOT EXISTS (SELECT FROM accounts_datedfact WHERE what = TG_ARGV[0] AND subject = whose) THEN
    INSERT INTO accounts_datedfact (what, subject, value, since)
    SELECT TG_ARGV[0], whose, nullif(to_jsonb(OLD) -> TG_ARGV[1], 'null'), least((to_jsonb(OLD) ->> 'created_at')::timestamptz, now())
    WHERE to_jsonb(OLD) ->> 'created_at' IS NOT NULL;
  END IF;
  INSERT INTO accounts_datedfact (what, subject, value, since) VALUES (TG_ARGV[0], whose, said, now())
  ON CONFLICT (what, subject, since) DO UPDATE SET value = excluded.value, pending = false;
  RETURN NULL;
END $$;
"""
# Arguments: the fact; in the table between, the column of its owner and the other; the owner's table and its column that names
# the subject.
DATE_SET = """
CREATE FUNCTION accounts_date_set() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('tandem.dated', true), '') = 'on' THEN
    RETURN NULL;
  END IF;
  EXECUTE format('
    INSERT INTO accounts_datedfact (what, subject, value, since)
    SELECT %1$L, o.%5$I, coalesce((SELECT jsonb_agg(t.%3$I ORDER BY t.%3$I) FROM %6$I t WHERE t.%2$I = o.id), ''[]''), now()
    FROM (SELECT DISTINCT %2$I AS id FROM changed) c JOIN %4$I o ON o.id = c.id
    ON CONFLICT (what, subject, since) DO UPDATE SET value = excluded.value, pending = false',
    TG_ARGV[0], TG_ARGV[1], TG_ARGV[2], TG_ARGV[3], TG_ARGV[4], TG_TABLE_NAME);
  RETURN NULL;
END $$;
"""
# Arguments: facts that are sets, none of which has anything in it when its subject is new; the column that names the subject.
DATE_NONE = """
CREATE FUNCTION accounts_date_none() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO accounts_datedfact (what, subject, value, since)
  SELECT what, (to_jsonb(NEW) ->> TG_ARGV[1])::bigint, '[]', now() FROM unnest(string_to_array(TG_ARGV[0], ' ')) AS what
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
"""
# Arguments: the facts of those who go, and the facts whose value is one of them.
UNDATE = """
CREATE FUNCTION accounts_undate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM accounts_datedfact d USING gone g WHERE d.subject = g.id AND d.what = ANY(string_to_array(TG_ARGV[0], ' '));
  IF TG_ARGV[1] <> '' THEN
    UPDATE accounts_datedfact d SET value = NULL FROM gone g
    WHERE d.what = ANY(string_to_array(TG_ARGV[1], ' ')) AND d.value = to_jsonb(g.id);
  END IF;
  RETURN NULL;
END $$;
"""
GONE = "DROP FUNCTION accounts_undate(); DROP FUNCTION accounts_date_none(); DROP FUNCTION accounts_date_set(); DROP FUNCTION accounts_date();"
# table: [(fact, column, column of the subject, when a new row is dated: always, or with a value)]
COLUMNS = {
    "accounts_user": [("team", "team_id", "id", "NEW.team_id IS NOT NULL"), ("head_of", "head_of", "id", "NEW.head_of <> ''")],
    "accounts_team": [("head", "head_id", "id", "NEW.head_id IS NOT NULL")],
    "accounts_repprofile": [(what, what, "user_id", "true") for what in ("kind", "weight", "capacity")],
}
SETS = {"regions": "region_id", "segments": "segment_id"}
OF_USERS, NAMING_USERS = "team head_of kind weight capacity regions segments", "head account_owner"

TRIGGERS, NO_TRIGGERS = [], []
for table, facts in COLUMNS.items():
    for what, column, subject, new in facts:
        call = f"FOR EACH ROW WHEN ({{when}}) EXECUTE FUNCTION accounts_date('{what}', '{column}', '{subject}');"
        TRIGGERS += [
            f"CREATE TRIGGER dated_{what}_new AFTER INSERT ON {table} {call.format(when=new)}",
            f"CREATE TRIGGER dated_{what} AFTER UPDATE OF {column} ON {table} "
            + call.format(when=f"OLD.{column} IS DISTINCT FROM NEW.{column}"),
        ]
        NO_TRIGGERS += [f"DROP TRIGGER dated_{what}_new ON {table};", f"DROP TRIGGER dated_{what} ON {table};"]
for what, column in SETS.items():
    table = f"accounts_repprofile_{what}"
    call = f"EXECUTE FUNCTION accounts_date_set('{what}', 'repprofile_id', '{column}', 'accounts_repprofile', 'user_id');"
    TRIGGERS += [
        f"CREATE TRIGGER dated_{what}_in AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed FOR EACH STATEMENT {call}",
        f"CREATE TRIGGER dated_{what}_out AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed FOR EACH STATEMENT {call}",
    ]
    NO_TRIGGERS += [f"DROP TRIGGER dated_{what}_in ON {table};", f"DROP TRIGGER dated_{what}_out ON {table};"]
TRIGGERS.append(
    "CREATE TRIGGER dated_none AFTER INSERT ON accounts_repprofile FOR EACH ROW EXECUTE FUNCTION accounts_date_none('regions segments', 'user_id');"
)
NO_TRIGGERS.append("DROP TRIGGER dated_none ON accounts_repprofile;")
for table, of, naming in (("accounts_user", OF_USERS, NAMING_USERS), ("accounts_team", "head", "team")):
    TRIGGERS.append(
        f"CREATE TRIGGER undated AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone FOR EACH STATEMENT "
        f"EXECUTE FUNCTION accounts_undate('{of}', '{naming}');"
    )
    NO_TRIGGERS.append(f"DROP TRIGGER undated ON {table};")

SO_FAR = """
INSERT INTO accounts_datedfact (what, subject, value, since, pending)
  SELECT 'team', user_id, to_jsonb(team_id), since, since > now() FROM accounts_membership;
INSERT INTO accounts_datedfact (what, subject, value, since)
  SELECT 'head_of', id, to_jsonb(head_of), created_at FROM accounts_user WHERE head_of <> ''
  UNION ALL SELECT 'head', id, to_jsonb(head_id), created_at FROM accounts_team WHERE head_id IS NOT NULL
  UNION ALL SELECT w.what, u.id, w.value, u.created_at FROM accounts_user u JOIN accounts_repprofile p ON p.user_id = u.id
    CROSS JOIN LATERAL (VALUES ('kind', to_jsonb(p.kind)), ('weight', to_jsonb(p.weight)), ('capacity', to_jsonb(p.capacity)),
      ('regions', coalesce((SELECT jsonb_agg(r.region_id ORDER BY r.region_id) FROM accounts_repprofile_regions r WHERE r.repprofile_id = p.id), '[]')),
      ('segments', coalesce((SELECT jsonb_agg(s.segment_id ORDER BY s.segment_id) FROM accounts_repprofile_segments s WHERE s.repprofile_id = p.id), '[]'))
    ) AS w (what, value);
"""
BACK = """
INSERT INTO accounts_membership (user_id, team_id, since)
  SELECT d.subject, (d.value #>> '{}')::bigint, d.since FROM accounts_datedfact d JOIN accounts_user u ON u.id = d.subject
  WHERE d.what = 'team'
"""


class Migration(migrations.Migration):
    # The month closes of former releases asked the memberships.
    dependencies = [("accounts", "0018_facts_with_dates"), ("reports", "0044_who_took_it")]

    operations = [
        migrations.RunSQL(SO_FAR, BACK),
        migrations.RunSQL(
            "DROP TRIGGER team_dated ON accounts_user; DROP TRIGGER team_dated_new ON accounts_user; "
            "DROP FUNCTION accounts_user_team_dated();",
            import_module("accounts.migrations.0011_belonging_by_itself").DATE,
        ),
        migrations.RunSQL(DATE + DATE_SET + DATE_NONE + UNDATE + "\n".join(TRIGGERS), "\n".join(NO_TRIGGERS) + GONE),
    ]
