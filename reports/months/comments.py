"""What both heads say of a month: the latest word of each track counts, earlier ones are kept."""

from accounts.models import Track
from reports.models import MonthComment


def say(month, text, by, at):
    """The comment of the head of a track on a month. Returns it. Raises ValueError for somebody who heads none."""
    if by.head_of not in Track.values:
        raise ValueError("only the head of a track comments on a month")
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
