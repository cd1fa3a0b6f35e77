"""Importing a sample as a test needs it: rolled up, and with the sizes of its tables known."""

from django.db import connection
from django.test import override_settings

from reports.rollups import roll_all
from tests.leads.importing import running


def loading(samples, media):
    """A function that imports a file of the set under a shipped mapping and returns the finished run."""

    def load(name, mapping, **options):
        with override_settings(MEDIA_ROOT=media):
            run = running.load(samples / name, mapping, **options)
        _know_the_sizes()
        roll_all()
        return run

    return load


def _know_the_sizes():
    """ANALYZE, as autovacuum would after a commit; nothing is committed here."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; ANALYZE; SET ROLE tandem_app")
