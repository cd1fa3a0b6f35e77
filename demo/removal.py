"""Takes the demo away, and only that: its rows, whatever hangs on them, and its people.

A row hangs on a row of the demo when it cannot be without it: a touch on its contact, a spend on its campaign. What
only mentions one is kept and forgets it. People, teams, regions and products of the demo that real rows still need
stay; such people may no longer sign in.
"""

import pgtrigger
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import connection, models

from accounts import organisation
from accounts.models import Organisation, User, WorkingCalendar
from demo.models import Demo, DemoRange
from engine.journals import erasing
from leads.models import AssignmentRun, Handoff, Lead
from pipeline import search_sql
from pipeline.models import Deal, Product, Spend, Step
from reports import rollups
from reports.attribution import learning

GONE = """
CREATE TEMP TABLE demo_gone ("table" text NOT NULL, id bigint NOT NULL, PRIMARY KEY ("table", id)) ON COMMIT DROP;
INSERT INTO demo_gone
  SELECT r."table", n.id FROM demo_demorange r, LATERAL generate_series(r.low, r.high) AS n (id);
"""
HANGS = """
INSERT INTO demo_gone
  SELECT %s, c."{key}" FROM "{child}" c JOIN demo_gone g ON g."table" = %s AND g.id = c."{column}"
  ON CONFLICT DO NOTHING
"""
# Rows of {parent} that only rows that go have pointed to: a routing run whose offers go, a deal opened for a lead.
ORPHANED = """
INSERT INTO demo_gone
  SELECT DISTINCT %s, c."{column}" FROM "{child}" c JOIN demo_gone g ON g."table" = %s AND g.id = c.id
  WHERE c."{column}" IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM "{child}" other WHERE other."{column}" = c."{column}"
      AND NOT EXISTS (SELECT 1 FROM demo_gone g WHERE g."table" = %s AND g.id = other.id))
  ON CONFLICT DO NOTHING
"""
NEEDED = """
DELETE FROM demo_gone g WHERE g."table" = %s AND EXISTS (
  SELECT 1 FROM "{child}" c WHERE c."{column}" = g.id {survivor})
"""
SURVIVOR = """AND NOT EXISTS (SELECT 1 FROM demo_gone o WHERE o."table" = '{child}' AND o.id = c."{key}")"""
FORGET = """
UPDATE "{child}" c SET "{column}" = NULL FROM demo_gone g
WHERE g."table" = %s AND g.id = c."{column}"
  AND NOT EXISTS (SELECT 1 FROM demo_gone o WHERE o."table" = %s AND o.id = c."{key}")
"""
# Marks name a record without pointing to it.
MARKS_GONE = """
DELETE FROM leads_duplicatemark m USING demo_gone g
WHERE g.id = m.record_id AND g."table" = 'pipeline_' || m.kind
"""
CAME_BY_GONE = """
DELETE FROM leads_cameby c USING demo_gone g WHERE g.id = c.touch_id AND g."table" = 'leads_touch'
"""
NUMBERS_GONE = """
DELETE FROM leads_numbermark m USING demo_gone g WHERE g.id = m.contact_id AND g."table" = 'pipeline_contact'
"""
PAIRS_GONE = """
DELETE FROM leads_duplicate d USING demo_gone g WHERE g."table" = 'pipeline_' || d.kind AND g.id IN (d.low_id, d.high_id)
"""
ORPHANS = ((AssignmentRun, Handoff, "run"), (Deal, Lead, "deal"))
# A closed month holds what goes: its figures were the demo's.
CLOSES_GONE = """
INSERT INTO demo_gone SELECT DISTINCT 'pipeline_monthclose', i.close_id FROM reports_frozenitem i JOIN demo_gone g ON g.id = i.item
  AND g."table" = CASE WHEN i.measure IN ('won', 'cancelled', 'lost', 'created', 'credit') THEN 'pipeline_deal'
    WHEN i.measure IN ('planned', 'committed', 'paid') THEN 'pipeline_spend' ELSE 'leads_lead' END
"""
# So does a merge that made one record of two of them: it names both, and points to neither.
MERGES_GONE = """
INSERT INTO demo_gone SELECT 'leads_merge', m.id FROM leads_merge m JOIN demo_gone g
  ON g.id = m.survivor_id AND g."table" = 'pipeline_' || m.kind
"""
# What people have put in force since is theirs: a draft that both heads signed, a scorecard that was published.
IN_USE = """
DELETE FROM demo_gone g WHERE g."table" = 'leads_agreement'
  AND (SELECT count(*) FROM leads_agreementsignature s WHERE s.agreement_id = g.id) > 1;
DELETE FROM demo_gone g WHERE g."table" = 'leads_scoremodel'
  AND EXISTS (SELECT FROM leads_scoremodel m WHERE m.id = g.id AND (m.in_force OR m.publishing OR m.published_at IS NOT NULL))
"""
APART = {"demo"}  # our own book-keeping
# Forecasts of the demo's people go, and what the machine kept of deals that are gone.
FORECASTS_GONE = """
WITH gone AS (
  DELETE FROM reports_forecastcall c WHERE c.by_id IS NULL OR EXISTS (
    SELECT 1 FROM demo_gone g WHERE g.id IN (c.by_id, c.rep_id) AND g."table" = 'accounts_user') RETURNING c.id
) DELETE FROM reports_forecastitem i USING gone WHERE i.call_id = gone.id
"""
# Who changed what stands in the history by key alone.
CONTEXTS_GONE = """
DELETE FROM pghistory_context c USING demo_gone g WHERE g."table" = 'accounts_user' AND c.metadata ->> 'user' = g.id::text
"""
# Plans as launched are kept whatever becomes of their campaigns.
LAUNCHES_GONE = """
DELETE FROM reports_launchplan l USING demo_gone g WHERE g.id = l.campaign_id AND g."table" = 'pipeline_campaign'
"""
HANGERS = {(Spend, "campaign"), (Deal, "company"), (Deal, "cancels")}
STAYS_WITH_OWNER = {(Step, "owner")}


