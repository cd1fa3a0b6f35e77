"""What the triggers that keep history ask for each row, in functions that never fail inside.

Those of pgtrigger and pghistory read settings that a session mostly lacks: they fail and recover for each row, and each
time PostgreSQL looks through every foreign key that is still to be checked. A bulk change becomes quadratic by it.
"""

from django.db import connections

IS_IGNORED = """
CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN coalesce(trigger_name = ANY (nullif(current_setting('pgtrigger.ignore', true), '')::text[]), false);
END $$
"""
# A row of pghistory_context: what a request, or whoever set these settings, told of itself. Nobody told anything: NULL.
CONTEXT = """
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS pghistory_context.id%TYPE LANGUAGE plpgsql AS $$
DECLARE
  told_id uuid := nullif(current_setting('pghistory.context_id', true), '');
  told jsonb := nullif(current_setting('pghistory.context_metadata', true), '');
BEGIN
  IF told_id IS NULL OR told IS NULL THEN
    RETURN NULL;
  END IF;
  INSERT INTO pghistory_context (id, metadata, created_at, updated_at) VALUES (told_id, told, now(), now())
  ON CONFLICT (id) DO UPDATE SET metadata = EXCLUDED.metadata, updated_at = EXCLUDED.updated_at
    WHERE pghistory_context.metadata <> EXCLUDED.metadata;
  RETURN told_id;
END $$
"""


def ensure(using="default"):
    """Put these functions in the place of the packages' own. After every migrate, which may have brought those back."""
    with connections[using].cursor() as cursor:
        cursor.execute(IS_IGNORED)
        cursor.execute(CONTEXT)
