"""Choices that belong to the shell: theme and language. They work for strangers too (the sign-in page)."""

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override
from django.views.decorators.http import require_POST, require_safe

from ui import gallery as samples
from ui.context import THEMES
from ui.responses import invalid

YEAR = 365 * 24 * 3600
# What a kept page needs to look right.
SHELL_FILES = (
    "app.css", "charts.css", "reports.css", "marketer.css", "rep.css", "shell.css", "logo.svg", "icon-192.png",
    "manifest.webmanifest", "tips.js", "theme.js", "toasts.js", "board.js", "dialogs.js", "keys.js", "finder.js",
    "files.js", "alerts.js", "offline.js", "kept.js", "quick.js", "listing.js", "once.js", "unsent.js", "place.js",
)  # fmt: skip


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


@login_not_required
@require_safe
def service_worker(request):
    """The script that serves the shell without a connection. At the root, because it answers for every page."""
    files = [static(f"ui/{name}") for name in SHELL_FILES]
    language = get_language()
    context = {
        "files": files,
        "version": hashlib.sha256("".join([language, *files]).encode()).hexdigest()[:12],
        "offline": f"{reverse('ui:offline')}?in={language}",  # it is fetched without the reader's cookies
        "sign_out": reverse("accounts:logout"),
    }
    response = render(request, "ui/sw.js", context, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@login_not_required
@require_safe
def robots(request):
    """What search engines may list: nothing, since all pages are for those who work here or were sent a link."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@login_not_required
@require_safe
def offline(request):
    """What is shown instead of a page while there is no connection. It is kept for everybody: nobody's name is on it."""
    wanted = request.GET.get("in", "")
    with override(wanted if wanted in dict(settings.LANGUAGES) else get_language()):
        return render(request, "ui/offline.html")


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
