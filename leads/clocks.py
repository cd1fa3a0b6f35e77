"""The clocks of a handoff: when an answer and a first contact are due, and how long a lead is protected."""

from datetime import timedelta

from accounts import calendars
from accounts.models import Team, Track
from leads import agreement
from leads.models import HandoffKind

MINUTES_A_DAY = 8 * 60


class Clocks:
    """What is due when, for handoffs at one moment under one agreement to reps of one working-time clock."""

    def __init__(self, clock, agreement, at):
        self.clock = calendars.AROUND_THE_CLOCK if agreement.around_the_clock else clock
        self.agreement, self.at = agreement, at

    @staticmethod
    def key(lead, kind):
        """Which of the agreement's minutes hold: an existing customer's, a hand-raiser's, or those of the grade."""
        if kind in (HandoffKind.INQUIRY, HandoffKind.FARMER):
            return "inquiry"
        return "hand" if lead.hand_raised_at else lead.grade

    def answer_due(self, key):
        """When an offer made now is answered at the latest."""
        return self._after(minutes(self.agreement.answer_minutes, key))

    def contact_due(self, key):
        """When the first human attempt is due after an acceptance now."""
        return self._after(minutes(self.agreement.contact_minutes, key))

    def desk_due(self):
        """When the desk has enriched what came back now."""
        return self._after(self.agreement.desk_days * MINUTES_A_DAY)

    def protected_until(self):
        """Until when a lead stays with its rep without any follow-up."""
        return self.at + timedelta(days=self.agreement.protection_days)

    def _after(self, working_minutes):
        return self.clock.add_minutes(self.at, working_minutes)


def minutes(by_grade, key):
    """The minutes of a key; a customer's default to a hand-raiser's, an unknown grade's to the most patient."""
    if key == "inquiry" and key not in by_grade:
        key = "hand"
    return by_grade[key] if key in by_grade else max(by_grade.values())


def clocks_of(user, agreement, at):
    """The clocks of one rep."""
    return Clocks(calendars.clock_for(user), agreement, at)


def desk_due(at):
    """When the desk has enriched what came back at `at`, by the calendar of the first marketing team that has one."""
    team = (
        Team.objects.filter(track=Track.MARKETING, calendar__isnull=False).select_related("calendar").first()
    )
    return Clocks(calendars.clock_for(team), agreement.in_force(), at).desk_due()
