"""How far something is that takes more than a second, and how long it will still take at its own pace."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ui import formats

SOON = 5  # seconds: a smaller number would only flicker


@dataclass(frozen=True)
class Progress:
    """`done` of `total`, and the seconds that are `left`: None while nobody can tell."""

    done: int
    total: int
    left: float | None = None

    @property
    def words(self):
        """The time left, in words."""
        if self.left is None:
            return _("The time left is told as soon as the pace is known.")
        if self.left < SOON:
            return _("A few seconds left.")
        return _("About %(time)s left.") % {"time": formats.duration(self.left)}


def paced(done, total, since, at) -> Progress:
    """The Progress of something that began at `since` and goes on as fast as so far."""
    elapsed = (at - since).total_seconds() if since else 0
    known = done > 0 and total and elapsed > 0
    return Progress(done, total, max(total - done, 0) * elapsed / done if known else None)
