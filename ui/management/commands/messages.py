"""`manage.py messages`: bring the catalogues in step with the sources, check them, compile them."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ui import catalogues


class Command(BaseCommand):
    help = "Extract texts into locale/*.po and compile them; --check only says what is missing."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 if anything is missing"
        )
        parser.add_argument("--compile", action="store_true", help="only write .mo files from .po files")

    def handle(self, *args, check=False, compile=False, **options):
        if check:
            self._check()
        elif compile:
            catalogues.compile_all(settings.BASE_DIR)
        else:
            for language, missing in catalogues.update(settings.BASE_DIR).items():
                self.stdout.write(f"{language}: {missing} untranslated")

    def _check(self):
        found = catalogues.problems(settings.BASE_DIR)
        for sentence in found:
            self.stdout.write(sentence)
        if found:
            raise CommandError(f"{len(found)} problems in the catalogues")
