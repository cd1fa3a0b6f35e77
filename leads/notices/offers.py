"""Notices of offers: that a lead waits, where it is from, and until when."""

from django.urls import reverse

from leads.models import Handoff
from leads.models.notices import NoticeKind
from leads.notices.sending import News, announce


def offered(handoff_ids):
    """Tell the reps of new offers, in their own language and time: one mail a rep however many there are."""
    waiting = (
        Handoff.objects.filter(pk__in=handoff_ids, rep__is_active=True)
        .select_related("lead__contact", "lead__region")
        .order_by("rep", "answer_due_at", "pk")
    )
    announce(NoticeKind.OFFERED, [news_of(one, one.rep_id, one.offered_at) for one in waiting])


def news_of(handoff, user_id, at):
    """The News of an offer to one user: where the lead is from and until when it is to be answered, and no name."""
    lead = handoff.lead
    where = lead.contact.city or (lead.region.name if lead.region else "") or lead.contact.country
    until = handoff.answer_due_at
    return News(
        user_id=user_id,
        subject=f"handoff:{handoff.pk}",
        path=reverse("leads:lead", args=[handoff.lead_id]),
        facts={"where": where, "until": until.isoformat() if until else ""},
        at=at,
    )
