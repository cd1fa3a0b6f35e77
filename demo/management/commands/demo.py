"""`manage.py demo`: make an invented firm to try everything with, and take it away again."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import invitations
from demo import logins, removal
from demo.making import NotHere, make
from demo.world import LANGUAGES


class Command(BaseCommand):
    help = "Make the demo: a firm with 18 months of campaigns, leads and deals. --remove takes it away, and only it."

    def add_arguments(self, parser):
        """The language, the seed and what to do."""
        parser.add_argument("--language", choices=LANGUAGES, default="en")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--small", action="store_true", help="a twentieth of it")
        parser.add_argument("--beside", action="store_true", help="next to real data")
        parser.add_argument("--remove", action="store_true", help="take the demo away")

    def handle(self, *args, language, seed, small, beside, remove, **options):
        """Make or remove."""
        if remove:
            taken = removal.remove()
            self.stdout.write(f"Rows of the demo removed: {taken}" if taken else "There is no demo here.")
            if link := invitations.first_admin_link():
                self.stdout.write(f"Nobody can sign in now. Make the first administrator here: {link}")
            return
        try:
            counts = make(language=language, seed=seed, at=timezone.now(), small=small, beside=beside)
        except NotHere as error:
            raise CommandError(error) from error
        self.stdout.write(f"Rows written: {sum(counts.values())}")
        for line in logins.greeting():
            self.stdout.write(line)
