"""Who we are: the organisation, its people, teams, calendars and access tokens."""

from accounts.models.calendars import CalendarDay, WorkingCalendar
from accounts.models.dated import DatedFact, Reorganisation
from accounts.models.organisation import Organisation, Region, Segment
from accounts.models.people import Role, Team, Track, User
from accounts.models.reps import Absence, RepKind, RepProfile
from accounts.models.saved import SavedView
from accounts.models.tokens import ApiToken, Scope

__all__ = [
    "Absence",
    "ApiToken",
    "CalendarDay",
    "DatedFact",
    "Organisation",
    "Region",
    "Reorganisation",
    "RepKind",
    "RepProfile",
    "Role",
    "SavedView",
    "Scope",
    "Segment",
    "Team",
    "Track",
    "User",
    "WorkingCalendar",
]
