"""Working time of an office over the span of the demo, fast enough for a hundred thousand questions."""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo


class Office:
    """Working spells of one calendar between two days. `special` maps a day to its own [from, to] pairs."""

    def __init__(self, zone, hours, special, first, last):
        self.zone = ZoneInfo(zone)
        spells = []
        day = first
        while day <= last:
            for begin, end in special.get(day, hours[day.weekday()]):
                spells.append((self._moment(day, begin), self._moment(day, end)))
            day += timedelta(days=1)
        self.begins = [begin for begin, _ in spells]
        self.ends = [end for _, end in spells]
        minutes = [(end - begin).total_seconds() / 60 for begin, end in spells]
        self.worked = [0, *accumulate(minutes)]

    def _moment(self, day, clock):
        hour, minute = map(int, clock.split(":"))
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone).astimezone(UTC)

    def position(self, at):
        """Working minutes from the first day to `at`."""
        spell = bisect_right(self.begins, at) - 1
        if spell < 0:
            return 0
        end = min(at, self.ends[spell])
        return self.worked[spell] + (end - self.begins[spell]).total_seconds() / 60

    def add(self, at, minutes):
        """The moment `minutes` of working time after (or, negative, before) `at`: a day used up is over at its end."""
        goal = max(self.position(at) + minutes, 0)
        spells = (bisect_left if minutes > 0 else bisect_right)(self.worked, goal)
        spell = min(max(spells - 1, 0), len(self.begins) - 1)
        return self.begins[spell] + timedelta(minutes=goal - self.worked[spell])

    def between(self, start, end):
        """Working minutes from `start` to `end`."""
        return self.position(end) - self.position(start)
