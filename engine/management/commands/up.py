"""`manage.py up` as `manage.py help` lists it; manage.py itself starts the launcher before Django is loaded."""

import sys

from django.core.management.base import BaseCommand

from engine.launcher.main import main


class Command(BaseCommand):
    help = "Run the whole system on this machine: database, broker, web, worker, beat and sweeper."
    requires_system_checks = ()

    def handle(self, *args, **options):
        """Run it when called from code."""
        sys.exit(main([]))
