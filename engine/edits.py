"""Who edited which value of a record that keeps no history of its own: told by the tables, into Django's own log of edits.

A migration says so with `TellEdits("table")`. Whatever way a person writes (a page, the API, the back door, one row or
many) adds an entry with who, when and which columns, never the values; what machines write by themselves adds none.
"""

from django.conf import settings
from django.db import migrations

USER = settings.AUTH_USER_MODEL.replace(".", "_").lower()
# Arguments: the columns that machines keep in a row of people.
EDITED = """
CREATE OR REPLACE FUNCTION engine_edited() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE edited jsonb;
BEGIN
  SELECT jsonb_agg(n.key ORDER BY n.key) INTO edited
  FROM jsonb_each(to_jsonb(NEW)) n JOIN jsonb_each(to_jsonb(OLD)) o USING (key)
  WHERE n.value IS DISTINCT FROM o.value AND n.key <> ALL (coalesce(TG_ARGV, '{}'));
  IF edited IS NOT NULL THEN
    PERFORM engine_log_edit(TG_TABLE_NAME, NEW.id, edited);
  END IF;
  RETURN NULL;
END $$;
"""
LOG = f"""
CREATE OR REPLACE FUNCTION engine_log_edit(edited text, record bigint, fields jsonb) RETURNS void LANGUAGE sql AS $$
  INSERT INTO django_admin_log
    (action_time, user_id, content_type_id, object_id, object_repr, action_flag, change_message)
  SELECT now(), u.id, t.id, record, edited || ' ' || record, 2,
    jsonb_build_array(jsonb_build_object('changed', jsonb_build_object('fields', fields)))
  FROM {USER} u, django_content_type t
  WHERE u.id = (current_setting('pghistory.context_metadata')::jsonb ->> 'user')::bigint
    AND t.app_label || '_' || t.model = edited
$$;
"""
# Arguments: the table of the record, the column that points to it, the name of the field.
CHOSEN = """
CREATE OR REPLACE FUNCTION engine_chosen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF nullif(current_setting('pghistory.context_metadata', true), '') IS NOT NULL THEN
    PERFORM engine_log_edit(TG_ARGV[0], one.id, jsonb_build_array(TG_ARGV[2]))
    FROM (SELECT DISTINCT (to_jsonb(c) ->> TG_ARGV[1])::bigint AS id FROM changed c) one;
  END IF;
  RETURN NULL;
END $$;
"""
TRIGGER = """
CREATE TRIGGER edited AFTER UPDATE ON "{table}" FOR EACH ROW
  WHEN (nullif(current_setting('pghistory.context_metadata', true), '') IS NOT NULL AND OLD.* IS DISTINCT FROM NEW.*)
  EXECUTE FUNCTION engine_edited({arguments});
"""
TRIGGERS = """
CREATE TRIGGER chosen AFTER INSERT ON "{table}" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION engine_chosen({arguments});
CREATE TRIGGER unchosen AFTER DELETE ON "{table}" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION engine_chosen({arguments});
"""


class TellEdits(migrations.RunSQL):
    """A migration operation: from now on the table tells who edits its rows; of the columns `but` machines write alone."""

    def __init__(self, table, but=()):
        self.table, self.but = table, but
        trigger = TRIGGER.format(table=table, arguments=_texts(but))
        super().__init__(LOG + EDITED + trigger, f'DROP TRIGGER edited ON "{table}"')

    def deconstruct(self):
        """As it stands in a migration file."""
        return self.__class__.__name__, [self.table], {"but": self.but} if self.but else {}

    def describe(self):
        """The line that `migrate --plan` prints."""
        return f"Tell who edits {self.table}"


class TellChoices(migrations.RunSQL):
    """A migration operation: the same for the many-to-many `field` of the `table`, whose `column` in its own is the record's."""

    def __init__(self, table, field, column):
        self.said = [table, field, column]
        own = f"{table}_{field}"
        triggers = TRIGGERS.format(table=own, arguments=_texts((table, column, field)))
        super().__init__(
            LOG + CHOSEN + triggers, f'DROP TRIGGER chosen ON "{own}"; DROP TRIGGER unchosen ON "{own}"'
        )

    def deconstruct(self):
        """As it stands in a migration file."""
        return self.__class__.__name__, self.said, {}

    def describe(self):
        """The line that `migrate --plan` prints."""
        return f"Tell who edits {self.said[1]} of {self.said[0]}"


def _texts(names):
    return ", ".join(f"'{name}'" for name in names)
