"""Rounds of targets that wait for somebody's signature, said to whoever may give it."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from leads.needs import MOST_EACH, Need
from reports.models import RoundSignature, Side, TargetRound
from reports.models.rounds import OPEN
from reports.rounds import deciding, telling
from ui import formats


def waiting(user):
    """Open rounds that this user may still sign, the longest waiting first."""
    missing = Q(pk=None)
    for side in deciding.sides_of(user):
        unsigned = ~Exists(RoundSignature.objects.filter(round=OuterRef("pk"), track=side))
        missing |= Q(unsigned, with_finance=True) if side == Side.FINANCE else Q(unsigned)
    return TargetRound.objects.filter(OPEN).filter(missing).order_by("proposed_at", "id")


def needs(user, at):
    """A Need for each."""
    if not user.has_perm("reports.sign_targets"):
        return
    for one in waiting(user)[:MOST_EACH]:
        what = _("Targets of %(year)s wait for your signature") % {"year": telling.year_name(one.first)}
        note = _("proposed on %(day)s") % {"day": formats.day(one.proposed_at)}
        yield Need("signature", "soon", what, note, reverse("reports:target-round", args=[one.pk]))
