"""Bringing the database to where the code is, and seeing that it can do what we need."""

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections

from engine.health import pending


def migrate_pending(using="owner"):
    """Migrate when something is pending, as the owner. Returns how many migrations were applied."""
    plan = pending(connections[using])
    if plan:
        call_command("migrate", database=using, interactive=False, verbosity=1)
    return len(plan)


def check_letters(using="default"):
    """Raise CommandError where trigrams are blind to Chinese or Russian: search would find nothing."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone() is None:
            return
        cursor.execute("SELECT show_trgm('测试') <> '{}' AND show_trgm('Ромашка') <> '{}'")
        if not cursor.fetchone()[0]:
            raise CommandError(
                "This database was made with a character type (LC_CTYPE) that knows only English letters, so search "
                "would find no Chinese or Russian word. Create it with LC_CTYPE C.UTF-8, or any other UTF-8 locale."
            )
