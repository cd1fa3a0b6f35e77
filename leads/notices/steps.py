"""Notices of steps that somebody planned for somebody else."""

from django.urls import reverse

from leads.models.notices import NoticeKind
from leads.notices.sending import News, announce
from pipeline.steps import about

PAGES = {"deal": "leads:deal", "contact": "pipeline:contact", "company": "pipeline:company"}


def planned(step, at):
    """Tell whom a step is for where it is, and by when."""
    thing = about(step)
    path = reverse(PAGES[thing._meta.model_name], args=[thing.pk])
    facts = {"until": step.due_at.isoformat(), "where": getattr(thing, "city", "")}
    subject = f"step:{step.pk}"
    announce(NoticeKind.STEP, [News(user_id=step.owner_id, subject=subject, path=path, facts=facts, at=at)])
