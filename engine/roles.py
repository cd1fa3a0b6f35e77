"""What the runtime role may do: work with every row, change no table, and only ever add to journals."""

from django.apps import apps
from django.conf import settings
from django.db import connections


def grant_runtime(using="default", **signal):
    """Give settings.RUNTIME_ROLE its rights on every table. Does nothing where that role does not exist.

    Connected to post_migrate for the engine, so it runs once after each migrate, as the owner.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> session_user", [settings.RUNTIME_ROLE]
        )
        if cursor.fetchone() is None:
            return
        role = connection.ops.quote_name(settings.RUNTIME_ROLE)
        cursor.execute("SELECT quote_ident(current_schema())")
        schema = cursor.fetchone()[0]
        cursor.execute(
            f"GRANT USAGE ON SCHEMA {schema} TO {role};"
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role};"
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role};"
        )
        kept = ", ".join([*map(connection.ops.quote_name, journals(connection)), "django_migrations"])
        cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {kept} FROM {role}")


def journals(connection):
    """The tables of the models that call themselves journals, as far as they exist."""
    tables = set(connection.introspection.table_names())
    return sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "journal", False) and model._meta.db_table in tables
    )


def is_owner(using="owner"):
    """Whether the connection has the rights of the owner of the tables, who alone may change journals."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'engine_jobrun'::regclass"
        )
        return cursor.fetchone()[0]
