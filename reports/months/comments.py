"""What both heads say of a month: the latest word of each track counts, earlier ones are kept."""

from django.utils.translation import gettext as _

from accounts import organisation
from accounts.models import Track
from reports.models import MonthComment
from reports.months.closing import Refused
from ui import formats


def say(month, text, by, at):
    """The comment of the head of a track on a month. Returns it.

    Raises ValueError for somebody who heads none, and Refused where the month has not begun.
    """
    if by.head_of not in Track.values:
        raise ValueError("only the head of a track comments on a month")
    if month > organisation.today(at):
        raise Refused(_("%(month)s has not begun yet.") % {"month": formats.month(month)})
    return MonthComment.objects.create(month=month, track=by.head_of, text=text.strip(), by=by, at=at)


def latest(month):
    """{track: MonthComment or None} of both tracks, in one statement."""
    said = (
        MonthComment.objects.filter(month=month)
        .order_by("track", "-id")
        .distinct("track")
        .select_related("by")
    )
    found = {one.track: one for one in said}
    return {track: found.get(track) for track in Track.values}
