"""Notices of counsel between the tracks: that it is asked for, was given, and what came of it."""

from django.urls import reverse

from leads.models.notices import NoticeKind
from leads.notices.sending import News, announce


def asked(counsel, at):
    """Tell the adviser that advice is wanted, and until when."""
    _tell(counsel, counsel.adviser_id, {"step": "asked", "until": counsel.due_at.isoformat()}, at)


def given(counsel, to, at):
    """Tell whoever asked, or is responsible, that there is advice to answer."""
    if to is not None and to.pk != counsel.adviser_id:
        _tell(counsel, to.pk, {"step": "given"}, at)


def replied(counsel, at):
    """Tell the adviser what came of it."""
    if counsel.adviser_id:
        _tell(counsel, counsel.adviser_id, {"step": "adopted" if counsel.adopted else "declined"}, at)


def stopped(obstacle, at):
    """Tell whoever of marketing is to answer what stopped a talk, and until when."""
    if obstacle.asked_id and obstacle.asked_id != obstacle.by_id:
        _tell_of(obstacle, obstacle.asked_id, {"step": "stopped", "until": obstacle.due_at.isoformat()}, at)


def solved(obstacle, at):
    """Tell the rep that marketing has answered."""
    if obstacle.by_id and obstacle.by_id != obstacle.answered_by_id:
        _tell_of(obstacle, obstacle.by_id, {"step": "solved"}, at)


def story_asked(story, at):
    """Ask whoever won a deal how."""
    path, subject = reverse("leads:story-tell", args=[story.pk]), f"story:{story.pk}"
    news = News(user_id=story.winner_id, subject=subject, path=path, facts={"step": "story"}, at=at)
    announce(NoticeKind.COUNSEL, [news])


def _tell_of(obstacle, user_id, facts, at):
    path = reverse("leads:obstacle", args=[obstacle.pk])
    subject = f"obstacle:{obstacle.pk}:{facts['step']}"
    announce(NoticeKind.COUNSEL, [News(user_id=user_id, subject=subject, path=path, facts=facts, at=at)])


def _tell(counsel, user_id, facts, at):
    path = reverse("leads:counsel", args=[counsel.pk])
    subject = f"counsel:{counsel.pk}:{facts['step']}"
    announce(NoticeKind.COUNSEL, [News(user_id=user_id, subject=subject, path=path, facts=facts, at=at)])
