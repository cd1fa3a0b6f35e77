"""`manage.py prepare`: what has to be done between the servers and the web, in one process because each costs a start."""

import gc
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from django.utils.module_loading import import_string

from engine import jobs, readiness, staticfiles
from engine.models import JobRun

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class Command(BaseCommand):
    help = "Migrate, collect static files and, at the first start, make the demo (DEMO=en, zh, ru or none)."

    def add_arguments(self, parser):
        """For containers, whose static files are part of the image and whose terminal is the log."""
        parser.add_argument("--no-static", action="store_true", help="leave the static files alone")
        parser.add_argument("--greet", action="store_true", help="print the greeting")

    def handle(self, *args, no_static, greet, **options):
        """Each step does nothing when there is nothing to do."""
        # The models of migrations and the demo are many, and most of them stay.
        gc.set_threshold(100_000, 50, 50)
        for one in connections.all():
            _wait_for_no_disk(one)
        readiness.migrate_pending()
        readiness.check_letters()
        collected = "" if no_static else staticfiles.collect_changed()
        self._demo()
        lines = self._greeting()
        if greet:
            self.stdout.write("\n".join(lines))
        (settings.DATA_DIR / "prepared").write_text(collected)

    def _demo(self):
        """Make the demo in an empty house, or again when its first making was cut short."""
        cut_short = JobRun.objects.filter(job="demo", finished_at=None)
        if cut_short.exists():
            call_command("demo", remove=True, stdout=self.stdout)
            cut_short.delete()
        if settings.PRODUCTION or settings.DEMO_LANGUAGE == "none" or get_user_model().objects.exists():
            return
        with jobs.once_per("demo", BEGINNING) as run:
            if run:
                self.stdout.write("making the demo")
                call_command("demo", language=settings.DEMO_LANGUAGE, stdout=self.stdout)

    def _greeting(self):
        """Leave for the launcher what the person is to read once the system serves. Returns the lines."""
        lines = []
        link = import_string(settings.FIRST_ADMIN_LINK)()
        if link:
            lines.append(f"the first administrator makes an account here, once: {link}")
        lines += import_string(settings.DEMO_GREETING)()
        file = settings.DATA_DIR / "greeting.txt"
        file.touch(mode=0o600)
        file.write_text("".join(f"{line}\n" for line in lines))
        return lines


def _wait_for_no_disk(connection):
    """Let hundreds of small commits go without waiting for the disk one by one.

    They still reach it in their order, and whatever a crash of the machine takes is prepared again at the next start.
    """
    options = connection.settings_dict["OPTIONS"]
    connection.settings_dict["OPTIONS"] = {
        **options,
        "options": f"{options['options']} -c synchronous_commit=off",
    }
    connection.close()
