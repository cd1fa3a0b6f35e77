"""Manners towards htmx: which part to send, how to say something, how to send somebody elsewhere."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

TOAST_KINDS = ("ok", "info", "warn", "bad")


def wants_fragment(request):
    """Does the caller want a part of the page? (A boosted link or a restored page wants the whole.)"""
    htmx = getattr(request, "htmx", None)
    return bool(htmx and not htmx.boosted and not htmx.history_restore_request)


def render_part(request, template, part, context=None, status=200):
    """Render `template`, or only its partial `part` for htmx."""
    name = f"{template}#{part}" if wants_fragment(request) else template
    return render(request, name, context, status=status)


def toast(response, text, kind="ok", undo=""):
    """Let the page say a short sentence. `undo`: an address to POST to, offered as a button."""
    if kind not in TOAST_KINDS:
        raise ValueError(f"A toast is one of {TOAST_KINDS}, not {kind!r}.")
    detail = {"text": str(text), "kind": kind, "undo": undo}
    return trigger_client_event(response, "toast", detail, after="swap")


def redirect(request, to, *args, **kwargs):
    """Send the whole page to another address (a URL name, model or path), with and without htmx."""
    address = resolve_url(to, *args, **kwargs)
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)


def nothing_to_show():
    """An answer without content: htmx leaves the page as it is."""
    return HttpResponse(status=204)
