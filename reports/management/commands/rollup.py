"""manage.py rollup: work off what is marked, or count everything again."""

from django.core.management.base import BaseCommand

from reports import rollups
from reports.attribution import learning


class Command(BaseCommand):
    help = "Bring the rollups up to date."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="count everything anew from the source")

        parser.add_argument(
            "--learn",
            action="store_true",
            help="learn the Markov model of attribution from all closed deals first",
        )

    def handle(self, *args, **options):
        if options["learn"]:
            self.stdout.write(
                f"Channels whose weights were learned: {learning.learn()}; 0: nothing has changed."
            )
        if options["all"]:
            passes, deals = rollups.rebuild()
            self.stdout.write(f"Counted from the source: passes {passes}, deals {deals}.")
        else:
            self.stdout.write(f"Marks worked off: {rollups.roll_all()}.")
