"""What every part needs: who is who, today, words, chance, and the book of what was made."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from accounts import organisation
from accounts.models import User
from demo.loading import note
from demo.plan import CAMPAIGNS
from demo.spending import nice
from reports.periods import shifted


class Desk:
    """The firm of the story in the database, as its people would use it on the day `at`."""

    def __init__(self, house, demo, keys, at):
        self.house, self.demo, self.at, self.rng, self.word = house, demo, at, house.rng, house.word
        self.today, self.currency = organisation.today(at), organisation.current().currency
        self.month = self.today.replace(day=1)
        people = User.objects.in_bulk(keys["people"].values())
        self.people = {code: people[pk] for code, pk in keys["people"].items()}
        self.campaigns = {plan.key: keys["campaigns"][n] for n, plan in enumerate(CAMPAIGNS)}
        self.made = []

    @property
    def reps(self):
        """The hunters and farmers who are there."""
        return {
            code: user
            for code, user in self.people.items()
            if code.startswith(("rep", "farmer")) and user.is_active
        }

    def moment(self, day, hour=10):
        """A time of a day in the firm's zone, never after now."""
        local = datetime.combine(day, time(hour, self.rng.randint(0, 50)), organisation.zone())
        return min(local, self.at - timedelta(minutes=5))

    def back(self, months):
        """The first day of the month so many months ago."""
        return shifted(self.month, -months)

    def about(self, amount, low=0.88, high=1.16):
        """Somewhere around an amount, as people plan: two figures that count."""
        return Decimal(nice(max(float(amount), 0.0) * self.rng.uniform(low, high)))

    def keep(self, model, rows):
        """Write rows that go with the demo. Returns them."""
        made = model.objects.bulk_create(rows)
        self.made += made
        return made

    def remember(self):
        """Note all that was made, so that it goes with the demo."""
        note(self.demo, self.made)
