"""Notices of disputes: that both sides' arguments wait for the heads, and what they decided."""

from django.urls import reverse

from leads.models.notices import NoticeKind
from leads.notices.sending import News, announce


def disputed(dispute, user_ids, at, step="opened"):
    """Tell these users of one step of a dispute: opened, answered or decided."""
    path = reverse("leads:dispute", args=[dispute.pk])
    news = [
        News(user_id=pk, subject=f"dispute:{dispute.pk}:{step}", path=path, facts={"step": step}, at=at)
        for pk in sorted(user_ids)
    ]
    announce(NoticeKind.DISPUTED, news)


def argued(case, user_ids, at, step="opened"):
    """The same of a dispute over an owner, a missed clock or who brought a deal."""
    path = reverse("leads:case", args=[case.pk])
    facts = {"step": step, "of": case.kind}
    news = [
        News(user_id=pk, subject=f"case:{case.pk}:{step}", path=path, facts=facts, at=at)
        for pk in sorted(user_ids)
    ]
    announce(NoticeKind.DISPUTED, news)
