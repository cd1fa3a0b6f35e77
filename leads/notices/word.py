"""Notices about sales' word before a launch: that a rep is asked, and what marketing made of the advice."""

from django.urls import reverse

from leads.models.notices import NoticeKind
from leads.notices.sending import News, announce


def asked(campaign, consultation, advice, at):
    """Tell the reps that their word is wanted, and until when."""
    path = reverse("leads:campaign-word", args=[campaign.pk])
    announce(
        NoticeKind.WORD,
        [
            News(
                user_id=one.rep_id,
                subject=f"consultation:{consultation.pk}",
                path=path,
                facts={"until": one.due_at.isoformat()},
                at=at,
            )
            for one in advice
        ],
    )


def replied(advice, at):
    """Tell the rep whether the advice was adopted."""
    path = reverse("leads:campaign-word", args=[advice.consultation.campaign_id])
    facts = {"adopted": advice.adopted}
    subject = f"advice:{advice.pk}:{at:%Y%m%d%H%M%S}"
    announce(NoticeKind.WORD, [News(user_id=advice.rep_id, subject=subject, path=path, facts=facts, at=at)])
