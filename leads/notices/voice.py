"""Notices about one voice: that a statement is said from now on, or no more."""

from datetime import timedelta

from django.db.models import CharField, Exists, Max, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from leads.models.notices import Notice, NoticeKind
from leads.notices.sending import News, announce
from pipeline.models import Statement

LATELY = timedelta(days=3)  # what came to pass earlier is no news
ROLES = (Role.MARKETING, Role.SALES, Role.MANAGER)


def tell_voice_due(at=None):
    """Tell whoever speaks with customers of statements that came into force or were retired lately; once each."""
    at = at or timezone.now()
    whole = Statement.objects.with_signatures().annotate(since=Max("signatures__at")).filter(signed=2)
    said = _untold(whole.filter(since__gt=at - LATELY, retired_at=None), "said")
    gone = _untold(whole.filter(retired_at__gt=at - LATELY), "retired")
    found = [(one, "said", None) for one in said] + [(one, "retired", one.retired_by_id) for one in gone]
    if not found:
        return 0
    people = list(User.objects.filter(is_active=True, role__in=ROLES).values_list("pk", flat=True))
    announce(
        NoticeKind.VOICE,
        [
            News(
                pk,
                f"statement:{one.pk}:{step}",
                reverse("pipeline:voice"),
                {"step": step, "words": one.text},
                at,
            )
            for one, step, by in found
            for pk in people
            if pk != by
        ],
    )
    return len(found)


def _untold(statements, step):
    subject = Concat(Value("statement:"), Cast(OuterRef("pk"), CharField()), Value(f":{step}"))
    return statements.exclude(Exists(Notice.objects.filter(kind=NoticeKind.VOICE, subject=subject)))
