"""`manage.py sweep`: do what is due, for ever or once."""

import signal

from django.core.management.base import BaseCommand

from engine.sweeping import Sweeper


class Command(BaseCommand):
    help = "Look for due work and do it, without a broker. Ctrl-C or SIGTERM ends it after the current batch."

    def add_arguments(self, parser):
        """--once: until nothing is due."""
        parser.add_argument("--once", action="store_true", help="end as soon as nothing is due")

    def handle(self, *args, once, **options):
        """Run the sweeper."""
        sweeper = Sweeper()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, sweeper.stop)
        if once:
            while sweeper.round() and sweeper.stopping.empty():
                pass
        else:
            self.stdout.write("sweeping")
            sweeper.run()
