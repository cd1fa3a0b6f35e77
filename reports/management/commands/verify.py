"""manage.py verify: hold everything that is derived against its source."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from leads import scoring
from reports import rollups
from reports.verify import verify


class Command(BaseCommand):
    help = "Work out scores, history, counters, credits and rollups again and name every difference; exit 1 if any."

    def handle(self, *args, **options):
        """Do what is due, then look at one snapshot."""
        at = timezone.now()
        while scoring.score_due(at=at):
            pass
        rollups.roll_all()
        report = verify(roll=True)
        for name, found in report.found.items():
            self.stdout.write(f"{name}: differences: {len(found)}")
            for difference in found:
                self.stdout.write(f"  {difference}")
        if report.pending:
            self.stdout.write(
                f"Marks of changes made meanwhile, worked off in the snapshot: {report.pending}."
            )
        if not report.clean:
            raise SystemExit(1)
        self.stdout.write(self.style.SUCCESS("Everything agrees with its source."))
