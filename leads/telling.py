"""What whoever won a deal is asked for, among what needs them today."""

from django.urls import reverse
from django.utils.translation import gettext as _

from leads.models import WinStory
from leads.needs import Need

MOST_EACH = 3


def needs(user, at):
    """[Need] of whoever is asked for a story: one who may sell."""
    if not user.has_perm("leads.claim_lead"):
        return
    waiting = WinStory.objects.filter(winner=user, told_at=None, declined_at=None).select_related("deal")
    for story in waiting.order_by("asked_at", "pk")[:MOST_EACH]:
        note = _("five short questions, on the phone too")
        what = _("How did you win “%(deal)s”?") % {"deal": story.deal.name}
        yield Need("trophy", "", what, note, reverse("leads:story-tell", args=[story.pk]))
