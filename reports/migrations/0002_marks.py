"""Statement triggers that mark what a change touches, so that the rollups know what to work out again.

One function and three triggers for each source table. A statement's keys are gathered, runs of neighbours become one
mark, and the marks are appended: no unique key, no lock, nothing to wait for. Updates mark only when a watched column
differs, by EXCEPT rather than a join, because a cached plan of a join over transition tables may turn quadratic.
"""

from django.db import migrations

# table: ({kind: key columns}, watched columns of an update)
SOURCES = {
    "leads_lead": (
        {"lead": ("id",), "deal": ("deal_id",)},
        "contact_id deal_id stage seq campaign_id channel segment_id region_id captured_at mql_at ready_at sql_at deal_at won_at "
        "ended_at history is_test merged_into_id disqualified_because",
    ),
    "leads_stagechange": ({"lead": ("lead_id",)}, "seq to_stage at inferred"),
    "leads_handoff": (
        {"lead": ("lead_id",)},
        'rep_id kind agreement_id offered_at answer_due_at accepted_at contact_due_at contacted_at ended_at "end"',
    ),
    "leads_touch": ({"contact": ("contact_id",)}, "at campaign_id channel automatic outbound track"),
    "pipeline_contact": ({"contact": ("id", "merged_into_id")}, "merged_into_id"),
    "pipeline_company": ({"company": ("id", "merged_into_id")}, "segment_id region_id merged_into_id"),
    "pipeline_campaign": ({"campaign": ("id",)}, "channel"),
    "pipeline_spend": ({"spend": ("coalesce(campaign_id, 0)",)}, "kind month base_amount"),
    "pipeline_deal": (
        {"deal": ("id",), "company": ("company_id",)},
        "kind product_id amount base_amount cost opened_at signed_on closed_at outcome",
    ),
    "pipeline_dealcontact": ({"deal": ("deal_id",)}, "contact_id"),
    "pipeline_dealchange": ({"deal": ("deal_id",)}, "field before after"),
    "pipeline_step": ({"deal": ("deal_id",)}, "done_at"),
    "accounts_user": ({"rep": ("id",)}, "team_id"),
}
# Whatever changes here changes every figure. It happens rarely and one row at a time.
BASES = {
    "accounts_organisation": "zone lookback_days currency",
    "accounts_workingcalendar": "hours zone",
    "accounts_calendarday": "calendar_id day hours",
    "accounts_team": "calendar_id",
}
# Rows that nothing can hang on yet when they are inserted.
WITHOUT_INSERT = {"pipeline_contact", "pipeline_company", "pipeline_campaign", "accounts_user", *BASES} - {
    "accounts_calendarday"
}

FUNCTION = """
CREATE FUNCTION reports_mark_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
{insert}
  ELSIF TG_OP = 'DELETE' THEN
{delete}
  ELSE
{update}
  END IF;
  RETURN NULL;
END $$;
"""
# Runs of neighbours, cut at each 10,000 so that one mark is never more than a moment's work.
RUNS = """    INSERT INTO reports_dirtykey (kind, low, high)
    SELECT kind, min(key), max(key) FROM (
      SELECT kind, key, key - row_number() OVER (PARTITION BY kind ORDER BY key) AS run FROM ({keys}) AS keys
    ) AS runs GROUP BY kind, run, key / 10000;"""
EVERYTHING = """    INSERT INTO reports_dirtykey (kind, low, high) SELECT 'everything', 0, 0 FROM ({rows}) AS rows HAVING count(*) > 0;"""
CHANGED = "((SELECT {columns} FROM old_rows EXCEPT SELECT {columns} FROM new_rows) UNION ALL (SELECT {columns} FROM new_rows EXCEPT SELECT {columns} FROM old_rows)) AS changed"
TRIGGERS = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}


def _keys(kinds, rows):
    return " UNION ".join(
        f"SELECT '{kind}'::varchar AS kind, {column}::bigint AS key FROM {rows} WHERE {column} IS NOT NULL"
        for kind, columns in kinds.items()
        for column in columns
    )


def _function(table, kinds, watched):
    names = [name for columns in kinds.values() for name in columns]
    plain = [name.removeprefix("coalesce(").removesuffix(", 0)") for name in names]
    columns = ", ".join(dict.fromkeys([*plain, *watched.split()]))
    return FUNCTION.format(
        table=table,
        insert=RUNS.format(keys=_keys(kinds, "new_rows")),
        delete=RUNS.format(keys=_keys(kinds, "old_rows")),
        update=RUNS.format(keys=_keys(kinds, CHANGED.format(columns=columns))),
    )


def _base_function(table, watched):
    columns = ", ".join(["id", *watched.split()])
    return FUNCTION.format(
        table=table,
        insert=EVERYTHING.format(rows="SELECT 1 FROM new_rows"),
        delete=EVERYTHING.format(rows="SELECT 1 FROM old_rows"),
        update=EVERYTHING.format(rows=f"SELECT 1 FROM {CHANGED.format(columns=columns)}"),
    )


def _triggers(table):
    return "".join(
        f"CREATE TRIGGER reports_mark_{event} AFTER {event.upper()} ON {table} REFERENCING {rows} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_{table}();\n"
        for event, rows in TRIGGERS.items()
        if not (event == "insert" and table in WITHOUT_INSERT)
    )


def _removal(table):
    return "".join(f"DROP TRIGGER IF EXISTS reports_mark_{event} ON {table};\n" for event in TRIGGERS) + (
        f"DROP FUNCTION IF EXISTS reports_mark_{table}();\n"
    )


def _operations():
    for table, (kinds, watched) in SOURCES.items():
        yield migrations.RunSQL(_function(table, kinds, watched) + _triggers(table), _removal(table))
    for table, watched in BASES.items():
        yield migrations.RunSQL(_base_function(table, watched) + _triggers(table), _removal(table))


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_derived_tables"),
        ("leads", "0003_unbroken_history"),
        ("pipeline", "0002_journals"),
    ]

    operations = list(_operations())
