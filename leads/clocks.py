"""The clocks of a handoff: when an answer and a first contact are due, and how long a lead is protected."""

from datetime import datetime, time, timedelta

from accounts import calendars, organisation
from accounts.models import Team, Track
from leads import agreement
from leads.models import HandoffKind
from pipeline import fairs

MINUTES_A_DAY = 8 * 60


class Clocks:
    """What is due when, for handoffs at one moment under one agreement to reps of one working-time clock."""

    def __init__(self, clock, agreement, at):
        self.clock = calendars.AROUND_THE_CLOCK if agreement.around_the_clock else clock
        self.agreement, self.at = agreement, at

    @staticmethod
    def key(lead, kind):
        """Which of the agreement's minutes hold: an existing customer's, a hand-raiser's, or those of the grade."""
        return Clocks.key_of(lead, kind, lead.grade)

    @staticmethod
    def key_of(lead, kind, grade):
        """The same for a grade that the lead had, such as when it was offered."""
        if kind in (HandoffKind.INQUIRY, HandoffKind.FARMER):
            return "inquiry"
        return "hand" if lead.hand_raised_at else grade

    def start(self, campaign):
        """When the clocks of a lead of this campaign (or None) start: now, but for a fair a working day after its end."""
        return max(self.at, fair_over(self.clock, campaign) or self.at)

    def after_fair(self, last_day):
        """When the clocks of a fair's leads start: one working day after its last day, in the house's zone, or now."""
        return max(self.at, day_after(self.clock, last_day))

    def answer_due(self, key, start=None):
        """When an offer made now is answered at the latest; `start` is when its clock starts, if not now.

        None in the shadow week, when no clock begins.
        """
        return self._running(minutes(self.agreement.answer_minutes, key), start)

    def contact_due(self, key, start=None):
        """When the first human attempt is due after an acceptance now; None in the shadow week."""
        return self._running(minutes(self.agreement.contact_minutes, key), start)

    def desk_due(self):
        """When the desk has enriched what came back now."""
        return self._after(self.agreement.desk_days * MINUTES_A_DAY)

    def protected_until(self, start=None):
        """Until when a lead stays with its rep without any follow-up; `start` as of `answer_due`."""
        return (start or self.at) + timedelta(days=self.agreement.protection_days)

    def _running(self, working_minutes, start):
        return None if organisation.in_shadow(self.at) else self._after(working_minutes, start)

    def _after(self, working_minutes, start=None):
        return self.clock.add_minutes(start or self.at, working_minutes)


def fair_over(clock, campaign):
    """When the clocks of a fair's leads start; None for a lead of any other campaign, or of none."""
    last_day = fairs.last_day(campaign)
    return last_day and day_after(clock, last_day)


def day_after(clock, last_day):
    """One working day after a day is over in the house's zone."""
    over = datetime.combine(last_day + timedelta(days=1), time(), organisation.zone())
    return clock.add_minutes(over, MINUTES_A_DAY)


def minutes(by_grade, key):
    """The minutes of a key; a customer's default to a hand-raiser's, an unknown grade's to the most patient."""
    if key == "inquiry" and key not in by_grade:
        key = "hand"
    return by_grade[key] if key in by_grade else max(by_grade.values())


def clocks_of(user, agreement, at) -> Clocks:
    """The clocks of one rep."""
    return Clocks(calendars.clock_for(user), agreement, at)


def desk_due(at):
    """When the desk has enriched what came back at `at`, by the calendar of the first marketing team that has one."""
    team = (
        Team.objects.filter(track=Track.MARKETING, calendar__isnull=False).select_related("calendar").first()
    )
    return Clocks(calendars.clock_for(team), agreement.in_force(), at).desk_due()
