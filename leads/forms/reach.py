"""Addresses typed into a form: one that cannot be read is said beside its field, and lost nowhere."""

from django.utils.translation import gettext_lazy as _

from pipeline import identities

NO_ADDRESS = _("This cannot be read. Correct it, or put it into the note.")
UNREADABLE = {
    "email": NO_ADDRESS,
    "phone": _("This cannot be read. A number needs its country code."),
    "wechat": NO_ADDRESS,
}


class Reachable:
    """Mixed into a form with fields email, phone and wechat: what could be no address is refused."""

    def clean(self):
        """Keeps what was typed, with the reason beside it."""
        given = super().clean()
        for name in identities.unreadable(given):
            self.add_error(name, UNREADABLE[name])
        return given
