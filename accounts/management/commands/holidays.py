"""manage.py holidays --country CN --year 2026: enter a country's holidays and moved working days."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import holidays, organisation
from accounts.models import WorkingCalendar


class Command(BaseCommand):
    help = "Enter the holidays and moved working days of a country into the calendars of that country."

    def add_arguments(self, parser):
        parser.add_argument("--country", help="two letters, such as CN; default: each calendar's own")
        parser.add_argument("--year", type=int, help="default: this year and the next")
        parser.add_argument("--calendar", help="give this calendar the country first")

    def handle(self, *args, country, year, calendar, **options):
        if country and country not in holidays.countries():
            raise CommandError(f"No holidays are known for {country}.")
        if calendar and not WorkingCalendar.objects.filter(name=calendar).update(country=country or ""):
            raise CommandError(f"There is no calendar named {calendar}.")
        calendars = WorkingCalendar.objects.exclude(country="")
        if country:
            calendars = calendars.filter(country=country)
        this_year = organisation.today(timezone.now()).year
        for one in calendars:
            for each in [year] if year else [this_year, this_year + 1]:
                self.stdout.write(f"{one.name} {each}: new special days: {holidays.fill(one, each)}")
        if not calendars:
            self.stdout.write("No calendar has that country: give one with --calendar.")
