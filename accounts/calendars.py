"""The working-time clock: minutes counted only while somebody works.

Working hours are local and instants are UTC, so the clock lays each day's hours over stretches of time in which the
zone's offset is constant. A minute works if the wall clock of that very minute lies within the hours: an hour that the
zone skips is never worked, one that it repeats is worked twice.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User, WorkingCalendar
from engine.lately import Lately

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
LOOK_AHEAD = 400  # days without a working minute after which there is none


class NoWorkingTime(Exception):
    """The calendar holds no working minute for more than a year."""


@dataclass(frozen=True)
class Hours:
    """Working hours as data: `hours` and `special` as in WorkingCalendar and CalendarDay."""

    zone: str
    hours: list
    special: dict = field(default_factory=dict)


DAY_AND_NIGHT = Hours("UTC", [[["00:00", "24:00"]]] * 7)


class Clock:
    """Counts working minutes of one calendar: a WorkingCalendar or Hours.

    A calendar without any weekly hours runs day and night, rather than never.
    """

    def __init__(self, calendar):
        self.zone = ZoneInfo(calendar.zone)
        self._week = [spans(day) for day in calendar.hours]
        if not any(self._week):
            self._week = [spans(day) for day in DAY_AND_NIGHT.hours]
        special = getattr(calendar, "special", None)
        if special is None:
            special = {one.day: one.hours for one in calendar.days.all()}
        self._special = {day: spans(hours) for day, hours in special.items()}
        self._known = {}

    def add_minutes(self, start, minutes):
        """The earliest moment by which `minutes` (≥ 0) have been worked since `start`. Aware, in UTC.

        Raises NoWorkingTime where that moment never comes.
        """
        if minutes < 0:
            raise ValueError("Working time runs forwards.")
        left = timedelta(minutes=minutes)
        start = start.astimezone(UTC)
        if not left:
            return start
        for begin, end in self._from(start):
            begin = max(begin, start)
            if end - begin >= left:
                return begin + left
            left -= max(end - begin, timedelta())
        raise NoWorkingTime

    def add_minutes_many(self, starts):
        """`add_minutes` for many (start, minutes), in their order."""
        return [self.add_minutes(start, minutes) for start, minutes in starts]

    def minutes_between(self, start, end):
        """Working minutes from `start` to `end` as a float; 0 when `end` is not later."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        worked = timedelta()
        for ordinal in range(start.toordinal(), end.toordinal() + 1):
            for begin, until in self._worked(ordinal):
                worked += max(min(until, end) - max(begin, start), timedelta())
        return worked / MINUTE

    def tally(self, first, last):
        """A Tally of the days from `first` to `last`: for many questions about one span of time."""
        days = range(first.astimezone(UTC).toordinal(), last.astimezone(UTC).toordinal() + 1)
        return Tally([stretch for ordinal in days for stretch in self._worked(ordinal)])

    def is_working(self, at):
        """Whether somebody works at the moment `at`."""
        at = at.astimezone(UTC)
        return any(begin <= at < end for begin, end in self._worked(at.toordinal()))

    def _from(self, start):
        """Stretches of work from the UTC day of `start` on."""
        ordinal, idle = start.toordinal(), 0
        while idle <= LOOK_AHEAD and ordinal < date.max.toordinal() - 2:
            worked = self._worked(ordinal)
            yield from worked
            idle = 0 if worked else idle + 1
            ordinal += 1

    def _worked(self, ordinal):
        """The stretches of work [begin, end) within a UTC day, in order."""
        if ordinal not in self._known:
            self._known[ordinal] = tuple(
                stretch
                for begin, end, offset in self._constant(datetime.fromordinal(ordinal).replace(tzinfo=UTC))
                for stretch in self._within(begin, end, offset)
            )
        return self._known[ordinal]

    def _within(self, begin, end, offset):
        """The work of a stretch with a constant offset from UTC."""
        wall_begin, wall_end = (at.replace(tzinfo=None) + offset for at in (begin, end))
        midnight = datetime.combine(wall_begin.date(), datetime.min.time())
        while midnight < wall_end:
            for first, last in self._of_day(midnight.date()):
                opens, closes = max(midnight + first, wall_begin), min(midnight + last, wall_end)
                if opens < closes:
                    yield (opens - offset).replace(tzinfo=UTC), (closes - offset).replace(tzinfo=UTC)
            midnight += DAY

    def _of_day(self, day):
        return self._special.get(day, self._week[day.weekday()])

    def _constant(self, midnight):
        """A UTC day cut where the zone's offset changes: (begin, end, offset)."""
        begin, end = midnight, midnight + DAY
        while begin < end:
            offset = self._offset(begin)
            change = self._change(begin, end, offset)
            yield begin, change, offset
            begin = change

    def _offset(self, at):
        return at.astimezone(self.zone).utcoffset()

    def _change(self, begin, end, offset):
        """The first moment after `begin` with another offset, to the second; `end` when the day keeps its offset."""
        if self._offset(end - MINUTE) == offset:
            return end
        low, high = 0, int((end - begin).total_seconds())
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (
                (middle, high) if self._offset(begin + timedelta(seconds=middle)) == offset else (low, middle)
            )
        return begin + timedelta(seconds=high)


