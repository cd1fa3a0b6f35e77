"""Statement triggers that mark what a change touches, so that the rollups know what to work out again.

One function and three triggers for each source table. A statement's keys are gathered, runs of neighbours become one
mark, and the marks are appended: no unique key, no lock, nothing to wait for. Updates mark only when a watched column
differs, by EXCEPT rather than a join, because a cached plan of a join over transition tables may turn quadratic.

This is the form that the first twenty-nine migrations left them in, for the squashed one.
"""

from django.db import migrations

from engine.journals import ProtectJournal

# table: ({kind: key columns}, watched columns of an update)
SOURCES = {
    "leads_lead": (
        {"lead": ("id",), "deal": ("deal_id",)},
        "contact_id deal_id stage seq campaign_id channel segment_id region_id captured_at mql_at ready_at sql_at deal_at won_at "
        "ended_at history is_test merged_into_id disqualified_because owner_id grade",
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
    "pipeline_deal": (
        {"deal": ("id",), "company": ("company_id",)},
        "kind product_id amount base_amount cost opened_at signed_on closed_at outcome stage_id owner_id category expected_close",
    ),
    "pipeline_dealcontact": ({"deal": ("deal_id",)}, "contact_id"),
    "pipeline_dealchange": ({"deal": ("deal_id",)}, "field before after"),
    "pipeline_step": ({"deal": ("deal_id",)}, "done_at"),
    "accounts_user": ({"rep": ("id",)}, "team_id"),
}
# Whatever changes here changes every figure. It happens rarely and one row at a time.
BASES = {
    "accounts_workingcalendar": "hours zone",
    "accounts_calendarday": "calendar_id day hours",
    "accounts_team": "calendar_id",
}
# Rows that nothing can hang on yet when they are inserted.
WITHOUT_INSERT = {
    "pipeline_contact", "pipeline_company", "pipeline_campaign", "accounts_user", "accounts_organisation",
    "accounts_workingcalendar", "accounts_team",
}  # fmt: skip

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
# Many costs of one campaign are one mark, and costs of no campaign are marked as 0.
SPEND = """
CREATE FUNCTION reports_mark_pipeline_spend() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO reports_dirtykey (kind, low, high)
    SELECT kind, min(key), max(key) FROM (
      SELECT kind, key, key - row_number() OVER (PARTITION BY kind ORDER BY key) AS run
      FROM (SELECT DISTINCT kind, key FROM (SELECT 'spend'::varchar AS kind, coalesce(campaign_id, 0)::bigint AS key FROM new_rows) AS keys) AS once
    ) AS runs GROUP BY kind, run, key / 10000;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO reports_dirtykey (kind, low, high)
    SELECT kind, min(key), max(key) FROM (
      SELECT kind, key, key - row_number() OVER (PARTITION BY kind ORDER BY key) AS run
      FROM (SELECT DISTINCT kind, key FROM (SELECT 'spend'::varchar AS kind, coalesce(campaign_id, 0)::bigint AS key FROM old_rows) AS keys) AS once
    ) AS runs GROUP BY kind, run, key / 10000;
  ELSE
    INSERT INTO reports_dirtykey (kind, low, high)
    SELECT kind, min(key), max(key) FROM (
      SELECT kind, key, key - row_number() OVER (PARTITION BY kind ORDER BY key) AS run
      FROM (SELECT DISTINCT kind, key FROM (SELECT 'spend'::varchar AS kind, coalesce(campaign_id, 0)::bigint AS key FROM (
      (SELECT campaign_id, kind, month, base_amount, amount, impressions, clicks, reported_leads, reported_orders, reported_revenue FROM old_rows EXCEPT SELECT campaign_id, kind, month, base_amount, amount, impressions, clicks, reported_leads, reported_orders, reported_revenue FROM new_rows)
      UNION ALL
      (SELECT campaign_id, kind, month, base_amount, amount, impressions, clicks, reported_leads, reported_orders, reported_revenue FROM new_rows EXCEPT SELECT campaign_id, kind, month, base_amount, amount, impressions, clicks, reported_leads, reported_orders, reported_revenue FROM old_rows)
    ) AS changed) AS keys) AS once
    ) AS runs GROUP BY kind, run, key / 10000;
  END IF;
  RETURN NULL;
END $$;
"""
# The one organisation is never inserted after the start.
ORGANISATION = """
CREATE FUNCTION reports_mark_accounts_organisation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO reports_dirtykey (kind, low, high)
    SELECT 'everything', 0, 0 FROM old_rows HAVING count(*) > 0;
  ELSE
    INSERT INTO reports_dirtykey (kind, low, high) SELECT 'everything', 0, 0 FROM (
      (SELECT id, zone, lookback_days, currency, half_life_days FROM old_rows EXCEPT SELECT id, zone, lookback_days, currency, half_life_days FROM new_rows)
      UNION ALL
      (SELECT id, zone, lookback_days, currency, half_life_days FROM new_rows EXCEPT SELECT id, zone, lookback_days, currency, half_life_days FROM old_rows)
    ) AS changed HAVING count(*) > 0;
  END IF;
  RETURN NULL;
END $$;
"""
# A stage with another probability or category marks its deals, in pieces of a moment's work.
STAGES = """
CREATE FUNCTION reports_mark_pipeline_dealstage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO reports_dirtykey (kind, low, high)
  SELECT 'deal', piece * 10000, piece * 10000 + 9999 FROM (
    SELECT DISTINCT d.id / 10000 AS piece
    FROM (SELECT id, category, probability FROM new_rows EXCEPT SELECT id, category, probability FROM old_rows) AS changed
    JOIN pipeline_deal d ON d.stage_id = changed.id
  ) AS pieces;
  RETURN NULL;
END $$;
CREATE TRIGGER reports_mark_update AFTER UPDATE ON pipeline_dealstage REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_pipeline_dealstage();
"""
NO_STAGES = """
DROP TRIGGER IF EXISTS reports_mark_update ON pipeline_dealstage;
DROP FUNCTION IF EXISTS reports_mark_pipeline_dealstage();
"""
# The track of a campaign is in every figure of influence.
TRACKS = """
CREATE FUNCTION reports_mark_campaign_track() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO reports_dirtykey (kind, low, high) SELECT 'everything', 0, 0
  FROM (SELECT id, track FROM new_rows EXCEPT SELECT id, track FROM old_rows) AS changed HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE TRIGGER reports_mark_track AFTER UPDATE ON pipeline_campaign REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_campaign_track();
"""
NO_TRACKS = """
DROP TRIGGER IF EXISTS reports_mark_track ON pipeline_campaign;
DROP FUNCTION IF EXISTS reports_mark_campaign_track();
"""
# A campaign that somebody else runs may belong to another team from now on.
RUN = """
CREATE FUNCTION reports_mark_campaign_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO reports_dirtykey (kind, low, high) SELECT DISTINCT 'run', id, id
  FROM (SELECT id, owner_id FROM new_rows EXCEPT SELECT id, owner_id FROM old_rows) AS changed;
  RETURN NULL;
END $$;
CREATE TRIGGER reports_mark_run AFTER UPDATE ON pipeline_campaign REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_campaign_run();
"""
NO_RUN = """
DROP TRIGGER IF EXISTS reports_mark_run ON pipeline_campaign;
DROP FUNCTION IF EXISTS reports_mark_campaign_run();
"""
# A decision of both heads that a return does not count marks its lead.
DISPUTE = """
CREATE FUNCTION reports_mark_leads_dispute() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO reports_dirtykey (kind, low, high)
  SELECT DISTINCT 'lead', h.lead_id, h.lead_id FROM new_rows JOIN leads_handoff h ON h.id = new_rows.handoff_id
  WHERE new_rows.counts IS NOT NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER reports_mark_insert AFTER INSERT ON leads_dispute REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_leads_dispute();
CREATE TRIGGER reports_mark_update AFTER UPDATE ON leads_dispute REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_leads_dispute();
"""
NO_DISPUTE = """
DROP TRIGGER reports_mark_insert ON leads_dispute;
DROP TRIGGER reports_mark_update ON leads_dispute;
DROP FUNCTION reports_mark_leads_dispute();
"""
JOURNALS = ("frozenmonth", "frozenitem", "frozencell", "monthcomment", "forecastcall")


def _keys(kinds, rows):
    return " UNION ".join(
        f"SELECT '{kind}'::varchar AS kind, {column}::bigint AS key FROM {rows} WHERE {column} IS NOT NULL"
        for kind, columns in kinds.items()
        for column in columns
    )


def _function(table, kinds, watched):
    names = [name for columns in kinds.values() for name in columns]
    columns = ", ".join(dict.fromkeys([*names, *watched.split()]))
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
    for table, function in (("pipeline_spend", SPEND), ("accounts_organisation", ORGANISATION)):
        yield migrations.RunSQL(function + _triggers(table), _removal(table))


OPERATIONS = [
    *(ProtectJournal(f"reports_{journal}") for journal in JOURNALS),
    *_operations(),
    migrations.RunSQL(STAGES, NO_STAGES),
    migrations.RunSQL(TRACKS, NO_TRACKS),
    migrations.RunSQL(RUN, NO_RUN),
    migrations.RunSQL(DISPUTE, NO_DISPUTE),
]