def remove():
    """Remove the demo. Returns how many rows went; 0 where there is none."""
    demo = Demo.objects.first()
    if demo is None:
        return 0
    people = demo_people()
    with pgtrigger.ignore(databases=["owner"]), erasing() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        cursor.execute(GONE)
        cursor.execute(IN_USE)
        cursor.execute(CLOSES_GONE)
        cursor.execute(FORECASTS_GONE)
        cursor.execute(MERGES_GONE)
        _spread(cursor)
        _keep_what_is_needed(cursor)
        count = _forget_and_delete(cursor)
        cursor.execute(MARKS_GONE)
        cursor.execute(NUMBERS_GONE)
        cursor.execute(CAME_BY_GONE)
        cursor.execute(PAIRS_GONE)
        cursor.execute(LAUNCHES_GONE)
        cursor.execute(CONTEXTS_GONE)
        cursor.execute(search_sql.FORGET)
        _put_back(demo, people)
    organisation.forget()
    learning.learn()
    rollups.rebuild()
    return count


def demo_people():
    """The keys of the demo's people."""
    ranges = DemoRange.objects.filter(table=User._meta.db_table).values_list("low", "high")
    return [key for low, high in ranges for key in range(low, high + 1)]


# -- what goes -----------------------------------------------------------------------------------------
def pointers():
    """Every (model, foreign key) of the database that matters here."""
    tables = set(connection.introspection.table_names())
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table not in tables or model._meta.proxy or model._meta.app_label in APART:
            continue
        for field in model._meta.concrete_fields:
            # what is worked out afresh points to its source without a constraint
            derived = model._meta.app_label == "reports" and not getattr(field, "db_constraint", True)
            if (field.many_to_one or field.one_to_one) and not derived:
                yield model, field


def is_reference(model):
    """Whether rows of a model are kept when somebody needs them."""
    return model._meta.app_label == "accounts" or model is Product


