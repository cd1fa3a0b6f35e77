"""Too many wrong passwords: a plain page, and when to come again."""

from axes.helpers import get_cool_off
from django.shortcuts import render


def locked_out(request, response=None, credentials=None):
    """The answer of django-axes to one attempt too many."""
    wait = int(get_cool_off(request).total_seconds())
    answer = render(request, "accounts/locked.html", {"minutes": max(1, wait // 60)}, status=429)
    answer.headers["Retry-After"] = str(wait)
    return answer
