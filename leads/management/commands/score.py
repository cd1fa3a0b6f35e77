"""Score what is due, or everything anew, or the heat of everything."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from leads import scoring


class Command(BaseCommand):
    """`manage.py score [--all | --heat]`."""

    help = "Scores the leads that were touched since they were scored; leads that meet the agreement become MQLs."

    def add_arguments(self, parser):
        anew = parser.add_mutually_exclusive_group()
        anew.add_argument(
            "--all", action="store_true", help="score every lead anew, from its facts and all of its touches"
        )
        anew.add_argument(
            "--heat",
            action="store_true",
            help="work every lead's heat out anew from all of its touches, and keep its fit",
        )

    def handle(self, *, all, heat, **options):
        if all or heat:
            total = 0
            for total, count in scoring.rescore_all(timezone.now(), fit=all):
                self._progress(f"{total} of {count} …")
            self.stdout.write(f"Leads scored anew: {total}.")
        self.stdout.write(f"Due leads scored: {self._due()}.")

    def _due(self):
        total = 0
        while done := scoring.score_due():
            total += done
            self._progress(f"{total} …")
        return total

    def _progress(self, text):
        if self.stderr.isatty():
            self.stderr.write(text, ending="\r")
