"""Who decides a dispute where both heads do not agree in time, and what holds where nobody does: a clause of the agreement.

Asked are the argument of both sides and the rule; neither rank nor sales figures are shown to whoever decides.
"""

from accounts import calendars
from accounts.models import Role, Team, Track, User
from leads import terms
from leads.models.agreement import Undecided

DAY = 8 * 60  # working minutes


def term(at):
    """By when it is decided, from the moment `at` on: working days of the agreement, by the calendar of marketing."""
    team = (
        Team.objects.filter(track=Track.MARKETING, calendar__isnull=False).select_related("calendar").first()
    )
    return calendars.clock_for(team).add_minutes(at, terms.in_force().ruling_days * DAY)


def arbiters():
    """Whom the agreement may name: administrators, such as a director, who head neither track."""
    return User.objects.filter(is_active=True, role=Role.ADMIN, head_of="").order_by("full_name", "pk")


def arbiter():
    """Whom the agreement in force names, if they still work here."""
    named = terms.in_force().arbiter
    return named if named is not None and named.is_active else None


def next_for(dispute):
    """The arbiter to whom the dispute passes now; None where there is none, or it was theirs already."""
    return None if dispute.passed_on_at else arbiter()


def asked(dispute):
    """The key of the arbiter to whom the dispute was passed, who hears how it ended; None where it was not."""
    found = arbiter() if dispute.passed_on_at else None
    return found and found.pk


def decides(dispute, user):
    """Whether the dispute is this user's to decide alone, as the arbiter."""
    return dispute.passed_on_at is not None and dispute.decided_at is None and arbiter() == user


def as_asked():
    """Whether what nobody decides goes as whoever disputes it asks; else all stays as it is."""
    return terms.in_force().undecided == Undecided.ASKED
