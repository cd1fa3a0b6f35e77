"""What may stand in the way of a handoff."""

from django.utils.translation import gettext_lazy as _

HAS_DEAL = _("This lead has a deal: close the deal first.")
NOT_TO_OFFER = _("Only a ready lead, or one that a rep works on, is offered.")
ACCEPTED = _("The rep has accepted it already.")


class AlreadyAnswered(Exception):
    """The offer was answered, ran out or was withdrawn before."""

    def __str__(self):
        return str(_("This offer has already been answered or has run out."))


class Refused(Exception):
    """The funnel or the handoff's state does not allow it; the text says why."""

    def __str__(self):
        return str(self.args[0])


def insist(result):
    """Raise Refused unless every lead of a funnel.Advanced moved."""
    if result.refused:
        raise Refused(result.refused[0].why)