def hangs(model, field):
    """Whether a row goes with the row that `field` points to."""
    if (model, field.name) in STAYS_WITH_OWNER:
        return False
    if is_event(model):
        return field.name == "pgh_obj"
    cascades = field.remote_field.on_delete is models.CASCADE
    if is_reference(field.related_model):
        return cascades
    return cascades or not field.null or (model, field.name) in HANGERS


def is_event(model):
    """Whether a model keeps the history of another."""
    return any(field.name == "pgh_obj" for field in model._meta.concrete_fields)


def has_number(model):
    """Whether its key is a number in a column of its own."""
    return isinstance(model._meta.pk, (models.AutoField, models.BigAutoField))


def _spread(cursor):
    """Until nothing more hangs on what goes."""
    edges = [(model, field) for model, field in pointers() if hangs(model, field) and has_number(model)]
    while True:
        found = 0
        for model, field in edges:
            child, parent = model._meta.db_table, field.related_model._meta.db_table
            key = model._meta.pk.column
            cursor.execute(HANGS.format(child=child, key=key, column=field.column), [child, parent])
            found += cursor.rowcount
        for parent, child, name in ORPHANS:
            parent, table = parent._meta.db_table, child._meta.db_table
            column = child._meta.get_field(name).column
            cursor.execute(ORPHANED.format(child=table, column=column), [parent, table, table])
            found += cursor.rowcount
        if not found:
            return


def _keep_what_is_needed(cursor):
    """Until everything that a real row needs is kept."""
    edges = [
        (model, field) for model, field in pointers()
        if is_reference(field.related_model) and not is_event(model) and not hangs(model, field)
        and field.remote_field.on_delete is not models.SET_NULL
    ]  # fmt: skip
    kept = 1
    while kept:
        kept = 0
        for model, field in edges:
            child = model._meta.db_table
            statement = NEEDED.format(child=child, column=field.column, survivor=_survivor(model))
            cursor.execute(statement, [field.related_model._meta.db_table])
            kept += cursor.rowcount


def _survivor(model):
    """A condition on rows of a model: they stay. Rows without a number stay when all stays that they hang on."""
    if has_number(model):
        return SURVIVOR.format(child=model._meta.db_table, key=model._meta.pk.column)
    return " ".join(
        f"""AND NOT EXISTS (SELECT 1 FROM demo_gone o
            WHERE o."table" = '{field.related_model._meta.db_table}' AND o.id = c."{field.column}")"""
        for other, field in pointers()
        if other is model and hangs(model, field)
    )


# -- its going -----------------------------------------------------------------------------------------
def _forget_and_delete(cursor):
    """Constraints look only at the end of the transaction, so the order does not matter."""
    cursor.execute("SET CONSTRAINTS ALL DEFERRED; ANALYZE demo_gone")
    count = 0
    for model, field in pointers():
        child, parent = model._meta.db_table, field.related_model._meta.db_table
        if hangs(model, field) and not has_number(model):
            cursor.execute(_delete(child, field.column), [parent])
            count += cursor.rowcount
        elif field.null and has_number(model) and not is_event(model):
            key = model._meta.pk.column
            cursor.execute(FORGET.format(child=child, key=key, column=field.column), [parent, child])
    keys = {model._meta.db_table: model._meta.pk.column for model, _ in pointers()}
    cursor.execute("""SELECT DISTINCT "table" FROM demo_gone""")
    for (table,) in cursor.fetchall():
        cursor.execute(_delete(table, keys.get(table, "id")), [table])
        count += cursor.rowcount
    return count


def _delete(table, column):
    return f"""DELETE FROM "{table}" c USING demo_gone g WHERE g."table" = %s AND g.id = c."{column}" """


def _put_back(demo, people):
    """The organisation as it was; people who had to stay are shut out."""
    ours = dict(demo.before)
    if zone := ours.pop("office_zone", None):
        first = WorkingCalendar.objects.using("owner").order_by("pk")[:1]
        WorkingCalendar.objects.using("owner").filter(pk__in=first.values("pk")).update(zone=zone)
    Organisation.objects.using("owner").update(**ours)
    User.objects.using("owner").filter(pk__in=people).update(is_active=False, password=make_password(None))
    Demo.objects.using("owner").all().delete()
