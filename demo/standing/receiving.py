"""What the desk owed those who asked in the last months, and when it answered."""

from datetime import timedelta

from leads import desk_promises

SPAN = timedelta(days=120)


def tell(desk):
    """By the agreement in force, as the desk's own rounds would have written it down."""
    desk_promises.keep(desk.at, since=desk.at - SPAN)
