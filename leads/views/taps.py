"""Taking back what one tap logged: the way that is offered right after it, and the deed."""

from urllib.parse import urlencode

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leads import capture, handoffs
from leads.models import Tap
from ui.htmx import redirect
from ui.inline import following


def say(request, text, at, to):
    """Say what the user's tap at this moment did, with a way to take it back that leads to `to` again, if it was kept."""
    kept = Tap.objects.filter(by=request.user, at=at).values_list("pk", flat=True).first()
    back = f"{reverse('leads:tap-undo', args=[kept])}?{urlencode({'next': to})}" if kept else ""
    messages.success(request, text, extra_tags=back)


@require_POST
def tap_undo(request, pk):
    """Take back one's own tap, just after it."""
    try:
        capture.take_back(pk, by=request.user, at=timezone.now())
        messages.success(request, _("Taken back: all is as it was."))
    except handoffs.Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(request, following(request.GET.get("next", ""), request, reverse("home")))
