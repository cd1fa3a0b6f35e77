"""Route what is due now, or say who would get what."""

from collections import Counter
from datetime import date, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import organisation
from accounts.models import User
from leads import assignment

LAST = date(2099, 12, 31)


class Command(BaseCommand):
    """`manage.py assign [--dry-run [--on DATE]] [--limit N]`."""

    help = "Offers ready leads to reps. With --dry-run, only says who would get which."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="change nothing, say who would get what")
        parser.add_argument(
            "--on", type=date.fromisoformat, help="with --dry-run: by the structure planned for that day"
        )
        parser.add_argument("--limit", type=int, default=1000, help="leads a batch (default 1000)")

    def handle(self, *, dry_run, on, limit, **options):
        if on and not dry_run:
            raise CommandError("--on says what would be: use it with --dry-run.")
        if on and not organisation.today(timezone.now()) <= on <= LAST:
            raise CommandError(f"--on takes a day from today to {LAST}: {on} is none.")
        if dry_run:
            self._say(
                assignment.foretold(limit, _midday(on))
                if on
                else assignment.simulate_due(limit, timezone.now())
            )
            return
        total = 0
        while done := assignment.assign_due(limit):
            total += done
            self.stderr.write(f"{total} …", ending="\r")
        self.stdout.write(f"Leads routed: {total}.")

    def _say(self, placed):
        names = dict(User.objects.filter(rep__isnull=False).values_list("pk", "full_name"))
        for one in placed:
            whither = names.get(one.rep_id, one.rep_id) if one.rep_id else one.fate
            self.stdout.write(f"{one.lead_id}\t{whither}\t{one.kind}\t{one.because}")
        shares = Counter(names.get(one.rep_id, one.rep_id) for one in placed if one.rep_id)
        for name, count in shares.most_common():
            self.stdout.write(f"{name}: {count}")
        self.stdout.write(
            f"Leads that would be offered: {sum(shares.values())} of {len(placed)}; reps: {len(shares)}."
        )
        if waiting := sum(one.fate == "wait" for one in placed):
            self.stdout.write(f"Waiting on for a rep who is free: {waiting}.")


def _midday(day):
    """When the house is at work."""
    return organisation.midnight(day) + timedelta(hours=12)
