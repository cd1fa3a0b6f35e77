"""A form that is sent twice counts once: who clicks twice, where no script holds the second back, gets where the first led.

The token against forged posts is masked anew on each page, so it names the page that a form stood on: the same token
with the same body at the same address is the same click. What was corrected meanwhile is another form. The claim, what
the view does and where it led are one transaction, so who comes second waits. An answer that leads nowhere (a form
shown again, a preview, a page for htmx, which sends nothing twice) is not kept, and is given anew.
"""

import hashlib
from functools import partial
from typing import Any, cast

import orjson
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from engine.idempotency import KEPT, claim, fingerprint
from engine.models import IdempotentAnswer
from engine.refusals import Conflict
from ui.shell import address_of

ENDPOINT = "form"
TOKEN = "csrfmiddlewaretoken"


class ResentMiddleware:
    """Calls the view for what a page of somebody who is signed in sends; must be the last of all."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """The answer of the view, or of the first time."""
        if request.method != "POST" or "HX-Request" in request.headers or not request.POST.get(TOKEN):
            return None
        return (
            _once(request, partial(view, request, *args, **kwargs)) if request.user.is_authenticated else None
        )


def leads_to(response, address):
    """Say of an answer that is told only once, as a secret is, where the same form leads when it comes again."""
    response.leads_to = address
    return response


def _once(request, view):
    mark = fingerprint(_sent(request))
    key = hashlib.sha256(request.POST[TOKEN].encode() + mark).hexdigest()
    who = {"actor": request.user.pk, "endpoint": ENDPOINT, "key": key}
    try:
        with transaction.atomic():
            claimed = claim({**who, "fingerprint": mark, "kept": KEPT})
            if not claimed:
                return _again(request, _kept(who))
            answer = view()
            _keep(IdempotentAnswer.objects.filter(pk=claimed), request, answer)
    except Conflict:
        return render(request, "409.html", {"page": address_of(request)}, status=409)
    return answer


def _sent(request):
    """All that was sent, and where to."""
    given = {name: values for name, values in request.POST.lists() if name != TOKEN}
    files = [(name, one.name, _digest(one)) for name, several in request.FILES.lists() for one in several]
    return {"address": request.get_full_path(), "given": given, "files": files}


def _digest(file):
    found = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return found


def _keep(row, request, answer):
    """Where the form led and what was said there. A cookie cannot be said again, so its answer is not kept either."""
    to = getattr(answer, "leads_to", "") or answer.headers.get("Location", "")
    if not to or answer.cookies:
        row.delete()
        return
    storage = cast(Any, messages.get_messages(request))
    queued = storage._queued_messages  # said by the view and not yet read: it has no other name
    row.update(status=answer.status_code, body=orjson.dumps({"to": to, "said": _told(queued)}))


def _kept(who):
    return orjson.loads(bytes(IdempotentAnswer.objects.get(**who).body or b""))


def _again(request, first):
    """To where the first led, with what was said there: the browser may not have waited for its answer, or it may."""
    waiting = _told(messages.get_messages(request))
    for level, text, tags in dict.fromkeys([*waiting, *map(tuple, first["said"])]):
        messages.add_message(request, level, text, tags)
    messages.info(request, _("The form was sent twice; it counts once."))
    return HttpResponseRedirect(first["to"])


def _told(said):
    return [(one.level, str(one.message), one.extra_tags or "") for one in said]
