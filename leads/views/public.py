"""What strangers see: a capture form, inside another site or on its own, and the thanks."""

import secrets
from functools import wraps

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from engine.outages import MEDIA_TYPE
from engine.phrases import details
from leads import webforms
from leads.models import WebForm
from leads.webforms import consent, suspicion
from leads.webforms.asking import LONGEST_TRACKED, TRACKED, PublicForm
from leads.webforms.origins import address_of, origin_of, origins
from ui import formats

PAGE = "leads/webforms/public.html"


def in_its_language(view):
    """Find the form by its key, and speak the language asked for, the form's own, or the visitor's."""

    @wraps(view)
    def spoken(request, key, **kwargs):
        found = get_object_or_404(WebForm.objects.select_related("campaign"), key=key)
        asked = request.GET.get("lang", "")
        chosen = asked if asked in dict(settings.LANGUAGES) else found.language or translation.get_language()
        with translation.override(chosen):
            answer = view(request, found, **kwargs)
            answer.headers["Content-Language"] = chosen
        patch_vary_headers(answer, ["Accept-Language"])
        return answer

    return spoken


# A post needs no session: the seal in it says that it was our page, and what has none is held for a look.
@csrf_exempt
@login_not_required
@in_its_language
def form_public(request, web_form):
    """The form on a page of its own; also takes the posts of pages elsewhere."""
    return _show_or_take(request, web_form, embedded=False)


@csrf_exempt
@login_not_required
@xframe_options_exempt
@in_its_language
def form_embed(request, web_form):
    """The form inside a page of one of the sites named for it."""
    answer = _show_or_take(request, web_form, embedded=True)
    return _framed(answer, web_form)


@require_safe
@login_not_required
@xframe_options_exempt
@in_its_language
def form_thanks(request, web_form):
    """Thank you."""
    return _framed(render(request, "leads/webforms/thanks.html", {"form": web_form}), web_form)


def _framed(answer, web_form):
    """Only the sites named for the form may show this answer in a frame."""
    ancestors = origins(web_form) or ["'none'"]
    csp_replace({"frame-ancestors": ancestors})(lambda: answer)()
    return answer


def _show_or_take(request, web_form, embedded):
    if not web_form.active:
        return render(request, "leads/webforms/closed.html", {"form": web_form}, status=410)
    if request.method != "POST":
        return render(request, PAGE, _context(request, web_form, _blank(request, web_form), embedded))
    form = PublicForm(web_form, request.POST)
    if not form.is_valid():
        return render(request, PAGE, _context(request, web_form, form, embedded), status=422)
    try:
        webforms.receive(
            web_form,
            form,
            origin=origin_of(request),
            address=address_of(request),
            agent=request.headers.get("User-Agent", ""),
            at=timezone.now(),
        )
    except webforms.TooMany as flood:
        return _later(request, web_form, form, embedded, flood.after)
    thanks = reverse("leads:form-thanks", args=[web_form.key])
    return HttpResponse(status=303, headers={"Location": f"{thanks}?lang={translation.get_language()}"})


def _later(request, web_form, form, embedded, after):
    """Not kept: the page with all that was filled in and when to send it again; for a program the same as JSON."""
    wait = max(int((after - timezone.now()).total_seconds()), 1)
    text = _(
        "Very many messages came from your network within an hour, and this one was not kept. All that you "
        "filled in is still here: please send it again in %(time)s, or by another network."
    ) % {"time": formats.duration(wait)}
    headers = {"Retry-After": str(wait)}
    if "application/json" in request.headers.get("Accept", ""):
        said = details(429, text)
        return JsonResponse(said, status=429, headers=headers, content_type=MEDIA_TYPE)
    form.add_error(None, text)
    answer = render(request, PAGE, _context(request, web_form, form, embedded), status=429)
    answer["Retry-After"] = headers["Retry-After"]
    return answer


def _blank(request, web_form):
    """A fresh form with its seal, and what the address says of where the visitor came from."""
    tracked = {name: request.GET[name][:LONGEST_TRACKED] for name in TRACKED if request.GET.get(name)}
    tracked.setdefault("page", request.headers.get("Referer", "")[:LONGEST_TRACKED])
    seal = suspicion.sealed(web_form, secrets.token_urlsafe(12), timezone.now())
    return PublicForm(web_form, initial={**tracked, "seal": seal})


def _context(request, web_form, form, embedded):
    others = request.GET.copy()
    others.pop("lang", None)
    return {
        "form": form,
        "web_form": web_form,
        "embedded": embedded,
        "query": others.urlencode(),
        "consent_text": consent.contact_text(web_form),
        "news_text": consent.news_text(),
    }