class Tally:
    """Working minutes between moments within some days, by one look for each moment."""

    def __init__(self, stretches):
        self._begins = [begin for begin, _end in stretches]
        self._ends = [end for _begin, end in stretches]
        self._worked = [0.0]
        for begin, end in stretches:
            self._worked.append(self._worked[-1] + (end - begin) / MINUTE)

    def between(self, start, end):
        """Working minutes from `start` to `end` as a float; 0 when `end` is not later."""
        return max(self._until(end) - self._until(start), 0.0)

    def before(self, at, minutes):
        """The latest moment from which `minutes` (above 0) have been worked by `at`; None where its days do not hold as many."""
        worked = self._until(at) - minutes
        if worked < 0:
            return None
        place = bisect_right(self._worked, worked) - 1
        return self._begins[place] + (worked - self._worked[place]) * MINUTE

    def _until(self, at):
        place = bisect_right(self._begins, at) - 1
        if place < 0:
            return 0.0
        return self._worked[place] + (min(at, self._ends[place]) - self._begins[place]) / MINUTE


def spans(hours):
    """[["09:00", "12:30"], …] as pairs of timedeltas since midnight, in order.

    Raises ValueError unless they are times of one day that do not overlap; "24:00" ends a day.
    """
    pairs, latest = [], timedelta()
    for first, last in hours:
        opens, closes = _since_midnight(first), _since_midnight(last)
        if not latest <= opens < closes:
            raise ValueError(f"{hours} are not hours of one day, in order.")
        pairs.append((opens, closes))
        latest = closes
    return pairs


def _since_midnight(text):
    if text == "24:00":
        return DAY
    time = datetime.strptime(text, "%H:%M")
    return timedelta(hours=time.hour, minutes=time.minute)


AROUND_THE_CLOCK = Clock(DAY_AND_NIGHT)


def clock_for(who) -> Clock:
    """The clock of a user (their team's calendar), a team, or None: the organisation's first calendar."""
    team = who.team if isinstance(who, User) else who
    if team is not None and team.calendar_id:
        return Clock(team.calendar)
    return _house_clock()


CLOCKS = Lately(
    lambda: {
        calendar.pk: Clock(calendar)
        for calendar in WorkingCalendar.objects.order_by("pk").prefetch_related("days")
    }
)


def shown_clock_of(calendar_id, *, always=False):
    """The clock of a calendar (None: the house's first) by the calendars of a few seconds ago; `always` runs day and night."""
    if always:
        return AROUND_THE_CLOCK
    clocks = CLOCKS()
    return clocks.get(calendar_id, next(iter(clocks.values()), AROUND_THE_CLOCK))


def shown_clock(user) -> Clock:
    """`clock_for` a user with their team, by the calendars of a few seconds ago: for what is only shown."""
    clocks = CLOCKS()
    house = next(iter(clocks.values()), AROUND_THE_CLOCK)
    return clocks.get(user.team.calendar_id, house) if user.team_id else house


def clocks_for(user_ids):
    """{user id: clock} in two queries; people with the same calendar share one."""
    calendar_of = dict(User.objects.filter(pk__in=user_ids).values_list("pk", "team__calendar"))
    found = WorkingCalendar.objects.filter(pk__in=set(calendar_of.values()) - {None})
    clocks: dict[int | None, Clock] = {
        calendar.pk: Clock(calendar) for calendar in found.prefetch_related("days")
    }
    house = _house_clock() if len(calendar_of) < len(set(user_ids)) or None in calendar_of.values() else None
    return {user: clocks.get(calendar_of.get(user), house) for user in user_ids}


def _house_clock():
    """Of whoever has no team or whose team has no calendar: the calendar that was there first."""
    calendar = WorkingCalendar.objects.order_by("pk").prefetch_related("days").first()
    return Clock(calendar) if calendar else AROUND_THE_CLOCK
