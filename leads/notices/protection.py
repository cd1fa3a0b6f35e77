"""Notices of protections: that a lead leaves its holder soon unless somebody follows up."""

from django.urls import reverse

from leads.models import Handoff
from leads.models.notices import NoticeKind
from leads.notices.sending import News, announce


def fading(handoff_ids, at):
    """Tell the holders of these accepted handoffs until when their leads are theirs."""
    held = Handoff.objects.filter(pk__in=handoff_ids, rep__is_active=True).order_by(
        "rep", "protected_until", "pk"
    )
    announce(
        NoticeKind.FADING,
        [
            News(
                user_id=handoff.rep_id,
                subject=f"handoff:{handoff.pk}:{handoff.protected_until:%Y-%m-%d}",
                path=reverse("leads:lead", args=[handoff.lead_id]),
                facts={"until": handoff.protected_until.isoformat()},
                at=at,
            )
            for handoff in held
            if handoff.protected_until
        ],
    )
