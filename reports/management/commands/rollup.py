"""manage.py rollup: work off what is marked, or count everything again."""

from django.core.management.base import BaseCommand

from reports import rollups
from reports.attribution import learning


class Command(BaseCommand):
    help = "Bring the rollups up to date."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="forget what was counted and count everything")

        parser.add_argument(
            "--learn",
            action="store_true",
            help="learn the Markov model of attribution from all closed deals first",
        )

    def handle(self, *args, **options):
        if options["learn"]:
            self.stdout.write(f"Learned the weights of {learning.learn()} channels; 0: nothing has changed.")
        if options["all"]:
            passes, deals = rollups.rebuild()
            self.stdout.write(f"Counted {passes} passes and {deals} deals from the source.")
        else:
            self.stdout.write(f"Worked off {rollups.roll_all()} marks.")
