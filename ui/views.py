"""Choices that belong to the shell: theme and language. They work for strangers too (the sign-in page)."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from ui import gallery as samples
from ui.context import THEMES
from ui.responses import invalid

YEAR = 365 * 24 * 3600


@require_POST
@login_not_required
def theme(request):
    """Keep the chosen theme in a cookie; "auto" follows the device again."""
    chosen = request.POST.get("theme", "")
    if chosen not in (*THEMES, "auto"):
        raise SuspiciousOperation("unknown theme")
    response = _back(request)
    if chosen == "auto":
        response.delete_cookie("theme", samesite="Lax")
    else:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response


@require_POST
@login_not_required
def language(request):
    """Keep the chosen language in a cookie, and with the user where somebody is signed in."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        raise SuspiciousOperation("unknown language")
    if request.user.is_authenticated:
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    response = _back(request)
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax")
    return response


def gallery(request):
    """Every part of the design system on one page, for administrators and developers."""
    if not (settings.DEBUG or getattr(request.user, "role", "") == "admin"):
        raise Http404
    context = {
        "charts": samples.sample_charts(),
        "table": samples.sample_table(request),
        "columns": samples.sample_board(),
        "events": samples.sample_events(),
        "form": samples.SampleForm(request.POST or None),
        "spark": (3, 4, 4, 6, 5, 7, 9),
    }
    if request.method == "POST":
        return invalid(request, "ui/gallery.html", context)
    return render(request, "ui/gallery.html", context)


def _back(request):
    """To the page the form stood on, never to a stranger's address."""
    target = request.POST.get("next") or request.headers.get("referer") or "/"
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if safe else "/")
